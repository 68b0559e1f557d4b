"""What our own calls of a model showed: counts, cost and percentiles from sums. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations_with_replacement
from math import sqrt
from typing import Any, NamedTuple

from model_intelligence.pricing.call_cost import THOUSAND, rates_at
from model_intelligence.records import Price, TokenMix
from model_intelligence.stats import histogram

ZERO = Decimal(0)
SHARES = {"p50": 0.5, "p90": 0.9, "p95": 0.95, "p99": 0.99}
MEASURES = {
    "total_tokens": "tokens",
    "latency_ms": "latency_ms",
    "first_token_ms": "first_token_ms",
}
CLASSES = (
    *("input_uncached_tokens", "cache_read_tokens", "cache_write_tokens"),
    *("output_tokens", "reasoning_tokens"),
)
COUNTS = ("calls", "outcomes", "transport_calls", "transport_ok", "task_calls", "task_ok")
Packed = Sequence[int]


class Group(NamedTuple):
    """Whose calls: a model at a provider, as the application named it, in a role or use case."""

    provider: str
    model: str
    role: str | None
    use_case: str | None


@dataclass(frozen=True, slots=True)
class PricedSums:
    """Sums over calls of one group that are priced alike, by the tokens that `basis` names."""

    group: Group
    response_model: str | None
    basis: str
    price: Price | None
    sums: Mapping[str, Any]


class Cost(NamedTuple):
    """US dollars of so many calls; `squared` sums each call's own square, None if not known."""

    usd: Decimal
    calls: int
    squared: float | None


def seen_as(group: Group) -> Iterator[Group]:
    """A call tells of its role, and of its use case where it names one."""
    yield group._replace(use_case=None)
    if group.use_case is not None:
        # A use case may be called in several roles, so its figures are not split by role.
        yield group._replace(role=None)


def figures(
    sums: Iterable[PricedSums], histograms: Iterable[tuple[Group, str, Packed]]
) -> dict[Group, dict[str, Any]]:
    """The columns of `model_runtime_stats` for each role, and for each use case."""
    summed: dict[Group, list[PricedSums]] = defaultdict(list)
    for part in sums:
        for group in seen_as(part.group):
            summed[group].append(part)
    spread: dict[tuple[Group, str], Counter[int]] = defaultdict(Counter)
    for group, measure, packed in histograms:
        counts = histogram.unpack(packed)
        for seen in seen_as(group):
            spread[seen, measure].update(counts)
    return {
        group: _counts(parts) | _tokens(parts) | _cost(parts) | _percentiles(group, spread)
        for group, parts in summed.items()
    }


def _sum(parts: Iterable[PricedSums], name: str) -> int | None:
    known = [part.sums[name] for part in parts if part.sums[name] is not None]
    return int(sum(known)) if known else None


def _counts(parts: Sequence[PricedSums]) -> dict[str, Any]:
    counts = {name: _sum(parts, name) or 0 for name in COUNTS}
    # A malformed request or the caller's own rate limit says nothing about the model: such calls
    # count as calls, but not as outcomes.
    blameless, successes = _sum(parts, "blameless_calls") or 0, _sum(parts, "successes") or 0
    outcomes = counts["outcomes"]
    rate = Decimal(successes) / outcomes if outcomes else None
    return {**counts, "caller_errors": counts["calls"] - blameless, "success_rate": rate}


def _tokens(parts: Sequence[PricedSums]) -> dict[str, Any]:
    """Token sums; the classes only where no sized call lacks them, or means would mix the two."""
    sized = [part for part in parts if part.basis != "none"]
    classed = sized if all(part.basis == "classes" for part in sized) else []
    sent = [
        tokens_of(part).prompt if part.basis == "classes" else part.sums["prompt_tokens"]
        for part in parts
    ]
    made = [
        tokens_of(part).output + tokens_of(part).reasoning
        if part.basis == "classes"
        else part.sums["completion_tokens"]
        for part in parts
    ]
    return {
        "total_tokens": _sum(parts, "total_tokens") or 0,
        "prompt_tokens": _known_sum(sent),
        "completion_tokens": _known_sum(made),
        **{name: _sum(classed, name) for name in CLASSES},
    }


