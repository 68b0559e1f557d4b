"""The frozen values that the core decides with. Money is Decimal, times are aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from model_intelligence.stats.proportions import NORMAL_95, Rate, wilson

UNDATED = datetime(1970, 1, 1, tzinfo=UTC)  # a price list that names no start date
UNKNOWN_PROVIDER = "unknown"
OWN_PRICES = "config/pricing.yaml"  # the source of prices that a person has set


@dataclass(frozen=True, slots=True)
class Model:
    """A catalog entry. `None` is unknown, never "no"."""

    model_id: str
    provider: str
    family: str
    display_name: str
    context_window_tokens: int | None = None
    max_output_tokens: int | None = None
    released_at: date | None = None
    release_dates: Mapping[str, str] | None = field(default=None, hash=False)  # by who states it
    retires_at: date | None = None
    retires_not_before: date | None = None  # a promise, which announces no end
    retirement_source: str | None = None
    replacement: str | None = None
    is_deprecated: bool = False
    supports_tools: bool | None = None
    supports_structured_output: bool | None = None
    supports_vision: bool | None = None
    open_weights: bool | None = None
    base_model: str | None = None  # which model it is, where a list of several hosts says so
    fact_id: int | None = None  # the record of all this, the end aside
    lifecycle_id: int | None = None  # the record of the end


class PriceTier(NamedTuple):
    """What 1,000 tokens cost in a call whose prompt is longer than `above_prompt_tokens`."""

    above_prompt_tokens: int
    input_per_1k: Decimal
    output_per_1k: Decimal
    cache_read_per_1k: Decimal | None = None
    cache_write_per_1k: Decimal | None = None


class OtherPrice(NamedTuple):
    """What another source says of the same offer, per 1,000 tokens."""

    id: int
    source: str
    input_per_1k: Decimal
    output_per_1k: Decimal


# `own`: config/pricing.yaml says so. `confirmed`: another source says the same within 1 %.
# `single`: no other source lists it. `unconfirmed`: another source says something else, or the only
# source moved it a few days ago. `stale`: the only source has not been read for weeks, or no longer
# has it.
Agreement = Literal["own", "confirmed", "single", "unconfirmed", "stale"]


@dataclass(frozen=True, slots=True)
class Price:
    """What one provider asks for one model, per 1,000 tokens of `currency`.

    `tiers` are in order of their thresholds. `hour_utc` is the hour of the day it was pinned to,
    where the price depends on the hour.
    """

    id: int
    model_id: str
    provider: str
    provider_model_id: str
    input_per_1k: Decimal
    output_per_1k: Decimal
    currency: str
    effective_at: datetime
    observed_at: datetime
    source: str
    source_url: str | None = None
    cache_read_per_1k: Decimal | None = None
    cache_write_per_1k: Decimal | None = None
    reasoning_per_1k: Decimal | None = None
    tiers: tuple[PriceTier, ...] = ()
    hour_utc: int | None = None
    region: str | None = None
    agreement: Agreement = "single"
    others: tuple[OtherPrice, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenMix:
    """Mean tokens of one call, by what they are billed as; the classes are disjoint.

    `basis` says where it is from: all classes, prompt and completion only, or the guide's ratio.
    """

    input_uncached: Decimal
    cache_read: Decimal
    cache_write: Decimal
    output: Decimal
    reasoning: Decimal
    basis: Literal["classes", "totals", "guide"]
    calls: int = 0
    window_days: int = 0

    @property
    def classes(self) -> tuple[Decimal, Decimal, Decimal, Decimal, Decimal]:
        """The tokens of each class."""
        return (
            self.input_uncached,
            self.cache_read,
            self.cache_write,
            self.output,
            self.reasoning,
        )

    @property
    def prompt(self) -> Decimal:
        """All tokens that are sent, cached or not: what decides the tier."""
        return self.input_uncached + self.cache_read + self.cache_write

    @property
    def calls_a_month(self) -> Decimal | None:
        """Calls in thirty days at the volume of the window; None when no traffic was seen."""
        if self.basis == "guide" or not self.window_days:
            return None
        return Decimal(self.calls) * 30 / self.window_days


class BenchmarkKey(NamedTuple):
    """Two results are comparable only when all of this is equal."""

    benchmark_name: str
    dataset_version: str | None
    harness: str | None
    effort: str | None
    unit: str


# Who ran a benchmark: we ourselves, somebody without a stake, the benchmark's author, somebody who
# collects what others ran, or the model's own provider.
SourceKind = Literal["own", "independent", "author", "aggregator", "provider"]


@dataclass(frozen=True, slots=True)
class BenchmarkResult:
    """One model's score on one benchmark, run in one way."""

    id: int
    model_id: str
    key: BenchmarkKey
    score: Decimal
    task_type: str
    higher_is_better: bool
    source: str
    source_url: str | None = None
    measured_at: date | None = None
    task_count: int | None = None
    source_kind: SourceKind = "independent"
    standard_error: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RuntimeStats:
    """Our own traffic of one model in one role, or one use case, over one window.

    `outcomes` are the calls that say how they ended, without the caller's own errors. Percentiles
    are within `percentile_error` (a share of each) of those of the single calls. The token counts
    are sums over `calls`; uncached, cache read, cache write, output and reasoning
    are disjoint, and None where the events do not tell them apart.
    """

    id: int
    provider: str
    model: str
    role: str | None
    window_start: datetime
    window_end: datetime
    calls: int
    total_tokens: int
    est_cost_usd: Decimal | None = None
    success_rate: Decimal | None = None
    outcomes: int = 0
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    input_uncached_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None
    priced_calls: int = 0
    p50_latency_ms: Decimal | None = None
    p90_latency_ms: Decimal | None = None
    p95_latency_ms: Decimal | None = None
    p99_latency_ms: Decimal | None = None
    p50_first_token_ms: Decimal | None = None
    p90_first_token_ms: Decimal | None = None
    p95_first_token_ms: Decimal | None = None
    p99_first_token_ms: Decimal | None = None
    percentile_error: Decimal | None = None
    use_case: str | None = None
    caller_errors: int = 0
    transport_calls: int = 0
    transport_ok: int = 0
    task_calls: int = 0
    task_ok: int = 0
    usd_per_call_error: Decimal | None = None

    @property
    def success_interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of `successes`."""
        return wilson(self.successes)

    @property
    def usd_per_call(self) -> Decimal | None:
        """Mean cost of a call whose cost is known."""
        if self.est_cost_usd is None or not self.priced_calls:
            return None
        return self.est_cost_usd / self.priced_calls

    @property
    def usd_per_call_interval(self) -> tuple[Decimal, Decimal] | None:
        """The 95 % interval of `usd_per_call`; None where the calls' own costs are not known."""
        mean, error = self.usd_per_call, self.usd_per_call_error
        if mean is None or error is None:
            return None
        return max(Decimal(0), mean - NORMAL_95 * error), mean + NORMAL_95 * error

    @property
    def usd_per_success(self) -> Decimal | None:
        """What is paid until one call succeeds, failures included."""
        if self.usd_per_call is None or not self.success_rate:
            return None
        return self.usd_per_call / self.success_rate

    @property
    def usd_per_month(self) -> Decimal | None:
        """US dollars for thirty days at the window's volume, all calls at the mean cost."""
        days = (self.window_end - self.window_start).days
        if self.usd_per_call is None or not days:
            return None
        return self.usd_per_call * self.calls * 30 / days

    @property
    def successes(self) -> Rate:
        """The successes among the calls whose outcome is known."""
        share = self.success_rate if self.success_rate is not None else Decimal(0)
        return Rate(round(share * self.outcomes), self.outcomes)


