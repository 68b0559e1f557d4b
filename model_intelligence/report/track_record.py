"""docs/track-record.md: what came of past decisions, with and without general indices. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from model_intelligence.backtest.decide import PastDecision, Scope
from model_intelligence.backtest.hindsight import ANY
from model_intelligence.backtest.judge import EVERY_CLASS, ClassFigures, ScopeFigures, judge
from model_intelligence.backtest.pack import PackTruth
from model_intelligence.backtest.reliability import Reliability
from model_intelligence.config.bot_yaml import Limits
from model_intelligence.report.backtest_text import SCOPE_NAMES, interval, share, sure
from model_intelligence.stats.proportions import Rate, wilson

CHART = "reliability.svg"  # beside the page
_HEAD = """# Track record

<!-- Generated: do not edit. CONTRIBUTING.md says how to generate it again. -->

How often do proposals turn out right? Past decisions were repeated: for each date, a ledger was
built from the lists and leaderboards as they were published then, with the same code that a run
uses, and the rule decided for every model that was in use at that time. What it decided is judged
by results that were published later. Nothing that was not public on a date can reach its decisions;
names and aliases are today's.

A proposal is *clearly worse* if most sources that later measured both models put the proposed one
below the replaced one by more than their tolerance (2 percentage points; 1.5 points of Epoch AI's
index). The same proposal at several dates counts once. *Missed* are decisions to keep a model
although a clearly better one was on offer, at most 5 % more expensive. The *chance* is that the
proposed model later turns out ahead at all, by however little. Pairs have models in common, so the
95 % intervals are too narrow.
"""


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """What came of the decisions for one pack, with and without general indices."""

    pack: str
    days: tuple[date, ...]
    figures: Mapping[Scope, ScopeFigures]
    without_index: Mapping[Scope, ScopeFigures]

    @property
    def columns(self) -> Iterator[tuple[str, ScopeFigures]]:
        """The figures under the heads of their columns."""
        for scope, figures in self.figures.items():
            yield SCOPE_NAMES[scope], figures
            yield "without indices", self.without_index[scope]


def record_of(pack: str, made: Sequence[PastDecision], truth: PackTruth) -> TrackRecord:
    """The record of these decisions."""
    days = tuple(sorted({current.observed_at for current in truth.currents}))
    return TrackRecord(pack, days, judge(made, truth), judge(made, truth, (ANY,)))


def past_proposals(records: Iterable[TrackRecord]) -> list[dict[str, float | int]]:
    """Of unique proposals at the own provider: how many of each tenth came true; for bodies."""
    counts: dict[float, tuple[int, int]] = {}
    for record in records:
        stated = record.figures["own"].of_unique if "own" in record.figures else None
        for tenth in stated.bins if stated else ():
            came_true, n = counts.get(tenth.floor, (0, 0))
            counts[tenth.floor] = came_true + tenth.came_true, n + tenth.n
    return [
        {"floor": floor, "came_true": came_true, "n": n}
        for floor, (came_true, n) in sorted(counts.items())
    ]


def page(records: Iterable[TrackRecord], rule: str = "") -> str:
    """The page in Markdown; `rule` says which commit decided."""
    parts = [_HEAD, *(part for record in records for part in _record(record, rule))]
    return "\n".join(parts)


def _record(record: TrackRecord, rule: str) -> Iterator[str]:
    limits = Limits()
    dates = f"{len(record.days)} dates from {record.days[0]} to {record.days[-1]}"
    yield f"## {record.pack}: {dates}\n"
    decided_by = f"Decided by {rule}, with" if rule else "With"
    yield f"{decided_by} the default limits: {_stated(limits)}.\n"
    yield _overview(record)
    for scope, name in SCOPE_NAMES.items():
        if scope in record.figures:
            yield f"### Unique proposals by class, {name}\n"
            yield _classes(record.figures[scope].classes, record.without_index[scope].classes)
    yield "### Stated chances\n"
    yield f"![Of what was stated with a chance, how much came true]({CHART})\n"
    for scope, name in SCOPE_NAMES.items():
        if scope in record.figures:
            yield f"{name.capitalize()}:\n"
            yield _reliability(record.figures[scope])


def _stated(limits: Limits) -> str:
    names = ("min_chance", "min_chance_to_move", "min_saving_pct")
    known = ((name, getattr(limits, name, None)) for name in names)
    return ", ".join(f"`{name}` {value}" for name, value in known if value is not None)


def _overview(record: TrackRecord) -> str:
    columns = list(record.columns)

    def row(label: str, figure: Callable[[ScopeFigures], str]) -> list[str]:
        return [label, *(figure(each) for _, each in columns)]

    return _table(
        ["", *(name for name, _ in columns)],
        [
            row("Decisions with a proposal", lambda f: share(f.proposals, f.decisions)),
            row("Clearly worse, of the judged", lambda f: _worse(f.classes[EVERY_CLASS])),
            row("Missed, of the judged keeps", lambda f: share(f.missed.missed, f.missed.judged)),
            row("Reversed within 90 days", lambda f: f"{f.flip_backs} of {f.reconsidered}"),
            row("Brier score of the chances", lambda f: _brier(f.of_unique)),
            row("Came true, of 90 % and more", lambda f: share(*sure(f.of_unique))),
        ],
    )


def _classes(classes: Mapping[str, ClassFigures], without_index: Mapping[str, ClassFigures]) -> str:
    return _table(
        [
            *("Class", "Proposals", "Judged", "Clearly worse", "95 % interval", "Better", "Same"),
            *("Brier", "Without indices, clearly worse"),
        ],
        [
            [
                "all" if name == EVERY_CLASS else name,
                str(each.unique),
                str(each.judged),
                str(each.clearly_worse),
                interval(*each.interval) if each.judged else "",
                str(each.better),
                str(each.same),
                _brier(each.reliability),
                _worse(without_index[name]),
            ]
            for name, each in classes.items()
        ],
    )


def _reliability(figures: ScopeFigures) -> str:
    """One row for each tenth: unique proposals, and every decision that names a target."""
    unique, targets = (
        {tenth.floor: tenth for tenth in chances.bins} if chances else {}
        for chances in (figures.of_unique, figures.of_targets)
    )
    rows = []
    for floor in sorted(unique.keys() | targets.keys()):
        cells = [f"{100 * floor:.0f} to {100 * floor + 10:.0f} %"]
        for tenth in (unique.get(floor), targets.get(floor)):
            if tenth is None:
                cells += ["", "", ""]
            else:
                bounds = wilson(Rate(tenth.came_true, tenth.n))
                stated = f"{100 * tenth.said:.0f} %"
                cells += [stated, share(tenth.came_true, tenth.n), interval(*bounds)]
        rows.append(cells)
    per_series = ("Mean", "Came true", "95 % interval")
    every = (f"{name}, every decision with a target" for name in per_series)
    return _table(["Stated", *(f"{name}, proposals" for name in per_series), *every], rows)


def _worse(figures: ClassFigures) -> str:
    return share(figures.clearly_worse, figures.judged)


def _brier(chances: Reliability | None) -> str:
    return f"{chances.brier:.3f}" if chances else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
