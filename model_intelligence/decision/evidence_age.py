"""How old the newest benchmark result of a model is. Pure."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from model_intelligence.records import BenchmarkResult, Model


class NewestResult(NamedTuple):
    """A model's newest benchmark result: `on` is None where it has none, or none with a date."""

    results: int = 0
    on: date | None = None


NO_RESULT = NewestResult()


def newest_result(results: Iterable[BenchmarkResult], model: Model | None) -> NewestResult:
    """The newest of a model's results, at most as old as a source's dates allow."""
    known = tuple(results)
    released = model.released_at if model else None
    return NewestResult(len(known), max(_days(known, released), default=None))


def _days(results: Iterable[BenchmarkResult], released: date | None) -> Iterator[date]:
    for result in results:
        edition = _edition(result.key.dataset_version)
        if result.measured_at is not None:
            yield result.measured_at
        elif edition is not None:
            # Rows are added to an edition for months: a model's is no older than the model.
            yield max(edition, released or edition)


def _edition(version: str | None) -> date | None:
    """The day by which some boards name their editions."""
    try:
        return date.fromisoformat(version or "")
    except ValueError:
        return None
