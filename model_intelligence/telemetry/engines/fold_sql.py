"""The one folding statement: calls of some hours into sums and histograms, wherever they are. Pure.

The text is in the subset of SQL that PostgreSQL, DuckDB and Spark share, and holds nothing that
keeps postgres_fdw from sending an aggregate to the server that has the rows (COALESCE would).
`{events}` stands for the calls, `:since` and `:until` (exclusive) for the time.
"""

from model_intelligence.stats.histogram import BASE, SHIFT

# Prompt lengths above which some price list asks another price: cost is linear within a band.
BANDS = (32_000, 64_000, 100_000, 128_000, 199_999, 200_000, 256_000, 272_000, 512_000, 524_288)
# What says that the caller was at fault: its own bad request, its own limit, or it gave up.
CALLER_ERRORS = (
    *("400", "401", "403", "413", "422", "429", "499"),
    *("badrequesterror", "invalidrequesterror", "invalid_request_error", "bad_request"),
    *("unprocessableentityerror", "contextwindowexceedederror", "context_length_exceeded"),
    *("authenticationerror", "authentication_error", "permissiondeniederror"),
    *("permission_error", "permission_denied", "unauthenticated", "invalid_argument"),
    *("ratelimiterror", "rate_limit_error", "rate_limit_exceeded", "budgetexceedederror"),
    *("insufficient_quota", "resource_exhausted", "cancelled", "cancellederror"),
)

# A call without cached tokens often lacks the field; it counts as none once the call's other
# classes are known (_CLASSES).
_READ = "CASE WHEN cache_read_tokens IS NULL THEN 0 ELSE cache_read_tokens END"
_WRITE = "CASE WHEN cache_write_tokens IS NULL THEN 0 ELSE cache_write_tokens END"
_THOUGHT = "CASE WHEN reasoning_tokens IS NULL THEN 0 ELSE reasoning_tokens END"
_CLASSES = "input_uncached_tokens IS NOT NULL AND output_tokens IS NOT NULL"
_TOTALS = "prompt_tokens IS NOT NULL AND completion_tokens IS NOT NULL"
_TOTAL = (
    "CASE WHEN total_tokens IS NOT NULL THEN total_tokens "
    f"WHEN {_TOTALS} THEN prompt_tokens + completion_tokens "
    f"ELSE input_uncached_tokens + {_READ} + {_WRITE} + output_tokens + {_THOUGHT} END"
)
_SENT = (
    f"CASE WHEN {_CLASSES} THEN input_uncached_tokens + {_READ} + {_WRITE} "
    f"WHEN {_TOTALS} THEN prompt_tokens ELSE 0 END"
)
# Classes before totals: cached tokens cost a fraction of fresh ones, which totals cannot show.
_BASIS = f"CASE WHEN {_CLASSES} THEN 'classes' WHEN {_TOTALS} THEN 'totals' ELSE 'none' END"
_BAND = " ".join(
    (
        f"CASE WHEN {_SENT} <= {BANDS[0]} THEN 0",
        *(f"WHEN {_SENT} > {band} THEN {band}" for band in reversed(BANDS)),
        "END",
    )
)
# What a call's cost is made of, for its spread: all that was sent, what of it was cached, and what
# was generated. Products of these three tell every sum of squares; power() would cost four times.
_PROMPT = (
    "CASE WHEN prompt_tokens IS NOT NULL THEN prompt_tokens "
    f"ELSE input_uncached_tokens + {_READ} + {_WRITE} END"
)
_COMPLETION = (
    "CASE WHEN completion_tokens IS NOT NULL THEN completion_tokens "
    f"ELSE output_tokens + {_THOUGHT} END"
)
_ERRORS = ", ".join(repr(name) for name in CALLER_ERRORS)
_BLAMELESS = (
    f"CASE WHEN call_ok THEN TRUE WHEN lower(error_type) IN ({_ERRORS}) THEN FALSE ELSE TRUE END"
)
# The application's verdict before the transport's: a well-formed answer can still be useless.
_OK = "CASE WHEN task_ok IS NOT NULL THEN task_ok ELSE call_ok END"
_ONE = "exp(0)"  # as a double, whose type has no name that all three know
_DURING = "created_at >= :since AND created_at < :until"


