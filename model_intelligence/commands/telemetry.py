"""The command that imports an application's recorded calls."""

import sys
import time
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from model_intelligence.commands import shared
from model_intelligence.commands.progress import Show, progress
from model_intelligence.commands.shared import CONFIG, ConfigDirectory
from model_intelligence.errors import ModelIntelligenceError, UsageError

if TYPE_CHECKING:
    from model_intelligence.telemetry.formats.format import EventFormat
    from model_intelligence.telemetry.load.source import CallSource

SECONDS_BETWEEN = 0.5


class TelemetryFormat(StrEnum):
    """Who recorded the calls, and so how they are written."""

    NATIVE = "native"
    AUTOPACK = "autopack"
    LITELLM = "litellm"
    OTEL = "otel"
    LANGFUSE = "langfuse"


def ingest_telemetry(
    source: Annotated[
        str,
        typer.Argument(
            help="A file, a folder, a glob in quotes, `-` for standard input, or postgresql://… "
            "(native, autopack, litellm)."
        ),
    ],
    recorded_by: Annotated[
        TelemetryFormat, typer.Option("--from", help="The format of the recorded calls.")
    ],
    again: Annotated[
        bool,
        typer.Option("--again", help="Read from the start, not from where the last run stopped."),
    ] = False,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Import the calls that an application recorded; repeating an import adds no call twice.

    Files may be JSON lines, Parquet (with the extra `parquet`) or, from Langfuse, CSV; each but
    Parquet may be compressed with gzip. Messages are never read. `telemetry: rules` in bot.yaml
    assign roles and use cases.

    Example: model-intel ingest-telemetry --from otel "traces/*.jsonl.gz"
    """
    from model_intelligence import db
    from model_intelligence.telemetry.formats.registry import FORMATS
    from model_intelligence.telemetry.load import copy_batches, partitions, summary
    from model_intelligence.telemetry.load.ingest import AHEAD, Ingest
    from model_intelligence.telemetry.load.rules import assigner

    event_format = FORMATS[recorded_by.value]
    rules = shared.bot_config(config).telemetry.rules if (config / "bot.yaml").exists() else ()
    sources = _sources(source, event_format)
    started = time.monotonic()
    with db.open_database() as engine, progress() as show:
        with engine.begin() as connection:
            partitions.settle(connection)
        done = Ingest(
            event_format,
            assigner(rules),
            shared.now() + AHEAD,
            lambda key: None if again else copy_batches.mark_of(engine, key),
            copy_batches.Loader(engine).store,
            _paced(show, started),
        ).run(sources)
    shared.print_lines(summary.report_lines(done, event_format, time.monotonic() - started))
    problem = summary.problem(done, event_format)
    if problem:
        raise ModelIntelligenceError(problem)


def _sources(where: str, event_format: "EventFormat") -> "list[CallSource]":
    from model_intelligence.telemetry.load import files, tables

    if where == "-":
        return [files.Stream(sys.stdin.buffer, event_format)]
    if not tables.is_address(where):
        return files.sources_at(where, event_format)
    if event_format.table is None:
        raise UsageError(
            f"--from {event_format.name} cannot read a database; name a file, a folder or a glob"
        )
    return [tables.DatabaseTable(where, event_format, event_format.table)]


def _paced(show: Show, started: float) -> Callable[[int], None]:
    """Shows the number of records and their rate, twice a second at most."""
    from model_intelligence.telemetry.load.summary import progress_line

    shown = started

    def show_progress(read: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - shown >= SECONDS_BETWEEN:
            shown = now
            show(progress_line(read, now - started))

    return show_progress
