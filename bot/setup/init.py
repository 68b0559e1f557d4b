"""Sets the bot up in a repository: finds model names, writes bot.yaml and the workflow."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path, PurePosixPath

from bot.forge.git import Git, GitError
from bot.setup.find_models import Found, ModelOf, SkippedName, by_kind, discover, mentions_a_model
from bot.setup.initial_config import Draft, bot_yaml, workflow
from bot.setup.use_case_names import use_case_names
from model_intelligence.config import yaml_file
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.decision.deadline import sentence
from model_intelligence.decision.values import Decision, Upgrade
from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.evidence.offline_catalog import OfflineCatalog, offline_catalog
from model_intelligence.recommender import recommend

WORKFLOW = Path(".github/workflows/models.yml")
MOST_FILES = 2_000
MOST_BYTES = 500_000
SOMEBODY = "OWNER/model-bot"
OWN_FILES = frozenset({"bot.yaml", "pricing.yaml", "benchmarks.yaml", "aliases.yaml"})
# Other people's code and recorded answers name models that this repository does not call.
NOT_OURS = frozenset(
    {"node_modules", "third_party", "vendor", "vendored", ".venv", "site-packages", "dist"}
    | {"fixtures", "__fixtures__", "testdata", "cassettes", "snapshots", "__snapshots__"}
)
_LOCK = re.compile(r"(.*[-.])?lock\.ya?ml")
# Both `https://host/owner/name` and `git@host:owner/name`.
_GITHUB = re.compile(r"(?:.*@|.*://)[^/:]+[/:](?P<name>[\w.-]+/[\w.-]+?)(?:\.git)?/?")
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Survey:
    """The model names in the YAML files of a repository, and the files that were not read."""

    files: int
    found: tuple[Found, ...]
    passed: tuple[SkippedName, ...]
    unread: tuple[str, ...]


def initialise(
    directory: Path, config: Path, now: datetime, say: Say, *, bot: str, force: bool, dry_run: bool
) -> None:
    """Finds models, reports, and writes; ModelIntelligenceError if none is found or a file exists.

    `directory` is somewhere in the repository, `config` the directory of bot.yaml below its top.
    """
    top = Path(Git(directory).run("rev-parse", "--show-toplevel"))
    target = top / config / "bot.yaml"
    if target.exists() and not (force or dry_run):
        raise ModelIntelligenceError(
            f"{config / 'bot.yaml'} already exists; `model-bot check` checks it, `--force` "
            "replaces it"
        )
    catalog = offline_catalog(top / config, now)
    seen = survey(top, config, cache(catalog.model_of))
    for line in found_lines(seen):
        say(line)
    if not seen.found:
        raise ModelIntelligenceError(
            "no YAML file that git tracks names a model that can be managed; `git add` the file "
            "first, or declare the use case in config/bot.yaml by hand"
        )
    drafts = _drafts(seen.found, catalog)
    text = bot_yaml(drafts, bot)
    settings = yaml_file.parse(text, BotConfig, name=str(config / "bot.yaml"))
    for line in preview_lines(drafts, settings, catalog, now.date()):
        say(line)
    files = {config / "bot.yaml": text, WORKFLOW: workflow(bot, config.as_posix())}
    if dry_run:
        for path, content in files.items():
            say(f"\nwould write {path}:\n\n{content.rstrip()}")
        return
    say("")
    for path, content in files.items():
        say(_write(top, path, content, force=force))
    for line in next_lines(bot):
        say(line)


def survey(top: Path, config: Path, model_of: ModelOf) -> Survey:
    """Every model name in the YAML files that git tracks, except vendored and recorded files."""
    # Only what git tracks, because a pull request cannot change anything else.
    listed = Git(top).run_raw("ls-files", "-z", "--", "*.yaml", "*.yml").decode().split("\0")
    ours = [name for name in listed if name and _is_ours(name, config)]
    unread = [f"{len(ours) - MOST_FILES:,} more YAML files"] if len(ours) > MOST_FILES else []
    seen: list[Found | SkippedName] = []
    for name in ours[:MOST_FILES]:
        text = _text(top / name)
        if text is None:
            unread.append(name)
        elif mentions_a_model(text, model_of):
            seen.extend(discover(name, text, model_of))
    found, passed = by_kind(seen)
    return Survey(len(ours[:MOST_FILES]), tuple(found), tuple(passed), tuple(unread))


def _is_ours(name: str, config: Path) -> bool:
    path = PurePosixPath(name)
    own = path.parent == PurePosixPath(config.as_posix()) and path.name in OWN_FILES
    return not (own or NOT_OURS.intersection(path.parts) or _LOCK.fullmatch(path.name))


def _text(path: Path) -> str | None:
    """The file's text; None where it is too large, a link, or not UTF-8."""
    try:
        if path.is_symlink() or path.stat().st_size > MOST_BYTES:
            return None
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None


