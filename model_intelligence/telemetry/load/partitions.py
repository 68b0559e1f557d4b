"""The months of `llm_usage_events`: made when calls arrive, dropped whole when they are old.

A month without a partition is held by the default one, so that an INSERT of any date works; once
the month gets its partition, what the default one holds of it moves there.
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
"""  # a date beyond is a mistake of a clock: it stays where it is


@dataclass(frozen=True, slots=True)
class Dropped:
    """A month that is gone, and how many calls it held."""

    month: date
    events: int


def following(month: date) -> date:
    """The first day of the next month."""
    return (month + timedelta(days=31)).replace(day=1)


def make(connection: Connection, months: Iterable[date]) -> None:
    """Partitions for those of the months that have none; processes at once take turns."""
    wanted = {month: partition_of(month) for month in sorted(set(months))}
    if wanted.keys() <= _existing(connection).keys():
        return
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    existing = _existing(connection)
    for month, name in wanted.items():
        if month not in existing:
            _make(connection, month, name)


def settle(connection: Connection) -> None:
    """Moves what the default partition holds into partitions of its months."""
    make(connection, connection.scalars(text(HELD_BY_DEFAULT)).all())


def drop_older(connection: Connection, keep_days: int, today: date) -> tuple[Dropped, ...]:
    """Drops every month that ended at least `keep_days` whole days before `today` (UTC).

    A month goes at once and whole, so calls stay up to a month longer than asked for.
    """
    settle(connection)
    first_kept = today - timedelta(days=keep_days)
    gone = []
    for month, name in _existing(connection).items():
        if following(month) <= first_kept:
            events = connection.scalar(text(f"SELECT count(*) FROM {name}"))  # noqa: S608
            connection.execute(text(f"DROP TABLE {name}"))
            gone.append(Dropped(month, events or 0))
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
    """Makes the table beside, fills it from the default partition, and attaches it."""
    span = {"start": f"{month} 00:00Z", "end": f"{following(month)} 00:00Z"}
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