def _known_sum(values: Iterable[Any]) -> int | None:
    known = [value for value in values if value is not None]
    return int(sum(known)) if known else None


def tokens_of(part: PricedSums) -> TokenMix:
    """All tokens of the calls by what they are billed as."""
    if part.basis == "totals":
        sent, received = (
            Decimal(part.sums[name]) for name in ("prompt_tokens", "completion_tokens")
        )
        return TokenMix(sent, ZERO, ZERO, received, ZERO, "totals")
    fresh, read, write, output, reasoning = (Decimal(part.sums[name] or 0) for name in CLASSES)
    return TokenMix(fresh, read, write, output, reasoning, "classes")


def cost_of(part: PricedSums) -> Cost | None:
    """At the price in force if there is one for what is known of the tokens, else as recorded."""
    if part.price is None or part.basis == "none":
        # The sum of squared recorded costs is not stored, so these have no standard error.
        recorded = part.sums["recorded_usd"]
        calls = int(part.sums["recorded_calls"])
        return Cost(Decimal(recorded), calls, None) if calls else None
    calls = int(part.sums["calls"])
    tokens = tokens_of(part)
    # All calls of a part lie in one band of prompt lengths, so the tier of their mean prompt is the
    # tier that each of them was billed at.
    prompt, read, write, completion, reasoning = (
        count * rate / THOUSAND
        for count, rate in zip(
            tokens.classes, rates_at(part.price, tokens.prompt / calls), strict=True
        )
    )
    full, made = prompt + write, completion + reasoning
    per_full = _rate(full, tokens.input_uncached + tokens.cache_write)
    per_cached = _rate(read, tokens.cache_read) if tokens.cache_read else per_full
    per_made = _rate(made, tokens.output + tokens.reasoning)
    rates = (per_full, per_cached - per_full, per_made)
    return Cost(full + read + made, calls, _squared(rates, part.sums))


def _rate(usd: Decimal, tokens: Decimal) -> float:
    return float(usd / tokens) if tokens else 0.0


def _squared(rates: tuple[float, float, float], sums: Mapping[str, Any]) -> float:
    """The sum of squared costs, from the sums of products of what was sent, cached and made.

    `rates` are dollars per token sent, more (or less) per token of it that was cached, and per
    token made.
    """
    # A call's cost is linear in the three counts, so its square is a sum of six products, whose
    # totals the partials hold. The mixed products occur twice.
    return sum(
        rate * other * (sums[f"{name}_{second}"] or 0.0) * (1 if name == second else 2)
        for (name, rate), (second, other) in combinations_with_replacement(
            zip(("prompt", "cached", "completion"), rates, strict=True), 2
        )
    )


def _cost(parts: Sequence[PricedSums]) -> dict[str, Any]:
    costs = [cost for part in parts if (cost := cost_of(part)) is not None]
    calls = sum(cost.calls for cost in costs)
    usd = sum((cost.usd for cost in costs), ZERO) if costs else None
    return {
        "priced_calls": calls,
        "est_cost_usd": usd,
        "usd_per_call_error": _standard_error(costs, calls),
    }


def _standard_error(costs: Sequence[Cost], calls: int) -> Decimal | None:
    squares = [cost.squared for cost in costs if cost.squared is not None]
    if calls < 2 or len(squares) < len(costs):
        return None
    mean = float(sum(cost.usd for cost in costs)) / calls
    # Rounding can leave the difference of two large sums a little below zero.
    variance = max(0.0, sum(squares) / calls - mean * mean) * calls / (calls - 1)
    # Six digits: the order in which a server adds doubles changes the last ones, and that must not
    # look like a change of the figures.
    return Decimal(f"{sqrt(variance / calls):.6g}")


def _percentiles(
    group: Group, spread: Mapping[tuple[Group, str], Counter[int]]
) -> dict[str, Decimal | None]:
    found: dict[str, Decimal | None] = {}
    for measure, column in MEASURES.items():
        ranked = histogram.Ranked(spread.get((group, measure), {}))
        found |= {f"{name}_{column}": ranked.quantile(share) for name, share in SHARES.items()}
    known = any(value is not None for value in found.values())
    return {**found, "percentile_error": Decimal(str(histogram.ERROR)) if known else None}
