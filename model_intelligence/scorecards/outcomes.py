"""What a proposal promises, and whether it was kept. Pure.

A promise is a figure with its interval. It is broken when the interval of what came lies wholly on
its worse side. That alone undoes nothing: it is a regression only when the model before did better,
beyond chance and by enough to notice, and nothing else changed meanwhile.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from model_intelligence.scorecards.values import (
    HUNDRED,
    MEASURES,
    Actual,
    Conditions,
    Figure,
    Measure,
    Prediction,
    ScoreCardOutcome,
    Seen,
)
from model_intelligence.stats.proportions import FEWEST_CALLS

MORE_TOKENS = Decimal("0.4")  # tokenizers differ by less: more prompt tokens are other work
MORE_CACHED = Decimal("0.2")  # of the prompt tokens


def predictions(
    cost: Mapping[str, Any], before: Seen | None, candidate: Seen | None, tolerated: Decimal
) -> list[Prediction]:
    """What a proposal promises, by its stored `cost` and our own calls until then.

    `tolerated` is how many points of success the policy lets go.
    """
    return [
        _promised(name, candidate, before) or _derived(name, cost, before, tolerated)
        for name in MEASURES
    ]


def _promised(name: str, candidate: Seen | None, before: Seen | None) -> Prediction | None:
    figure = candidate.figure(name) if candidate else None
    if candidate is None or figure is None:
        return None
    own = before.stats.id if before else None
    return Prediction(name, "own calls", _before(name, before), figure, own, candidate.stats.id)


def _before(name: str, before: Seen | None) -> Figure | None:
    return before.figure(name) if before else None


def _derived(
    name: str, cost: Mapping[str, Any], before: Seen | None, tolerated: Decimal
) -> Prediction:
    """Of a model that was not called yet: by its price, and for success that it is no worse."""
    was, stats_id = _before(name, before), before.stats.id if before else None
    # The guide's mix of tokens gives a ratio of costs, but no amount to promise.
    if name == "usd_per_call" and cost["basis"] != "guide":
        value = Decimal(cost["proposed"]["usd_per_call"])
        return Prediction(name, "list price", was, _like(value, was), stats_id)
    if name == "success_rate" and was is not None and was.low is not None:
        floor = Figure(was.value, max(Decimal(0), was.low - tolerated / HUNDRED), Decimal(1))
        return Prediction(name, "no worse than before", was, floor, stats_id)
    return Prediction(name, "nothing", was, None, stats_id)


def _like(value: Decimal, was: Figure | None) -> Figure:
    """With an interval as wide, in parts of the value, as that of the figure before."""
    if was is None or was.low is None or was.high is None or not was.value:
        return Figure(value)
    return Figure(value, value * was.low / was.value, value * was.high / was.value)


def actuals(
    promised: Sequence[Prediction],
    seen: Seen | None,
    changed: Mapping[str, Sequence[str]],
    tolerated: Decimal,
) -> list[Actual]:
    """What came of each prediction; `changed` is measure -> what else changed, as sentences."""
    found = []
    for each in promised:
        figure = seen.figure(each.measure) if seen else None
        outcome, reasons = _outcome(each, figure, seen, changed.get(each.measure, ()), tolerated)
        calls, stats_id = (seen.stats.calls, seen.stats.id) if seen else (0, None)
        found.append(Actual(each.measure, calls, figure, outcome, tuple(reasons), stats_id))
    return found


def _outcome(
    promised: Prediction,
    figure: Figure | None,
    seen: Seen | None,
    changed: Sequence[str],
    tolerated: Decimal,
) -> tuple[ScoreCardOutcome, Sequence[str]]:
    wanted = promised.predicted
    if seen is None or seen.stats.calls < FEWEST_CALLS:
        return "too_few_calls", ()
    if wanted is None:
        return "not_promised", ()
    if figure is None or figure.low is None or wanted.low is None:
        return "undecided", ()
    measure = MEASURES[promised.measure]
    if not _is_worse(figure, wanted, measure):
        return ("better" if _is_worse(wanted, figure, measure) else "as_promised"), ()
    if not _is_a_loss(promised.before, figure, promised.measure, tolerated):
        return "missed", ()
    return ("not_attributable", changed) if changed else ("regressed", ())


def _is_worse(one: Figure, other: Figure, measure: Measure) -> bool:
    """Whether the whole interval of one lies on the worse side of the other's."""
    if None in (one.low, one.high, other.low, other.high):
        return False
    assert one.low is not None and one.high is not None  # noqa: S101, PT018
    assert other.low is not None and other.high is not None  # noqa: S101, PT018
    return one.low > other.high if measure.less_is_better else one.high < other.low


def _is_a_loss(before: Figure | None, now: Figure, name: str, tolerated: Decimal) -> bool:
    """Whether the model before was better beyond chance, and so much that it matters."""
    measure = MEASURES[name]
    if before is None or not _is_worse(now, before, measure):
        return False
    if name == "success_rate":
        return before.value - now.value > max(measure.noticeable, tolerated / HUNDRED)
    return now.value > before.value * (1 + measure.noticeable)


def changes(then: Conditions, now: Conditions) -> dict[str, list[str]]:
    """measure -> what changed since, for which the model is not to blame, as sentences."""
    work, price = list(_other_work(then, now)), list(_other_price(then, now))
    cached = list(_other_caching(then, now))
    return {
        "usd_per_call": [*work, *price, *cached],
        "success_rate": work,
        "p50_latency_ms": [*work, *cached],
        "p95_latency_ms": [*work, *cached],
    }


def _other_work(then: Conditions, now: Conditions) -> Iterator[str]:
    if then.prompt_tokens and now.prompt_tokens is not None:
        change = now.prompt_tokens / then.prompt_tokens - 1
        if abs(change) > MORE_TOKENS:
            yield (
                f"a call carries {now.prompt_tokens:,.0f} prompt tokens, {then.prompt_tokens:,.0f} "
                f"when it was proposed ({change * HUNDRED:+.0f} %)"
            )
    if then.prompt_versions and now.prompt_versions:
        new = now.prompt_versions - then.prompt_versions
        if new:
            yield f"the prompt has another version: {', '.join(sorted(new))}"


def _other_caching(then: Conditions, now: Conditions) -> Iterator[str]:
    if then.cached is None or now.cached is None or abs(now.cached - then.cached) <= MORE_CACHED:
        return
    yield (
        f"{now.cached * HUNDRED:.0f} % of the prompt tokens are read from the cache, "
        f"{then.cached * HUNDRED:.0f} % when it was proposed"
    )


def _other_price(then: Conditions, now: Conditions) -> Iterator[str]:
    for label, was, is_ in (
        ("prompt", then.input_usd_per_1m, now.input_usd_per_1m),
        ("completion", then.output_usd_per_1m, now.output_usd_per_1m),
    ):
        if was is not None and is_ is not None and was != is_:
            yield (
                f"a million {label} tokens cost ${is_.normalize():f}, ${was.normalize():f} when it "
                "was proposed"
            )
