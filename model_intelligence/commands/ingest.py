"""Commands that import evidence into the database."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model_intelligence.commands import shared
from model_intelligence.commands.progress import progress
from model_intelligence.commands.shared import CONFIG, ConfigDirectory, WindowDays
from model_intelligence.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from model_intelligence.config.bot_yaml import BotConfig
    from model_intelligence.refresh import FetchedSource
    from model_intelligence.sources.source import Source


class SentimentChoice(StrEnum):
    """An opinion of a model."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    MIXED = "mixed"


def ingest_catalog(config: ConfigDirectory = CONFIG) -> None:
    """Load models and prices from models.yaml, pricing.yaml and the bundled price list."""
    from model_intelligence import db, refresh
    from model_intelligence.report import terminal_text

    configured = shared.current_models(shared.bot_config(config)).values()
    with db.open_database() as engine, db.transaction(engine) as session:
        report = refresh.refresh_catalog(session, config, configured, shared.now())
    shared.print_lines(terminal_text.catalog_lines(report))


def ingest_benchmarks(config: ConfigDirectory = CONFIG) -> None:
    """Load the published results in benchmarks.yaml."""
    from model_intelligence import db, refresh
    from model_intelligence.report import terminal_text

    with db.open_database() as engine, db.transaction(engine) as session:
        report = refresh.refresh_benchmarks(session, config, shared.now())
    shared.print_lines(terminal_text.benchmark_lines(report))


