"""The ledger of what is known of models: one row whenever a list changed what the catalog says."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from model_intelligence.db import add_rows
from model_intelligence.ledger.revisions import Ledger
from model_intelligence.models import ModelCatalog, ModelFact
from model_intelligence.observations.origin import Origin
from model_intelligence.records import UNDATED, Model

# A ledger of their own.
ENDS = {"retires_at", "retires_not_before", "retirement_source", "replacement", "lifecycle_id"}
FACTS = tuple(name for name in Model.__slots__ if name not in {*ENDS, "model_id", "fact_id"})
UNTOLD = Origin("models_catalog")
LEDGER = Ledger(ModelFact, ("model_id",))
# The catalog's rows, as JSON without what is unknown, that differ from their newest fact.
CHANGED = f"""
SELECT c.model_id, coalesce(f.revision, 0) + 1 AS revision, c.facts
FROM (
    SELECT model_id, fact_id, jsonb_strip_nulls(jsonb_build_object(
        {", ".join(f"'{name}', {name}" for name in FACTS)}
    )) AS facts
    FROM models_catalog
) c LEFT JOIN model_facts f ON f.id = c.fact_id
WHERE f.facts IS DISTINCT FROM c.facts
ORDER BY c.model_id
"""  # noqa: S608  # names of our own columns
POINT = """
UPDATE models_catalog c SET fact_id = f.id FROM model_facts f
WHERE f.model_id = c.model_id AND f.id > :before AND f.id IS DISTINCT FROM c.fact_id
"""


def keep_facts(session: Session, said: Mapping[str, Origin], now: datetime) -> int:
    """Appends a row for every model that the catalog says something else of, and how many.

    `said` is model id -> who made the catalog say so. Three statements, however many models.
    """
    session.flush()
    changed = session.execute(text(CHANGED)).all()
    if not changed:
        return 0
    before = session.scalar(select(func.coalesce(func.max(ModelFact.id), 0)))
    rows = [_row(row, said.get(row.model_id, UNTOLD), now) for row in changed]
    add_rows(session, ModelFact, rows)
    session.execute(text(POINT), {"before": before})
    return len(rows)


def known_by(session: Session, seen_by: datetime) -> dict[str, dict[str, Any]]:
    """model id -> what was known of it by then, as arguments of Model."""
    newest = LEDGER.newest(ModelFact.model_id, ModelFact.id, ModelFact.facts, seen_by=seen_by)
    found = {row.model_id: _model(row.id, row.facts) for row in session.execute(newest)}
    # Rows that no ingest wrote: each is all there is on its model.
    by_hand = select(ModelCatalog).where(
        ModelCatalog.fact_id.is_(None), ModelCatalog.created_at <= seen_by
    )
    for other in session.scalars(by_hand):
        found[other.model_id] = {name: getattr(other, name) for name in (*FACTS, *ENDS)}
    return found


def _model(fact_id: int, facts: Mapping[str, Any]) -> dict[str, Any]:
    released = facts.get("released_at")
    known = {name: value for name, value in facts.items() if name in FACTS}
    return {
        **known,
        "released_at": date.fromisoformat(released) if released else None,
        "fact_id": fact_id,
    }


def _row(changed: Row[Any], origin: Origin, now: datetime) -> dict[str, Any]:
    return {
        "model_id": changed.model_id,
        "revision": changed.revision,
        "facts": changed.facts,
        "source": origin.source,
        "source_url": origin.url,
        "source_version": origin.version,
        "raw": origin.raw,
        "effective_at": now if changed.revision > 1 else UNDATED,
        "observed_at": now,
    }
