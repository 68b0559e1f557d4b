"""Finds all mistakes in a repository's configuration in one go, and changes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ValidationError

from bot.setup.config_problem import Problem, nearest, problem_of
from bot.setup.use_case_checks import Declared, declared_problems
from model_intelligence.config import bot_yaml, yaml_file
from model_intelligence.config.aliases_yaml import AliasesFile
from model_intelligence.config.benchmarks_yaml import BenchmarksFile
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.config.models_yaml import read_text
from model_intelligence.config.pricing_yaml import PricingFile
from model_intelligence.config.yaml_file import UNKNOWN_KEY, ConfigError, Fault
from model_intelligence.evidence.offline_catalog import OfflineCatalog
from model_intelligence.naming.resolve import CREATORS
from model_intelligence.sources import TASK_TYPES, registered

OTHERS: Mapping[str, type[BaseModel]] = {
    "pricing.yaml": PricingFile,
    "benchmarks.yaml": BenchmarksFile,
    "aliases.yaml": AliasesFile,
}


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was checked, and the problems that were found."""

    use_cases: int
    files: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def is_clean(self) -> bool:
        """Whether a run would accept the configuration."""
        return all(problem.severity == "warning" for problem in self.problems)


def check(top: Path, config: Path, catalog: OfflineCatalog) -> CheckReport:
    """Every problem of the files in `config` below `top`, and of the files that they name."""
    shown = (config / "bot.yaml").as_posix()
    problems = [*_other_files(top, config)]
    try:
        text = read_text(top / config / "bot.yaml")
    except ConfigError:
        missing = "no such file, or not UTF-8 text"
        problem = Problem("error", shown, None, None, "", missing, "`model-bot init` creates it")
        return CheckReport(0, (), (*problems, problem))
    faults, settings = lenient(text, shown)
    problems += [problem_of(fault, KEYS) for fault in faults]
    if settings is None:
        return CheckReport(0, (), tuple(problems))
    data = yaml_file.parse_yaml(text, name=shown)
    texts = {name: _text(top / name) for name in settings.files}
    declared = Declared(
        settings,
        shown,
        data,
        texts,
        catalog,
        catalog.providers | frozenset(CREATORS.values()),
        TASK_TYPES | _own_task_types(top / config / "benchmarks.yaml"),
    )
    problems += [*_sources(declared), *declared_problems(declared)]
    ordered = sorted(dict.fromkeys(problems), key=lambda each: _place(each, shown))
    return CheckReport(len(settings.use_cases), settings.files, tuple(ordered))


def _place(problem: Problem, first: str) -> tuple[bool, str, int, int]:
    return problem.file != first, problem.file, problem.line or 0, problem.column or 0


def report_lines(report: CheckReport) -> Iterator[str]:
    """One line per problem, then the counts."""
    yield from map(str, report.problems)
    cases = "1 use case" if report.use_cases == 1 else f"{report.use_cases} use cases"
    files = "1 file" if len(report.files) == 1 else f"{len(report.files)} files"
    errors = sum(problem.severity == "error" for problem in report.problems)
    warnings = len(report.problems) - errors
    counted = f"{errors} error{'' if errors == 1 else 's'}"
    counted += f", {warnings} warning{'' if warnings == 1 else 's'}" if warnings else ""
    yield f"{'✓' if report.is_clean else '✗'} {cases} in {files}: {counted}"


def lenient(text: str, name: str) -> tuple[list[Fault], BotConfig | None]:
    """The invalid keys of a bot.yaml, and its settings without them.

    One invalid key must not hide the mistakes in the rest of the file.
    """
    try:
        return [], yaml_file.parse(text, BotConfig, name=name)
    except ConfigError as error:
        faults = list(error.faults)
    for coarsely in (False, True):
        try:
            data = yaml_file.parse_yaml(text, name=name)
            for fault in faults:
                in_use_case = fault.keys[:1] == ("use_cases",) and fault.message != UNKNOWN_KEY
                (_section if coarsely or in_use_case else _key)(data, fault.keys)
            return faults, BotConfig.model_validate(data)
        except (ConfigError, ValidationError):
            continue
    return faults, None


def _key(data: object, keys: tuple[str | int, ...]) -> None:
    """Removes the invalid key, so that its default applies."""
    for key in keys[:-1]:
        data = data.get(key) if isinstance(data, dict) else None
    if isinstance(data, dict):
        data.pop(keys[-1], None)


def _section(data: object, keys: tuple[str | int, ...]) -> None:
    """Removes the use case or section with the invalid key."""
    whole = 2 if keys[:1] == ("use_cases",) else 1
    _key(data, keys[:whole])


def _text(path: Path) -> str | None:
    try:
        return read_text(path)
    except ConfigError:
        return None


def _own_task_types(path: Path) -> frozenset[str]:
    try:
        file = yaml_file.read(path, BenchmarksFile)
    except ConfigError:
        return frozenset()
    return frozenset(group.task_type for group in file.benchmarks)


def _other_files(top: Path, config: Path) -> Iterator[Problem]:
    for name, shape in OTHERS.items():
        if (top / config / name).exists():
            try:
                yaml_file.read(top / config / name, shape, name=(config / name).as_posix())
            except ConfigError as error:
                faults = error.faults or (Fault(str(config / name), None, None, (), str(error)),)
                yield from (problem_of(fault, frozenset()) for fault in faults)


def _sources(known: Declared) -> Iterator[Problem]:
    """Names in `sources` that are not registered."""
    if not known.settings.sources:
        return
    names = frozenset(registered()[0])
    for number, name in enumerate(known.settings.sources):
        if name not in names:
            advice = nearest(name, names) or f"there are {', '.join(sorted(names))}"
            yield known.problem(("sources", number), f"{name!r} is not a source", advice)


def _known_keys() -> frozenset[str]:
    sections = [each for each in vars(bot_yaml).values() if isinstance(each, type)]
    models = (each for each in sections if issubclass(each, BaseModel))
    return frozenset(name for model in models for name in model.model_fields)


KEYS = _known_keys()
