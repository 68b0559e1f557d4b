"""What a histogram knows of its values: exact below 50, within one per cent above, and it adds."""

from collections import Counter
from decimal import Decimal
from math import ceil, floor, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_intelligence.stats.histogram import BASE, ERROR, SHIFT, quantile, unpack, value_of

values_ = st.lists(st.integers(0, 10**9), min_size=1, max_size=200)
shares = st.sampled_from([0.0, 0.5, 0.9, 0.95, 0.99, 1.0])


def bucket(value: int) -> int:
    return -1 if value < 1 else floor(log(value) / log(BASE))


def histogram(values: list[int]) -> Counter[int]:
    return Counter(bucket(value) for value in values)


def exact(values: list[int], share: float) -> float:
    """`percentile_cont` as PostgreSQL defines it."""
    ordered, rank = sorted(values), share * (len(values) - 1)
    low, high = ordered[floor(rank)], ordered[ceil(rank)]
    return low + (high - low) * (rank - floor(rank))


@given(values_, shares)
def test_a_percentile_is_within_the_stated_error(values: list[int], share: float) -> None:
    found = quantile(histogram(values), share)
    assert found is not None
    assert float(found) == pytest.approx(exact(values, share), rel=ERROR)


@given(st.lists(st.integers(0, 49), min_size=1), shares)
def test_small_whole_numbers_are_exact(values: list[int], share: float) -> None:
    found = quantile(histogram(values), share)
    assert found is not None
    assert float(found) == pytest.approx(exact(values, share), rel=1e-6)


@given(st.lists(values_, max_size=5))
def test_histograms_of_parts_add_up_to_that_of_the_whole(parts: list[list[int]]) -> None:
    together = [value for part in parts for value in part]
    assert sum(map(histogram, parts), Counter()) == histogram(together)


@given(st.dictionaries(st.integers(-1, 2_000), st.integers(1, 2**39)))
def test_a_stored_histogram_is_read_as_it_was(counts: dict[int, int]) -> None:
    assert unpack([(bucket << SHIFT) + count for bucket, count in counts.items()]) == counts


def test_nothing_has_no_percentile() -> None:
    assert quantile({}, 0.5) is None


def test_a_percentile_lies_between_two_values() -> None:
    assert quantile({bucket(10): 1, bucket(11): 1}, 0.5) == Decimal("10.5")
    assert value_of(-1) == 0
