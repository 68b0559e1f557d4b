"""Calls spread over several PostgreSQL servers by hash(model): Citus, or foreign partitions.

Each server folds its own models whole, since a group never spans two of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from model_intelligence.telemetry.engines.postgres import PLANNING, PostgresEvents

# Without the first, postgres_fdw would fetch every row; the second lets the servers work at once.
# Citus does both by itself, and knows neither to be set.
SPREAD = {**PLANNING, "enable_partitionwise_aggregate": "on", "enable_partitionwise_join": "on"}


@contextmanager
def opened(address: str) -> Iterator[PostgresEvents]:
    """The calls behind the coordinator at `sharded+postgresql://…`."""
    from model_intelligence.db import open_engine

    url = address.partition("+")[2]
    with open_engine(url) as engine, engine.connect() as connection:
        yield PostgresEvents(connection, SPREAD)
