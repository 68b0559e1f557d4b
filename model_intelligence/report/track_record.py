"""docs/track-record.md: what came of past decisions, with and without general indices. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

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

[Why one ability for each model](adr/0014-ability.md) says how the estimate works; its constants
were chosen on results that were known up to mid-2025.
"""
_ON_INDICES = """*Without indices* leaves out general indices, such as Epoch AI's, which judge most
pairs, but are the weakest evidence: they average over all kinds of work. A model counts at its best
effort in later results, while the rule compares models at one effort; so a chance in the middle
comes true more often than it says.
"""


@dataclass(frozen=True, slots=True)
class TrackRecord:
    """What came of the decisions for one pack, with and without general indices."""

    pack: str
    days: tuple[date, ...]
    figures: Mapping[Scope, ScopeFigures]
    without_index: Mapping[Scope, ScopeFigures]
    others: Mapping[str, Any]  # what other rules gave on the pack, as `as_json` has it

    @property
    def columns(self) -> Iterator[tuple[str, ScopeFigures]]:
        """The figures under the heads of their columns."""
        for scope, figures in self.figures.items():
            yield SCOPE_NAMES[scope], figures
            yield "without indices", self.without_index[scope]


def record_of(
    pack: str,
    made: Sequence[PastDecision],
    truth: PackTruth,
    others: Mapping[str, Any] | None = None,
) -> TrackRecord:
    """The record of these decisions; `others` is what other rules gave on the same pack."""
    days = tuple(sorted({current.observed_at for current in truth.currents}))
    return TrackRecord(pack, days, judge(made, truth), judge(made, truth, (ANY,)), others or {})


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
    yield _ON_INDICES
    if record.others and "own" in record.figures:
        yield "### Other rules on the same pack, own provider\n"
        yield _others(record)
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


def _others(record: TrackRecord) -> str:
    """The figures of this rule and of the others, which their pack states."""
    own = record.figures["own"]
    every = own.classes[EVERY_CLASS]
    ours = [
        "this rule",
        share(own.proposals, own.decisions),
        _worse(every),
        share(own.missed.missed, own.missed.judged),
        _brier(every.reliability),
    ]
    head = ["Rule", "Proposals", "Clearly worse", "Missed", "Brier"]
    return _table(
        head, [ours, *(_other(name, each["own"]) for name, each in record.others.items())]
    )


def _other(name: str, own: Mapping[str, Any]) -> list[str]:
    judged, missed = own["classes"][EVERY_CLASS], own["missed"]
    return [
        name,
        share(own["proposals"], own["decisions"]),
        share(judged["clearly_worse"], judged["judged"]),
        share(missed["missed"], missed["judged"]),
        "" if judged["brier"] is None else f"{judged['brier']:.3f}",
    ]


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
    return _table(
        [
            *("Stated", "Proposals: mean", "came true", "95 % interval"),
            *("Every decision: mean", "came true", "95 % interval"),
        ],
        rows,
    )


def _worse(figures: ClassFigures) -> str:
    return share(figures.clearly_worse, figures.judged)


def _brier(chances: Reliability | None) -> str:
    return f"{chances.brier:.3f}" if chances else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
