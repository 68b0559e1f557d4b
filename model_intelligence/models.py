"""The tables: what was known about models, and what was recommended on it.

Evidence is appended, never overwritten: what a source says differently is a further `revision` of
the same key. `effective_at` is when something became true, `observed_at` when we saw it,
`source_version` the edition of the list it stood in, and `raw` what the list said, in its words.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    Double,
    FetchedValue,
    ForeignKey,
    Index,
    MetaData,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

RECOMMENDATION_STATUSES = ("proposed", "accepted", "rejected", "implemented", "superseded")
SOURCE_RUN_STATUSES = ("stored", "unchanged", "skipped")
SOURCE_KINDS = ("own", "independent", "author", "aggregator", "provider")
COST_BASES = ("classes", "totals", "none")
SENTIMENTS = ("positive", "neutral", "negative", "mixed")
OUTCOMES = (
    *("as_promised", "better", "missed", "regressed"),
    *("not_attributable", "undecided", "too_few_calls", "not_promised"),
)


def _merged_proposal(table: str) -> Mapped[int]:
    return mapped_column(
        ForeignKey(
            "merged_proposals.recommendation_id", name=f"fk_{table}_merged", ondelete="CASCADE"
        )
    )


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class Base(DeclarativeBase):
    """Exact numbers, aware timestamps and named constraints for every table."""

    # Migrations drop constraints by name, and the server would choose the names of those without
    # one.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        int: BigInteger(),
        # Without a scale: a price of $0.00004 per million tokens would be rounded to zero by one.
        Decimal: Numeric(),
        datetime: DateTime(timezone=True),
        date: Date(),
        float: Double(),
        list[int]: ARRAY(BigInteger()),
        list[datetime]: ARRAY(DateTime(timezone=True)),
        list[str]: ARRAY(Text()),
        # None is SQL's NULL; by default it would be stored as JSON's `null`, which IS NULL does not
        # find.
        dict[str, Any]: JSONB(none_as_null=True),
        list[Any]: JSONB(),
    }


class ModelCatalog(Base):
    """A model as it is known today: the newest of its facts, and the end that holds.

    It is derived from `model_facts` and `model_lifecycles`, and kept equal in one transaction.
    """

    __tablename__ = "models_catalog"
    __table_args__ = (
        CheckConstraint("context_window_tokens > 0", name="context_window_positive"),
        CheckConstraint("max_output_tokens > 0", name="max_output_positive"),
    )

    model_id: Mapped[str] = mapped_column(primary_key=True)
    provider: Mapped[str]
    family: Mapped[str]
    display_name: Mapped[str]
    context_window_tokens: Mapped[int | None]
    max_output_tokens: Mapped[int | None]
    notes: Mapped[str | None]
    released_at: Mapped[date | None]
    release_dates: Mapped[dict[str, Any] | None]  # source -> the day it states, YYYY-MM-DD
    retires_at: Mapped[date | None]
    retires_not_before: Mapped[date | None]
    retirement_source: Mapped[str | None]
    replacement: Mapped[str | None]
    is_deprecated: Mapped[bool] = mapped_column(server_default=text("false"))
    supports_tools: Mapped[bool | None]
    supports_structured_output: Mapped[bool | None]
    supports_vision: Mapped[bool | None]
    open_weights: Mapped[bool | None]
    base_model: Mapped[str | None]
    fact_id: Mapped[int | None]  # the newest of model_facts, which this row repeats
    lifecycle_id: Mapped[int | None]  # the one of model_lifecycles that holds
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ModelFact(Base):
    """What was known of a model after a source's list changed it: the whole, not the change.

    `source` is who changed it; the revision before says what was known until then.
    """

    __tablename__ = "model_facts"
    __table_args__ = (
        UniqueConstraint("model_id", "revision", name="uq_fact"),
        CheckConstraint("jsonb_typeof(facts) = 'object'", name="facts_an_object"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[str] = mapped_column(ForeignKey("models_catalog.model_id"))
    revision: Mapped[int] = mapped_column(server_default="1")
    facts: Mapped[dict[str, Any]]
    source: Mapped[str]
    source_url: Mapped[str | None]
    source_version: Mapped[str | None]
    raw: Mapped[dict[str, Any] | None]
    effective_at: Mapped[datetime]
    observed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ModelLifecycle(Base):
    """What one source says of a model's end.

    Without a date, a promise ("not before") or a deprecation it took back what it said before.
    """

    __tablename__ = "model_lifecycles"
    __table_args__ = (UniqueConstraint("model_id", "source", "revision", name="uq_lifecycle"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[str] = mapped_column(ForeignKey("models_catalog.model_id"))
    source: Mapped[str]
    revision: Mapped[int] = mapped_column(server_default="1")
    retires_at: Mapped[date | None]
    not_before: Mapped[date | None]
    is_deprecated: Mapped[bool] = mapped_column(server_default=text("false"))
    replacement: Mapped[str | None]
    source_url: Mapped[str | None]
    source_version: Mapped[str | None]
    raw: Mapped[dict[str, Any] | None]
    effective_at: Mapped[datetime]
    observed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ModelPricing(Base):
    """A provider's price for a model, per 1,000 tokens, from `effective_at` on."""

    __tablename__ = "model_pricing"
    __table_args__ = (
        UniqueConstraint(
            "model_id",
            "provider",
            "source",
            "currency",
            "effective_at",
            "revision",
            name="uq_price",
        ),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_iso_4217"),
        CheckConstraint("input_per_1k >= 0 AND output_per_1k >= 0", name="not_negative"),
        CheckConstraint("hour_utc BETWEEN 0 AND 23", name="hour_of_a_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[str] = mapped_column(ForeignKey("models_catalog.model_id"))
    provider: Mapped[str]
    provider_model_id: Mapped[str]
    input_per_1k: Mapped[Decimal]
    output_per_1k: Mapped[Decimal]
    cache_read_per_1k: Mapped[Decimal | None]
    cache_write_per_1k: Mapped[Decimal | None]
    reasoning_per_1k: Mapped[Decimal | None]
    tiers: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    hour_utc: Mapped[int | None] = mapped_column(SmallInteger())
    region: Mapped[str | None]
    currency: Mapped[str] = mapped_column(server_default="USD")
    effective_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(server_default="1")
    source: Mapped[str]
    source_url: Mapped[str | None]
    source_version: Mapped[str | None]
    raw: Mapped[dict[str, Any] | None]
    observed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    withdrawn_at: Mapped[datetime | None]  # since when its list no longer holds it


class ModelBenchmark(Base):
    """One published result of one model on one benchmark."""

    __tablename__ = "model_benchmarks"
    __table_args__ = (
        UniqueConstraint(
            "model_id",
            "benchmark_name",
            "dataset_version",
            "harness",
            "effort",
            "unit",
            "source",
            "source_url",
            "measured_at",
            "revision",
            name="uq_result",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("task_count > 0", name="task_count_positive"),
        CheckConstraint(_one_of("source_kind", SOURCE_KINDS), name="source_kind_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[str] = mapped_column(ForeignKey("models_catalog.model_id"))
    benchmark_name: Mapped[str]
    score: Mapped[Decimal]
    unit: Mapped[str]
    task_type: Mapped[str]
    dataset_version: Mapped[str | None]
    harness: Mapped[str | None]
    effort: Mapped[str | None]
    higher_is_better: Mapped[bool] = mapped_column(server_default=text("true"))
    task_count: Mapped[int | None]
    standard_error: Mapped[Decimal | None]
    source_kind: Mapped[str] = mapped_column(server_default="independent")
    measured_at: Mapped[date | None]
    source: Mapped[str]
    source_url: Mapped[str | None]
    source_version: Mapped[str | None]
    raw: Mapped[dict[str, Any] | None]
    tags: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    revision: Mapped[int] = mapped_column(server_default="1")
    observed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ModelRuntimeStats(Base):
    """What our own traffic showed of a model in a role, over one window."""

    __tablename__ = "model_runtime_stats"
    __table_args__ = (
        UniqueConstraint(
            "window_start",
            "window_end",
            "provider",
            "model",
            "role",
            "use_case",
            "revision",
            name="uq_window",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("window_start < window_end", name="window_ordered"),
        CheckConstraint("success_rate BETWEEN 0 AND 1", name="success_rate_a_share"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    window_start: Mapped[datetime]
    window_end: Mapped[datetime]
    provider: Mapped[str]
    model: Mapped[str]
    role: Mapped[str | None]
    use_case: Mapped[str | None]
    calls: Mapped[int]
    caller_errors: Mapped[int] = mapped_column(server_default="0")
    outcomes: Mapped[int] = mapped_column(server_default="0")
    transport_calls: Mapped[int] = mapped_column(server_default="0")
    transport_ok: Mapped[int] = mapped_column(server_default="0")
    task_calls: Mapped[int] = mapped_column(server_default="0")
    task_ok: Mapped[int] = mapped_column(server_default="0")
    priced_calls: Mapped[int] = mapped_column(server_default="0")
    total_tokens: Mapped[int]
    prompt_tokens: Mapped[int | None]
    completion_tokens: Mapped[int | None]
    input_uncached_tokens: Mapped[int | None]
    cache_read_tokens: Mapped[int | None]
    cache_write_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    reasoning_tokens: Mapped[int | None]
    est_cost_usd: Mapped[Decimal | None]
    usd_per_call_error: Mapped[Decimal | None]  # the standard error of a call's mean cost
    success_rate: Mapped[Decimal | None]
    p50_tokens: Mapped[Decimal | None]
    p90_tokens: Mapped[Decimal | None]
    p95_tokens: Mapped[Decimal | None]
    p99_tokens: Mapped[Decimal | None]
    p50_latency_ms: Mapped[Decimal | None]
    p90_latency_ms: Mapped[Decimal | None]
    p95_latency_ms: Mapped[Decimal | None]
    p99_latency_ms: Mapped[Decimal | None]
    p50_first_token_ms: Mapped[Decimal | None]
    p90_first_token_ms: Mapped[Decimal | None]
    p95_first_token_ms: Mapped[Decimal | None]
    p99_first_token_ms: Mapped[Decimal | None]
    percentile_error: Mapped[Decimal | None]  # of the percentiles above, as a share of each
    notes: Mapped[str | None]
    revision: Mapped[int] = mapped_column(server_default="1")
    computed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ModelSentimentSignal(Base):
    """What somebody wrote about a model: supporting evidence only.

    Once `forgotten_at`, the words and their author are gone: the source took them down.
    """

    __tablename__ = "model_sentiment_signals"
    __table_args__ = (
        UniqueConstraint("model_id", "source_url", "revision", name="uq_signal"),
        CheckConstraint(_one_of("sentiment", SENTIMENTS), name="sentiment_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    model_id: Mapped[str] = mapped_column(ForeignKey("models_catalog.model_id"))
    source: Mapped[str]
    source_url: Mapped[str]
    title: Mapped[str | None]
    author: Mapped[str | None]
    published_at: Mapped[datetime | None]
    snippet: Mapped[str]
    sentiment: Mapped[str]
    tags: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    source_version: Mapped[str | None]
    raw: Mapped[dict[str, Any] | None]
    revision: Mapped[int] = mapped_column(server_default="1")
    observed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    forgotten_at: Mapped[datetime | None]


class SourceRun(Base):
    """One look at a live source: what came of it, and how to ask for something newer next time."""

    __tablename__ = "source_runs"
    __table_args__ = (
        CheckConstraint(_one_of("status", SOURCE_RUN_STATUSES), name="status_known"),
        CheckConstraint("rows >= 0", name="rows_not_negative"),
        CheckConstraint("status <> 'skipped' OR reason IS NOT NULL", name="skipped_says_why"),
        Index("ix_source_runs_latest", "source", text("id DESC")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    started_at: Mapped[datetime]
    status: Mapped[str]
    reason: Mapped[str | None]
    digest: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    rows: Mapped[int] = mapped_column(server_default="0")
    dropped: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))


class ModelRecommendation(Base):
    """A recommendation, the evidence ids behind it, and a frozen copy of what it was decided on."""

    __tablename__ = "model_recommendations"
    __table_args__ = (
        UniqueConstraint("use_case", "evidence_digest", name="uq_decision"),
        CheckConstraint(_one_of("status", RECOMMENDATION_STATUSES), name="status_known"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_a_share"),
        Index("ix_model_recommendations_latest", "use_case", text("id DESC")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    status: Mapped[str] = mapped_column(server_default="proposed")
    use_case: Mapped[str]
    current_model: Mapped[str]
    recommended_model: Mapped[str]
    reasoning: Mapped[str]
    composite_score: Mapped[Decimal]
    expected_cost_delta_pct: Mapped[Decimal | None]
    expected_quality_delta_pct: Mapped[Decimal | None]
    confidence: Mapped[Decimal]
    evidence: Mapped[dict[str, Any]]
    decision: Mapped[dict[str, Any]]
    evidence_digest: Mapped[str]
    setting: Mapped[dict[str, Any] | None]  # what else its body shows: the change, the past
    pull_request_url: Mapped[str | None]


class RecommendationStatus(Base):
    """What became of a recommendation, and when that was seen; the newest stands beside it too."""

    __tablename__ = "recommendation_statuses"
    __table_args__ = (
        CheckConstraint(_one_of("status", RECOMMENDATION_STATUSES), name="status_known"),
        Index("ix_recommendation_statuses_newest", "recommendation_id", text("id DESC")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = mapped_column(
        ForeignKey(
            "model_recommendations.id",
            name="fk_recommendation_statuses_recommendation",
            ondelete="CASCADE",
        )
    )
    status: Mapped[str]
    pull_request_url: Mapped[str | None]
    observed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MergedProposal(Base):
    """A recommendation that was merged, and what its predictions took for granted, frozen then."""

    __tablename__ = "merged_proposals"

    recommendation_id: Mapped[int] = mapped_column(
        ForeignKey(
            "model_recommendations.id",
            name="fk_merged_proposals_recommendation",
            ondelete="CASCADE",
        ),
        primary_key=True,
        autoincrement=False,
    )
    merged_at: Mapped[datetime]
    scope: Mapped[str | None]  # whose calls are compared: the use case's own, or the role's
    conditions: Mapped[dict[str, Any]]
    looked_at: Mapped[datetime | None]  # when its checks were last compared with the calls
    observed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ProposalPrediction(Base):
    """One figure that a merged proposal promised, beside that of the model before it."""

    __tablename__ = "proposal_predictions"
    __table_args__ = (UniqueConstraint("recommendation_id", "measure", name="uq_prediction"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = _merged_proposal("proposal_predictions")
    measure: Mapped[str]
    basis: Mapped[str]
    before: Mapped[Decimal | None]
    before_low: Mapped[Decimal | None]
    before_high: Mapped[Decimal | None]
    before_stats_id: Mapped[int | None]
    predicted: Mapped[Decimal | None]
    predicted_low: Mapped[Decimal | None]
    predicted_high: Mapped[Decimal | None]
    predicted_stats_id: Mapped[int | None]
    observed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ProposalActual(Base):
    """What became of a prediction so many days after the merge; late calls add a revision."""

    __tablename__ = "proposal_actuals"
    __table_args__ = (
        UniqueConstraint("recommendation_id", "days", "measure", "revision", name="uq_actual"),
        CheckConstraint(_one_of("outcome", OUTCOMES), name="outcome_known"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recommendation_id: Mapped[int] = _merged_proposal("proposal_actuals")
    days: Mapped[int]
    measure: Mapped[str]
    calls: Mapped[int]
    actual: Mapped[Decimal | None]
    actual_low: Mapped[Decimal | None]
    actual_high: Mapped[Decimal | None]
    stats_id: Mapped[int | None]
    outcome: Mapped[str]
    reasons: Mapped[list[str]]
    revision: Mapped[int] = mapped_column(server_default="1")
    observed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class LlmUsageEvent(Base):
    """One call of a model, as the application recorded it. Unknown is NULL, never 0.

    Partitioned by month of `created_at`; a month without a partition is held by the default one.
    The classes of tokens are disjoint, `id` rises with arrival.
    """

    __tablename__ = "llm_usage_events"
    __table_args__ = (
        CheckConstraint(
            "least(prompt_tokens, completion_tokens, total_tokens) >= 0", name="tokens_not_negative"
        ),
        Index("ix_llm_usage_events_created_at", "created_at"),
        Index(
            "ix_llm_usage_events_id",
            "id",
            postgresql_using="brin",
            postgresql_with={"autosummarize": "on"},
        ),
        {"postgresql_partition_by": "RANGE (created_at)"},
    )

    id: Mapped[int] = mapped_column(server_default=FetchedValue())
    event_id: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(primary_key=True)
    provider: Mapped[str]
    model: Mapped[str]
    response_model: Mapped[str | None]
    role: Mapped[str | None]
    use_case: Mapped[str | None]
    input_uncached_tokens: Mapped[int | None]
    cache_read_tokens: Mapped[int | None]
    cache_write_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    reasoning_tokens: Mapped[int | None]
    prompt_tokens: Mapped[int | None]
    completion_tokens: Mapped[int | None]
    total_tokens: Mapped[int | None]
    latency_ms: Mapped[int | None]
    time_to_first_token_ms: Mapped[int | None]
    call_ok: Mapped[bool | None]
    task_ok: Mapped[bool | None]
    outcome_source: Mapped[str | None]
    error_type: Mapped[str | None]
    cost_usd: Mapped[Decimal | None]
    session_id: Mapped[str | None]
    prompt_version: Mapped[str | None]


class TelemetryStaleDay(Base):
    """A transaction wrote calls of a UTC day that its partials do not know yet (by a trigger)."""

    __tablename__ = "telemetry_stale_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    writer: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    removed: Mapped[bool]


class TelemetryFold(Base):
    """A UTC day whose calls were folded, and at which price changes it was cut."""

    __tablename__ = "telemetry_folds"

    day: Mapped[date] = mapped_column(primary_key=True)
    calls: Mapped[int]
    cuts: Mapped[list[datetime]]
    folded_at: Mapped[datetime]


class TelemetryDaily(Base):
    """Sums over the calls of one day that were priced alike; sums of days are sums of a window.

    `since` is midnight, or the price change of that day that the calls came after. `basis` says
    what a call is priced by; in `classes` all classes of tokens are known, in `none` too few.
    `above_tokens` is the band of the prompt's length. Unknown is NULL, never 0.
    """

    __tablename__ = "telemetry_daily"
    __table_args__ = (
        UniqueConstraint(
            "day",
            "since",
            "provider",
            "model",
            "role",
            "use_case",
            "response_model",
            "basis",
            "above_tokens",
            name="uq_daily",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint(_one_of("basis", COST_BASES), name="basis_known"),
        CheckConstraint("calls > 0", name="calls_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    since: Mapped[datetime]
    provider: Mapped[str]
    model: Mapped[str]
    role: Mapped[str | None]
    use_case: Mapped[str | None]
    response_model: Mapped[str | None]
    basis: Mapped[str]
    above_tokens: Mapped[int]
    calls: Mapped[int]
    blameless_calls: Mapped[int]
    transport_calls: Mapped[int]
    transport_ok: Mapped[int]
    task_calls: Mapped[int]
    task_ok: Mapped[int]
    outcomes: Mapped[int]
    successes: Mapped[int]
    total_calls: Mapped[int]
    recorded_calls: Mapped[int]
    total_tokens: Mapped[int | None]
    prompt_tokens: Mapped[int | None]
    completion_tokens: Mapped[int | None]
    input_uncached_tokens: Mapped[int | None]
    cache_read_tokens: Mapped[int | None]
    cache_write_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    reasoning_tokens: Mapped[int | None]
    recorded_usd: Mapped[Decimal | None]
    prompt_prompt: Mapped[float | None]
    cached_cached: Mapped[float | None]
    completion_completion: Mapped[float | None]
    prompt_cached: Mapped[float | None]
    prompt_completion: Mapped[float | None]
    cached_completion: Mapped[float | None]


class TelemetryHistogram(Base):
    """How one day's latencies, first tokens or sizes are spread (see `histogram`)."""

    __tablename__ = "telemetry_histograms"
    __table_args__ = (
        UniqueConstraint(
            "day",
            "since",
            "provider",
            "model",
            "role",
            "use_case",
            "measure",
            name="uq_telemetry_histograms",
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    since: Mapped[datetime]
    provider: Mapped[str]
    model: Mapped[str]
    role: Mapped[str | None]
    use_case: Mapped[str | None]
    measure: Mapped[str]
    histogram: Mapped[list[int]]


class TelemetrySpan(Base):
    """The merged histograms of a quarter, a month or a third of one: a long window adds up few.

    `after` is the day after its last; a span goes with any of its days, and is made again at need.
    """

    __tablename__ = "telemetry_spans"
    __table_args__ = (
        UniqueConstraint(
            "first",
            "after",
            "provider",
            "model",
            "role",
            "use_case",
            "measure",
            name="uq_telemetry_spans",
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first: Mapped[date]
    after: Mapped[date]
    provider: Mapped[str]
    model: Mapped[str]
    role: Mapped[str | None]
    use_case: Mapped[str | None]
    measure: Mapped[str]
    histogram: Mapped[list[int]]


class TelemetrySource(Base):
    """How far a source of telemetry has been read, and what came of it since its start.

    `mark` is the source's own: a file's offset, line and digest, a table's last time and id.
    """

    __tablename__ = "telemetry_sources"

    source: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[dict[str, Any]]
    read: Mapped[int] = mapped_column(server_default="0")
    loaded: Mapped[int] = mapped_column(server_default="0")
    duplicates: Mapped[int] = mapped_column(server_default="0")
    left_out: Mapped[int] = mapped_column(server_default="0")
    rejected: Mapped[int] = mapped_column(server_default="0")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class UnmatchedName(Base):
    """A board's name that no model has, until people review it or the catalog grows."""

    __tablename__ = "unmatched_names"
    __table_args__ = (
        UniqueConstraint("source", "name", "revision", name="uq_unmatched_name"),
        CheckConstraint("rows > 0", name="rows_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    name: Mapped[str]
    reason: Mapped[str]
    rows: Mapped[int]
    revision: Mapped[int] = mapped_column(server_default="1")
    first_seen: Mapped[datetime]
    last_seen: Mapped[datetime]
    matched_at: Mapped[datetime | None]