def _products(one: str, other: str) -> str:
    return f"sum({one} * {_ONE} * {other})"


MEASURES = {
    "latency_ms": "latency_ms",
    "first_token_ms": "time_to_first_token_ms",
    "total_tokens": _TOTAL,
}
KEY = ("provider", "model", "role", "use_case", "response_model", "basis", "above_tokens")
# What is added up; the tokens of a class are those of the calls whose class is known.
SUMS = {
    "calls": "count(*)",
    "blameless_calls": f"count(*) FILTER (WHERE {_BLAMELESS})",
    "transport_calls": f"count(call_ok) FILTER (WHERE {_BLAMELESS})",
    "transport_ok": "count(*) FILTER (WHERE call_ok)",
    "task_calls": f"count(task_ok) FILTER (WHERE {_BLAMELESS})",
    "task_ok": f"count(*) FILTER (WHERE task_ok AND {_BLAMELESS})",
    "outcomes": f"count({_OK}) FILTER (WHERE {_BLAMELESS})",
    "successes": f"count(*) FILTER (WHERE {_OK} AND {_BLAMELESS})",
    "total_calls": f"count({_TOTAL})",
    "total_tokens": f"sum({_TOTAL})",
    "prompt_tokens": "sum(prompt_tokens)",
    "completion_tokens": "sum(completion_tokens)",
    "input_uncached_tokens": "sum(input_uncached_tokens)",
    "cache_read_tokens": "sum(cache_read_tokens)",
    "cache_write_tokens": "sum(cache_write_tokens)",
    "output_tokens": "sum(output_tokens)",
    "reasoning_tokens": "sum(reasoning_tokens)",
    "recorded_calls": "count(cost_usd)",
    "recorded_usd": "sum(cost_usd)",
    "prompt_prompt": _products(_PROMPT, _PROMPT),
    "cached_cached": _products("cache_read_tokens", "cache_read_tokens"),
    "completion_completion": _products(_COMPLETION, _COMPLETION),
    "prompt_cached": _products(_PROMPT, "cache_read_tokens"),
    "prompt_completion": _products(_PROMPT, _COMPLETION),
    "cached_completion": _products("cache_read_tokens", _COMPLETION),
}
# A row of the result: the key and sums of a group, or of a histogram the first four and its count.
COLUMNS = (*KEY, *SUMS, "measure", "histogram")
# What tells whether a day that was folded is still as it was.
LOOKED_AT = ("calls", "transport_calls", "transport_ok", "task_calls", "task_ok", "total_tokens")


def _sums() -> str:
    return f"""
SELECT provider, model, role, use_case, response_model,
    {_BASIS} AS basis, {_BAND} AS above_tokens,
    {", ".join(f"{text} AS {name}" for name, text in SUMS.items())},
    NULL AS measure, NULL AS histogram
FROM {{events}} WHERE {_DURING}
GROUP BY 1, 2, 3, 4, 5, 6, 7"""


def _buckets(measure: str, value: str) -> str:
    return f"""SELECT provider, model, role, use_case, '{measure}' AS measure,
        CASE WHEN {value} >= 1 THEN floor(ln({value}) / ln({BASE})) ELSE -1 END AS bucket,
        count(*) AS n
    FROM {{events}} WHERE {_DURING} AND {value} IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5, 6"""


def _histograms() -> str:
    # NULL for the other columns makes both halves of the UNION alike. concat() turns a number into
    # text because the text type has a different name in each of the three, and string_agg() exists
    # in Spark from version 4 on.
    inner = "\n    UNION ALL ".join(_buckets(*measure) for measure in MEASURES.items())
    nothing = "".join(", NULL" for _ in list(SUMS)[1:])
    return f"""
SELECT provider, model, role, use_case, NULL, NULL, NULL, sum(n){nothing}, measure,
    string_agg(concat(CAST(bucket AS bigint) * {1 << SHIFT} + n, ''), ',')
FROM (
    {inner}
) buckets
GROUP BY provider, model, role, use_case, measure"""


FOLD = f"{_sums()}\nUNION ALL{_histograms()}\n"

LOOK = f"""
SELECT CAST(date_part('day', created_at - :since) AS integer) AS day,
    {", ".join(SUMS[name] for name in LOOKED_AT)}
FROM {{events}} WHERE {_DURING}
GROUP BY 1
"""
