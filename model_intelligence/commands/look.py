"""Commands that show what is known: sources, records, names."""

from enum import StrEnum
from typing import Annotated

import typer

from model_intelligence.commands import shared
from model_intelligence.commands.shared import CONFIG, ConfigDirectory


class Kind(StrEnum):
    """What a record is about."""

    PRICE = "price"
    BENCHMARK = "benchmark"
    RUNTIME = "runtime"
    SENTIMENT = "sentiment"


def feeds() -> None:
    """List the sources: their licence, and what came of the last look at each."""
    from model_intelligence import db, presentation, sources
    from model_intelligence.feed_ingest import last_runs

    known, problems = sources.feeds()
    with db.open_database() as engine, db.transaction(engine) as session:
        runs = last_runs(session)
    shared.print_lines(
        presentation.source_lines(known.values(), sources.BUNDLED, runs, shared.now())
    )
    shared.print_lines(problems)


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
    shared.print_lines(presentation.record_lines(kind.value, found))


def resolve(
    name: Annotated[str, typer.Argument(help="A name, as a leaderboard writes it.")],
    source: Annotated[str | None, typer.Option(help="The board whose aliases hold too.")] = None,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Print the model that a name means and the rule that found it, or why none did.

    Example: model-intel resolve "Claude-Opus-4-5-20251101 (FC)" --source bfcl
    """
    from model_intelligence import boards, db, refresh
    from model_intelligence.aliases import for_source
    from model_intelligence.benchmark_ingest import catalog_names
    from model_intelligence.identification import identify
    from model_intelligence.name_review import resolution_lines

    if source is not None:
        boards.board_named(source)
    aliases = for_source(refresh.aliases_in(config), source)
    with db.open_database() as engine, db.transaction(engine) as session:
        names = catalog_names(session)
    shared.print_lines(resolution_lines(name, identify(name, names, aliases=aliases), names))


def unmatched(
    source: Annotated[str | None, typer.Option(help="Only this board's names.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 50,
    config: ConfigDirectory = CONFIG,
) -> None:
    """List the names that wait for review, most useful first, as YAML for aliases.yaml.

    Example: model-intel unmatched --source aider > to_review.yaml
    """
    from model_intelligence import boards, db
    from model_intelligence.benchmark_ingest import catalog_names
    from model_intelligence.name_review import in_order_of_use, review_lines
    from model_intelligence.unmatched import waiting_names

    if source is not None:
        boards.board_named(source)
    in_use = shared.current_models(shared.bot_config(config)).values()
    with db.open_database() as engine, db.transaction(engine) as session:
        waiting = waiting_names(session, source)
        names = catalog_names(session)
    if not waiting:
        typer.echo("# No name waits; `model-intel ingest-board` finds some.")
        return
    shared.print_lines(review_lines(in_order_of_use(waiting, names, in_use), limit))
