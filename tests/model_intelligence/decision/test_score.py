"""The published score, at, just below and just above each of its thresholds."""

import itertools
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_intelligence.decision import score as scoring
from model_intelligence.decision.values import Part, Score
from model_intelligence.records import BenchmarkKey, BenchmarkResult, Price, Signal
from tests.model_intelligence.build import CURRENT, NOW, OTHER, key, price, result, signal, stats

ALL_TASKS = ("code", "reasoning")


def pairs(
    current: list[BenchmarkResult], candidate: list[BenchmarkResult]
) -> tuple[scoring.Pair, ...]:
    mine, theirs = scoring.newest_by_key(current), scoring.newest_by_key(candidate)
    return scoring.comparable(mine, theirs, ALL_TASKS)


def quality(before: str, after: str, **changed: object) -> tuple[Part, Decimal | None]:
    mine = result(CURRENT, before, id=1, **changed)
    theirs = result(OTHER, after, id=2, **changed)
    return scoring.score_benchmarks(pairs([mine], [theirs]))


def runtime(before: str | None, after: str | None) -> Part:
    return scoring.score_runtime(stats(CURRENT, before, id=1), stats(OTHER, after, id=2))


def economy(before: str, after: str) -> Part:
    return scoring.score_runtime(
        stats(CURRENT, est_cost_usd=Decimal(before)), stats(OTHER, est_cost_usd=Decimal(after))
    )


def test_the_weights_are_the_published_ones() -> None:
    assert (Decimal("0.35"), Decimal("0.40"), Decimal("0.20"), Decimal("0.05")) == (
        scoring.WEIGHT_PRICE,
        scoring.WEIGHT_BENCHMARK,
        scoring.WEIGHT_RUNTIME,
        scoring.WEIGHT_SENTIMENT,
    )


@pytest.mark.parametrize(
    ("values", "total"),
    [
        (("1", "0", "0", "0"), "0.35"),
        (("0", "1", "0", "0"), "0.40"),
        (("0", "0", "1", "0"), "0.20"),
        (("0", "0", "0", "1"), "0.05"),
        (("1", "0.75", "0.5", "0.5"), "0.775"),
    ],
)
def test_each_part_counts_by_its_weight(values: tuple[str, ...], total: str) -> None:
    score = scoring.combine(*(Part(Decimal(value), "") for value in values))
    assert score.total == Decimal(total)


def test_a_score_keeps_every_part_as_it_was() -> None:
    parts = [Part(Decimal(n) / 4, f"because {n}", (n,)) for n in range(4)]
    score = scoring.combine(*parts)
    assert [score.price, score.benchmark, score.runtime, score.sentiment] == parts


@pytest.mark.parametrize(("ids", "confidence"), [((1, 2), "0.9"), ((), "0.6")])
def test_confidence_is_higher_with_telemetry(ids: tuple[int, ...], confidence: str) -> None:
    neutral = Part(Decimal("0.5"), "")
    score = scoring.combine(neutral, neutral, Part(Decimal("0.5"), "", ids), neutral)
    assert score.confidence == Decimal(confidence)


@pytest.mark.parametrize(
    ("after", "value"),
    [
        ("0.0005", "1"),
        ("0.001", "1"),
        ("0.0010001", "0.75"),
        ("0.0014999", "0.75"),
        ("0.0015", "0.75"),
        ("0.0015001", "0.5"),
        ("0.0019999", "0.5"),
        ("0.002", "0.5"),
        ("0.0020001", "0"),
        ("9", "0"),
    ],
)
def test_the_price_part_at_its_thresholds(after: str, value: str) -> None:
    part, _ = scoring.score_price(price(), price(OTHER, after))
    assert part.value == Decimal(value)


def test_a_higher_price_never_scores_more_than_a_lower_one() -> None:
    ascending = [f"0.{n:04}" for n in range(1, 60)]
    values = [scoring.score_price(price(), price(OTHER, usd))[0].value for usd in ascending]
    assert values == sorted(values, reverse=True)


def test_the_price_part_names_both_records() -> None:
    part, _ = scoring.score_price(price(id=7), price(OTHER, id=3))
    assert part.record_ids == (3, 7)


@pytest.mark.parametrize(("current", "candidate"), [(None, price()), (price(), None), (None, None)])
def test_an_unknown_price_is_neutral_and_rests_on_nothing(
    current: Price | None, candidate: Price | None
) -> None:
    part, delta = scoring.score_price(current, candidate)
    assert (part.value, part.record_ids, delta) == (Decimal("0.5"), (), None)


