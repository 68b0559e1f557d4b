"""What people read about names: how one was resolved, and what waits for their review. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from model_intelligence.catalog_names import Names, key_of
from model_intelligence.identification import Match, NoMatch
from model_intelligence.names import split_name


@dataclass(frozen=True, slots=True)
class Waiting:
    """A name of a source without a model, why, and how many results hang on it."""

    source: str
    name: str
    reason: str
    rows: int


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
    alike = get_close_matches(key_of(split_name(name).base), names.spelled, limit, cutoff=0.75)
    return tuple(names.spelled[key] for key in alike)


def review_lines(waiting: Iterable[Waiting], near: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    """YAML for config/aliases.yaml in which only the model and the reason are left to fill in.

    `near` is name -> ids that look alike: shown as comments, never chosen. Names are quoted as
    outside text must be.
    """
    yield "aliases:"
    for one in waiting:
        results = "1 result" if one.rows == 1 else f"{one.rows:,} results"
        yield f"  # {results}: {one.reason}"
        for model_id in near.get(one.name, ()):
            yield f"  # near: {_quoted(model_id)}"
        yield f"  - name: {_quoted(one.name)}"
        yield f"    source: {_quoted(one.source)}"
        yield "    model:"
        yield "    why:"


def _quoted(text: str) -> str:
    return json.dumps(text)
