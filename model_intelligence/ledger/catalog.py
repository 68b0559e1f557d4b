"""The catalog's rows: what is stored of each model, and its names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from model_intelligence.db import add_rows
from model_intelligence.ledger.facts import known_by
from model_intelligence.models import ModelCatalog
from model_intelligence.naming import resolve
from model_intelligence.naming.catalog_index import Names, known_names
from model_intelligence.naming.snapshots import pinned_names
from model_intelligence.records import UNKNOWN_PROVIDER, Model


def catalog_names(session: Session, as_of: datetime | None = None) -> Names:
    """The catalog's ids, those of `as_of` if it is given, prepared to identify names with."""
    if as_of is not None:
        return known_names(known_by(session, as_of), pinned_names())
    return known_names(session.scalars(select(ModelCatalog.model_id)), pinned_names())


@dataclass(frozen=True, slots=True)
class CatalogReport:
    """What an ingest did; `seen` counts what the inputs held, `new` what the database lacked."""

    models_seen: int
    models_new: int
    models_changed: int
    prices_seen: int
    prices_new: int
    dropped: Mapping[str, int] = field(default_factory=dict)


def store_models(
    session: Session, known: Mapping[str, ModelCatalog], models: Mapping[str, Model], now: datetime
) -> tuple[int, int]:
    """Inserts or updates models; how many were new, and how many changed."""
    new = [model for model in models.values() if model.model_id not in known]
    add_rows(session, ModelCatalog, [_columns(model) for model in new])
    changed = 0
    for model_id, row in known.items():
        model = models.get(model_id)
        wanted = _wanted(row, model) if model else {}
        differing = {k: v for k, v in wanted.items() if v != getattr(row, k)}
        if differing:
            session.execute(
                update(ModelCatalog)
                .where(ModelCatalog.model_id == model_id)
                .values(**differing, updated_at=now)
            )
            changed += 1
    return len(new), changed


def _wanted(row: ModelCatalog, model: Model) -> dict[str, object]:
    """What the row should hold by what is said of its model; sources must not take turns at it."""
    # A reseller's list must not replace what the maker's says, or the two would change the row back
    # and forth on every run.
    creators = resolve.CREATORS.values()
    if model.provider == UNKNOWN_PROVIDER or (
        row.provider in creators and model.provider not in creators
    ):
        if model.release_dates is None:
            return {}
        # Lists have voted on the release date, whoever describes the model.
        return {"release_dates": model.release_dates, "released_at": model.released_at}
    # What only some inputs know (a release date, say) is not erased by one that does not.
    wanted = {name: value for name, value in _columns(model).items() if value is not None}
    kept = {
        "display_name": model.display_name == model.model_id,
        "is_deprecated": row.is_deprecated,
    }
    return {name: value for name, value in wanted.items() if not kept.get(name)}


def _columns(model: Model) -> dict[str, object]:
    return {name: getattr(model, name) for name in Model.__slots__}
