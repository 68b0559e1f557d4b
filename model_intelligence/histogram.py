"""Counts in buckets that grow by 2 %: what adds up over days and still knows a percentile. Pure.

Bucket b holds the values from BASE^b to below BASE^(b+1), bucket -1 those below 1. A histogram is
stored as one integer per bucket, bucket * 2^SHIFT + count. Its percentiles are within ERROR of
those of the values themselves; whole numbers below 50 have a bucket each, so that they are exact.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import ceil, floor, sqrt

from model_intelligence.records import NORMAL_95

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
    return 2 * low * high / (low + high)


def quantile(histogram: Mapping[int, int], share: float) -> Decimal | None:
    """The value that `share` of the values lie below, between two as `percentile_cont` does it."""
    calls = sum(histogram.values())
    if not calls:
        return None
    rank = share * (calls - 1)
    low, high = _at(histogram, int(rank)), _at(histogram, ceil(rank))
    found = low + (high - low) * (rank - int(rank))
    return Decimal(f"{found:.7g}")  # no more digits than keep it within ERROR


def _at(histogram: Mapping[int, int], position: int) -> float:
    seen = 0
    for bucket in sorted(histogram):
        seen += histogram[bucket]
        if position < seen:
            return value_of(bucket)
    raise IndexError(position)


def interval(histogram: Mapping[int, int], share: float) -> tuple[Decimal, Decimal] | None:
    """The 95 % interval of a percentile, from the binomial ranks around it; ERROR is added.

    None where there are too few values for both of its bounds to be among them.
    """
    calls = sum(histogram.values())
    rank = share * (calls - 1)
    spread = float(NORMAL_95) * sqrt(calls * share * (1 - share))
    low, high = floor(rank - spread), ceil(rank + spread)
    if low < 0 or high > calls - 1:
        return None
    bounds = _at(histogram, low) * (1 - ERROR), _at(histogram, high) * (1 + ERROR)
    return Decimal(f"{bounds[0]:.7g}"), Decimal(f"{bounds[1]:.7g}")
