"""Checks the use cases of a valid bot.yaml: paths, names, providers, task types. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.setup.config_problem import Problem, Severity, nearest
from model_intelligence.config.bot_yaml import BotConfig, YamlPath
from model_intelligence.config.yaml_file import place_of
from model_intelligence.evidence.offline_catalog import OfflineCatalog
from model_intelligence.naming import resolve
from model_intelligence.naming.provider_prefixes import names_provider
from model_intelligence.patcher import PatchRefused, Place, get_scalar, scalars

Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Declared:
    """A valid configuration with everything that it is checked against.

    Messages call bot.yaml `shown`; `data` is its content with line numbers; `texts` is file ->
    text, None for a missing file.
    """

    settings: BotConfig
    shown: str
    data: object
    texts: Mapping[str, str | None]
    catalog: OfflineCatalog
    providers: frozenset[str]
    task_types: frozenset[str]

    def problem(
        self, keys: Keys, message: str, suggestion: str = "", severity: Severity = "error"
    ) -> Problem:
        """A problem at a key of bot.yaml."""
        line, column = place_of(self.data, keys)
        key = ".".join(map(str, keys))
        return Problem(severity, self.shown, line, column, key, message, suggestion)


def declared_problems(known: Declared) -> Iterator[Problem]:
    """Every problem of the use cases and the defaults, in the order of the file."""
    defaults = known.settings.defaults
    yield from _words(known, ("defaults",), defaults.providers, defaults.task_types)
    yield from _missing_files(known)
    taken: dict[tuple[str, YamlPath], str] = {}
    for name, use_case in known.settings.use_cases.items():
        at = ("use_cases", name)
        yield from _words(known, at, use_case.providers or (), use_case.task_types or ())
        text = known.texts[known.settings.file_of(name)]
        if text is None:
            continue
        found: dict[YamlPath, str] = {}
        for number, path in enumerate(use_case.paths):
            where = (*at, "paths", number)
            yield from _duplicate(known, where, name, path, taken)
            try:
                found[path] = get_scalar(text, path).value
            except PatchRefused as error:
                yield _refused(known, where, name, path, error)
        yield from _names(known, name, text, found)


def _words(
    known: Declared, at: Keys, providers: Sequence[str], task_types: Sequence[str]
) -> Iterator[Problem]:
    """Providers that are in no price list, and task types without a benchmark."""
    for number, word in enumerate(providers):
        if word not in known.providers:
            advice = nearest(word, known.providers, 0.6) or "add its prices to pricing.yaml"
            message = f"no price list has the provider {word!r}"
            yield known.problem((*at, "providers", number), message, advice)
    for number, word in enumerate(task_types):
        if word not in known.task_types:
            advice = nearest(word, known.task_types, 0.6)
            advice = advice or f"the task types are {', '.join(sorted(known.task_types))}"
            message = f"no benchmark measures {word!r}"
            yield known.problem((*at, "task_types", number), message, advice)


def _missing_files(known: Declared) -> Iterator[Problem]:
    for name, use_case in known.settings.use_cases.items():
        file = known.settings.file_of(name)
        if known.texts[file] is None:
            at: Keys = ("use_cases", name, "file") if use_case.file else ("models_file",)
            message = f"{file} does not exist or is not UTF-8 text"
            yield known.problem(at, message, "write its path from the repository's top folder")


def _duplicate(
    known: Declared, where: Keys, name: str, path: YamlPath, taken: dict[tuple[str, YamlPath], str]
) -> Iterator[Problem]:
    first = taken.setdefault((known.settings.file_of(name), path), name)
    if first != name:
        message = f"the use case {first} declares the same place"
        yield known.problem(where, message, "their proposals would undo each other; remove one")


def _refused(
    known: Declared, where: Keys, name: str, path: YamlPath, error: PatchRefused
) -> Problem:
    """A path that leads nowhere, or to something that cannot be edited."""
    file = known.settings.file_of(name)
    reason, _, advice = error.reason.partition("; ")
    alike = _near_path(known.texts[file] or "", path) if "there is no" in reason else ""
    return known.problem(where, f"{file}:{error.line}: {reason}", alike or advice)


def _near_path(text: str, path: YamlPath) -> str:
    try:
        dotted = {".".join(map(str, place.path)): place.path for place in scalars(text)}
    except PatchRefused:
        return ""
    alike = get_close_matches(".".join(map(str, path)), dotted, 1, 0.7)
    return f"did you mean [{', '.join(map(str, dotted[alike[0]]))}]?" if alike else ""


def _names(
    known: Declared, name: str, text: str, found: Mapping[YamlPath, str]
) -> Iterator[Problem]:
    """Different models at the paths of one use case, and names that no list has."""
    if len(set(found.values())) > 1:
        models = ", ".join(f"{'.'.join(map(str, path))} = {one}" for path, one in found.items())
        message = f"its paths name different models ({models})"
        advice = "declare two use cases, or use one model"
        yield known.problem(("use_cases", name, "paths"), message, advice)
    places = {place.path: place for place in scalars(text)} if found else {}
    for path, model in found.items():
        yield from _name(known, name, places[path], model)


def _name(known: Declared, name: str, place: Place, model: str) -> Iterator[Problem]:
    file = known.settings.file_of(name)
    model_id = known.catalog.model_of(model)
    if model_id is None:
        severity: Severity = "warning" if known.settings.sources else "error"
        advice = _near_model(model, known.catalog) or "correct the name, or add it to pricing.yaml"
        message = f"{model!r} is not a model in the bundled price lists"
        key = f"use_cases.{name}"
        yield Problem(severity, file, place.line, place.column, key, message, advice)
        return
    allowed = known.settings.policy(name).providers
    offers = {provider for one, provider in known.catalog.evidence.prices if one == model_id}
    if not offers.intersection(allowed) and not known.settings.sources:
        listed = known.catalog.evidence.models.get(model_id)
        then = "no cost is compared" if listed and listed.retires_at else "nothing is compared"
        message = f"no price list has {model} at {', '.join(allowed)}, so {then}"
        advice = f"it is sold by {', '.join(sorted(offers))}" if offers else "add a live source"
        yield known.problem(("use_cases", name), message, advice, "warning")


def _near_model(model: str, catalog: OfflineCatalog) -> str:
    own = model.replace(":", "/").rpartition("/")[2] if names_provider(model) else model
    alike = get_close_matches(resolve.match_key(own), catalog.names, 3, 0.75)
    return f"did you mean {' or '.join(catalog.names[key] for key in alike)}?" if alike else ""
