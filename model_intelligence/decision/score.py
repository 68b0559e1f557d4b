"""The published score: evidence in, four parts and their weighted sum out. Pure.

    score = 0.35 price + 0.40 benchmark + 0.20 runtime + 0.05 sentiment

Every part lies in 0..1. A part without evidence is neutral (0.5), and says so.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple

from model_intelligence.decision.values import Part, Score
from model_intelligence.pricing.call_cost import GUIDE_MIX, ZERO, usd_per_call
from model_intelligence.records import (
    BenchmarkKey,
    BenchmarkResult,
    Price,
    RuntimeStats,
    Signal,
    SourceKind,
    TokenMix,
)

# The guide's weights, and below its steps: the published score is what the guide says it is.
WEIGHT_PRICE = Decimal("0.35")
WEIGHT_BENCHMARK = Decimal("0.40")
WEIGHT_RUNTIME = Decimal("0.20")
WEIGHT_SENTIMENT = Decimal("0.05")


class Grade(NamedTuple):
    """A value in 0..1 and the words that explain it."""

    value: Decimal
    words: str


BEST, GOOD, NEUTRAL, WORST = Decimal("1.0"), Decimal("0.75"), Decimal("0.5"), Decimal("0.0")
NEUTRAL_SENTIMENT = WEIGHT_SENTIMENT * NEUTRAL

MODERATE_INCREASE_PCT = Decimal(50)
LARGE_INCREASE_PCT = Decimal(100)
MUCH_BETTER_PCT = Decimal(20)
SIMILAR_PCT = Decimal(2)
IMPROVEMENT_BORDERS = (-SIMILAR_PCT, SIMILAR_PCT, MUCH_BETTER_PCT)
IMPROVEMENT_GRADES = (  # between those borders, from below
    Grade(WORST, "worse"),
    Grade(NEUTRAL, "similar"),
    Grade(GOOD, "better"),
    Grade(BEST, "at least 20 % better"),
)
MUCH_MORE_SUCCESS = Decimal("0.10")
SIMILAR_SUCCESS = Decimal("0.02")
CONFIDENCE_WITH_TELEMETRY = Decimal("0.9")
CONFIDENCE_WITHOUT_TELEMETRY = Decimal("0.6")

# Units with a true zero, for which "20 % better" means something. An Elo or an index has none.
RATIO_UNITS = frozenset({"percent", "fraction", "pass@1", "usd", "seconds"})
# A provider shows what flatters it, and an aggregator repeats what others ran; our own tasks are
# the closest to what the model is for.
KIND_WEIGHTS: Mapping[SourceKind, Decimal] = {
    "own": Decimal(2),
    "independent": Decimal(1),
    "author": Decimal(1),
    "aggregator": Decimal("0.5"),
    "provider": Decimal("0.25"),
}
PAIR_WEIGHTS: Mapping[SourceKind, Mapping[SourceKind, Decimal]] = {
    one: {other: min(weight, KIND_WEIGHTS[other]) for other in KIND_WEIGHTS}
    for one, weight in KIND_WEIGHTS.items()
}
MANY_AUTHORS = 20  # fewer count for less, by the square: a handful is easily one-sided
HALF_LIFE_DAYS = 30
LONG_AGO = datetime.min.replace(tzinfo=UTC)
SENTIMENT_VALUE = {"positive": 1, "neutral": 0, "mixed": 0, "negative": -1}

Pair = tuple[BenchmarkResult, BenchmarkResult]


def change_pct(before: Decimal, after: Decimal) -> Decimal | None:
    """The change in percent of `before`; None where `before` is not above zero: no share exists."""
    return (after - before) / before * 100 if before > 0 else None


def cost_change_pct(before: Decimal | None, after: Decimal) -> Decimal | None:
    """The change in percent of what a call costs; None where either is unknown or zero."""
    return change_pct(before, after) if before is not None and after else None


def grade_cost(delta_pct: Decimal) -> Grade:
    """The price part for a change in percent of what a call costs."""
    if delta_pct <= 0:
        return Grade(BEST, "not more expensive")
    if delta_pct <= MODERATE_INCREASE_PCT:
        return Grade(GOOD, "up to 50 % more expensive")
    if delta_pct <= LARGE_INCREASE_PCT:
        return Grade(NEUTRAL, "up to twice as expensive")
    return Grade(WORST, "more than twice as expensive")


def score_price(
    current: Price | None, candidate: Price | None, mix: TokenMix = GUIDE_MIX
) -> tuple[Part, Decimal | None]:
    """The price part, and the change in percent of what a call of that mix costs."""
    if current is None or candidate is None:
        return Part(NEUTRAL, "no price known for both models"), None
    delta = cost_change_pct(usd_per_call(current, mix), usd_per_call(candidate, mix))
    if delta is None:
        return Part(NEUTRAL, "a listed price of zero, which is taken as unknown"), None
    return Part(*grade_cost(delta), tuple(sorted({current.id, candidate.id}))), delta


Newest = Mapping[BenchmarkKey, BenchmarkResult]


def newest_by_key(results: Iterable[BenchmarkResult]) -> Newest:
    """Of each way of measuring the newest figure, where its unit has a true zero."""
    newest: dict[BenchmarkKey, BenchmarkResult] = {}
    for result in results:
        if result.key.unit in RATIO_UNITS:
            known = newest.get(result.key)
            if known is None or _recency(result) > _recency(known):
                newest[result.key] = result
    return newest


def comparable(current: Newest, candidate: Newest, task_types: Collection[str]) -> tuple[Pair, ...]:
    """Pairs (current, candidate) on the same benchmark, version, harness, effort and unit."""
    return tuple(
        (mine, candidate[key])
        for key, mine in current.items()
        if key in candidate and mine.task_type in task_types
    )


def in_order(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """The pairs by the names of their benchmarks, for people."""
    return tuple(sorted(pairs, key=lambda pair: _words(pair[0].key)))


def _words(key: BenchmarkKey) -> tuple[str, ...]:
    """The key as text, for an order: None cannot be compared."""
    name, version, harness, effort, unit = key
    return name, version or "", harness or "", effort or "", unit


def _recency(result: BenchmarkResult) -> tuple[str, int]:
    # A result without a date counts as older than any with one.
    return str(result.measured_at or ""), result.id


def grade_improvement(delta_pct: Decimal) -> Grade:
    """The benchmark part for a mean improvement in percent."""
    worse, similar, better, much_better = IMPROVEMENT_GRADES
    if delta_pct >= MUCH_BETTER_PCT:
        return much_better
    if delta_pct > SIMILAR_PCT:
        return better
    return similar if delta_pct >= -SIMILAR_PCT else worse


def score_benchmarks(pairs: Sequence[Pair]) -> tuple[Part, Decimal | None]:
    """The benchmark part, and the mean improvement over the shared benchmarks in percent."""
    delta, counted = mean_improvement_pct(pairs)
    if delta is None:
        return Part(NEUTRAL, "no benchmark shared by both models"), None
    ids = tuple(sorted({result.id for pair in counted for result in pair}))
    value, words = grade_improvement(delta)
    boards = len({board_of(pair) for pair in counted})
    shared = f"{boards} shared benchmark{'s' if boards > 1 else ''}"
    return Part(value, f"{words} on {shared}", ids), delta


def mean_improvement_pct(pairs: Iterable[Pair]) -> tuple[Decimal | None, Sequence[Pair]]:
    """The mean of the pairs that have a share, each by who measured it, and which those are.

    All pairs of one benchmark count together as much as one.
    """
    changes = [(pair, improvement_pct(*pair)) for pair in pairs]
    counted = [pair for pair, change in changes if change is not None]
    runs = runs_by_board(counted)
    heard, whole = ZERO, ZERO
    for pair, change in changes:
        if change is not None:
            weight = weight_of(pair) / runs[board_of(pair)]
            heard += weight
            whole += change * weight
    return (whole / heard if counted else None), counted


def weight_of(pair: Pair) -> Decimal:
    """How much a pair counts: as the less trusted of its two sources."""
    current, candidate = pair
    return PAIR_WEIGHTS[current.source_kind][candidate.source_kind]


def board_of(pair: Pair) -> BenchmarkKey:
    """What has the same tasks: the benchmark, however hard a model was asked to think."""
    return pair[0].key._replace(dataset_version=None, effort=None)


def runs_by_board(pairs: Iterable[Pair]) -> Counter[BenchmarkKey]:
    """How many of the pairs each board has: as many efforts at which both models were run."""
    return Counter(map(board_of, pairs))


def improvement_pct(current: BenchmarkResult, candidate: BenchmarkResult) -> Decimal | None:
    """How much better, in percent of the current figure; None where that is not above zero."""
    before = current.score
    if before <= 0:
        return None
    change = (candidate.score - before) / before * 100
    return change if current.higher_is_better else -change


def score_runtime(current: RuntimeStats | None, candidate: RuntimeStats | None) -> Part:
    """Success rate and cost per token from our own traffic, each where both models have it."""
    if current is None or candidate is None:
        return Part(NEUTRAL, "no telemetry for both models")
    # A provider's bad day must not fall on only one of the two.
    if _window(current) != _window(candidate):
        return Part(NEUTRAL, "no telemetry from the same days for both models")
    parts = [part for part in (_success(current, candidate), _economy(current, candidate)) if part]
    if not parts:
        return Part(NEUTRAL, "the telemetry has neither success nor cost for both models")
    value = sum((part.value for part in parts), Decimal(0)) / len(parts)
    ids = tuple(sorted({current.id, candidate.id}))
    return Part(value, " and ".join(part.reason for part in parts), ids)


def _window(stats: RuntimeStats) -> tuple[datetime, datetime]:
    return stats.window_start, stats.window_end


def _success(current: RuntimeStats, candidate: RuntimeStats) -> Part | None:
    if current.success_rate is None or candidate.success_rate is None:
        return None
    delta = candidate.success_rate - current.success_rate
    if delta >= MUCH_MORE_SUCCESS:
        return Part(BEST, "success rate at least 10 percentage points higher")
    if delta > SIMILAR_SUCCESS:
        return Part(GOOD, "higher success rate")
    if delta >= -SIMILAR_SUCCESS:
        return Part(NEUTRAL, "similar success rate")
    return Part(WORST, "lower success rate")


def _economy(current: RuntimeStats, candidate: RuntimeStats) -> Part | None:
    before, after = _usd_per_token(current), _usd_per_token(candidate)
    delta = change_pct(before, after) if before is not None and after is not None else None
    if delta is None:
        return None
    if delta < -SIMILAR_PCT:
        return Part(BEST, "lower cost per token")
    if delta <= SIMILAR_PCT:
        return Part(NEUTRAL, "similar cost per token")
    return Part(WORST, "higher cost per token")


def _usd_per_token(stats: RuntimeStats) -> Decimal | None:
    if stats.est_cost_usd is None or not stats.total_tokens:
        return None
    return stats.est_cost_usd / stats.total_tokens


def score_sentiment(signals: Sequence[Signal], today: date | None = None) -> Part:
    """The balance of what people wrote: 0.5 when even or unknown. Its weight keeps it a nudge.

    Of each author the newest signal per source counts; anonymous ones count as one author. Its
    weight halves with every thirty days of age, and few authors count for little.
    """
    if not signals:
        return Part(NEUTRAL, "no opinions recorded")
    newest = _newest_by_author(signals)
    weights = [_weight(signal, today) for signal in newest]
    total = sum(weights)
    balance = sum(
        weight * SENTIMENT_VALUE[signal.sentiment]
        for weight, signal in zip(weights, newest, strict=True)
    )
    shrunk = balance / total * min(1.0, total / MANY_AUTHORS) ** 2
    ids = tuple(sorted(signal.id for signal in signals))
    reason = f"{_count(len(signals), 'signal')} from {_count(len(newest), 'author')}"
    return Part(NEUTRAL + round(Decimal(shrunk), 4) / 2, reason, ids)


def _newest_by_author(signals: Sequence[Signal]) -> list[Signal]:
    newest: dict[tuple[str, str | None], Signal] = {}
    for signal in sorted(signals, key=lambda each: (each.said_at or LONG_AGO, each.id)):
        newest[signal.source, signal.author] = signal
    return list(newest.values())


def _weight(signal: Signal, today: date | None) -> float:
    """By whole weeks, so that a score does not change from one day to the next."""
    if today is None or signal.said_at is None:
        return 1.0
    weeks = max(0, (today - signal.said_at.date()).days) // 7
    return float(0.5 ** (weeks * 7 / HALF_LIFE_DAYS))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def combine(price: Part, benchmark: Part, runtime: Part, sentiment: Part) -> Score:
    """The weighted sum, and 0.9 confidence with telemetry for both models, else 0.6."""
    total, settled = weigh(price.value, benchmark.value, runtime.value, sentiment.value)
    has_telemetry = bool(runtime.record_ids)
    confidence = CONFIDENCE_WITH_TELEMETRY if has_telemetry else CONFIDENCE_WITHOUT_TELEMETRY
    return Score(price, benchmark, runtime, sentiment, total, settled, confidence)


def weigh(
    price: Decimal, benchmark: Decimal, runtime: Decimal, sentiment: Decimal
) -> tuple[Decimal, Decimal]:
    """The weighted sum of the four parts, and the same with sentiment taken as neutral."""
    measured = WEIGHT_PRICE * price + WEIGHT_BENCHMARK * benchmark + WEIGHT_RUNTIME * runtime
    return measured + WEIGHT_SENTIMENT * sentiment, measured + NEUTRAL_SENTIMENT
