"""Counts in buckets that grow by 2 %: what adds up over days and still knows a percentile. Pure.

Bucket b holds the values from BASE^b to below BASE^(b+1), bucket -1 those below 1. A histogram is
stored as one integer per bucket, bucket * 2^SHIFT + count. Its percentiles are within ERROR of
those of the values themselves; whole numbers below 50 have a bucket each, so that they are exact.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import accumulate
from math import ceil, floor, sqrt

from model_intelligence.stats.proportions import NORMAL_95

BASE = 1.0202
SHIFT = 40
ERROR = 0.01  # (BASE - 1) / (BASE + 1): the distance from a bucket's value to its ends, in parts
ZERO = -1
_COUNT = (1 << SHIFT) - 1


def unpack(packed: Iterable[int]) -> Counter[int]:
    """bucket -> count of a stored histogram."""
    return Counter({value >> SHIFT: value & _COUNT for value in packed})


def value_of(bucket: int) -> float:
    """What a bucket's values are taken for: the whole number in it, else what is nearest to all."""
    if bucket == ZERO:
        return 0.0
    low, high = BASE**bucket, BASE ** (bucket + 1)
    if high - low < 1 and ceil(low) < high:
        return float(ceil(low))
    # The harmonic mean has the same relative distance to both ends of the bucket.
    return 2 * low * high / (low + high)


class Ranked:
    """The values of a histogram by their rank, each as its bucket's."""

    def __init__(self, histogram: Mapping[int, int]) -> None:
        self._buckets = sorted(histogram)
        self._ends = list(accumulate(map(histogram.__getitem__, self._buckets)))
        self.count = self._ends[-1] if self._ends else 0

    def __getitem__(self, rank: int) -> float:
        """The value of that rank, counted from 0."""
        return value_of(self._buckets[bisect_right(self._ends, rank)])

    def quantile(self, share: float) -> Decimal | None:
        """What `share` of the values lie below, between two as `percentile_cont` does it."""
        if not self.count:
            return None
        rank = share * (self.count - 1)
        low, high = self[int(rank)], self[ceil(rank)]
        found = low + (high - low) * (rank - int(rank))
        return Decimal(f"{found:.7g}")  # no more digits than keep it within ERROR


def quantile(histogram: Mapping[int, int], share: float) -> Decimal | None:
    """What `share` of the values lie below; None of no values."""
    return Ranked(histogram).quantile(share)


def interval(histogram: Mapping[int, int], share: float) -> tuple[Decimal, Decimal] | None:
    """The 95 % interval of a percentile, from the binomial ranks around it; ERROR is added.

    None where there are too few values for both of its bounds to be among them.
    """
    ranked = Ranked(histogram)
    calls = ranked.count
    rank = share * (calls - 1)
    # How many values lie below a percentile is binomial whatever their distribution, so ranks bound
    # it without any assumption on latencies, which are anything but normal.
    spread = float(NORMAL_95) * sqrt(calls * share * (1 - share))
    low, high = floor(rank - spread), ceil(rank + spread)
    if low < 0 or high > calls - 1:
        return None
    bounds = ranked[low] * (1 - ERROR), ranked[high] * (1 + ERROR)
    return Decimal(f"{bounds[0]:.7g}"), Decimal(f"{bounds[1]:.7g}")
