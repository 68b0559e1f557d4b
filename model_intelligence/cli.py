"""`model-intel`: evidence and recommendations on the command line."""

from collections.abc import Callable

import typer

from model_intelligence.commands import (
    backtest,
    decide,
    exit_codes,
    ingest,
    report,
    setup,
    shared,
    show,
    telemetry,
)

app = typer.Typer(
    name="model-intel",
    help="Evidence about models, and recommendations made from it. Needs DATABASE_URL.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # boxes take longer to import than most commands to run
)
COMMANDS = (
    setup.migrate,
    ingest.ingest_catalog,
    ingest.ingest_benchmarks,
    ingest.ingest_sources,
    ingest.ingest_sentiment,
    telemetry.ingest_telemetry,
    ingest.compute_runtime_stats,
    ingest.refresh_all,
    decide.recommend,
    report.report,
    decide.propose_patch,
    show.evidence,
    show.scorecard,
    show.sources,
    show.resolve,
    show.unmatched,
    backtest.backtest,
    setup.schema,
)
shared.add(app, COMMANDS)
FORMER_NAMES: dict[str, Callable[..., None]] = {
    "ingest-board": ingest.ingest_board,
    "ingest-feeds": ingest.ingest_sources,
    "feeds": show.sources,
}
for name, command in FORMER_NAMES.items():
    app.command(name, hidden=True)(command)


def main() -> None:
    """The entry point."""
    exit_codes.run(app)
