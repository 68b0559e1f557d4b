"""What our own traffic shows of two success rates: intervals, not points. Pure.

Wilson's interval for one rate, Newcombe's hybrid score interval for a difference (Statistics in
Medicine 17, 1998, methods 3 and 10), Holm's step-down procedure over several candidates.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from math import sqrt
from statistics import NormalDist
from typing import Literal

CONFIDENCE = 0.95
# How many calls it takes: to tell 95 % success from 90 % with a power of 80 %, 435 calls of each
# model; to show that one is at most 5 points worse at 90 %, 446. Two equal models with 50 calls
# each look "better" or "worse" most of the time if only the rates are compared.
FEWEST_CALLS = 30  # below this, nothing is said
FEW_CALLS = 200  # below this, what is said is weak
TOLERANCE = 0.05  # how much worse still counts as not worse

VerdictKind = Literal["better", "non_inferior", "worse", "inconclusive", "no_evidence"]


@dataclass(frozen=True, slots=True)
class Rate:
    """Successes among the calls whose outcome is known."""

    successes: float
    calls: int

    @property
    def share(self) -> float:
        """The observed rate; 0 without a call."""
        return self.successes / self.calls if self.calls else 0.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The difference candidate - current in 0..1, with its interval, and what it amounts to."""

    kind: VerdictKind
    low: float
    high: float
    current: Rate
    candidate: Rate

    @property
    def is_weak(self) -> bool:
        """Whether one of the two rests on few calls."""
        return min(self.current.calls, self.candidate.calls) < FEW_CALLS


def wilson(rate: Rate, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Lower and upper bound of a rate; the whole of 0..1 without a call."""
    n = rate.calls
    if n == 0:
        return 0.0, 1.0
    # Wilson's interval, because the usual one (share ± z standard errors) has no width at 0 or 100
    # %, where few calls often are.
    z = _quantile(confidence)
    middle = rate.share + z * z / (2 * n)
    spread = z * sqrt(rate.share * (1 - rate.share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


@cache
def _quantile(confidence: float) -> float:
    """How many standard errors hold that share of a normal distribution around its mean."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def newcombe(current: Rate, candidate: Rate, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Lower and upper bound of candidate - current."""
    low_1, high_1 = wilson(candidate, confidence)
    low_2, high_2 = wilson(current, confidence)
    difference = candidate.share - current.share
    down = sqrt((candidate.share - low_1) ** 2 + (high_2 - current.share) ** 2)
    up = sqrt((high_1 - candidate.share) ** 2 + (current.share - low_2) ** 2)
    return max(-1.0, difference - down), min(1.0, difference + up)


def judge(current: Rate, candidate: Rate) -> Verdict:
    """What the traffic shows of one candidate, on its own; see `judge_all` for several."""
    low, high = newcombe(current, candidate)
    kind: VerdictKind = "worse" if high < 0 else "better" if low > 0 else _at_least_not_worse(low)
    if min(current.calls, candidate.calls) < FEWEST_CALLS:
        kind = "no_evidence"
    return Verdict(kind, low, high, current, candidate)


def _at_least_not_worse(low: float) -> VerdictKind:
    return "non_inferior" if low > -TOLERANCE else "inconclusive"


def judge_all(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """The same verdicts, but "better" only where it stands after looking at all of them."""
    # With twenty candidates one looks better by chance alone, even if all are equal.
    stands = holm([p_value(verdict) for verdict in verdicts])
    return [
        verdict
        if stand or verdict.kind != "better"
        else replace(verdict, kind=_at_least_not_worse(verdict.low))
        for verdict, stand in zip(verdicts, stands, strict=True)
    ]


def p_value(verdict: Verdict) -> float:
    """Of the pooled two-sided test that both rates are equal; 1 without a difference."""
    a, b = verdict.current, verdict.candidate
    pooled = (a.successes + b.successes) / (a.calls + b.calls) if a.calls + b.calls else 0.0
    spread = pooled * (1 - pooled)
    if not a.calls or not b.calls or spread == 0:
        return 1.0
    z = abs(b.share - a.share) / sqrt(spread * (1 / a.calls + 1 / b.calls))
    return 2 * (1 - NormalDist().cdf(z))


def holm(p_values: Sequence[float], alpha: float = 1 - CONFIDENCE) -> list[bool]:
    """Which of several differences stand when all were looked at; in the given order."""
    # Holm, Scandinavian Journal of Statistics 6 (1979): the same guarantee as Bonferroni's
    # correction, with more power.
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    stands = [False] * len(p_values)
    for rank, index in enumerate(order):
        if p_values[index] > alpha / (len(p_values) - rank):
            break
        stands[index] = True
    return stands


def in_points(verdict: Verdict) -> str:
    """The difference in words, with its interval and the number of calls behind it."""
    difference = 100 * (verdict.candidate.share - verdict.current.share)
    interval = f"95 % interval {verdict.low * 100:+.1f} to {verdict.high * 100:+.1f}"
    calls = f"{verdict.candidate.calls:,} calls compared with {verdict.current.calls:,}"
    return f"{difference:+.1f} percentage points ({interval}; {calls})"


NORMAL_95 = Decimal("1.959964")  # standard errors to either side of a 95 % interval
