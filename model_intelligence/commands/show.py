"""Commands that show stored data: sources, records, names, score cards."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model_intelligence.commands import shared
from model_intelligence.commands.shared import CONFIG, AsFormat, AsOf, ConfigDirectory, Format
from model_intelligence.commands.terminal import print_folded

if TYPE_CHECKING:
    from datetime import datetime

    from model_intelligence.naming.catalog_index import Names


def sources(as_of: AsOf = None, output_format: AsFormat = Format.TEXT) -> None:
    """List the sources: their licence, and the outcome of the last run of each.

    Example: model-intel sources --format json
    """
    from model_intelligence import db, sources
    from model_intelligence.ingest.source_run import last_runs
    from model_intelligence.report import as_json, terminal_text

    known, problems = sources.registered()
    seen_by = shared.moment(as_of)
    with db.open_database() as engine, db.transaction(engine) as session:
        runs = last_runs(session, seen_by)
    if output_format is Format.JSON:
        items = as_json.sources(known.values(), sources.BUNDLED, runs)
        shared.print_json(sources=items, problems=list(problems))
        return
    now = seen_by or shared.now()
    print_folded(terminal_text.source_lines(known.values(), sources.BUNDLED, runs, now))
    shared.print_lines(problems)


def evidence(
    records: Annotated[
        list[str],
        typer.Argument(
            metavar="KIND:ID...", help="Records as pull requests name them, e.g. price:12."
        ),
    ],
    as_of: AsOf = None,
    output_format: AsFormat = Format.TEXT,
) -> None:
    """Show stored records: value, source, edition, dates, raw value and revisions.

    The kinds are price, benchmark, runtime, sentiment, lifecycle, fact, prediction and actual.

    Example: model-intel evidence price:12 benchmark:42
    """
    from model_intelligence import db
    from model_intelligence.ledger.record_lookup import RECORDS, record
    from model_intelligence.report import record_text

    wanted, seen_by = record_text.named_records(records, RECORDS), shared.moment(as_of)
    with db.open_database() as engine, db.transaction(engine) as session:
        found = [record(session, kind, record_id, seen_by) for kind, record_id in wanted]
    if output_format is Format.JSON:
        shared.print_json(records=[record_text.as_json(each) for each in found])
        return
    for number, each in enumerate(found):
        if number:
            typer.echo()
        print_folded(record_text.record_lines(each))


def resolve(
    name: Annotated[str, typer.Argument(help="A name, as a source writes it.")],
    source: Annotated[str | None, typer.Option(help="The source whose aliases hold too.")] = None,
    as_of: AsOf = None,
    output_format: AsFormat = Format.TEXT,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Print the model that a name means and the rule that matched, or why none did.

    Looks in the database's catalog or, where DATABASE_URL is not set, in the bundled lists. With
    --as-of, in the catalog as it was then; aliases are always today's.

    Example: model-intel resolve "Claude-Opus-4-5-20251101 (FC)" --source bfcl
    """
    from model_intelligence.config.aliases_yaml import for_source, read_aliases
    from model_intelligence.naming.identify import identify
    from model_intelligence.naming.review import resolution_lines
    from model_intelligence.report import as_json

    _check_source(source)
    aliases = for_source(read_aliases(config), source)
    names = _catalog_names(config, shared.moment(as_of))
    found = identify(name, names, aliases=aliases)
    if output_format is Format.JSON:
        shared.print_json(**as_json.resolution(name, found, names))
    else:
        shared.print_lines(resolution_lines(name, found, names))


def _catalog_names(config: Path, seen_by: "datetime | None") -> "Names":
    if seen_by is None and not os.environ.get("DATABASE_URL"):
        from model_intelligence.evidence.offline_catalog import offline_catalog

        return offline_catalog(config, shared.now()).catalog_names()
    from model_intelligence import db
    from model_intelligence.ledger.catalog import catalog_names

    with db.open_database() as engine, db.transaction(engine) as session:
        return catalog_names(session, seen_by)


def unmatched(
    source: Annotated[str | None, typer.Option(help="Only this source's names.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="The number of names, at most.")] = 50,
    config: ConfigDirectory = CONFIG,
    as_of: AsOf = None,
    output_format: AsFormat = Format.TEXT,
) -> None:
    """List the names to review, the most useful first, as YAML for aliases.yaml.

    Example: model-intel unmatched --source aider > to_review.yaml
    """
    from model_intelligence import db
    from model_intelligence.ledger.catalog import catalog_names
    from model_intelligence.ledger.unmatched_names import waiting_names
    from model_intelligence.naming.review import in_order_of_use, review_lines
    from model_intelligence.report import as_json

    _check_source(source)
    in_use = shared.current_models(shared.bot_config(config)).values()
    with db.open_database() as engine, db.transaction(engine) as session:
        seen_by = shared.moment(as_of)
        waiting = waiting_names(session, source, seen_by)
        names = catalog_names(session, seen_by)
    ordered = in_order_of_use(waiting, names, in_use)
    if output_format is Format.JSON:
        shared.print_json(waiting=len(ordered), names=as_json.reviews(ordered[:limit]))
    elif not waiting:
        typer.echo("# No name is waiting for review.")
    else:
        shared.print_lines(review_lines(ordered, limit))


def _check_source(name: str | None) -> None:
    """ConfigError for the name of a source that is not registered."""
    from model_intelligence import sources

    if name is not None:
        sources.chosen([name], sources.registered()[0], where="--source")


def scorecard(
    use_case: Annotated[str | None, typer.Option(help="Only this use case's.")] = None,
    as_of: AsOf = None,
    output_format: AsFormat = Format.TEXT,
) -> None:
    """Show what merged proposals predicted, and the results after 7, 14 and 30 days.

    Example: model-intel scorecard --use-case tidy_semantic
    """
    from model_intelligence import db
    from model_intelligence.scorecards import text
    from model_intelligence.scorecards.store import cards

    with db.open_database() as engine, db.transaction(engine) as session:
        found = cards(session, use_case=use_case, as_of=shared.moment(as_of))
    if output_format is Format.JSON:
        shared.print_json(score_cards=[text.as_json(each) for each in found])
        return
    if not found:
        typer.echo("No proposal was merged yet; `model-bot run` measures the results once one is.")
    for number, card in enumerate(found):
        if number:
            typer.echo()
        print_folded(text.card_lines(card))
