"""`./run bench [NAME…]`: measures, prints one table, and fails if a limit is missed."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, text

from model_intelligence import db, embedded_postgres
from tests.benchmarks.registry import BENCHMARKS
from tests.benchmarks.row import Row, machine, table
from tests.databases import create_database

USAGE = 2


def main(names: Sequence[str]) -> int:
    """Runs the named benchmarks, or all; the exit code."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.stderr.write(f"bench: no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}\n")
        return USAGE
    with (
        TemporaryDirectory() as folder,
        embedded_postgres.running(Path(folder) / "postgres", durable=False) as server,
    ):
        rows = list(_measured(names or list(BENCHMARKS), server))
        with db.open_engine(server) as engine, engine.connect() as connection:
            version = connection.execute(text("SHOW server_version")).scalar_one()
    sys.stdout.write(f"{machine(version)}\n\n{table(rows)}\n")
    return 0 if all(row.is_met for row in rows) else 1


def _measured(names: Sequence[str], server: str) -> Iterator[Row]:
    numbers = count()

    @contextmanager
    def fresh_database() -> Iterator[Engine]:
        url = create_database(server, f"bench_{next(numbers)}")
        with db.open_database(url) as engine:
            yield engine

    for name in names:
        sys.stderr.write(f"bench: {name} …\n")
        yield from BENCHMARKS[name](fresh_database, False)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
