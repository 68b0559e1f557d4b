"""`model-intel`: evidence and recommendations on the command line."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model_intelligence import exits
from model_intelligence.errors import UsageError

if TYPE_CHECKING:
    from model_intelligence.aliases import Alias
    from model_intelligence.policy import BotConfig

app = typer.Typer(
    name="model-intel",
    help="Evidence about models, and recommendations made from it. Needs DATABASE_URL.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
ConfigDirectory = Annotated[
    Path, typer.Option("--config", help="The directory of models.yaml, bot.yaml and the others.")
]
CONFIG = Path("config")
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"],
        help="Only what had been observed by then; UTC unless it names an offset.",
    ),
]


class Sentiment(StrEnum):
    """What somebody thinks of a model."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    MIXED = "mixed"


class Kind(StrEnum):
    """What a record is about."""

    PRICE = "price"
    BENCHMARK = "benchmark"
    RUNTIME = "runtime"
    SENTIMENT = "sentiment"


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"


def main() -> None:
    """The entry point."""
    exits.run(app)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}; name another") from error


def _read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}; name another") from error


def _now() -> datetime:
    return datetime.now(UTC)


def _moment(as_of: datetime | None) -> datetime | None:
    """The option as an aware time; a time without an offset is UTC."""
    return as_of.replace(tzinfo=UTC) if as_of is not None and as_of.tzinfo is None else as_of


def _bot_config(directory: Path) -> "BotConfig":
    from model_intelligence import config_files
    from model_intelligence.policy import BotConfig

    return config_files.read(directory / "bot.yaml", BotConfig)


def _current_models(config: "BotConfig") -> dict[str, str]:
    from model_intelligence.current_models import current_models, read_text

    return current_models(read_text(Path(config.models_file)), config)


@app.command()
def migrate(
    to: Annotated[
        str, typer.Option(help="A revision, `head` or `base` (drops everything).")
    ] = "head",
) -> None:
    """Create or change the tables; every other command does this by itself.

    Example: DATABASE_URL=postgresql://… model-intel migrate
    """
    from model_intelligence import db

    with db.open_engine(db.database_url()) as engine:
        db.migrate(engine, to)
    typer.echo(f"✓ The database is at {to}")


@app.command()
def ingest_catalog(config: ConfigDirectory = CONFIG) -> None:
    """Load models and prices from models.yaml, pricing.yaml and the bundled price list."""
    from model_intelligence import db, presentation, refresh

    configured = _current_models(_bot_config(config)).values()
    with db.open_database() as engine, db.transaction(engine) as session:
        report = refresh.refresh_catalog(session, config, configured, _now())
    _print(presentation.catalog_lines(report))


@app.command()
def ingest_benchmarks(config: ConfigDirectory = CONFIG) -> None:
    """Load the published results in benchmarks.yaml."""
    from model_intelligence import db, presentation, refresh

    with db.open_database() as engine, db.transaction(engine) as session:
        report = refresh.refresh_benchmarks(session, config, _now())
    _print(presentation.benchmark_lines(report))


