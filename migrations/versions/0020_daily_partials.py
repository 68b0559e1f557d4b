"""Telemetry as daily partials that add up, and the days whose partials are behind their calls."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COUNTS = (
    *("calls", "blameless_calls", "transport_calls", "transport_ok", "task_calls", "task_ok"),
    *("outcomes", "successes", "total_calls", "recorded_calls"),
)
TOKENS = (
    *("total_tokens", "prompt_tokens", "completion_tokens", "input_uncached_tokens"),
    *("cache_read_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens"),
)
SQUARES = (
    *("full_squared", "cached_squared", "made_squared"),
    *("full_cached_squared", "full_made_squared", "cached_made_squared"),
)
TABLES = ("telemetry_stale_days", "telemetry_folds", "telemetry_daily")
HISTOGRAMS = (("telemetry_histograms", "since"), ("telemetry_months", "month"))

# A mark belongs to the transaction that writes the calls: whoever folds a day takes away only the
# marks that it can see, and so only those whose calls it can see. One mark per day for all would
# be lost to a writer that has not committed yet. `removed`: the day lost calls on purpose. A writer
# may have a search path of its own (postgres_fdw has none).
MARK = """
CREATE FUNCTION telemetry_mark_stale_days() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO telemetry_stale_days AS known (day, writer, removed)
        SELECT DISTINCT CAST(created_at AT TIME ZONE 'UTC' AS date),
            CAST(CAST(pg_current_xact_id() AS text) AS bigint), false
        FROM new_calls
        ON CONFLICT (day, writer) DO NOTHING;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO telemetry_stale_days AS known (day, writer, removed)
        SELECT day, CAST(CAST(pg_current_xact_id() AS text) AS bigint), sum(change) < 0
        FROM (
            SELECT CAST(created_at AT TIME ZONE 'UTC' AS date) AS day, -1 AS change FROM old_calls
            UNION ALL
            SELECT CAST(created_at AT TIME ZONE 'UTC' AS date), 1 FROM new_calls
        ) changes
        GROUP BY day
        ON CONFLICT (day, writer) DO UPDATE SET removed = true
        WHERE excluded.removed AND NOT known.removed;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO telemetry_stale_days AS known (day, writer, removed)
        SELECT DISTINCT CAST(created_at AT TIME ZONE 'UTC' AS date),
            CAST(CAST(pg_current_xact_id() AS text) AS bigint), true
        FROM old_calls
        ON CONFLICT (day, writer) DO UPDATE SET removed = true WHERE NOT known.removed;
    ELSE
        INSERT INTO telemetry_stale_days AS known (day, writer, removed)
        SELECT day, CAST(CAST(pg_current_xact_id() AS text) AS bigint), true FROM telemetry_folds
        ON CONFLICT (day, writer) DO UPDATE SET removed = true WHERE NOT known.removed;
    END IF;
    RETURN NULL;
END
$$
"""
TRIGGERS = {
    "INSERT": "REFERENCING NEW TABLE AS new_calls",
    "UPDATE": "REFERENCING OLD TABLE AS old_calls NEW TABLE AS new_calls",
    "DELETE": "REFERENCING OLD TABLE AS old_calls",
    "TRUNCATE": "",
}


def upgrade() -> None:
    op.create_table(
        "telemetry_stale_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("writer", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", "writer", name=op.f("pk_telemetry_stale_days")),
    )
    op.create_table(
        "telemetry_folds",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("cuts", ARRAY(sa.DateTime(timezone=True)), nullable=False),
        sa.Column("folded_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_telemetry_folds")),
    )
    _create_daily()
    for table, start in HISTOGRAMS:
        _create_histograms(table, start)
    op.execute(MARK)
    for event, transition in TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER telemetry_{event.lower()} AFTER {event} ON llm_usage_events "
            f"{transition} FOR EACH STATEMENT EXECUTE FUNCTION telemetry_mark_stale_days()"
        )
    op.execute(
        "INSERT INTO telemetry_stale_days (day, writer, removed) "
        "SELECT DISTINCT CAST(created_at AT TIME ZONE 'UTC' AS date), 0, false "
        "FROM llm_usage_events"
    )


def _create_daily() -> None:
    key = ("provider", "model", "role", "use_case", "response_model", "basis", "above_tokens")
    op.create_table(
        "telemetry_daily",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("provider", "model")),
        *(sa.Column(name, sa.Text()) for name in ("role", "use_case", "response_model")),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("above_tokens", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTS),
        *(sa.Column(name, sa.BigInteger()) for name in TOKENS),
        sa.Column("recorded_usd", sa.Numeric()),
        *(sa.Column(name, sa.Double()) for name in SQUARES),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telemetry_daily")),
        sa.UniqueConstraint(
            "day", "since", *key, name="uq_daily", postgresql_nulls_not_distinct=True
        ),
        sa.CheckConstraint(
            "basis IN ('classes', 'totals', 'none')", name=op.f("ck_telemetry_daily_basis_known")
        ),
        sa.CheckConstraint("calls > 0", name=op.f("ck_telemetry_daily_calls_positive")),
    )


def _create_histograms(table: str, start: str) -> None:
    day = start == "since"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), nullable=False),
        *((sa.Column("day", sa.Date(), nullable=False),) if day else ()),
        sa.Column(start, sa.DateTime(timezone=True) if day else sa.Date(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("provider", "model")),
        *(sa.Column(name, sa.Text()) for name in ("role", "use_case")),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("histogram", ARRAY(sa.BigInteger()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint(
            *(("day",) if day else ()),
            *(start, "provider", "model", "role", "use_case", "measure"),
            name=f"uq_{table}",
            postgresql_nulls_not_distinct=True,
        ),
    )


def downgrade() -> None:
    for event in TRIGGERS:
        op.execute(f"DROP TRIGGER telemetry_{event.lower()} ON llm_usage_events")
    op.execute("DROP FUNCTION telemetry_mark_stale_days()")
    for table in (*(name for name, _ in HISTOGRAMS), *reversed(TABLES)):
        op.drop_table(table)
