"""Calls that were answered by another model than the one that was asked for. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from model_intelligence.naming import bedrock
from model_intelligence.naming.resolve import match_key
from model_intelligence.telemetry.aggregate.figures import PricedSums

_DATE = re.compile(r"[-@](\d{4}-?\d{2}-?\d{2}|\d{4})$")


def drifts(sums: Iterable[PricedSums]) -> tuple[str, ...]:
    """One sentence for each model and answerer that differ, most calls first.

    A name with a provider's prefix is the same model, and so is the one dated snapshot of an alias;
    two snapshots are not: the alias was pointed elsewhere within the window.
    """
    asked: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for part in sums:
        if part.response_model is not None:
            calls = int(part.sums["calls"])
            asked[part.group.provider, part.group.model][part.response_model] += calls
    found = [line for (provider, model), by in asked.items() for line in _of(provider, model, by)]
    return tuple(line for _, line in sorted(found, key=lambda each: (-each[0], each[1])))


def _of(provider: str, model: str, answered: Counter[str]) -> Iterable[tuple[int, str]]:
    snapshots = {_own(name) for name in answered if _is_snapshot(name, model)}
    for name, calls in answered.items():
        if _own(name) == _own(model) or (_is_snapshot(name, model) and len(snapshots) == 1):
            continue
        asked = answered.total()
        yield calls, f"{provider} {model} was answered by {name} in {calls:,} of {asked:,} calls"


def _own(name: str) -> str:
    own = name.rsplit("/", 1)[-1]
    return match_key(bedrock.model_of(own) or own)


def _is_snapshot(name: str, model: str) -> bool:
    date = _DATE.search(_own(name))
    return date is not None and _own(name)[: date.start()] == _own(model)