@pytest.mark.parametrize(("before", "after"), [("0", "0.001"), ("0.001", "0"), ("0", "0")])
def test_a_price_of_zero_is_unknown_and_never_free(before: str, after: str) -> None:
    part, delta = scoring.score_price(price(usd=before), price(OTHER, after))
    assert (part.value, part.record_ids, delta) == (Decimal("0.5"), (), None)


def test_the_cost_delta_is_an_exact_decimal() -> None:
    _, delta = scoring.score_price(price(), price(OTHER, "0.0011"))
    assert type(delta) is Decimal
    assert delta == 10


def test_a_cost_change_above_ten_thousand_percent_is_kept() -> None:
    _, delta = scoring.score_price(price(usd="0.00001"), price(OTHER, "2"))
    assert delta == Decimal(19_999_900)


@pytest.mark.parametrize(
    ("after", "value"),
    [
        ("60.1", "1"),
        ("60", "1"),
        ("59.9", "0.75"),
        ("51.1", "0.75"),
        ("51", "0.5"),
        ("50", "0.5"),
        ("49", "0.5"),
        ("48.9", "0"),
        ("0", "0"),
    ],
)
def test_the_benchmark_part_at_its_thresholds(after: str, value: str) -> None:
    part, _ = quality("50", after)
    assert part.value == Decimal(value)


@pytest.mark.parametrize(
    ("after", "value"),
    [("8", "1"), ("8.1", "0.75"), ("9.8", "0.5"), ("10.2", "0.5"), ("10.3", "0")],
)
def test_where_lower_is_better_a_lower_figure_scores_more(after: str, value: str) -> None:
    part, _ = quality("10", after, higher_is_better=False, key=key(unit="seconds"))
    assert part.value == Decimal(value)


def test_where_lower_is_better_the_delta_is_positive_for_an_improvement() -> None:
    _, delta = quality("10", "8", higher_is_better=False, key=key(unit="seconds"))
    assert delta == 20


def test_no_shared_benchmark_is_neutral_and_rests_on_nothing() -> None:
    part, delta = scoring.score_benchmarks(())
    assert (part.value, part.record_ids, delta) == (Decimal("0.5"), (), None)


@pytest.mark.parametrize(
    "other",
    [
        key(benchmark_name="HumanEval"),
        key(dataset_version="2"),
        key(harness="mini-swe-agent"),
        key(effort="high"),
        key(unit="fraction"),
    ],
    ids=["benchmark", "version", "harness", "effort", "unit"],
)
def test_results_obtained_in_different_ways_are_not_compared(other: BenchmarkKey) -> None:
    assert pairs([result(CURRENT, "45.5")], [result(OTHER, "80", key=other)]) == ()


@pytest.mark.parametrize("unit", ["elo", "index", "points"])
def test_a_scale_without_a_zero_is_not_read_as_a_share(unit: str) -> None:
    scale = key(unit=unit)
    assert pairs([result(score="1250", key=scale)], [result(OTHER, "1350", key=scale)]) == ()


def test_a_kind_of_benchmark_that_the_policy_leaves_out_is_not_compared() -> None:
    mine, theirs = (scoring.newest_by_key([one]) for one in (result(), result(OTHER)))
    assert scoring.comparable(mine, theirs, ("vision",)) == ()


def test_the_quality_delta_is_the_mean_over_shared_benchmarks_only() -> None:
    mine = [result(score="50"), result(score="40", key=key(benchmark_name="B"))]
    theirs = [
        result(OTHER, "55"),
        result(OTHER, "48", key=key(benchmark_name="B")),
        result(OTHER, "99", key=key(benchmark_name="only the candidate")),
    ]
    part, delta = scoring.score_benchmarks(pairs(mine, theirs))
    assert delta == 15
    assert part.reason == "better on 2 shared benchmarks"


def test_the_newer_of_two_figures_in_the_same_way_is_compared() -> None:
    old = result(OTHER, "10", id=9, measured_at=date(2026, 1, 1))
    new = result(OTHER, "60", id=2, measured_at=date(2026, 6, 1))
    undated = result(OTHER, "20", id=10)
    for order in itertools.permutations([new, undated, old]):
        [(_, compared)] = pairs([result()], list(order))
        assert compared is new


def test_a_figure_of_zero_has_no_share_and_is_not_counted() -> None:
    assert quality("0", "50") == scoring.score_benchmarks(())