@app.command()
def ingest_feeds(
    source: Annotated[
        list[str] | None, typer.Option(help="A source; again for more. Default: those of bot.yaml.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Read this file (.gz too) instead of fetching the source.")
    ] = None,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Fetch live sources: prices, retirement dates, leaderboards; each only if it has changed.

    Example: model-intel ingest-feeds --source litellm --source models.dev
    """
    from model_intelligence import db, presentation, refresh, sources

    known, problems = sources.feeds()
    names = source or _bot_config(config).sources
    where = "--source" if source else "bot.yaml: sources"
    wanted = sources.chosen(names, known, where=where)
    if not wanted:
        raise UsageError("no source is named: give --source, or list `sources` in bot.yaml")
    if file and len(wanted) > 1:
        raise UsageError("--file holds the list of one source: give one --source with it")
    body, aliases = (_read_bytes(file) if file else None), refresh.aliases_in(config)
    with db.open_database() as engine:
        if body is None:
            looks = refresh.look_at(engine, wanted)
        else:
            looks = (refresh.look_in(wanted[0], body),)
        with db.transaction(engine) as session:
            reports = refresh.refresh_feeds(session, looks, _now(), aliases)
    _print(presentation.feed_lines(reports, problems))


@app.command()
def feeds() -> None:
    """List the sources: their licence, and what came of the last look at each."""
    from model_intelligence import db, presentation, sources
    from model_intelligence.feed_ingest import last_runs

    known, problems = sources.feeds()
    with db.open_database() as engine, db.transaction(engine) as session:
        runs = last_runs(session)
    _print(presentation.source_lines(known.values(), sources.BUNDLED, runs, _now()))
    _print(problems)


@app.command()
def compute_runtime_stats(
    window_days: Annotated[int, typer.Option(min=1, max=3660, help="Days, today included.")] = 30,
) -> None:
    """Aggregate llm_usage_events over a rolling window."""
    from model_intelligence import db, presentation, runtime_stats

    with db.open_database() as engine, db.transaction(engine) as session:
        report = runtime_stats.compute_runtime_stats(session, window_days=window_days, now=_now())
    _print(presentation.runtime_lines(report))


@app.command()
def ingest_sentiment(
    model: Annotated[str, typer.Option(help="The model, as the catalog names it.")],
    source: Annotated[str, typer.Option(help="Where it was said: reddit, hn, blog, …")],
    url: Annotated[str, typer.Option(help="The http(s) address of it.")],
    snippet: Annotated[str, typer.Option(help="A short quotation, at most 2,000 characters.")],
    sentiment: Annotated[Sentiment, typer.Option(help="What it says.")],
    title: Annotated[str | None, typer.Option(help="Its title.")] = None,
    author: Annotated[
        str | None, typer.Option(help="Who said it; one author has one voice.")
    ] = None,
) -> None:
    """Add one signal of what people say about a model.

    Example: model-intel ingest-sentiment --model glm-4.7 --source hn --url https://example.org/1
    --snippet "Faster, and it follows instructions" --sentiment positive
    """
    from model_intelligence import db, presentation
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
    _print(presentation.sentiment_lines(report))


@app.command()
def refresh_all(
    window_days: Annotated[int, typer.Option(min=1, max=3660, help="Days, today included.")] = 30,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Ingest catalog, prices and benchmarks, then aggregate telemetry: all or nothing.

    The `sources` of bot.yaml are fetched as well; one that is down is reported, and no more.
    """
    from model_intelligence import db, presentation, refresh

    settings = _bot_config(config)
    configured = _current_models(settings).values()
    live, problems = refresh.live_sources(settings)
    with db.open_database() as engine:
        looks = refresh.look_at(engine, live)
        with db.transaction(engine) as session:
            report = refresh.refresh_all(
                session, config, configured, _now(), window_days, looks=looks
            )
    _print(presentation.catalog_lines(report.catalog))
    _print(presentation.feed_lines(report.feeds, problems))
    _print(presentation.benchmark_lines(report.benchmarks))
    _print(presentation.runtime_lines(report.runtime))


@app.command()
def recommend(
    use_case: Annotated[str, typer.Option(help="A use case of bot.yaml, e.g. tidy_semantic.")],
    current_model: Annotated[
        str | None,
        typer.Option(help="The model to compare with; read from models.yaml if not set."),
    ] = None,
    max_candidates: Annotated[int, typer.Option(min=1, help="How many to show.")] = 3,
    persist: Annotated[bool, typer.Option("--persist", help="Store them, with their ids.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show everyone left out too.")] = False,
    as_of: AsOf = None,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Recommend models for a use case that beat staying with the current one.

    Example: model-intel recommend --use-case tidy_semantic --current-model glm-4.6 --persist
    """
    from model_intelligence import db, presentation, recommendations
    from model_intelligence.evidence import load_evidence
    from model_intelligence.recommender import recommend as decide
    from model_intelligence.recommender import upgrades
    from model_intelligence.records import Keep

    settings, seen_by = _bot_config(config), _moment(as_of)
    now = seen_by or _now()
    policy = settings.policy(use_case)
    current = current_model or _current_models(settings)[use_case]
    with db.open_database() as engine, db.transaction(engine) as session:
        evidence = load_evidence(session, now, as_of=seen_by)
        decision = decide(policy, current, evidence, now.date(), settings.retirement)
        assessment = decision.assessment
        if isinstance(decision, Keep):
            found = []
            typer.echo(f"✓ Keep {current} for {use_case}: {decision.reason}")
        else:
            others = upgrades(assessment)
            found = [decision, *(each for each in others if each.candidate != decision.candidate)]
            found = found[:max_candidates]
            typer.echo(f"✓ Found {len(found)} recommendation(s):")
        stored = recommendations.save(session, found) if persist else []
    for number, upgrade in enumerate(found, 1):
        typer.echo()
        _print(presentation.recommendation_block(number, upgrade))
        if persist:
            typer.echo(f"\n    ✓ Recommendation persisted (ID: {stored[number - 1].id})")
    if explain:
        typer.echo()
        _print(presentation.explanation_lines(assessment))


@app.command()
def report(
    latest: Annotated[bool, typer.Option("--latest", help="The newest of each use case.")] = False,
    use_case: Annotated[str | None, typer.Option(help="Only this use case.")] = None,
    status: Annotated[
        str | None,
        typer.Option(help="proposed, accepted, rejected, implemented or superseded."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    as_of: AsOf = None,
    output_format: Annotated[Format, typer.Option("--format", help="text or json.")] = Format.TEXT,
) -> None:
    """List stored recommendations, newest first."""
    from model_intelligence import db, presentation, recommendations
    from model_intelligence.models import RECOMMENDATION_STATUSES

    if status is not None and status not in RECOMMENDATION_STATUSES:
        raise UsageError(f"--status is one of {', '.join(RECOMMENDATION_STATUSES)}, not {status!r}")
    with db.open_database() as engine, db.transaction(engine) as session:
        found = recommendations.find(
            session,
            use_case=use_case,
            status=status,
            latest=latest,
            limit=limit,
            as_of=_moment(as_of),
        )
    if output_format is Format.JSON:
        items = [presentation.as_json(item) for item in found]
        typer.echo(json.dumps({"version": 1, "recommendations": items}, indent=2))
        return
    _print(map(presentation.summary_line, found))
    if not found:
        typer.echo("No recommendation is stored; `model-intel recommend --persist` stores some.")


@app.command()
def evidence(
    kind: Annotated[Kind, typer.Argument(help="The kind of record.")],
    record_id: Annotated[int, typer.Argument(metavar="ID", help="As a body or report names it.")],
) -> None:
    """Show the stored record behind a figure: its value, source, dates and address.

    Example: model-intel evidence benchmark 42
    """
    from model_intelligence import db, presentation
    from model_intelligence.evidence import record

    with db.open_database() as engine, db.transaction(engine) as session:
        found = record(session, kind.value, record_id)
    _print(presentation.record_lines(kind.value, found))


@app.command()
def propose_patch(
    recommendation_id: Annotated[int, typer.Option(help="As `report` lists it.")],
    output: Annotated[Path | None, typer.Option(help="Where to write the patch.")] = None,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Print a recommendation's report, and write a patch that `git apply` accepts.

    Example: model-intel propose-patch --recommendation-id 42 --output upgrade.patch
    """
    from model_intelligence import db, presentation, recommendations
    from model_intelligence.patch_file import patch_text

    settings = _bot_config(config)
    with db.open_database() as engine, db.transaction(engine) as session:
        item = recommendations.get(session, recommendation_id)
    paths = settings.policy(item.use_case).paths
    patch = patch_text(item, settings, Path(settings.models_file))
    if output:
        _write(output, patch)
    _print(presentation.report_lines(item, paths))
    if output:
        typer.echo(f"\n✓ Patch written to: {output}")


@app.command()
def schema() -> None:
    """Print the JSON Schema of bot.yaml, by which editors complete and check it.

    Example: model-intel schema > config/bot.schema.json
    """
    from model_intelligence.policy import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))