def _drafts(found: Sequence[Found], catalog: OfflineCatalog) -> list[Draft]:
    return [
        Draft(name, each, each.called or catalog.provider_of(each.model_id) or "unknown")
        for name, each in zip(use_case_names(found), found, strict=True)
    ]


def found_lines(seen: Survey) -> Iterator[str]:
    """The names that were found and those that were skipped, by file and line."""
    yield (f"YAML files read: {seen.files:,}; model names that can be managed: {len(seen.found)}")
    names = use_case_names(seen.found)
    places = [f"{each.file}:{each.line}" for each in seen.found]
    wide, long = max(map(len, places), default=0), max(map(len, names), default=0)
    for place, name, each in zip(places, names, seen.found, strict=True):
        yield f"  {place:<{wide}}  {name:<{long}}  {each.name}"
    if seen.passed:
        yield "\nSkipped:"
    for other in seen.passed:
        yield f"  {other.file}:{other.line}  {other.name}: {other.reason}"
    if seen.unread:
        yield f"\nNot read (too large, too many, or not UTF-8): {', '.join(seen.unread)}"


def preview_lines(
    drafts: Sequence[Draft], settings: BotConfig, catalog: OfflineCatalog, today: date
) -> Iterator[str]:
    """What the first run would do with the bundled lists alone."""
    yield "\nWith the bundled prices and retirement dates alone, the first run would:"
    width = max(len(draft.name) for draft in drafts)
    for draft in drafts:
        policy = settings.policy(draft.name)
        seen = recommend(policy, draft.found.name, catalog.evidence, today, settings.retirement)
        yield f"  {draft.name:<{width}}  {_outcome(seen)}"
    if not any(model.retires_at for model in catalog.evidence.models.values()):
        yield "Retirement dates are unknown: install `model-bot[lifecycle]`."
    yield (
        "This preview uses no benchmarks, telemetry or live sources. Without a common benchmark,\n"
        "only replacements for retiring models are proposed."
    )


def _outcome(seen: Decision) -> str:
    count = len(seen.assessment.candidates)
    candidates = "1 candidate" if count == 1 else f"{count} candidates"
    if isinstance(seen, Upgrade):
        why = f" ({sentence(seen.deadline)})" if seen.deadline else ""
        return f"propose {seen.candidate.spelling} of {candidates}{why}"
    current = seen.assessment.current
    if current is None:
        return f"keep {seen.assessment.current_spelling}; only live sources list it, see `sources`"
    end = f"; it retires on {current.retires_at}" if current.retires_at else ""
    return f"keep {seen.assessment.current_spelling}{end}; {seen.reason}"


def _write(top: Path, path: Path, content: str, *, force: bool) -> str:
    """Writes a file that is not there, or replaces it if forced; a sentence about it."""
    target = top / path
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("w" if force else "x", encoding="utf-8", newline="\n") as file:
            file.write(content)
    except FileExistsError:
        return f"kept the existing {path}; `--force` replaces it"
    except OSError as error:
        raise ModelIntelligenceError(f"{path}: cannot be written: {error.strerror}") from error
    return f"wrote {path}"


def next_lines(bot: str) -> Iterator[str]:
    """What to do next."""
    yield ""
    if bot == SOMEBODY:
        yield f"Replace {SOMEBODY} in both files with the bot's repository (or use --bot)."
    yield "Next:"
    yield "  model-bot check                                   # finds mistakes in bot.yaml"
    yield "  DATABASE_URL=embedded: model-bot run --dry-run    # prints the plan, writes nothing"
    yield "Then commit both files, and allow Actions to create pull requests (`model-bot doctor`)."


def bot_repository() -> str:
    """The repository this program was installed from; a placeholder if unknown."""
    try:
        # PEP 610: pip writes this file for what it installed from an address.
        text = distribution("model-bot").read_text("direct_url.json")
    except PackageNotFoundError:
        text = None
    url = json.loads(text)["url"] if text else ""
    if not url.startswith(("https://", "ssh://", "git+")):
        try:
            url = Git(Path(__file__).resolve().parent).run("remote", "get-url", "origin")
        except GitError:
            return SOMEBODY
    named = _GITHUB.fullmatch(url)
    return named["name"] if named else SOMEBODY