@dataclass(frozen=True, slots=True)
class Signal:
    """Somebody's opinion of a model."""

    id: int
    model_id: str
    sentiment: Literal["positive", "neutral", "negative", "mixed"]
    source: str
    source_url: str
    snippet: str
    title: str | None = None
    author: str | None = None
    said_at: datetime | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """All that is known at one moment, keyed for the core; `prices` holds those in force.

    `prices` is keyed by (model, provider), `runtime` by (model, role), `use_case_runtime` by
    (model, use case); `later_prices` are the pairs whose only prices start after that moment.
    `snapshots` is dated id -> the model that is sold under it, too; `same` is id -> its maker's id
    of the same model, for every other id that it has.
    """

    models: Mapping[str, Model]
    prices: Mapping[tuple[str, str], Price]
    later_prices: frozenset[tuple[str, str]] = frozenset()
    benchmarks: Mapping[str, tuple[BenchmarkResult, ...]] = field(default_factory=dict)
    runtime: Mapping[tuple[str, str | None], RuntimeStats] = field(default_factory=dict)
    use_case_runtime: Mapping[tuple[str, str], RuntimeStats] = field(default_factory=dict)
    signals: Mapping[str, tuple[Signal, ...]] = field(default_factory=dict)
    snapshots: Mapping[str, str] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)

    @property
    def other_names(self) -> Mapping[str, str]:
        """Ids that are no models of their own -> the model that each of them names."""
        hosts = {name: one for name, one in self.same.items() if name not in self.models}
        return hosts | dict(self.snapshots)

    def is_same(self, one: str, other: str) -> bool:
        """Whether two ids are one model."""
        return self.same.get(one, one) == self.same.get(other, other)

    def traffic(self, model_id: str, use_case: str, role: str | None) -> RuntimeStats | None:
        """Our own calls of a model: of the use case itself where any say so, else of its role."""
        own = self.use_case_runtime.get((model_id, use_case))
        return own or self.runtime.get((model_id, role))
