"""Published benchmark results, of config/benchmarks.yaml and of leaderboards, into the ledger."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from model_intelligence.config.aliases_yaml import Alias, for_source
from model_intelligence.config.benchmarks_yaml import BenchmarksFile, PublishedResult, ResultGroup
from model_intelligence.ledger.benchmarks import append, without_contradictions
from model_intelligence.ledger.catalog import catalog_names
from model_intelligence.ledger.unmatched_names import keep_unmatched
from model_intelligence.models import ModelCatalog
from model_intelligence.naming import resolve
from model_intelligence.naming.catalog_index import Names
from model_intelligence.naming.identify import NameMatch, NoMatch, identify
from model_intelligence.naming.review import NameToReview
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.origin import as_written
from model_intelligence.sources.source import Source

CONTRADICTION = "another score for the same model, run in the same way"


@dataclass(frozen=True, slots=True)
class BenchmarkReport:
    """What an ingest did; `unmatched` are names that no model in the catalog has.

    `dropped` is reason -> how many rows.
    """

    seen: int
    new: int
    unmatched: tuple[str, ...]
    dropped: Mapping[str, int] = field(default_factory=dict)


def ingest_benchmarks(
    session: Session, file: BenchmarksFile, now: datetime, version: str | None = None
) -> BenchmarkReport:
    """Appends the results that are new or corrected; a second run changes no row.

    `version` is that of the file.
    """
    names = resolve.index(session.scalars(select(ModelCatalog.model_id)))
    rows, unmatched = [], set()
    for group in file.benchmarks:
        for result in group.results:
            model_id = resolve.resolve(result.model, names)
            if model_id is None:
                unmatched.add(result.model)
            else:
                row = _columns(model_id, group, result, now)
                rows.append(row | {"source_version": version})
    return BenchmarkReport(len(rows), append(session, rows), tuple(sorted(unmatched)))


def ingest_results(
    session: Session,
    source: Source,
    rows: Sequence[BenchmarkRow],
    now: datetime,
    aliases: Iterable[Alias] = (),
    *,
    version: str | None = None,
) -> BenchmarkReport:
    """Appends a leaderboard's results that are new or corrected; unmatched names wait for review.

    `version` is the digest of the leaderboard's body.
    """
    identified = _identified(rows, catalog_names(session), for_source(aliases, source.name))
    matches = {name: match for name, match in identified.items() if isinstance(match, NameMatch)}
    columns = [
        _result_columns(source, row, matches[row.name], now) | {"source_version": version}
        for row in rows
        if row.name in matches
    ]
    # A board with two scores for one key says nothing about that key, and much about the others.
    clear = without_contradictions(columns)
    results = Counter(row.name for row in rows)
    waiting = [
        NameToReview(source.name, name, match.reason, results[name])
        for name, match in identified.items()
        if isinstance(match, NoMatch)
    ]
    keep_unmatched(session, source.name, waiting, matches, now)
    contradictions = len(columns) - len(clear)
    return BenchmarkReport(
        seen=len(clear),
        new=append(session, clear),
        unmatched=tuple(sorted(name.name for name in waiting)),
        dropped={CONTRADICTION: contradictions} if contradictions else {},
    )


def _identified(
    rows: Sequence[BenchmarkRow], names: Names, aliases: tuple[Alias, ...]
) -> dict[str, NameMatch | NoMatch]:
    own_ids: dict[str, tuple[str, ...]] = {}
    for row in rows:
        own_ids[row.name] = tuple(dict.fromkeys(own_ids.get(row.name, ()) + row.own_ids))
    return {name: identify(name, names, own_ids, aliases) for name in own_ids}


def _result_columns(
    source: Source, row: BenchmarkRow, match: NameMatch, now: datetime
) -> dict[str, Any]:
    tags = {"licence": source.licence, "board_name": row.name, "matched_by": match.rule}
    if row.cost_usd is not None:
        tags["cost_usd"] = str(row.cost_usd)
    same = (
        *("benchmark_name", "dataset_version", "harness", "unit", "score", "task_type"),
        *("higher_is_better", "task_count", "standard_error", "measured_at"),
    )
    return {
        **{name: getattr(row, name) for name in same},
        "model_id": match.model_id,
        "effort": row.effort or match.effort,
        "source": source.name,
        "source_kind": row.source_kind or source.source_kind,
        "source_url": source.url,
        "tags": tags,
        "raw": row.raw or as_written({"name": row.name, "score": row.score}),
        "observed_at": now,
    }


def _columns(
    model_id: str, group: ResultGroup, result: PublishedResult, now: datetime
) -> dict[str, Any]:
    tags = {"licence": group.licence, "board_name": result.board_name}
    return {
        "model_id": model_id,
        "benchmark_name": group.benchmark_name,
        "dataset_version": group.dataset_version,
        "harness": group.harness,
        "effort": result.effort or group.effort,
        "unit": group.unit,
        "score": result.score,
        "task_type": group.task_type,
        "higher_is_better": group.higher_is_better,
        "task_count": group.task_count,
        "measured_at": result.measured_at,
        "source": group.source,
        "source_kind": group.source_kind,
        "source_url": result.source_url or group.source_url,
        "tags": {name: value for name, value in tags.items() if value},
        "raw": as_written(result.model_dump(exclude_unset=True)),
        "observed_at": now,
    }