def test_a_figure_below_zero_does_not_turn_the_comparison_round() -> None:
    assert quality("-10", "10") == scoring.score_benchmarks(())


def test_a_pair_without_a_share_is_no_evidence_beside_one_that_has_it() -> None:
    zero = key(benchmark_name="zero")
    mine = [result(id=1), result(score="0", id=3, key=zero)]
    theirs = [result(OTHER, "55", id=2), result(OTHER, "9", id=4, key=zero)]
    part, delta = scoring.score_benchmarks(pairs(mine, theirs))
    assert (part.record_ids, delta) == ((1, 2), Decimal(10))


def test_a_figure_that_falls_to_zero_is_worse() -> None:
    part, delta = quality("50", "0")
    assert (part.value, delta) == (Decimal(0), Decimal(-100))


@pytest.mark.parametrize(
    ("after", "value"),
    [
        ("0.90", "1"),
        ("0.899", "0.75"),
        ("0.821", "0.75"),
        ("0.82", "0.5"),
        ("0.80", "0.5"),
        ("0.78", "0.5"),
        ("0.779", "0"),
    ],
)
def test_the_success_rate_at_its_thresholds(after: str, value: str) -> None:
    assert runtime("0.80", after).value == Decimal(value)


@pytest.mark.parametrize(
    ("after", "value"), [("9.79", "1"), ("9.8", "0.5"), ("10.2", "0.5"), ("10.21", "0")]
)
def test_the_cost_per_token_at_its_thresholds(after: str, value: str) -> None:
    assert economy("10", after).value == Decimal(value)


def test_success_and_cost_count_the_same() -> None:
    mine = stats(CURRENT, "0.5", est_cost_usd=Decimal(10))
    theirs = stats(OTHER, "0.9", est_cost_usd=Decimal(20))
    assert scoring.score_runtime(mine, theirs).value == Decimal("0.5")


def test_cost_is_held_against_the_tokens_it_bought() -> None:
    mine = stats(CURRENT, est_cost_usd=Decimal(1), total_tokens=1_000)
    theirs = stats(OTHER, est_cost_usd=Decimal(4), total_tokens=8_000)
    assert scoring.score_runtime(mine, theirs).value == 1


def test_a_success_rate_of_zero_is_a_value() -> None:
    part = runtime("0.0", "0.5")
    assert (part.value, part.reason) == (
        Decimal(1),
        "success rate at least 10 percentage points higher",
    )
    assert runtime("0.5", "0.0").value == 0


@pytest.mark.parametrize(("before", "after"), [(None, "0.9"), ("0.9", None), (None, None)])
def test_an_unknown_success_rate_is_neutral_and_rests_on_nothing(
    before: str | None, after: str | None
) -> None:
    part = runtime(before, after)
    assert (part.value, part.record_ids) == (Decimal("0.5"), ())


def test_telemetry_of_one_model_alone_is_neutral_and_rests_on_nothing() -> None:
    for part in (scoring.score_runtime(stats(), None), scoring.score_runtime(None, stats())):
        assert (part.value, part.record_ids) == (Decimal("0.5"), ())


def test_telemetry_of_different_days_is_not_compared() -> None:
    week_earlier = stats(OTHER, "0.9", window_end=NOW - timedelta(days=7))
    part = scoring.score_runtime(stats(CURRENT, "0.1"), week_earlier)
    assert (part.value, part.record_ids) == (Decimal("0.5"), ())


def test_no_tokens_give_no_cost_per_token() -> None:
    mine = stats(CURRENT, est_cost_usd=Decimal(1), total_tokens=0)
    theirs = stats(OTHER, est_cost_usd=Decimal(1))
    assert scoring.score_runtime(mine, theirs).record_ids == ()


def voices(*sentiments: str, **changed: Any) -> list[Signal]:
    return [
        signal(sentiment=one, id=n, author=f"author {n}", **changed)
        for n, one in enumerate(sentiments)
    ]


@pytest.mark.parametrize(
    ("sentiments", "value"),
    [
        ((), "0.5"),
        (("neutral",) * 20, "0.5"),
        (("mixed",) * 20, "0.5"),
        (("positive",) * 20, "1"),
        (("negative",) * 20, "0"),
        (("positive", "negative") * 10, "0.5"),
        (("positive", "neutral") * 10, "0.75"),
        (("negative", "neutral", "mixed", "neutral") * 5, "0.375"),
    ],
)
def test_sentiment_is_the_balance_of_voices(sentiments: tuple[str, ...], value: str) -> None:
    assert scoring.score_sentiment(voices(*sentiments)).value == Decimal(value)


