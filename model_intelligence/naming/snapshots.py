"""Undated ids that are names of one dated snapshot, as two packages state it.

genai-prices: a model's `match` rule that lists exactly one dated form of its own id. A rule that
lists several, or a prefix or pattern, says nothing about a snapshot: it tells prices apart.
llmshift: a model's `note`, free text of a few fixed forms ("alias -> X", "only listed snapshot X").
Where the two disagree (command-r), neither is believed.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

from genai_prices.data import providers
from genai_prices.types import ClauseEquals, ClauseOr, ModelInfo

from model_intelligence.naming.resolve import CREATORS, is_rolling

# A whole date, month and year as Cohere writes them (08-2024), or four digits, which are month and
# day (gpt-4-0613) or year and month (mistral-large-2411).
_SNAPSHOT = r"-(?:20\d{2}-?\d{2}-?\d{2}|\d{2}-20\d{2}|\d{4})"
_ID = rf"(?P<id>[a-z0-9][\w.-]*{_SNAPSHOT})(?![\w-])"
# A group's name may occur once in an expression, so each alternative has its own.
_ALIAS_OF = re.compile(
    rf"alias -> {_ID}|alias for {_ID.replace('id', 'for_')}"
    rf"|alias; same row lists: {_ID.replace('id', 'row')} \(snapshot\)"
    rf"|only (?:listed )?snapshot {_ID.replace('id', 'only')}"
    rf"|default snapshot {_ID.replace('id', 'default')}"
)
_BEHIND = re.compile(rf"^snapshot behind (?:alias )?{_ID}")
# What a rolling name means at the time of the list; "last documented target" is not today's.
_POINTS_TO = re.compile(
    r"(?:alias -> |alias \(currently -> |alias that routes to |alias pointing to |CURRENT: )"
    r"(?P<id>[A-Za-z][\w.-]*\w)"
)
_ALIASES = re.compile(r"\balias(?:es)? (?P<names>[a-z][\w.-]*-latest(?:, [a-z][\w.-]*)*)")
_OTHER_ID = re.compile(rf"alternate ID -> {_ID}")


@cache
def pinned_names() -> dict[str, str]:
    """dated id -> the undated id that is its name, where the packages do not contradict."""
    dated_of: dict[str, set[str]] = defaultdict(set)
    for undated, dated in [*_from_prices(), *_from_notes(_notes())]:
        if not is_rolling(undated):
            dated_of[undated].add(dated)
    known = {next(iter(dated)): undated for undated, dated in dated_of.items() if len(dated) == 1}
    other = {name: known[dated] for name, dated in _other_ids(_notes()) if dated in known}
    return {**known, **other}


@cache
def rolling_names() -> dict[str, str]:
    """A rolling name -> the id that it points to, as the list of ends states it in its notes."""
    found = {}
    for name, note in _notes():
        points_to, aliases = _POINTS_TO.search(note), _ALIASES.search(note)
        if is_rolling(name) and points_to:
            found[name] = points_to["id"].lower()
        elif aliases and not is_rolling(name):
            found |= {other: name for other in aliases["names"].split(", ") if is_rolling(other)}
    return found


def _from_prices() -> Iterator[tuple[str, str]]:
    for provider in providers:
        if provider.id in CREATORS.values():
            for model in provider.models:
                dated = snapshots(model)
                if len(dated) == 1:
                    yield model.id, dated.pop()


def snapshots(model: ModelInfo) -> set[str]:
    """The dated forms of the model's own id that its rule lists one by one."""
    clauses = model.match.or_ if isinstance(model.match, ClauseOr) else [model.match]
    own = re.compile(re.escape(model.id) + _SNAPSHOT)
    listed = {clause.equals for clause in clauses if isinstance(clause, ClauseEquals)}
    return {name for name in listed if own.fullmatch(name)}


def _from_notes(notes: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, note in notes:
        alias, behind = _ALIAS_OF.search(note), _BEHIND.search(note)
        if alias and (dated := next(filter(None, alias.groups()))):
            yield name, dated
        elif behind:
            yield behind["id"], name


def _other_ids(notes: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, note in notes:
        if found := _OTHER_ID.search(note):
            yield name, found["id"]


def _notes() -> Iterator[tuple[str, str]]:
    """(id, note) of each model; nothing when the package is not installed."""
    try:
        text = (files("llmshift") / "data" / "models.json").read_text(encoding="utf-8")
    except ModuleNotFoundError:
        return
    rows: Iterable[Mapping[str, str]] = json.loads(text)["models"]
    yield from ((row["id"], row["note"]) for row in rows if row.get("note"))