def _aliases(directory: Path) -> "tuple[Alias, ...]":
    from model_intelligence import config_files
    from model_intelligence.aliases import AliasesFile

    path = directory / "aliases.yaml"
    return config_files.read(path, AliasesFile).aliases if path.exists() else ()


def _unpacked(path: Path) -> bytes:
    from model_intelligence.feed import MEGABYTE, Skipped
    from model_intelligence.fetching import fetched

    found = fetched(_read_bytes(path), max_bytes=50 * MEGABYTE)
    if isinstance(found, Skipped):
        raise UsageError(f"{path}: {found.reason}")
    return found.body


@app.command()
def ingest_board(
    source: Annotated[str, typer.Argument(help="aider, bfcl, livebench, swe-bench, tau2-bench.")],
    file: Annotated[Path, typer.Option(help="The board's file, as it is published (.gz too).")],
    own_map: Annotated[
        Path | None, typer.Option("--map", help="The board's own table of names and API ids.")
    ] = None,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Load a leaderboard from a file; names without a model wait in `unmatched`.

    Example: model-intel ingest-board aider --file polyglot_leaderboard.yml
    """
    from model_intelligence import boards, db, presentation
    from model_intelligence.benchmark_ingest import ingest_board as ingest
    from model_intelligence.board import ShapeChanged

    board, aliases = boards.board_named(source), _aliases(config)
    names = _unpacked(own_map) if own_map else None
    try:
        rows = list(boards.read(source, _unpacked(file), names, file.name))
    except ShapeChanged as error:
        raise UsageError(f"{file}: not as this board is known: {error}") from error
    with db.open_database() as engine, db.transaction(engine) as session:
        db.take_turns(session)
        report = ingest(session, board, rows, _now(), aliases)
    _print(presentation.benchmark_lines(report))


@app.command()
def resolve(
    name: Annotated[str, typer.Argument(help="A name, as a leaderboard writes it.")],
    source: Annotated[str | None, typer.Option(help="The board whose aliases hold too.")] = None,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Print the model that a name means and the rule that found it, or why none did.

    Example: model-intel resolve "Claude-Opus-4-5-20251101 (FC)" --source bfcl
    """
    from model_intelligence import boards, db
    from model_intelligence.aliases import for_source
    from model_intelligence.benchmark_ingest import catalog_names
    from model_intelligence.identification import identify
    from model_intelligence.name_review import resolution_lines

    if source is not None:
        boards.board_named(source)
    aliases = for_source(_aliases(config), source)
    with db.open_database() as engine, db.transaction(engine) as session:
        names = catalog_names(session)
    _print(resolution_lines(name, identify(name, names, aliases=aliases), names))


@app.command()
def unmatched(
    source: Annotated[str | None, typer.Option(help="Only this board's names.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
) -> None:
    """List the names that wait for review, most useful first, as YAML for aliases.yaml.

    Example: model-intel unmatched --source aider > to_review.yaml
    """
    from model_intelligence import db
    from model_intelligence.benchmark_ingest import catalog_names
    from model_intelligence.name_review import near, review_lines
    from model_intelligence.unmatched import waiting_names

    with db.open_database() as engine, db.transaction(engine) as session:
        waiting = waiting_names(session, source, limit)
        names = catalog_names(session)
    if not waiting:
        typer.echo("# No name waits; `model-intel ingest-board` finds some.")
        return
    _print(review_lines(waiting, {one.name: near(one.name, names) for one in waiting}))
