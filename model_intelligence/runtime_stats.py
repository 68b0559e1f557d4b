"""Our own traffic, folded by one SQL statement into one row per provider, model and role."""

import json
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from model_intelligence.records import OWN_PRICES
from model_intelligence.sources.pinned_names import pinned_names

# Events name a model as the application called it; prices know it by the catalog's and by the
# provider's name, and a dated id also by the undated one that is its name. A price holds from its
# own start to the start of the next one.
FOLD = """
WITH preferred AS (
    SELECT DISTINCT ON (provider, model_id) provider, model_id, source
    FROM model_pricing
    WHERE currency = 'USD' AND (withdrawn_at IS NULL OR source <> :own_prices)
    ORDER BY provider, model_id, (source = :own_prices) DESC, withdrawn_at IS NULL DESC, source
), latest AS (
    SELECT DISTINCT ON (p.provider, p.model_id, p.effective_at) p.*
    FROM model_pricing p JOIN preferred USING (provider, model_id, source)
    WHERE currency = 'USD' AND (withdrawn_at IS NULL OR source <> :own_prices)
    ORDER BY p.provider, p.model_id, p.effective_at, p.revision DESC
), spans AS (
    SELECT latest.*, lead(effective_at, 1, 'infinity')
        OVER (PARTITION BY provider, model_id ORDER BY effective_at) AS until
    FROM latest
), pinned AS (
    SELECT key AS dated, value AS undated FROM jsonb_each_text(CAST(:pinned AS jsonb))
), names AS (
    SELECT spans.*, lower(model_id) AS name, 1 AS rank FROM spans
    UNION ALL SELECT spans.*, lower(provider_model_id), 1 FROM spans
    UNION ALL SELECT spans.*, dated, 2 FROM spans JOIN pinned ON undated = lower(model_id)
), named AS (
    SELECT DISTINCT ON (provider, name, effective_at)
        provider, name, effective_at, until, input_per_1k, output_per_1k
    FROM names
    WHERE NOT EXISTS (
        SELECT FROM names n
        WHERE n.provider = names.provider AND n.name = names.name AND n.rank < names.rank
    )
    ORDER BY provider, name, effective_at
), calls AS (
    SELECT e.provider, e.model, e.role, e.latency_ms,
        coalesce(e.task_ok, e.call_ok) AS ok,
        e.prompt_tokens, e.completion_tokens,
        coalesce(e.total_tokens, e.prompt_tokens + e.completion_tokens) AS total_tokens,
        coalesce(
            (e.prompt_tokens * p.input_per_1k + e.completion_tokens * p.output_per_1k) / 1000,
            e.cost_usd
        ) AS cost_usd
    FROM llm_usage_events e
    LEFT JOIN named p ON p.provider = e.provider AND p.name = lower(e.model)
        AND e.created_at >= p.effective_at AND e.created_at < p.until
    WHERE e.created_at >= :window_start AND e.created_at < :window_end
), folded AS (
    SELECT provider, model, role,
        count(*) AS calls, count(ok) AS outcomes, count(cost_usd) AS priced_calls,
        coalesce(sum(total_tokens), 0) AS total_tokens,
        sum(prompt_tokens) AS prompt_tokens, sum(completion_tokens) AS completion_tokens,
        sum(cost_usd) AS est_cost_usd,
        avg(CASE WHEN ok THEN 1 WHEN NOT ok THEN 0 END) AS success_rate,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY total_tokens)::numeric AS p50_tokens,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY total_tokens)::numeric AS p90_tokens,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY latency_ms)::numeric AS p50_latency_ms,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY latency_ms)::numeric AS p90_latency_ms
    FROM calls GROUP BY provider, model, role
), held AS (
    SELECT DISTINCT ON (provider, model, role) *
    FROM model_runtime_stats
    WHERE window_start = :window_start AND window_end = :window_end
    ORDER BY provider, model, role, revision DESC
)
INSERT INTO model_runtime_stats (
    window_start, window_end, provider, model, role, calls, outcomes, priced_calls, total_tokens,
    prompt_tokens, completion_tokens, est_cost_usd, success_rate,
    p50_tokens, p90_tokens, p50_latency_ms, p90_latency_ms, revision, computed_at
)
SELECT :window_start, :window_end, folded.*, coalesce(s.revision, 0) + 1, :now
FROM folded LEFT JOIN held s ON s.provider = folded.provider AND s.model = folded.model
    AND s.role IS NOT DISTINCT FROM folded.role
WHERE s.id IS NULL OR
      (s.calls, s.outcomes, s.priced_calls, s.total_tokens, s.prompt_tokens, s.completion_tokens,
       s.est_cost_usd, s.success_rate, s.p50_tokens, s.p90_tokens,
       s.p50_latency_ms, s.p90_latency_ms)
    IS DISTINCT FROM
      (folded.calls, folded.outcomes, folded.priced_calls, folded.total_tokens,
       folded.prompt_tokens, folded.completion_tokens, folded.est_cost_usd,
       folded.success_rate, folded.p50_tokens, folded.p90_tokens,
       folded.p50_latency_ms, folded.p90_latency_ms)
RETURNING revision = 1
"""


@dataclass(frozen=True, slots=True)
class RuntimeReport:
    """What a fold did, over which window (aware UTC, the end exclusive)."""

    window_start: datetime
    window_end: datetime
    new: int
    changed: int


def window(now: datetime, window_days: int) -> tuple[datetime, datetime]:
    """The last `window_days` whole UTC days up to and including today."""
    end = datetime.combine(now.date(), time(), tzinfo=now.tzinfo) + timedelta(days=1)
    return end - timedelta(days=window_days), end


def compute_runtime_stats(session: Session, *, window_days: int, now: datetime) -> RuntimeReport:
    """Folds `llm_usage_events`; the same events again add no row, others a further revision.

    Costs are USD at the price in force when the call was made (the recorded cost where no price
    is known), success is the application's verdict where there is one, else the transport's.
    """
    start, end = window(now, window_days)
    values = {
        "window_start": start,
        "window_end": end,
        "own_prices": OWN_PRICES,
        "pinned": json.dumps(pinned_names()),
        "now": now,
    }
    inserted = list(session.scalars(text(FOLD), values))
    return RuntimeReport(start, end, sum(inserted), len(inserted) - sum(inserted))
