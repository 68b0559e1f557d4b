"""A window of telemetry as the sum of its days: sums by price, and merged histograms."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from model_intelligence.ledger.prices import STORED_OF_A_PRICE, price_of
from model_intelligence.models import ModelPricing
from model_intelligence.naming.snapshots import pinned_names
from model_intelligence.records import OWN_PRICES, Price
from model_intelligence.stats.histogram import SHIFT
from model_intelligence.telemetry.aggregate.figures import Group, Packed, PricedSums
from model_intelligence.telemetry.engines.fold_sql import SUMS

DAY = timedelta(days=1)
Span = tuple[date, date]  # its first day, and the one after its last

_SUMMED = ", ".join(f"sum(d.{name}) AS {name}" for name in SUMS)
# Calls name a model as the application did; prices know it by the catalog's and by the provider's
# name, and a dated id also by the undated one that is its name. A price holds from its own start to
# the start of the next one.
# One source prices an offer for the whole window: the user's own prices, else a list that still
# holds the offer. A price that a list dropped did hold when the calls were made; one that was
# removed from pricing.yaml was withdrawn by a person, and counts for nothing. The groups keep the
# band of prompt lengths (`above_tokens`), because tiers of a price start at these.
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
    # `at` is one number for a group and a bucket: the bucket takes the lowest 20 bits. The largest
    # bucket of a 64-bit value is 2,183, and + 1 keeps bucket -1 from going below zero.
    return f"""
WITH parts AS MATERIALIZED (
    SELECT dense_rank() OVER (ORDER BY {_GROUP}) AS g, {_GROUP}, histogram
    FROM ({stored}) AS stored
), entries AS (
    SELECT (g << 20) + (value >> {SHIFT}) + 1 AS at,
        CAST(sum(value & {(1 << SHIFT) - 1}) AS bigint) AS n
    FROM (SELECT g, unnest(histogram) AS value FROM parts) AS unpacked GROUP BY 1
), merged AS (
    SELECT at >> 20 AS g, array_agg((((at & 1048575) - 1) << {SHIFT}) + n) AS histogram
    FROM entries GROUP BY 1
)
SELECT DISTINCT ON (g) {result} FROM merged JOIN parts USING (g)
"""


# The spans as two arrays of dates: one statement, however many spans a window has.
_WANTED = "unnest(CAST(:firsts AS date[]), CAST(:afters AS date[])) AS wanted (first, after)"
MISSING = f"""
SELECT first, after FROM {_WANTED}
WHERE EXISTS (SELECT FROM telemetry_folds WHERE day >= first AND day < after AND calls > 0)
EXCEPT SELECT first, after FROM telemetry_spans
"""
FOLD_SPAN = f"INSERT INTO telemetry_spans (first, after, {_GROUP}, histogram)" + _merging(
    f"SELECT {_GROUP}, histogram FROM telemetry_histograms WHERE day >= :first AND day < :after",
    f"CAST(:first AS date), CAST(:after AS date), {_GROUP}, merged.histogram",
)
MERGED = _merging(
    f"""
    SELECT {_GROUP}, histogram FROM telemetry_spans JOIN {_WANTED} USING (first, after)
    UNION ALL
    SELECT {_GROUP}, histogram FROM telemetry_histograms WHERE day = ANY(CAST(:days AS date[]))
    """,
    f"{_GROUP}, merged.histogram",
)
MEMORY = "SELECT set_config('work_mem', '256MB', true)"  # or what is summed goes through files


def priced_sums(session: Session, start: datetime, end: datetime) -> list[PricedSums]:
    """The window's sums, each with the price that its calls were made at, if one is known."""
    values = {
        "first": start.date(),
        "after": end.date(),
        "own_prices": OWN_PRICES,
        "pinned": json.dumps(pinned_names()),
    }
    session.execute(text(MEMORY))
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
    """The window's histograms by group and measure: spans at once, other days singly.

    A span is merged once it is over: its days may change every day until then.
    """
    today = end.date() - DAY
    merged, days = cover(start.date(), today)
    values = {"firsts": [first for first, _ in merged], "afters": [after for _, after in merged]}
    session.execute(text(MEMORY))
    for first, after in session.execute(text(MISSING), values).all():
        session.execute(text(FOLD_SPAN), {"first": first, "after": after})
    rows = session.execute(text(MERGED), {**values, "days": [*days, today]})
    return [(Group(*key), measure, histogram) for *key, measure, histogram in rows]


def cover(first: date, after: date) -> tuple[list[Span], list[date]]:
    """Every day from `first` to before `after` once: in the longest spans, and what is left over.

    Spans are whole quarters and months, and thirds of months from the 1st, the 11th and the 21st.
    """
    spans, days, day = [], [], first
    while day < after:
        end = next((end for end in _ends(day) if end <= after), None)
        if end:
            spans.append((day, end))
        else:
            days.append(day)
        day = end or day + DAY
    return spans, days


def _ends(first: date) -> Iterator[date]:
    """The days after the spans that start on a day, the longest first."""
    if first.day == 1 and first.month % 3 == 1:
        # A quarter has 90 to 92 days, so this lands on the 2nd to the 4th of the month after it.
        yield (first + 93 * DAY).replace(day=1)
    if first.day in (1, 21):
        yield (first.replace(day=1) + 31 * DAY).replace(day=1)
    if first.day in (1, 11):
        yield first + 10 * DAY
