"""The decisions of a pack, date by date: what was known, and what is decided on it."""

from collections.abc import Iterator, Sequence

from model_intelligence.backtest.decide import PastDecision, decide
from model_intelligence.backtest.ledger import KnownByDay, known_by_day
from model_intelligence.backtest.pack import PackInputs
from model_intelligence.config.aliases_yaml import Alias


def past_decisions(
    inputs: PackInputs, aliases: Sequence[Alias]
) -> Iterator[tuple[KnownByDay, tuple[PastDecision, ...]]]:
    """The decisions of each date; see `known_by_day`."""
    for known in known_by_day(inputs, aliases):
        currents = [current for current in inputs.currents if current.observed_at == known.day]
        yield known, tuple(decide(known.evidence, currents, known.day))
