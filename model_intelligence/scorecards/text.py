"""Score cards as people and programs read them. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from model_intelligence.decision.values import Regression
from model_intelligence.scorecards.values import (
    CHECKS,
    HUNDRED,
    MEASURES,
    Actual,
    Check,
    Figure,
    Prediction,
    ScoreCard,
    window_after,
)

WORDS = {
    "as_promised": "as promised",
    "better": "better than promised",
    "missed": "worse than promised, no worse than before",
    "regressed": "worse than before",
    "not_attributable": "worse than before, but not attributable",
    "undecided": "undecided",
    "too_few_calls": "too few calls",
    "not_promised": "not promised",
}


def regression_of(card: ScoreCard, current: str) -> Regression | None:
    """What the newest check shows to be a loss; None once another model stands in the file."""
    if card.newest is None or card.replaced is None or card.to_model != current:
        return None
    lost = [each for each in card.newest.actuals if each.outcome == "regressed"]
    if not lost:
        return None
    promised = {each.measure: each for each in card.predictions}
    reasons = tuple(loss(promised[each.measure], each) for each in lost)
    records = tuple(each.id for each in lost if each.id is not None)
    return Regression(card.replaced, card.url, card.newest.days, reasons, records)


def regressions(cards: Sequence[ScoreCard], current: Mapping[str, str]) -> dict[str, Regression]:
    """use case -> what the newest merge of its current model has brought, where that is a loss."""
    newest: dict[str, ScoreCard] = {}
    for card in cards:
        # The cards come with the newest merge first.
        newest.setdefault(card.use_case, card)
    found = {
        use_case: regression_of(card, current.get(use_case, ""))
        for use_case, card in newest.items()
    }
    return {use_case: each for use_case, each in found.items() if each is not None}


def loss(promised: Prediction, actual: Actual) -> str:
    """The sentence on one broken promise, without a full stop."""
    name, label = actual.measure, MEASURES[actual.measure].label.lower()
    before = f", {shown(name, promised.before)} before" if promised.before else ""
    return (
        f"{label} is {with_interval(name, actual.figure)} over {actual.calls:,} calls; "
        f"{with_interval(name, promised.predicted)} was promised{before}"
    )


def shown(measure: str, figure: Figure | None) -> str:
    """A value as people read it."""
    return _value(measure, figure.value) if figure else "unknown"


def with_interval(measure: str, figure: Figure | None) -> str:
    """A value and its 95 % interval as people read them."""
    if figure is None or figure.low is None or figure.high is None:
        return shown(measure, figure)
    if measure == "success_rate" and figure.high == 1 and figure.value < 1:
        return f"{_value(measure, figure.low)} or more"
    bounds = f"{_value(measure, figure.low)} to {_value(measure, figure.high)}"
    return f"{_value(measure, figure.value)} ({bounds})"


def _value(measure: str, value: Decimal) -> str:
    if measure == "success_rate":
        return f"{value * HUNDRED:.1f} %"
    if measure == "usd_per_call":
        return f"${value:,.2f}" if value >= Decimal("0.1") else f"${float(value):#.3g}"
    return f"{value / 1000:.2f} s" if value >= 1000 else f"{value:.0f} ms"


def outcome_words(actual: Actual) -> str:
    """What came of a promise, in a few words."""
    return WORDS[actual.outcome]


def due_on(card: ScoreCard, days: int) -> date:
    """The day from which a check can be made."""
    return window_after(card.merged_at, days)[1].date()


def result(check: Check) -> str:
    """A check in one line: each measure that was promised, in a few words."""
    told = [each for each in check.actuals if each.outcome != "not_promised"]
    if not told or all(each.outcome == "too_few_calls" for each in told):
        return "too few calls to say"
    return "; ".join(
        f"{MEASURES[each.measure].label.lower()} {outcome_words(each)}" for each in told
    )


def reasons_of(check: Check) -> Sequence[str]:
    """What else changed since the merge, each once."""
    return list(dict.fromkeys(reason for each in check.actuals for reason in each.reasons))


def card_lines(card: ScoreCard) -> Iterator[str]:
    """A score card on a terminal."""
    yield f"{card.use_case}: {card.from_model} → {card.to_model}, merged on {card.merged_at.date()}"
    yield f"  {card.url}"
    for promised in card.predictions:
        yield f"  {MEASURES[promised.measure].label}"
        yield f"    before   {with_interval(promised.measure, promised.before)}"
        if promised.predicted is None:
            yield "    promised nothing"
        else:
            figure = with_interval(promised.measure, promised.predicted)
            yield f"    promised {figure}, by {promised.basis}; prediction:{promised.id}"
        for check in card.checks:
            actual = check.of(promised.measure)
            figure = f"{with_interval(actual.measure, actual.figure)} over {actual.calls:,} calls"
            yield f"    {check.days:>2} days  {figure}: {outcome_words(actual)}; actual:{actual.id}"
            yield from (f"             {reason}" for reason in actual.reasons)
    waiting = [days for days in CHECKS if days not in {check.days for check in card.checks}]
    if waiting:
        yield f"  next check on {due_on(card, waiting[0])}, after {waiting[0]} days"


def as_json(card: ScoreCard) -> dict[str, Any]:
    """The same for programs; figures are decimal strings: US dollars, shares of 1, milliseconds."""
    return {
        "recommendation": card.recommendation_id,
        "use_case": card.use_case,
        "from_model": card.from_model,
        "to_model": card.to_model,
        "url": card.url,
        "merged_at": card.merged_at.isoformat(),
        "predictions": [
            {
                "id": each.id,
                "measure": each.measure,
                "basis": each.basis,
                "before": _figure(each.before),
                "predicted": _figure(each.predicted),
            }
            for each in card.predictions
        ],
        "checks": [
            {"days": check.days, "actuals": [_actual(each) for each in check.actuals]}
            for check in card.checks
        ],
    }


def _actual(actual: Actual) -> dict[str, Any]:
    return {
        "id": actual.id,
        "measure": actual.measure,
        "calls": actual.calls,
        "actual": _figure(actual.figure),
        "outcome": actual.outcome,
        "reasons": list(actual.reasons),
    }


def _figure(figure: Figure | None) -> dict[str, str | None] | None:
    if figure is None:
        return None
    parts = figure._asdict().items()
    return {name: None if part is None else f"{part:f}" for name, part in parts}
