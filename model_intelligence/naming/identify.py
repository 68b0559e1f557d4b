"""A board's name to a model of the catalog, by rules in a fixed order; nothing is guessed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from model_intelligence.config.aliases_yaml import Alias
from model_intelligence.naming.catalog_index import Names, key_of, without_server
from model_intelligence.naming.name_parts import (
    NameParts,
    has_impossible_date,
    snapshot_of,
    split_name,
)
from model_intelligence.naming.resolve import is_rolling

OWN_MAP = "the source's own map"
EXACT = "exact"
SPELLING = "spelling"
PINNED = "pinned snapshot"
SERVED = "provider's prefix"
ALIAS = "reviewed alias"
SEVERAL = "several models in one result"
ROLLING = "a rolling alias, which means another model from time to time"
IMPOSSIBLE = "its date is no day of the calendar"
NEVER = frozenset({SEVERAL, ROLLING, IMPOSSIBLE})  # no alias can help
UNKNOWN = "no model of the catalog has this name"


@dataclass(frozen=True, slots=True)
class NameMatch:
    """The model, the rule that found it, and what the name says about the result."""

    model_id: str
    rule: str
    effort: str | None = None
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Why a name is not matched: a sentence."""

    reason: str


def identify(
    name: str,
    names: Names,
    source_map: Mapping[str, tuple[str, ...]] | None = None,
    aliases: Iterable[Alias] = (),
) -> NameMatch | NoMatch:
    """The model that a board's name means, or why that is not known.

    `source_map` is board name -> the API ids that the source called under it; `aliases` are those
    that hold at the source, its own first.
    """
    parts = split_name(name)
    refused = _refusal(name, parts)
    if refused is not None:
        return refused
    own_ids = (source_map or {}).get(name, ())
    by_rule = (
        partial(_by_own_map, parts, own_ids, names),
        partial(_by_catalog, dict.fromkeys((name, parts.base)), names),
        partial(_by_alias, (name, parts.base), names, tuple(aliases)),
    )
    for find in by_rule:
        found = find()
        if found is not None:
            return _with_result(found, parts, name)
    return NoMatch(_why_not(parts, names))


def _refusal(name: str, parts: NameParts) -> NoMatch | None:
    if parts.several:
        return NoMatch(SEVERAL)
    if is_rolling(name) or is_rolling(parts.base):
        return NoMatch(ROLLING)
    if has_impossible_date(parts.base):
        return NoMatch(IMPOSSIBLE)
    return None


def _by_own_map(parts: NameParts, own_ids: tuple[str, ...], names: Names) -> NameMatch | None:
    """What the source says it called, if that is one model of the catalog and no moving alias."""
    # Aider's rows call `deepseek/deepseek-chat`, which was V2.5, V3, V3-0324 and V3.2 on four
    # dates.
    if any(map(is_rolling, own_ids)):
        return None
    dates = {snapshot_of(own) for own in own_ids} - {None}
    if parts.snapshot and dates - {parts.snapshot}:
        return None
    found = {match.model_id for own in own_ids if (match := _by_catalog((own,), names))}
    return NameMatch(found.pop(), OWN_MAP) if len(found) == 1 else None


def _by_catalog(spellings: Iterable[str], names: Names) -> NameMatch | None:
    for name in spellings:
        found = next((NameMatch(one, rule) for rule, one in _entries(name, names) if one), None)
        if found:
            return found
    return None


def _entries(name: str, names: Names) -> Iterator[tuple[str, str | None]]:
    """What each rule finds in the catalog, in the order in which the rules count.

    The name of a pinned snapshot comes first: a list may hold the dated id too, and evidence
    belongs to the id under which its maker sells the model.
    """
    own = without_server(name)
    keys = dict.fromkeys((key_of(own), key_of(name)))
    yield from ((PINNED, names.pinned.get(key)) for key in keys)
    yield EXACT, own if own in names.ids else None
    for rule, known in ((SPELLING, names.spelled), (SERVED, names.served)):
        yield from ((rule, known.get(key)) for key in keys)


def _by_alias(
    spellings: tuple[str, ...], names: Names, aliases: tuple[Alias, ...]
) -> NameMatch | None:
    wanted = {key_of(spelling) for spelling in spellings}
    for alias in aliases:
        model = names.spelled.get(key_of(alias.model))
        if model is not None and key_of(alias.name) in wanted:
            return NameMatch(model, ALIAS, alias.effort)
    return None


def _with_result(found: NameMatch, parts: NameParts, name: str) -> NameMatch:
    """The match with the name's effort and mode; `-thinking` is one if it is not the model's."""
    thinks = key_of(name).endswith("-thinking") and "thinking" not in found.model_id
    effort = parts.effort or found.effort or ("thinking" if thinks else None)
    return NameMatch(found.model_id, found.rule, effort, parts.mode)


def _why_not(parts: NameParts, names: Names) -> str:
    # Only to explain the refusal. Dropping the date to find a match was wrong in most of the cases
    # that were checked by hand.
    undated = re.sub(r"-?(20\d{6}|\d{4})(?=-|$)", "", key_of(parts.base)).strip("-")
    if undated != key_of(parts.base) and undated in names.spelled:
        known = names.spelled[undated]
        return f"the catalog knows {known}, and nothing says that it is this snapshot"
    return UNKNOWN