def ingest_sources(
    source: Annotated[
        list[str] | None, typer.Option(help="A source; again for more. Default: those of bot.yaml.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Read this file (.gz too) instead of fetching the source.")
    ] = None,
    name_map: Annotated[
        Path | None,
        typer.Option("--map", help="With --file: the leaderboard's table of names and API ids."),
    ] = None,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Read live sources: prices, retirement dates, leaderboards; each only if it has changed.

    Names on a leaderboard that no model in the catalog has are listed by `unmatched`.

    Example: model-intel ingest-sources --source litellm --source models.dev
    """
    from model_intelligence import db, refresh, sources
    from model_intelligence.config.aliases_yaml import read_aliases
    from model_intelligence.report import terminal_text

    known, problems = sources.registered()
    names = source or shared.bot_config(config).sources
    where = "--source" if source else "bot.yaml: sources"
    wanted = sources.chosen(names, known, where=where)
    if not wanted:
        raise UsageError("no source is named: give --source, or list `sources` in bot.yaml")
    if file and len(wanted) > 1:
        raise UsageError("--file holds the list of one source: give one --source with it")
    if name_map and not file:
        raise UsageError("--map belongs to a leaderboard's file: give --file with it")
    given = (_from_file(wanted[0], file, name_map),) if file else ()
    aliases = read_aliases(config)
    with db.open_database() as engine, progress() as show:
        if given:
            fetched: Sequence[FetchedSource] = given
        else:
            settings = shared.bot_config(config)
            fetched = refresh.read_sources(
                engine,
                wanted,
                now=shared.now(),
                configured=_searched(wanted, settings),
                providers=settings.providers(),
                begins=show,
            )
        with db.transaction(engine) as session:
            reports = refresh.refresh_sources(session, fetched, shared.now(), aliases)
    shared.print_lines(terminal_text.source_run_lines(reports, problems))


def ingest_board(
    source: Annotated[str, typer.Argument(help="A source, as `model-intel sources` lists it.")],
    file: Annotated[Path, typer.Option(help="Its file, as it is published (.gz too).")],
    name_map: Annotated[
        Path | None, typer.Option("--map", help="Its own table of names and API ids.")
    ] = None,
    config: ConfigDirectory = CONFIG,
) -> None:
    """The same as `model-intel ingest-sources --source SOURCE --file FILE`."""
    ingest_sources([source], file, name_map, config)


def _from_file(source: "Source", file: Path, name_map: Path | None) -> "FetchedSource":
    from model_intelligence.errors import ShapeChanged
    from model_intelligence.refresh import read_file

    ids = _unpacked(name_map) if name_map else None
    try:
        return read_file(source, shared.read_bytes(file), file.name, ids)
    except ShapeChanged as error:
        raise UsageError(f"{name_map}: not a table of names and API ids: {error}") from error


def _searched(wanted: "Sequence[Source]", settings: "BotConfig") -> tuple[str, ...]:
    """The configured models, if opinions are searched; a price list needs no models file."""
    searches = any(source.kind == "opinions" for source in wanted)
    return tuple(shared.current_models(settings).values()) if searches else ()


def _unpacked(path: Path) -> bytes:
    from model_intelligence.sources.http import from_file
    from model_intelligence.sources.source import MEGABYTE, Skipped

    table = from_file(shared.read_bytes(path), max_bytes=50 * MEGABYTE)
    if isinstance(table, Skipped):
        raise UsageError(f"{path}: {table.reason}")
    return table.body


def ingest_sentiment(
    model: Annotated[str, typer.Option(help="The model's id in the catalog.")],
    source: Annotated[str, typer.Option(help="Where it was written: reddit, hn, blog, …")],
    url: Annotated[str, typer.Option(help="Its http(s) address.")],
    snippet: Annotated[str, typer.Option(help="A short quotation, at most 2,000 characters.")],
    sentiment: Annotated[SentimentChoice, typer.Option(help="The opinion.")],
    title: Annotated[str | None, typer.Option(help="Its title.")] = None,
    author: Annotated[
        str | None, typer.Option(help="The author; several posts of one author count once.")
    ] = None,
) -> None:
    """Add an opinion that somebody published about a model.

    Example: model-intel ingest-sentiment --model glm-4.7 --source hn --url https://example.org/1
    --snippet "Faster, and it follows instructions" --sentiment positive
    """
    from model_intelligence import db
    from model_intelligence.report import terminal_text
    from model_intelligence.sentiment_ingest import ingest_sentiment_batch

    signal = {
        "model_id": model,
        "source": source,
        "source_url": url,
        "snippet": snippet,
        "sentiment": sentiment.value,
        "title": title,
        "author": author,
    }
    with db.open_database() as engine, db.transaction(engine) as session:
        report = ingest_sentiment_batch(session, [signal])
    shared.print_lines(terminal_text.sentiment_lines(report))


def compute_runtime_stats(
    window_days: WindowDays = 30,
    keep_days: Annotated[
        int | None,
        typer.Option(
            min=1, help="After counting, delete months of calls that are older than this."
        ),
    ] = None,
    events: Annotated[
        str | None,
        typer.Option(help="Where calls are stored; default: `telemetry: events:` of bot.yaml."),
    ] = None,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Aggregate new days of telemetry, then sum up a rolling window of days.

    Example: model-intel compute-runtime-stats --window-days 30 --keep-days 90
    """
    from model_intelligence import db, runtime_stats
    from model_intelligence.report import terminal_text
    from model_intelligence.telemetry import engines
    from model_intelligence.telemetry.aggregate import days
    from model_intelligence.telemetry.load import partitions
    from model_intelligence.telemetry.load.summary import dropped_lines

    if keep_days is not None and keep_days < window_days:
        raise UsageError(
            "--keep-days is less than --window-days; keep at least the days of the window"
        )
    if events is None and (config / "bot.yaml").exists():
        events = shared.bot_config(config).telemetry.events
    if keep_days is not None and events:
        raise UsageError(
            f"--keep-days only deletes calls in DATABASE_URL, but calls are read from {events}"
        )
    now = shared.now()
    with engines.named(events) as source, db.open_database() as engine:
        folded = days.NOTHING
        if source is None:
            with progress() as show:
                folded = days.catch_up(
                    engine, now, lambda so_far: show(terminal_text.folding_line(so_far))
                )
        with db.transaction(engine) as session:
            report = runtime_stats.compute_runtime_stats(
                session, window_days=window_days, now=now, events=source
            )
            dropped = (
                partitions.drop_older(session.connection(), keep_days, now.date())
                if keep_days is not None
                else ()
            )
    shared.print_lines(terminal_text.runtime_lines(report, folded))
    if keep_days is not None:
        shared.print_lines(dropped_lines(dropped, keep_days))


def refresh_all(
    window_days: WindowDays = 30,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Import catalog, prices and benchmarks and aggregate telemetry, in one transaction.

    Also fetches the `sources` of bot.yaml; one that cannot be fetched is reported and skipped.
    """
    from model_intelligence import db, refresh
    from model_intelligence.report import terminal_text

    settings = shared.bot_config(config)
    configured = tuple(shared.current_models(settings).values())
    live, problems = refresh.live_sources(settings)
    with db.open_database() as engine:
        with progress() as show:
            fetched = refresh.read_sources(
                engine,
                live,
                now=shared.now(),
                configured=configured,
                providers=settings.providers(),
                begins=show,
            )
        with db.transaction(engine) as session:
            report = refresh.refresh_all(
                session, config, configured, shared.now(), window_days, fetched=fetched
            )
    shared.print_lines(terminal_text.catalog_lines(report.catalog))
    shared.print_lines(terminal_text.source_run_lines(report.sources, problems))
    shared.print_lines(terminal_text.benchmark_lines(report.benchmarks))
    shared.print_lines(terminal_text.runtime_lines(report.runtime))
