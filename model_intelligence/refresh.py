"""Every ingest from its usual place: what `refresh-all` and the scheduled job do."""

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.config import yaml_file
from model_intelligence.config.aliases_yaml import Alias, AliasesFile
from model_intelligence.config.benchmarks_yaml import BenchmarksFile
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.config.pricing_yaml import PricingFile
from model_intelligence.db import take_turns, transaction
from model_intelligence.ingest.benchmarks import BenchmarkReport, ingest_benchmarks
from model_intelligence.ingest.source_run import FeedReport, ingest_feed, previous_fetch
from model_intelligence.ledger.catalog import CatalogReport
from model_intelligence.ledger.lifecycles import BUNDLED
from model_intelligence.records import OWN_PRICES
from model_intelligence.runtime_stats import RuntimeReport, compute_runtime_stats
from model_intelligence.sentiment.ingest import asking_of, names_to_ask
from model_intelligence.sources import chosen, feeds, genai_prices, llmshift
from model_intelligence.sources.http import Outcome, client, fetched
from model_intelligence.sources.pages import look
from model_intelligence.sources.source import Environment, Feed
from model_intelligence.telemetry.engines import Events

Look = tuple[Feed, Outcome]


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What each ingest did."""

    catalog: CatalogReport
    benchmarks: BenchmarkReport
    runtime: RuntimeReport
    feeds: tuple[FeedReport, ...] = ()


def refresh_all(
    session: Session,
    directory: Path,
    configured: Iterable[str],
    now: datetime,
    window_days: int,
    *,
    looks: Sequence[Look] = (),
    events: Events | None = None,
) -> RefreshReport:
    """All ingests in order, in the session's one transaction; runs at once take turns.

    `looks` are what was fetched of the live sources that bot.yaml names, none by default, and
    `events` are where the calls are, the session's own table by default.
    """
    take_turns(session)
    catalog = refresh_catalog(session, directory, configured, now)
    live = refresh_feeds(session, looks, now, aliases_in(directory))
    return RefreshReport(
        catalog,
        refresh_benchmarks(session, directory, now),
        compute_runtime_stats(session, window_days=window_days, now=now, events=events),
        live,
    )


def live_sources(config: BotConfig) -> tuple[tuple[Feed, ...], tuple[str, ...]]:
    """The live sources that bot.yaml names, and which plug-ins cannot be used.

    ConfigError for a name that nobody has registered.
    """
    if not config.sources:
        return (), ()  # installed plug-ins are not even loaded
    known, problems = feeds()
    return chosen(config.sources, known, where="bot.yaml: sources"), problems


def look_at(
    engine: Engine,
    wanted: Sequence[Feed],
    *,
    now: datetime,
    configured: Iterable[str] = (),
    providers: Collection[str] = (),
    environment: Environment | None = None,
    begins: Callable[[str], object] | None = None,
) -> tuple[Look, ...]:
    """Fetches live sources in order, each only if newer; no transaction is open meanwhile.

    Opinions are looked for of the `configured` models, and of what the `providers` make. Keys are
    in the `environment`, that of the process by default. `begins` is told each source's name.
    """
    if not wanted:
        return ()
    given = os.environ if environment is None else environment
    with transaction(engine) as session:
        previous = {feed.name: previous_fetch(session, feed.name) for feed in wanted}
        names = names_to_ask(session, wanted, configured, providers, now)
        asking = {feed.name: asking_of(session, feed, names, now) for feed in wanted}
    looks = []
    with client() as web:
        for feed in wanted:
            if begins:
                begins(feed.name)
            looks.append((feed, look(feed, previous[feed.name], web, asking[feed.name], given)))
    return tuple(looks)


def refresh_catalog(
    session: Session, directory: Path, configured: Iterable[str], now: datetime
) -> CatalogReport:
    """The configured names, `pricing.yaml` (if there is one) and the bundled price list."""
    path = directory / "pricing.yaml"
    own = yaml_file.read(path, PricingFile).listings() if path.exists() else ()
    rows = [*own, *genai_prices.listings()]
    editions = {
        genai_prices.SOURCE: genai_prices.edition(),
        BUNDLED: llmshift.edition(),
        OWN_PRICES: yaml_file.edition(path),
    }
    return ingest_catalog(
        session,
        configured=configured,
        rows=rows,
        now=now,
        lifecycles=llmshift.lifecycles(),
        editions={source: each for source, each in editions.items() if each},
    )


def look_in(feed: Feed, body: bytes) -> Look:
    """A source's list that came by another way than the network."""
    return feed, fetched(body, max_bytes=feed.max_bytes)


def refresh_feeds(
    session: Session, looks: Sequence[Look], now: datetime, aliases: Sequence[Alias] = ()
) -> tuple[FeedReport, ...]:
    """Stores what was fetched, in order; a source that is down is told, and nothing more."""
    take_turns(session)
    return tuple(ingest_feed(session, feed, outcome, now, aliases) for feed, outcome in looks)


def aliases_in(directory: Path) -> tuple[Alias, ...]:
    """The names in `aliases.yaml` that people have looked up; none if there is no such file."""
    path = directory / "aliases.yaml"
    return yaml_file.read(path, AliasesFile).aliases if path.exists() else ()


def refresh_benchmarks(session: Session, directory: Path, now: datetime) -> BenchmarkReport:
    """The results in `benchmarks.yaml`; none if there is no such file."""
    path = directory / "benchmarks.yaml"
    empty = BenchmarksFile(benchmarks=())
    file = yaml_file.read(path, BenchmarksFile) if path.exists() else empty
    return ingest_benchmarks(session, file, now, yaml_file.edition(path))
