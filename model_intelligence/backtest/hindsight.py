"""Which of two models later turned out better, by figures that no decision could use. Pure.

A source's lead is the mean over its benchmarks of the kind, each model at its best effort. Sources
then vote. This is the judging that every pack's README describes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from math import sqrt
from typing import Literal, NamedTuple

from model_intelligence.backtest.pack import PackTruth, TruthFigure, task_types

ANY = "any"  # the kind of a general index, which counts for every kind of work
_CLEAR = 3  # tolerances from which one source alone is enough to call a model clearly better
Turnout = Literal["worse", "same", "better"]


class SourceLead(NamedTuple):
    """How far one model is ahead of another by one source; less than `tolerance` is no lead."""

    lead: float
    tolerance: float

    @property
    def vote(self) -> Literal[-1, 0, 1]:
        """For the model, against it, or neither."""
        if abs(self.lead) <= self.tolerance:
            return 0
        return 1 if self.lead > 0 else -1


Leads = Mapping[str, SourceLead]  # by source


class Hindsight:
    """The figures of a pack's truth, but those of the sources and kinds that are left out."""

    def __init__(self, truth: PackTruth, without: Collection[str] = ()) -> None:
        self._same, self._readable = truth.same, truth.readable
        self._boards: dict[tuple[str, str], dict[str, TruthFigure]] = defaultdict(dict)
        self._kinds: dict[tuple[str, str], frozenset[str]] = {}
        self._known: dict[tuple[str, str, str, date], Leads] = {}
        for figure in truth.figures:
            if figure.source not in without and figure.kind not in without:
                self._add(figure)

    def _add(self, figure: TruthFigure) -> None:
        board = figure.source, figure.benchmark
        self._kinds[board] = frozenset(figure.kind.split("+"))
        best = self._boards[board].get(figure.model)
        if best is None or figure.merit > best.merit:
            self._boards[board][figure.model] = figure

    def leads(self, current: str, target: str, kind: str, day: date) -> Leads:
        """How far `target` is ahead by each source that knows both and that was no input then."""
        ours, theirs = (self._same.get(name, name) for name in (current, target))
        key = ours, theirs, kind, day
        if key not in self._known:
            self._known[key] = {} if ours == theirs else self._leads(*key)
        return self._known[key]

    def _leads(self, current: str, target: str, kind: str, day: date) -> Leads:
        by_source: dict[str, list[tuple[TruthFigure, TruthFigure]]] = defaultdict(list)
        for source, pair in self._pairs(current, target, kind):
            published = max(figure.published_at for figure in pair)
            if source not in self._readable or published > day:
                by_source[source].append(pair)
        return {source: _mean_lead(pairs) for source, pairs in by_source.items()}

    def _pairs(
        self, current: str, target: str, kind: str
    ) -> Iterator[tuple[str, tuple[TruthFigure, TruthFigure]]]:
        wanted = {*task_types(kind), ANY}
        for board, figures in self._boards.items():
            if self._kinds[board] & wanted and current in figures and target in figures:
                yield board[0], (figures[current], figures[target])


def _mean_lead(pairs: list[tuple[TruthFigure, TruthFigure]]) -> SourceLead:
    """The mean lead; what counts as none is at least one standard error of it."""
    lead = mean([target.merit - current.merit for current, target in pairs])
    tolerance = mean([current.tolerance for current, _ in pairs])
    variance = sum((figure.standard_error or 0) ** 2 for pair in pairs for figure in pair)
    return SourceLead(lead, max(tolerance, sqrt(variance) / len(pairs)))


def turnout(leads: Leads) -> Turnout | None:
    """By the majority of the sources; None where no source knows both models."""
    if not leads:
        return None
    votes = sum(lead.vote for lead in leads.values())
    return "same" if not votes else "better" if votes > 0 else "worse"


def is_ahead(leads: Leads) -> bool | None:
    """Whether the target turned out better at all; None where that is not known."""
    # In tolerances, because sources have different units.
    ahead = mean([lead / tolerance for lead, tolerance in leads.values()]) if leads else 0
    return None if ahead == 0 else ahead > 0


def is_clearly_better(leads: Leads) -> bool:
    """Whether no source is against it, and two are clearly for it or one very clearly."""
    for_it = sum(lead.vote == 1 for lead in leads.values())
    is_clear = any(lead > _CLEAR * tolerance for lead, tolerance in leads.values())
    return (for_it >= 2 or is_clear) and all(lead >= 0 for lead, _ in leads.values())


def mean(values: Sequence[float]) -> float:
    """Summed in order, as the packs' own judge does: ties must fall the same way."""
    return sum(values) / len(values)
