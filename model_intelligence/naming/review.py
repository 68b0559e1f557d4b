"""What people read about names: how one was resolved, and what waits for their review. Pure."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from model_intelligence.naming.catalog_index import Names, key_of
from model_intelligence.naming.identify import NEVER, UNKNOWN, NameMatch, NoMatch
from model_intelligence.naming.name_parts import split_name
from model_intelligence.naming.resolve import family_of


@dataclass(frozen=True, slots=True)
class NameToReview:
    """A name of a source without a model, why, and how many results hang on it."""

    source: str
    name: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class Review:
    """A name that waits, with what helps to decide it.

    `near` are similar ids, the most similar first: suggestions for people, never chosen.
    """

    waiting: NameToReview
    near: tuple[str, ...] = ()
    is_in_use: bool = False


def resolution_lines(name: str, found: NameMatch | NoMatch, names: Names) -> Iterator[str]:
    """What is known of a name, for people: the model and the rule, or why not and what is near."""
    if isinstance(found, NameMatch):
        yield f"{name} -> {found.model_id}"
        yield f"  by: {found.rule}"
        for what, said in (("effort", found.effort), ("mode", found.mode)):
            if said:
                yield f"  {what}: {said}"
        return
    yield f"{name}: no match: {found.reason}"
    if found.reason in NEVER:
        return
    alike = near(name, names)
    if alike:
        yield f"  near, but not chosen: {', '.join(alike)}"
    yield "  if you know which it is: name it in config/aliases.yaml, with why"


def near(name: str, names: Names, limit: int = 3) -> tuple[str, ...]:
    """Ids similar to the name, the most similar first: suggestions for people, never chosen."""
    # A lower cutoff lists whole families, and people stop reading.
    alike = get_close_matches(key_of(split_name(name).base), names.spelled, limit, cutoff=0.75)
    return tuple(names.spelled[key] for key in alike)


def in_order_of_use(
    waiting: Iterable[NameToReview], names: Names, in_use: Collection[str]
) -> list[Review]:
    """The names, the most useful first: those like a model in use, then those like any, by results.

    `in_use` are the configured names; a name is like one when it begins with the same word.
    """
    families = {family_of(key_of(one)) for one in in_use}
    reviews = [
        Review(one, near(one.name, names), family_of(key_of(one.name)) in families)
        for one in waiting
    ]
    return sorted(reviews, key=_usefulness)


def _usefulness(one: Review) -> tuple[bool, bool, int, str, str]:
    return (
        not one.is_in_use,
        not one.near,
        -one.waiting.rows,
        one.waiting.source,
        one.waiting.name,
    )


def review_lines(reviews: Sequence[Review], limit: int) -> Iterator[str]:
    """YAML for config/aliases.yaml in which only the model and the reason are left to fill in.

    At most `limit` names; those that no alias can help are told apart. Outside text is quoted.
    """
    open_ones = [one for one in reviews if one.waiting.reason not in NEVER]
    yield f"# {_count(len(open_ones), 'name')} to review. First those like a model in use, then"
    yield "# those like any model, each by how many results hang on it. Put those that you know"
    yield "# under `aliases:` in config/aliases.yaml, with the `model` (a catalog id) and `why`."
    yield "aliases:" if open_ones else "aliases: []"
    for one in open_ones[:limit]:
        yield from _entry(one)
    if len(open_ones) > limit:
        yield f"# {len(open_ones) - limit} more: --limit {len(open_ones)} shows them all."
    never = [one.waiting for one in reviews if one.waiting.reason in NEVER]
    if never:
        yield "# No alias can help these:"
    for each in never[:limit]:
        yield f"#   {_quoted(each.name)} ({each.source}): {each.reason}"


def _entry(one: Review) -> Iterator[str]:
    told = [_count(one.waiting.rows, "result")]
    if one.waiting.reason != UNKNOWN:
        told.append(one.waiting.reason)
    if one.near:
        told.append(f"near: {', '.join(map(_quoted, one.near))}")
    yield f"  # {'; '.join(told)}"
    yield f"  - name: {_quoted(one.waiting.name)}"
    yield f"    source: {_quoted(one.waiting.source)}"
    yield "    model:"
    yield "    why:"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _quoted(text: str) -> str:
    return json.dumps(text)