def test_all_voices_together_move_the_score_by_a_twentieth() -> None:
    neutral = Part(Decimal("0.5"), "")
    best, worst = (
        scoring.combine(neutral, neutral, neutral, scoring.score_sentiment(voices(*[one] * 100)))
        for one in ("positive", "negative")
    )
    assert best.total - worst.total == Decimal("0.05")
    assert best.settled == worst.settled


def test_five_hundred_posts_by_five_authors_move_the_score_by_less_than_five_thousandths() -> None:
    posts = [
        signal(id=n, author=f"author {n % 5}", source_url=f"https://example.org/{n}")
        for n in range(500)
    ]
    part = scoring.score_sentiment(posts)
    moved = scoring.WEIGHT_SENTIMENT * (part.value - Decimal("0.5"))
    assert 0 < moved < Decimal("0.005")
    assert part.reason == "500 signals from 5 authors"


def test_an_author_has_one_voice_and_the_newest_word_counts() -> None:
    first, last = NOW - timedelta(days=9), NOW - timedelta(days=1)
    changed_mind = [
        signal(id=1, author="ann", said_at=last, sentiment="negative"),
        signal(id=2, author="ann", said_at=first, sentiment="positive"),
    ]
    assert scoring.score_sentiment(changed_mind).value < Decimal("0.5")


def test_those_who_give_no_name_share_one_voice() -> None:
    nameless = [signal(id=n) for n in range(100)]
    assert scoring.score_sentiment(nameless).value == scoring.score_sentiment(nameless[:1]).value


def test_a_voice_fades_by_half_in_thirty_days() -> None:
    old = voices(*["positive"] * 40, said_at=NOW - timedelta(days=210))
    new = voices(*["positive"] * 40, said_at=NOW)
    assert scoring.score_sentiment(new, NOW.date()).value == 1
    assert scoring.score_sentiment(old, NOW.date()).value < Decimal("0.51")
    mixed = [
        *new[:20],
        *(
            replace(one, sentiment="negative", id=90 + one.id, author=f"{one.author} b")
            for one in old[:20]
        ),
    ]
    assert scoring.score_sentiment(mixed, NOW.date()).value > Decimal("0.9")


amounts = st.decimals("0.0000001", "1000", places=7)
figures = st.decimals("0", "100", places=2)
shares = st.none() | st.decimals("0", "1", places=3)
opinions = st.lists(st.sampled_from(["positive", "neutral", "negative", "mixed"]), max_size=8)


@st.composite
def scores(draw: st.DrawFn) -> Score:
    part, _ = scoring.score_price(price(usd=str(draw(amounts))), price(OTHER, str(draw(amounts))))
    benchmark, _ = quality(
        str(draw(figures)), str(draw(figures)), higher_is_better=draw(st.booleans())
    )
    mine = stats(success_rate=draw(shares), est_cost_usd=draw(st.none() | amounts))
    theirs = stats(OTHER, success_rate=draw(shares), est_cost_usd=draw(st.none() | amounts))
    sentiment = scoring.score_sentiment([signal(sentiment=one) for one in draw(opinions)])
    return scoring.combine(part, benchmark, scoring.score_runtime(mine, theirs), sentiment)


@settings(deadline=None, max_examples=60)
@given(scores())
def test_every_score_lies_between_zero_and_one(score: Score) -> None:
    parts = [getattr(score, field.name) for field in fields(score)][:4]
    assert all(0 <= part.value <= 1 for part in parts)
    assert 0 <= score.total <= 1


@settings(deadline=None, max_examples=60)
@given(scores())
def test_the_total_is_the_weighted_sum_of_the_parts_that_are_kept(score: Score) -> None:
    assert score.total == (
        Decimal("0.35") * score.price.value
        + Decimal("0.40") * score.benchmark.value
        + Decimal("0.20") * score.runtime.value
        + Decimal("0.05") * score.sentiment.value
    )


@settings(deadline=None, max_examples=60)
@given(amounts)
def test_an_identical_price_scores_as_staying_does(usd: Decimal) -> None:
    part, delta = scoring.score_price(price(usd=str(usd)), price(OTHER, str(usd)))
    assert (part.value, delta) == (Decimal(1), Decimal(0))
