"""The figures of a backtest as lines for a terminal. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from model_intelligence.backtest.decide import Scope
from model_intelligence.backtest.judge import EVERY_CLASS, ClassFigures, ScopeFigures
from model_intelligence.backtest.reliability import Reliability
from model_intelligence.stats.proportions import Rate, wilson

SCOPE_NAMES: Mapping[Scope, str] = {"own": "own provider", "all": "all providers"}
SURE = 0.9  # the chance from which on a proposal is called sure


def lines(figures: Mapping[Scope, ScopeFigures]) -> Iterator[str]:
    """Every figure, by scope."""
    for scope, each in figures.items():
        yield ""
        yield f"{SCOPE_NAMES[scope].capitalize()}"
        yield f"  Decisions: {each.answered} of the {each.asked_for} that the pack asks for"
        yield f"  Proposals: {share(each.proposals, each.decisions)}"
        yield f"  By date: {', '.join(_by_day(each.by_day))}"
        yield from _class_lines(each.classes)
        yield f"  Flip-backs within 90 days: {each.flip_backs} of {each.reconsidered}"
        yield f"  Missed upgrades: {_with_interval(each.missed.missed, each.missed.judged)}"
        yield from _chances("unique proposals", each.of_unique)
        yield from _chances("all decisions that name a target", each.of_targets)


def share(count: int, n: int) -> str:
    """`3 of 47 (6.4 %)`."""
    return f"{count} of {n} ({100 * count / n:.1f} %)" if n else "0 of 0"


def interval(low: float, high: float) -> str:
    """`2.2 to 17.2 %`."""
    return f"{100 * low:.1f} to {100 * high:.1f} %"


def sure(chances: Reliability | None) -> tuple[int, int]:
    """Of the chances of 90 % and more: how many came true, and how many there are."""
    tenths = [tenth for tenth in chances.bins if tenth.floor >= SURE] if chances else []
    return sum(tenth.came_true for tenth in tenths), sum(tenth.n for tenth in tenths)


def _by_day(counts: Mapping[date, tuple[int, int]]) -> Iterator[str]:
    return (f"{day} {proposals} of {every}" for day, (proposals, every) in counts.items())


def _class_lines(classes: Mapping[str, ClassFigures]) -> Iterator[str]:
    head = f"{'judged':>7s}  {'clearly worse':36s} {'better':>6s} {'same':>5s} {'Brier':>6s}"
    yield f"  {'class':12s} {'made':>5s} {'unique':>6s} {head}"
    for name, each in classes.items():
        label = "all" if name == EVERY_CLASS else name
        brier = f"{each.reliability.brier:.3f}" if each.reliability else "-"
        worse = _with_interval(each.clearly_worse, each.judged)
        counts = f"{each.judged:7d}  {worse:36s} {each.better:6d} {each.same:5d} {brier:>6s}"
        yield f"  {label:12s} {each.proposals:5d} {each.unique:6d} {counts}"
        yield from _by_source(each.by_source)


def _by_source(counts: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    below = [f"{source} {count} of {n}" for source, (count, n) in counts.items()]
    if below:
        yield f"    below, by source: {', '.join(below)}"


def _with_interval(count: int, n: int) -> str:
    bounds = wilson(Rate(count, n))
    return f"{share(count, n)}, {interval(*bounds)}" if n else "none to judge"


def _chances(label: str, chances: Reliability | None) -> Iterable[str]:
    if chances is None:
        return [f"  Stated chances of {label}: none"]
    brier = f"Brier {chances.brier:.3f}, at best {chances.best_constant:.3f} for a constant"
    stated = (f"{t.said:.2f} > {t.share:.2f} ({t.n})" for t in chances.bins)
    return [
        f"  Stated chances of {label}: {chances.n}, {100 * chances.came_true:.1f} % true; {brier}",
        f"    stated > came true (n): {', '.join(stated)}",
        f"    of 90 % and more: {share(*sure(chances))} came true",
    ]
