"""`model-intel`: evidence and recommendations on the command line."""

import typer

from model_intelligence import exits
from model_intelligence.commands import decide, ingest, look, report, setup, shared, telemetry

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
    ingest.ingest_feeds,
    ingest.ingest_board,
    ingest.ingest_sentiment,
    telemetry.ingest_telemetry,
    ingest.compute_runtime_stats,
    ingest.refresh_all,
    decide.recommend,
    report.report,
    decide.propose_patch,
    look.evidence,
    look.scorecard,
    look.feeds,
    look.resolve,
    look.unmatched,
    setup.schema,
)
shared.add(app, COMMANDS)


def main() -> None:
    """The entry point."""
    exits.run(app)
