"""The day from which on a model was there, by all that is known of it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from model_intelligence.naming.name_parts import snapshot_of
from model_intelligence.records import BenchmarkResult, Model


def with_release_dates(
    models: Mapping[str, Model],
    benchmarks: Mapping[str, Iterable[BenchmarkResult]],
    snapshots: Mapping[str, str],
) -> dict[str, Model]:
    """The models, those without a stated day with that of their name or their only snapshot.

    `snapshots` is dated id -> model id.
    """
    dated_ids = {model_id: dated for dated, model_id in snapshots.items()}
    found = dict(models)
    for model_id, model in models.items():
        names = model_id, dated_ids.get(model_id, "")
        released = released_on(model.released_at, names, benchmarks.get(model_id, ()))
        if released != model.released_at:
            found[model_id] = replace(model, released_at=released)
    return found


def released_on(
    stated: date | None, names: Iterable[str], results: Iterable[BenchmarkResult]
) -> date | None:
    """The stated day, else the one in a name; never later than the first result."""
    day = stated or next(filter(None, map(snapshot_of, names)), None)
    measured = [result.measured_at for result in results if result.measured_at is not None]
    return min([day, *measured]) if day is not None else None
