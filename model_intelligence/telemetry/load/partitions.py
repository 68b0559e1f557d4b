"""Monthly partitions of `llm_usage_events`: created when calls arrive, dropped when they are old.

Calls of a month without a partition go to the default one, so that an INSERT of any date works;
they are moved when the month gets its partition.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, text

TABLE = "llm_usage_events"
LOCK = 0x6D6F6E7468  # any number that only this module uses
EXISTING = """
SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
WHERE inhparent = 'llm_usage_events'::regclass ORDER BY relname
"""
HELD_BY_DEFAULT = """
SELECT DISTINCT date_trunc('month', created_at AT TIME ZONE 'UTC')::date
FROM llm_usage_events_default
WHERE created_at >= TIMESTAMPTZ '2000-01-01 00:00Z' AND created_at < TIMESTAMPTZ '3000-01-01 00:00Z'
"""  # a later or earlier date is a wrong clock: it stays in the default partition


@dataclass(frozen=True, slots=True)
class DroppedMonth:
    """A deleted month, and how many calls it had."""

    month: date
    events: int


def following(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=31)).replace(day=1)


def make(connection: Connection, months: Iterable[date]) -> None:
    """Creates the missing partitions of these months; concurrent processes take turns."""
    wanted = {month: partition_of(month) for month in sorted(set(months))}
    if wanted.keys() <= _existing(connection).keys():
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    # Read again under the lock: another process may have made the partitions meanwhile.
    existing = _existing(connection)
    for month, name in wanted.items():
        if month not in existing:
            _make(connection, month, name)


def settle(connection: Connection) -> None:
    """Moves the calls in the default partition into partitions of their months."""
    make(connection, connection.scalars(text(HELD_BY_DEFAULT)).all())


def drop_older(connection: Connection, keep_days: int, today: date) -> tuple[DroppedMonth, ...]:
    """Drops every month that ended at least `keep_days` whole days before `today` (UTC).

    Months are only dropped whole, so calls stay up to a month longer than asked for.
    """
    settle(connection)
    first_kept = today - timedelta(days=keep_days)
    gone = []
    for month, name in _existing(connection).items():
        if following(month) <= first_kept:
            events = connection.scalar(text(f"SELECT count(*) FROM {name}"))  # noqa: S608
            connection.execute(text(f"DROP TABLE {name}"))
            gone.append(DroppedMonth(month, events or 0))
    return tuple(gone)


def partition_of(month: date) -> str:
    """The name of a month's partition."""
    return f"{TABLE}_{month:%Y_%m}"


def _existing(connection: Connection) -> dict[date, str]:
    names = [name for name in connection.scalars(text(EXISTING)) if name != f"{TABLE}_default"]
    return {
        datetime.strptime(name.removeprefix(f"{TABLE}_"), "%Y_%m").replace(tzinfo=UTC).date(): name
        for name in names
    }


def _make(connection: Connection, month: date, name: str) -> None:
    """Creates a table, fills it from the default partition, and attaches it.

    PostgreSQL refuses to attach a partition while the default one still has rows of its range.
    """
    span = {"start": f"{month} 00:00Z", "end": f"{following(month)} 00:00Z"}
    # Or a call of that month could reach the default partition between the move and the attachment.
    connection.execute(text(f"LOCK TABLE {TABLE}_default IN ACCESS EXCLUSIVE MODE"))
    connection.execute(text(f"CREATE TABLE {name} (LIKE {TABLE} INCLUDING ALL)"))
    moved = (
        f"WITH moved AS (DELETE FROM {TABLE}_default "  # noqa: S608
        "WHERE created_at >= CAST(:start AS timestamptz) "
        "AND created_at < CAST(:end AS timestamptz) RETURNING *) "
        f"INSERT INTO {name} SELECT * FROM moved"
    )
    connection.execute(text(moved), span)
    connection.execute(
        text(
            f"ALTER TABLE {TABLE} ATTACH PARTITION {name} "
            f"FOR VALUES FROM ('{span['start']}') TO ('{span['end']}')"
        )
    )
