"""A ledger of its own, which grows from date to date by the product's own ingests.

Lists that are bundled with a package, `pricing.yaml` and `benchmarks.yaml` of the configuration
know today, so none of them is read. Names are another matter: today's aliases are used.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from model_intelligence import db, embedded_postgres
from model_intelligence.backtest.pack import PackInputs, PublicFile
from model_intelligence.backtest.trimmed_lists import as_served
from model_intelligence.config import yaml_file
from model_intelligence.config.aliases_yaml import Alias
from model_intelligence.config.benchmarks_yaml import BenchmarksFile
from model_intelligence.errors import UsageError
from model_intelligence.evidence.load import load_evidence
from model_intelligence.ingest.benchmarks import ingest_benchmarks
from model_intelligence.ingest.price_list import ingest_listings
from model_intelligence.ingest.source_run import ingest_source
from model_intelligence.observations.listing import Release
from model_intelligence.records import Evidence
from model_intelligence.sources import chosen, registered
from model_intelligence.sources.http import FetchResult, from_file
from model_intelligence.sources.source import Source

OWN_FILE = "benchmarks.yaml"  # published results that the project collects; no source
RELEASES = "releases.csv"
_ReadFile = Callable[[PublicFile], tuple[Source, FetchResult]]


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file of which nothing could be stored, and why."""

    file: PublicFile
    reason: str


@dataclass(frozen=True, slots=True)
class KnownByDay:
    """All that was known on a day, and the files of that day that were refused."""

    day: date
    evidence: Evidence
    refused: tuple[RefusedFile, ...]


def known_by_day(inputs: PackInputs, aliases: Sequence[Alias]) -> Iterator[KnownByDay]:
    """What was known on each date to decide at, in ascending order.

    Each date is yielded before any later file is opened. UsageError for a file that is missing.
    """
    read = _reader(inputs.files)
    with _empty_database() as engine:
        waiting = groupby(inputs.files, key=lambda file: file.observed_at)
        following = next(waiting, None)
        for day in inputs.days:
            refused: list[RefusedFile] = []
            while following is not None and following[0] <= day:
                refused += _ingest(engine, following[1], aliases, read)
                following = next(waiting, None)
            with db.transaction(engine) as session:
                _store_releases(session, inputs, day)
                evidence = load_evidence(session, _start_of(day))
            yield KnownByDay(day, as_published(evidence, day), tuple(refused))


def as_published(evidence: Evidence, day: date) -> Evidence:
    """The evidence without release dates and results that are dated later than it is read at."""
    models = {  # today's names of snapshots may date a model that was announced before it was out
        model_id: model if _is_public(model.released_at, day) else replace(model, released_at=None)
        for model_id, model in evidence.models.items()
    }
    results = {
        model_id: tuple(row for row in rows if _is_public(row.measured_at, day))
        for model_id, rows in evidence.benchmarks.items()
    }
    return replace(evidence, models=models, benchmarks=results)


def _is_public(dated: date | None, day: date) -> bool:
    return dated is None or dated <= day


def _store_releases(session: Session, inputs: PackInputs, day: date) -> None:
    """The release dates that are public by that day, of models that are in the catalog."""
    releases = (Release(name, on, RELEASES) for name, on in inputs.releases(day))
    ingest_listings(session, RELEASES, releases, _start_of(day))


@contextmanager
def _empty_database() -> Iterator[Engine]:
    """A migrated database in a directory that is removed afterwards."""
    with (
        TemporaryDirectory(prefix="backtest-", ignore_cleanup_errors=True) as directory,
        embedded_postgres.running(Path(directory), durable=False) as url,
        db.open_database(url) as engine,
    ):
        yield engine


def _ingest(
    engine: Engine, files: Iterable[PublicFile], aliases: Sequence[Alias], read: _ReadFile
) -> list[RefusedFile]:
    """Stores the files of one day in the manifest's order, all or nothing."""
    with db.transaction(engine) as session:
        reasons = [(file, _store(session, file, aliases, read)) for file in files]
    return [RefusedFile(file, reason) for file, reason in reasons if reason is not None]


def _store(
    session: Session, file: PublicFile, aliases: Sequence[Alias], read: _ReadFile
) -> str | None:
    """Why nothing of the file was stored, or None."""
    now = _start_of(file.observed_at)
    if file.source == OWN_FILE:
        results = yaml_file.read(file.path, BenchmarksFile)
        ingest_benchmarks(session, results, now, yaml_file.edition(file.path))
        return None
    source, fetched = read(file)
    return ingest_source(session, source, fetched, now, aliases).reason


def _reader(files: Iterable[PublicFile]) -> _ReadFile:
    """Reads a source's file; one that stands at several dates is read and parsed only once."""
    known, _ = registered()
    names = {file.source for file in files} - {OWN_FILE}
    sources = {source.name: source for source in chosen(sorted(names), known, where="manifest.csv")}

    @cache
    def read(name: str, path: Path) -> tuple[Source, FetchResult]:
        source = sources[name].of_file(path.name)
        parse = cache(lambda body: tuple(source.parse(as_served(name, body))))
        return replace(source, parse=parse), from_file(_bytes(path), max_bytes=source.max_bytes)

    return lambda file: read(file.source, file.path)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be read: {error.strerror}; --data names the directory of the pack's "
            "data files"
        ) from error


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
