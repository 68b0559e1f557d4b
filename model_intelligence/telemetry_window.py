"""A window of telemetry as the sum of its days: sums by price, and merged histograms."""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from model_intelligence.engines.statement import SUMS
from model_intelligence.evidence import STORED_OF_A_PRICE, price_of
from model_intelligence.histogram import SHIFT
from model_intelligence.models import ModelPricing
from model_intelligence.records import OWN_PRICES, Price
from model_intelligence.sources.pinned_names import pinned_names
from model_intelligence.traffic import Group, Packed, PricedSums

_SUMMED = ", ".join(f"sum(d.{name}) AS {name}" for name in SUMS)
# Calls name a model as the application did; prices know it by the catalog's and by the provider's
# name, and a dated id also by the undated one that is its name. A price holds from its own start to
# the start of the next one.
PRICED = f"""
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
    SELECT DISTINCT ON (provider, name, effective_at) provider, name, effective_at, until, id
    FROM names
    WHERE NOT EXISTS (
        SELECT FROM names n
        WHERE n.provider = names.provider AND n.name = names.name AND n.rank < names.rank
    )
    ORDER BY provider, name, effective_at
)
SELECT d.provider, d.model, d.role, d.use_case, d.response_model, d.basis, n.id AS price_id,
    {_SUMMED}
FROM telemetry_daily d
LEFT JOIN named n ON n.provider = d.provider AND n.name = lower(d.model)
    AND d.since >= n.effective_at AND d.since < n.until
WHERE d.day >= :first AND d.day < :after
GROUP BY d.provider, d.model, d.role, d.use_case, d.response_model, d.basis, d.above_tokens, n.id
ORDER BY d.provider, d.model, d.role, d.use_case, d.response_model, d.basis, d.above_tokens, n.id
"""

_GROUP = "provider, model, role, use_case, measure"


def _merging(stored: str, result: str) -> str:
    """SQL that adds up histograms; entries meet by one number, for text is slow to compare."""
    return f"""
WITH parts AS MATERIALIZED (
    SELECT dense_rank() OVER (ORDER BY {_GROUP}) AS g, {_GROUP}, histogram
    FROM ({stored}) AS stored
), entries AS (
    SELECT (g << 20) + (value >> {SHIFT}) + 1 AS at,
        CAST(sum(value & {(1 << SHIFT) - 1}) AS bigint) AS n
    FROM parts, unnest(histogram) AS value GROUP BY 1
), merged AS (
    SELECT at >> 20 AS g, array_agg((((at & 1048575) - 1) << {SHIFT}) + n) AS histogram
    FROM entries GROUP BY 1
)
SELECT DISTINCT ON (g) {result} FROM merged JOIN parts USING (g)
"""


MISSING_MONTHS = """
SELECT DISTINCT CAST(date_trunc('month', day) AS date) FROM telemetry_folds
WHERE day >= :first AND day < :after AND calls > 0
EXCEPT SELECT month FROM telemetry_months
"""
FOLD_MONTH = f"INSERT INTO telemetry_months (month, {_GROUP}, histogram)" + _merging(
    f"SELECT {_GROUP}, histogram FROM telemetry_histograms WHERE day >= :month AND day < :after",
    f"CAST(:month AS date), {_GROUP}, merged.histogram",
)
MERGED = _merging(
    f"""
    SELECT {_GROUP}, histogram FROM telemetry_months
    WHERE month >= :first_month AND month < :after_months
    UNION ALL
    SELECT {_GROUP}, histogram FROM telemetry_histograms
    WHERE day >= :first AND day < :after AND NOT (day >= :first_month AND day < :after_months)
    """,
    f"{_GROUP}, merged.histogram",
)
MEMORY = "SELECT set_config('work_mem', '256MB', true)"  # or the entries go through files


def priced_sums(session: Session, start: datetime, end: datetime) -> list[PricedSums]:
    """The window's sums, each with the price that its calls were made at, if one is known."""
    values = {
        "first": start.date(),
        "after": end.date(),
        "own_prices": OWN_PRICES,
        "pinned": json.dumps(pinned_names()),
    }
    rows = session.execute(text(PRICED), values).mappings().all()
    prices = _prices(session, {row["price_id"] for row in rows} - {None})
    return [
        PricedSums(
            group=Group(row["provider"], row["model"], row["role"], row["use_case"]),
            response_model=row["response_model"],
            basis=row["basis"],
            price=prices.get(row["price_id"]),
            sums={name: row[name] for name in SUMS},
        )
        for row in rows
    ]


def _prices(session: Session, ids: set[int]) -> Mapping[int, Price]:
    columns = [getattr(ModelPricing, name) for name in STORED_OF_A_PRICE]
    rows = session.execute(select(*columns).where(ModelPricing.id.in_(ids)))
    return {row.id: price_of(row._asdict()) for row in rows}


def histograms(session: Session, start: datetime, end: datetime) -> list[tuple[Group, str, Packed]]:
    """The window's histograms by group and measure: months at once, other days singly.

    A month is merged once it is over: its days may change every day until then.
    """
    first, after = start.date(), end.date()
    first_month, after_months = whole_months(first, after - timedelta(days=1))
    session.execute(text(MEMORY))
    months = {"first": first_month, "after": after_months}
    for month in session.scalars(text(MISSING_MONTHS), months).all():
        session.execute(text(FOLD_MONTH), {"month": month, "after": _next_month(month)})
    values = {"first": first, "after": after}
    values |= {"first_month": first_month, "after_months": after_months}
    return [
        (Group(*key), measure, histogram)
        for *key, measure, histogram in session.execute(text(MERGED), values)
    ]


def whole_months(first: date, after: date) -> tuple[date, date]:
    """The first day of the first whole month in a window, and the first day after the last."""
    start = first if first.day == 1 else _next_month(first)
    return start, max(start, after.replace(day=1))


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
