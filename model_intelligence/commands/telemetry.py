"""The command that brings an application's calls into the database."""

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
    from model_intelligence.telemetry.formats.format import Door
    from model_intelligence.telemetry.load.source import CallSource

SECONDS_BETWEEN = 0.5


class Shape(StrEnum):
    """In which shape the calls are."""

    NATIVE = "native"
    ORIGINAL = "original"
    LITELLM = "litellm"
    OTEL = "otel"
    LANGFUSE = "langfuse"


def ingest_telemetry(
    source: Annotated[
        str,
        typer.Argument(
            help="A file, a folder, a glob in quotes, `-` for standard input, or postgresql://… "
            "(native, original, litellm)."
        ),
    ],
    shape: Annotated[Shape, typer.Option("--from", help="The shape in which the calls are.")],
    again: Annotated[
        bool,
        typer.Option("--again", help="Read from the start, not from where an earlier run was."),
    ] = False,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Load the calls that an application recorded: once each, whatever happens in between.

    Files may be gzip, Parquet (extra `parquet`), JSON lines, or CSV for Langfuse. Messages are
    never read. Roles and use cases are given by `telemetry: rules` in bot.yaml.

    Example: model-intel ingest-telemetry --from otel "traces/*.jsonl.gz"
    """
    from model_intelligence import db
    from model_intelligence.telemetry.formats.registry import DOORS
    from model_intelligence.telemetry.load import copy_batches, partitions, summary
    from model_intelligence.telemetry.load.ingest import AHEAD, Ingest
    from model_intelligence.telemetry.load.rules import assigner

    door = DOORS[shape.value]
    rules = shared.bot_config(config).telemetry.rules if (config / "bot.yaml").exists() else ()
    sources = _sources(source, door)
    started = time.monotonic()
    with db.open_database() as engine, progress() as show:
        with engine.begin() as connection:
            partitions.settle(connection)
        done = Ingest(
            door,
            assigner(rules),
            shared.now() + AHEAD,
            lambda key: None if again else copy_batches.mark_of(engine, key),
            copy_batches.Loader(engine).store,
            _paced(show, started),
        ).run(sources)
    shared.print_lines(summary.report_lines(done, door, time.monotonic() - started))
    problem = summary.problem(done, door)
    if problem:
        raise ModelIntelligenceError(problem)


def _sources(where: str, door: "Door") -> "list[CallSource]":
    from model_intelligence.telemetry.load import files, tables

    if where == "-":
        return [files.Stream(sys.stdin.buffer, door)]
    if not tables.is_address(where):
        return files.sources_at(where, door)
    if door.table is None:
        raise UsageError(f"--from {door.name} has no table; give a file, a folder or a glob")
    return [tables.DatabaseTable(where, door, door.table)]


def _paced(show: Show, started: float) -> Callable[[int], None]:
    """Shows records and rate now and then."""
    from model_intelligence.telemetry.load.summary import progress_line

    shown = started

    def told(read: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - shown >= SECONDS_BETWEEN:
            shown = now
            show(progress_line(read, now - started))

    return told
