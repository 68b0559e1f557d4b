"""A board's name to a model of the catalog, by rules in a fixed order; nothing is guessed."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial

from model_intelligence.aliases import Alias
from model_intelligence.identity import CREATORS, is_rolling, match_key
from model_intelligence.names import (
    NameParts,
    has_impossible_date,
    snapshot_of,
    split_name,
    with_one_date_format,
)

OWN_MAP = "the source's own map"
EXACT = "exact"
SPELLING = "spelling"
PINNED = "pinned snapshot"
SERVED = "provider's prefix"
ALIAS = "reviewed alias"
RULES = (OWN_MAP, PINNED, EXACT, SPELLING, SERVED, ALIAS)

# Who stands before a model's own id: its maker, or the service that it is called through.
_MAKERS = frozenset(
    {*CREATORS, "allenai", "ibm-granite", "meta", "microsoft", "nvidia", "qwen", "xiaomi"}
    | {"xiaomimimo", "arcee-ai", "amazon", "nousresearch", "all-hands"}
)
_SERVICES = frozenset(
    {"anthropic", "azure", "bedrock", "cohere", "deepseek", "gemini", "groq", "mistral", "openai"}
    | {"openrouter", "vertex_ai", "xai", "fireworks_ai/accounts/fireworks/models"}
    | {"accounts/fireworks/models"}
)
_BEDROCK = re.compile(r"(?:(?:global|regional|us|eu|apac)\.)?(?:anthropic|amazon|meta)\.(.+)")
_BEDROCK_REVISION = re.compile(r"(?<=-20\d{6})-v\d:\d$")


@dataclass(frozen=True, slots=True)
class Names:
    """The catalog's ids by what a name may have in common with them."""

    ids: frozenset[str]
    spelled: Mapping[str, str] = field(default_factory=dict)
    pinned: Mapping[str, str] = field(default_factory=dict)
    served: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """The model, the rule that found it, and what the name says about the result."""

    model_id: str
    rule: str
    effort: str | None = None
    mode: str | None = None


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Why a name is not matched: a sentence."""

    reason: str


def known_names(model_ids: Iterable[str], pinned: Mapping[str, str] | None = None) -> Names:
    """The catalog prepared for `identify`; `pinned` is dated id -> undated id."""
    known = (one for one in model_ids if not is_rolling(one))
    # Of several ids of one model, the one with the least before it.
    ids = sorted(known, key=lambda one: (one.count("/"), len(one), one))
    spelled: dict[str, str] = {}
    served: dict[str, str] = {}
    for model_id in ids:
        spelled.setdefault(_key(model_id), model_id)
        own = _without_server(model_id)
        if own != model_id:
            served.setdefault(_key(own), model_id)
    names_of = {dated: spelled.get(_key(name)) for dated, name in (pinned or {}).items()}
    snapshots = {_key(dated): name for dated, name in names_of.items() if name is not None}
    return Names(frozenset(ids), spelled, snapshots, served)


def identify(
    name: str,
    names: Names,
    source_map: Mapping[str, tuple[str, ...]] | None = None,
    aliases: Iterable[Alias] = (),
) -> Match | NoMatch:
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


def resolution_lines(name: str, found: Match | NoMatch, names: Names) -> Iterator[str]:
    """What is known of a name, for people: the model and the rule, or why not and what is near."""
    if isinstance(found, Match):
        yield f"{name} -> {found.model_id}"
        yield f"  by: {found.rule}"
        for what, said in (("effort", found.effort), ("mode", found.mode)):
            if said:
                yield f"  {what}: {said}"
        return
    yield f"{name}: no match: {found.reason}"
    alike = near(name, names)
    if alike:
        yield f"  near, but not chosen: {', '.join(alike)}"


def near(name: str, names: Names, limit: int = 3) -> tuple[str, ...]:
    """Ids that look like the name, the likest first: for people to look at, never to choose."""
    alike = get_close_matches(_key(split_name(name).base), names.spelled, limit, cutoff=0.75)
    return tuple(names.spelled[key] for key in alike)


def _refusal(name: str, parts: NameParts) -> NoMatch | None:
    if parts.several:
        return NoMatch("several models in one result")
    if is_rolling(name) or is_rolling(parts.base):
        return NoMatch("a rolling alias, which means another model from time to time")
    if has_impossible_date(parts.base):
        return NoMatch("its date is no day of the calendar")
    return None


def _by_own_map(parts: NameParts, own_ids: tuple[str, ...], names: Names) -> Match | None:
    """What the source says it called, if that is one model of the catalog and no moving alias."""
    if any(map(is_rolling, own_ids)):
        return None
    dates = {snapshot_of(own) for own in own_ids} - {None}
    if parts.snapshot and dates - {parts.snapshot}:
        return None
    found = {match.model_id for own in own_ids if (match := _by_catalog((own,), names))}
    return Match(found.pop(), OWN_MAP) if len(found) == 1 else None


def _by_catalog(spellings: Iterable[str], names: Names) -> Match | None:
    for name in spellings:
        found = next((Match(one, rule) for rule, one in _entries(name, names) if one), None)
        if found:
            return found
    return None


def _entries(name: str, names: Names) -> Iterator[tuple[str, str | None]]:
    """What each rule finds in the catalog, in the order in which the rules count.

    The name of a pinned snapshot comes first: a list may hold the dated id too, and evidence
    belongs to the id under which its maker sells the model.
    """
    own = _without_server(name)
    keys = dict.fromkeys((_key(own), _key(name)))
    yield from ((PINNED, names.pinned.get(key)) for key in keys)
    yield EXACT, own if own in names.ids else None
    for rule, known in ((SPELLING, names.spelled), (SERVED, names.served)):
        yield from ((rule, known.get(key)) for key in keys)


def _by_alias(spellings: tuple[str, ...], names: Names, aliases: tuple[Alias, ...]) -> Match | None:
    wanted = {_key(spelling) for spelling in spellings}
    for alias in aliases:
        model = names.spelled.get(_key(alias.model))
        if model is not None and _key(alias.name) in wanted:
            return Match(model, ALIAS, alias.effort)
    return None


def _with_result(found: Match, parts: NameParts, name: str) -> Match:
    """The match with the name's effort and mode; `-thinking` is one if it is not the model's."""
    effort = parts.effort or found.effort
    thinks = _key(name).endswith("-thinking") and "thinking" not in found.model_id
    return Match(found.model_id, found.rule, effort or ("thinking" if thinks else None), parts.mode)


def _why_not(parts: NameParts, names: Names) -> str:
    undated = re.sub(r"-?(20\d{6}|\d{4})(?=-|$)", "", _key(parts.base)).strip("-")
    if undated != _key(parts.base) and undated in names.spelled:
        known = names.spelled[undated]
        return f"the catalog knows {known}, and nothing says that it is this snapshot"
    return "no model of the catalog has this name"


def _key(name: str) -> str:
    return with_one_date_format(match_key(name))


def _without_server(name: str) -> str:
    """The model's own id behind a maker's or a service's prefix; the name itself if unsure."""
    bedrock = _BEDROCK.fullmatch(name)
    if bedrock:
        return _BEDROCK_REVISION.sub("", bedrock[1])
    prefix, _, own = name.lower().rpartition("/")
    maker = prefix.rpartition("/")[2]
    return own if maker in _MAKERS or prefix in _SERVICES else name
