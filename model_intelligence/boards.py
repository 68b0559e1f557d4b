"""The leaderboards that we can read, by name, each with its own way of naming what it called."""

import re
from collections.abc import Iterator
from dataclasses import replace

from model_intelligence.errors import UsageError
from model_intelligence.observations.benchmark_row import Board, BoardRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.sources import aider, bfcl, livebench, swe_bench, tau2_bench

BOARDS = {
    source.NAME: Board(source.NAME, source.URL, source.LICENCE)
    for source in (aider, bfcl, livebench, swe_bench, tau2_bench)
}
TASK_TYPES = frozenset({"agentic", "code", "tool_use"}) | {
    task_type for task_type, _ in livebench.CATEGORIES.values()
}
_RELEASE = re.compile(r"table_(\d{4})_(\d{2})_(\d{2})")


def board_named(name: str, file_name: str = "") -> Board:
    """The board, with the address of the very release that `file_name` names, if it names one.

    UsageError for a name that is not known.
    """
    if name not in BOARDS:
        raise UsageError(f"there is no board {name!r}; there are {', '.join(BOARDS)}")
    release = _RELEASE.search(file_name)
    if name == livebench.NAME and release:
        return replace(BOARDS[name], url=livebench.TABLES.format("_".join(release.groups())))
    return BOARDS[name]


def read(
    name: str, body: bytes, own_map: bytes | None, file_name: str
) -> Iterator[BoardRow | Dropped]:
    """The rows of a board's file; raises ShapeChanged.

    `own_map` is the board's own table of names and API ids, where it has one apart. LiveBench
    writes its release into `file_name` only.
    """
    if name == bfcl.NAME:
        return bfcl.parse(body, bfcl.parse_map(own_map) if own_map else None)
    if name == livebench.NAME:
        release = _RELEASE.search(file_name)
        if release is None:
            raise UsageError(
                f"{file_name}: LiveBench's tables are named table_<year>_<month>_<day>"
            )
        ids = livebench.parse_map(own_map) if own_map else None
        return livebench.parse(body, ids, "-".join(release.groups()))
    alone = {aider.NAME: aider.parse, swe_bench.NAME: swe_bench.parse}
    return alone.get(name, tau2_bench.parse)(body)
