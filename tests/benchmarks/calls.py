"""Calls made by the database itself: twelve models, five roles of two use cases, long-tailed."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine, text

from model_intelligence.telemetry.load import partitions

NOW = datetime(2026, 11, 30, 18, tzinfo=UTC)  # the last of the days
# Evenly over the days; a call in fifty fails, half are judged, a tenth of the prompts is cached.
FILL = """
INSERT INTO llm_usage_events (
    event_id, created_at, provider, model, response_model, role, use_case,
    input_uncached_tokens, cache_read_tokens, output_tokens, reasoning_tokens, prompt_tokens,
    completion_tokens, total_tokens, latency_ms, time_to_first_token_ms, call_ok, task_ok,
    error_type, cost_usd
)
SELECT 'call-' || n,
    CAST(:since AS timestamptz) + interval '1 day' * (n * CAST(:days AS float) / :calls),
    'provider-' || n % 4, 'model-' || n % 12, 'model-' || n % 12, 'role-' || n % 5,
    'use-case-' || n % 5 + n / 60 % 2 * 5,
    fresh, fresh / 10, made, 0, fresh + fresh / 10, made, fresh + fresh / 10 + made,
    latency, latency / 4, n % 50 <> 0, CASE WHEN n % 2 = 0 THEN n % 11 <> 0 END,
    CASE WHEN n % 50 = 0 THEN '503' END, (fresh + 5 * made) * 0.000001
FROM (
    SELECT n, CAST(exp(7 + random_normal()) AS bigint) AS fresh,
        CAST(exp(5.5 + random_normal()) AS bigint) AS made,
        CAST(exp(7.3 + 0.6 * random_normal()) AS bigint) AS latency
    FROM generate_series(CAST(0 AS bigint), CAST(:calls AS bigint) - 1) AS n
) AS drawn
"""


def first_of(days: int) -> date:
    """The first of so many days, of which NOW is in the last."""
    return NOW.date() - timedelta(days=days - 1)


def fill(engine: Engine, calls: int, days: int) -> None:
    """So many calls, evenly over so many days."""
    first = first_of(days)
    months = {(first + timedelta(days=day)).replace(day=1) for day in range(days)}
    values = {"since": f"{first} 00:00Z", "days": days, "calls": calls}
    with engine.begin() as connection:
        partitions.make(connection, months)
        connection.execute(text("SELECT setseed(0.5)"))
        connection.execute(text(FILL), values)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE llm_usage_events"))


def hold_no_ids(engine: Engine) -> None:
    """Drops the key on ids, which loading is slow with and folding does not read."""
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE llm_usage_events DROP CONSTRAINT pk_llm_usage_events"))
