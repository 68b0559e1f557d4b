"""Where the calls are, and what folds them there: one statement, one port, four places."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from importlib import import_module
from typing import Any, Protocol

from model_intelligence.errors import UsageError

FoldedRow = Sequence[Any]

# The scheme of an address -> the module whose `opened(address)` gives the calls there.
PLACES = {
    "postgresql": "postgres",
    "postgres": "postgres",
    "embedded": "postgres",
    "sharded+postgresql": "sharded",
    "duckdb": "duckdb_files",
    "spark": "spark_lake",
}


class Events(Protocol):
    """Calls of models, which are folded where they are: only groups come back."""

    def run(self, statement: str, since: datetime, until: datetime) -> Iterator[FoldedRow]:
        """The rows of FOLD or LOOK over the calls from `since` to before `until` (aware UTC)."""


def named(
    address: str | None, environment: Mapping[str, str] = os.environ
) -> AbstractContextManager[Events | None]:
    """The calls at `telemetry: events:` of bot.yaml; None for those of the own database."""
    if not address:
        return nullcontext()
    variable = address.removeprefix("env:")
    if variable == address:
        return opened(address)
    if not environment.get(variable):
        raise UsageError(f"telemetry: events: {variable} is not set; set it to an address")
    return opened(environment[variable])


def opened(address: str) -> AbstractContextManager[Events]:
    """The calls at an address, such as `duckdb:calls/*.parquet`; UsageError for another scheme."""
    scheme = address.partition(":")[0].lower()
    if scheme not in PLACES:
        raise UsageError(
            f"telemetry: events: {scheme or 'nothing'!r} is no place that can be folded; write "
            "postgresql://…, sharded+postgresql://…, duckdb:PATH/*.parquet or spark:PATH"
        )
    module = import_module(f"{__name__}.{PLACES[scheme]}")
    found: AbstractContextManager[Events] = module.opened(address)
    return found
