"""What folding is held against: SQL in PostgreSQL's own dialect, written for this one result."""

SETTINGS = "SET LOCAL work_mem = '512MB'; SET LOCAL jit = off; SET LOCAL enable_sort = off"
TABLES = """
DROP TABLE IF EXISTS hand_sums, hand_histograms;
CREATE TABLE hand_sums (LIKE telemetry_daily INCLUDING ALL);
CREATE TABLE hand_histograms (LIKE telemetry_histograms INCLUDING ALL)
"""
_OWN = "('400', '429', 'badrequesterror', 'invalid_request_error', 'ratelimiterror')"
_BLAMELESS = f"call_ok OR lower(error_type) NOT IN {_OWN} OR error_type IS NULL"
_CLASSES = "input_uncached_tokens IS NOT NULL AND output_tokens IS NOT NULL"
_FULL = "coalesce(input_uncached_tokens + coalesce(cache_write_tokens, 0), prompt_tokens)"
_CACHED = "coalesce(cache_read_tokens, 0)"
_TOTAL = "coalesce(total_tokens, prompt_tokens + completion_tokens)"
_DAY = (
    "created_at >= CAST(:day AS timestamptz) AND created_at < CAST(:day AS timestamptz) + '1 day'"
)
_SUMS = f"""count(*), count(*) FILTER (WHERE {_BLAMELESS}),
    count(call_ok) FILTER (WHERE {_BLAMELESS}), count(*) FILTER (WHERE call_ok),
    count(task_ok) FILTER (WHERE {_BLAMELESS}),
    count(*) FILTER (WHERE task_ok AND ({_BLAMELESS})),
    count(coalesce(task_ok, call_ok)) FILTER (WHERE {_BLAMELESS}),
    count(*) FILTER (WHERE coalesce(task_ok, call_ok) AND ({_BLAMELESS})),
    count({_TOTAL}), sum({_TOTAL}), sum(prompt_tokens), sum(completion_tokens),
    sum(input_uncached_tokens), sum(cache_read_tokens), sum(cache_write_tokens),
    sum(output_tokens), sum(reasoning_tokens), count(cost_usd), sum(cost_usd),
    sum(prompt_tokens::float8 * prompt_tokens), sum(cache_read_tokens::float8 * cache_read_tokens),
    sum(completion_tokens::float8 * completion_tokens),
    sum(prompt_tokens::float8 * cache_read_tokens), sum(prompt_tokens::float8 * completion_tokens),
    sum(cache_read_tokens::float8 * completion_tokens)"""
SUMS = f"""
INSERT INTO hand_sums (
    day, since, provider, model, role, use_case, response_model, basis, above_tokens, calls,
    blameless_calls, transport_calls, transport_ok, task_calls, task_ok, outcomes, successes,
    total_calls, total_tokens, prompt_tokens, completion_tokens, input_uncached_tokens,
    cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, recorded_calls,
    recorded_usd, prompt_prompt, cached_cached, completion_completion, prompt_cached,
    prompt_completion, cached_completion
)
SELECT CAST(:day AS timestamptz), CAST(:day AS timestamptz), provider, model, role, use_case,
    response_model,
    CASE WHEN {_CLASSES} THEN 'classes' WHEN prompt_tokens + completion_tokens IS NOT NULL
        THEN 'totals' ELSE 'none' END,
    CASE WHEN {_FULL} + {_CACHED} > 200000 THEN 200000 WHEN {_FULL} + {_CACHED} > 128000
        THEN 128000 WHEN {_FULL} + {_CACHED} > 100000 THEN 100000
        WHEN {_FULL} + {_CACHED} > 64000 THEN 64000 WHEN {_FULL} + {_CACHED} > 32000
        THEN 32000 ELSE 0 END,
    {_SUMS}
FROM llm_usage_events WHERE {_DAY}
GROUP BY 3, 4, 5, 6, 7, 8, 9
"""


def _buckets(measure: str, value: str) -> str:
    return f"""
    SELECT provider, model, role, use_case, '{measure}' AS measure, count(*) AS n,
        CASE WHEN {value} < 1 THEN -1 ELSE floor(ln({value}) / ln(1.0202)) END::bigint AS bucket
    FROM llm_usage_events WHERE {_DAY} AND {value} IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5, 7"""


HISTOGRAMS = f"""
INSERT INTO hand_histograms (day, since, provider, model, role, use_case, measure, histogram)
SELECT CAST(:day AS timestamptz), CAST(:day AS timestamptz), provider, model, role, use_case,
    measure, array_agg((bucket << 40) + n)
FROM ({
    " UNION ALL ".join(
        (
            _buckets("latency_ms", "latency_ms"),
            _buckets("first_token_ms", "time_to_first_token_ms"),
            _buckets("total_tokens", _TOTAL),
        )
    )
}) AS buckets
GROUP BY 3, 4, 5, 6, 7
"""
_SHARES = "ARRAY[0.5, 0.9, 0.95, 0.99]"
# What was done before there were partials: the same sums of the whole window, and every percentile
# exact. Prices that change with the length of a prompt would ask for more groups still.
_EXACT = f"""
SELECT provider, model, role, use_case, {_SUMS},
    percentile_cont({_SHARES}) WITHIN GROUP (ORDER BY latency_ms),
    percentile_cont({_SHARES}) WITHIN GROUP (ORDER BY time_to_first_token_ms),
    percentile_cont({_SHARES}) WITHIN GROUP (ORDER BY {_TOTAL})
FROM llm_usage_events
WHERE created_at >= CAST(:first AS timestamptz) AND created_at < CAST(:after AS timestamptz)
GROUP BY """
# The statistics that are kept are of each role, and of each use case. Percentiles do not add up, so
# that calls are sorted for both; for groups of role and use case together they are sorted once.
EXACT = f"{_EXACT} GROUPING SETS ((provider, model, role), (provider, model, use_case))"
EXACT_ONCE = f"{_EXACT} provider, model, role, use_case"
