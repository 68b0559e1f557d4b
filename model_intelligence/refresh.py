"""Every ingest from its usual place: what `refresh-all` and the scheduled job do."""

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from model_intelligence.catalog_ingest import ingest_catalog, ingest_ends
from model_intelligence.config import yaml_file
from model_intelligence.config.aliases_yaml import Alias, read_aliases
from model_intelligence.config.benchmarks_yaml import BenchmarksFile
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.config.pricing_yaml import PricingFile
from model_intelligence.db import take_turns, transaction
from model_intelligence.ingest.benchmarks import BenchmarkReport, ingest_benchmarks
from model_intelligence.ingest.source_run import SourceReport, ingest_source, previous_fetch
from model_intelligence.ledger.catalog import CatalogReport
from model_intelligence.records import OWN_PRICES
from model_intelligence.runtime_stats import RuntimeReport, compute_runtime_stats
from model_intelligence.sentiment.ingest import names_to_ask, query_of
from model_intelligence.sources import (
    bundled_editions,
    bundled_ends,
    bundled_releases,
    chosen,
    genai_prices,
    registered,
)
from model_intelligence.sources.http import FetchResult, client, from_file
from model_intelligence.sources.pages import read_source
from model_intelligence.sources.source import Environment, Source
from model_intelligence.telemetry.engines import Events

FetchedSource = tuple[Source, FetchResult]


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What each ingest did."""

    catalog: CatalogReport
    benchmarks: BenchmarkReport
    runtime: RuntimeReport
    sources: tuple[SourceReport, ...] = ()


def refresh_all(
    session: Session,
    directory: Path,
    configured: Iterable[str],
    now: datetime,
    window_days: int,
    *,
    fetched: Sequence[FetchedSource] = (),
    events: Events | None = None,
) -> RefreshReport:
    """All ingests in order, in the session's one transaction; runs at once take turns.

    `fetched` is what the live sources that bot.yaml names returned, nothing by default; `events`
    is where the recorded calls are stored, the session's own table by default.
    """
    take_turns(session)
    catalog = refresh_catalog(session, directory, configured, now)
    live = refresh_sources(session, fetched, now, read_aliases(directory))
    return RefreshReport(
        catalog,
        refresh_benchmarks(session, directory, now),
        compute_runtime_stats(session, window_days=window_days, now=now, events=events),
        live,
    )


def live_sources(config: BotConfig) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """The live sources that bot.yaml names, and which plug-ins cannot be used.

    ConfigError for a name that nobody has registered.
    """
    if not config.sources:
        return (), ()  # installed plug-ins are not even loaded
    known, problems = registered()
    return chosen(config.sources, known, where="bot.yaml: sources"), problems


def read_sources(
    engine: Engine,
    wanted: Sequence[Source],
    *,
    now: datetime,
    configured: Iterable[str] = (),
    providers: Collection[str] = (),
    environment: Environment | None = None,
    begins: Callable[[str], object] | None = None,
) -> tuple[FetchedSource, ...]:
    """Fetches live sources in order, each only if newer; no transaction is open meanwhile.

    Opinions are searched on the `configured` models and on those of the `providers`. Keys are in
    the `environment`, that of the process by default. `begins` is called with each source's name.
    """
    if not wanted:
        return ()
    given = os.environ if environment is None else environment
    # A short transaction of its own: none may stay open while slow servers answer.
    with transaction(engine) as session:
        previous = {source.name: previous_fetch(session, source.name) for source in wanted}
        names = names_to_ask(session, wanted, configured, providers, now)
        queries = {source.name: query_of(session, source, names, now) for source in wanted}
    fetched = []
    with client() as web:
        for source in wanted:
            if begins:
                begins(source.name)
            name = source.name
            result = read_source(source, previous[name], web, queries[name], given)
            fetched.append((source, result))
    return tuple(fetched)


def refresh_catalog(
    session: Session, directory: Path, configured: Iterable[str], now: datetime
) -> CatalogReport:
    """The configured names, `pricing.yaml` (if there is one) and the bundled price list."""
    path = directory / "pricing.yaml"
    own = yaml_file.read(path, PricingFile).listings() if path.exists() else ()
    rows = [*own, *genai_prices.listings()]
    editions = {**bundled_editions(), OWN_PRICES: yaml_file.edition(path)}
    return ingest_catalog(
        session,
        configured=configured,
        rows=rows,
        now=now,
        lifecycles=bundled_ends(),
        releases=bundled_releases(),
        editions={name: each for name, each in editions.items() if each},
    )


def read_file(
    source: Source, body: bytes, file_name: str, name_map: bytes | None = None
) -> FetchedSource:
    """A source's list from a file instead of the network; raises as `Source.of_file` does."""
    return source.of_file(file_name, name_map), from_file(body, max_bytes=source.max_bytes)


def refresh_sources(
    session: Session, fetched: Sequence[FetchedSource], now: datetime, aliases: Sequence[Alias] = ()
) -> tuple[SourceReport, ...]:
    """Stores what was fetched, in order; a source that is down is told, and nothing more."""
    take_turns(session)
    reports = tuple(
        ingest_source(session, source, outcome, now, aliases) for source, outcome in fetched
    )
    if any(report.status == "stored" for report in reports):
        ingest_ends(session, bundled_ends(), now, bundled_editions())
    return reports


def refresh_benchmarks(session: Session, directory: Path, now: datetime) -> BenchmarkReport:
    """The results in `benchmarks.yaml`; none if there is no such file."""
    path = directory / "benchmarks.yaml"
    empty = BenchmarksFile(benchmarks=())
    file = yaml_file.read(path, BenchmarksFile) if path.exists() else empty
    return ingest_benchmarks(session, file, now, yaml_file.edition(path))
