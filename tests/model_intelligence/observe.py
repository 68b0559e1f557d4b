"""What a test sees of a database from outside: whole tables, and the statements sent to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, Select, Table, event, text

from model_intelligence.models import Base


def whole_tables(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, in order of the primary key."""
    with engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(_all_of(table)).mappings()]
            for table in Base.metadata.sorted_tables
        }


def _all_of(table: Table) -> Select[Any]:
    return table.select().order_by(*table.primary_key.columns)


def rows(engine: Engine, sql: str) -> list[tuple[Any, ...]]:
    """The rows of a query as plain tuples."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Fills a list with the SQL that is sent while the block runs."""
    sent: list[str] = []

    def remember(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(engine, "before_cursor_execute", remember)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", remember)
