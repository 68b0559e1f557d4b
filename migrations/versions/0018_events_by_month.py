"""Calls are kept in partitions, one a month; those that were there are carried over."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

TABLE, OLD, SEQUENCE = "llm_usage_events", "llm_usage_events_before", "llm_usage_events_id_seq"
COLUMNS = (
    "id, event_id, created_at, provider, model, response_model, role, use_case, "
    "input_uncached_tokens, cache_read_tokens, cache_write_tokens, output_tokens, "
    "reasoning_tokens, prompt_tokens, completion_tokens, total_tokens, latency_ms, "
    "time_to_first_token_ms, call_ok, task_ok, outcome_source, error_type, cost_usd, session_id"
)
INDEX = f"ix_{TABLE}_created_at"
MONTHS = f"""
SELECT month, month + interval '1 month' FROM (
    SELECT DISTINCT date_trunc('month', created_at AT TIME ZONE 'UTC') AS month FROM {OLD}
) months ORDER BY month
"""  # noqa: S608  # names of this file only


def upgrade() -> None:
    _set_aside()
    op.execute(
        f"CREATE TABLE {TABLE} (LIKE {OLD} INCLUDING DEFAULTS INCLUDING CONSTRAINTS) "
        "PARTITION BY RANGE (created_at)"
    )
    op.create_primary_key(f"pk_{TABLE}", TABLE, ["event_id", "created_at"])
    op.create_index(INDEX, TABLE, ["created_at"])
    # Ids rise as rows arrive: a block range index finds what is new at next to no cost.
    op.create_index(
        f"ix_{TABLE}_id",
        TABLE,
        ["id"],
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on"},
    )
    op.execute(f"CREATE TABLE {TABLE}_default PARTITION OF {TABLE} DEFAULT")
    for start, end in op.get_bind().execute(sa.text(MONTHS)).all():
        op.execute(
            f"CREATE TABLE {TABLE}_{start:%Y_%m} PARTITION OF {TABLE} "
            f"FOR VALUES FROM ('{start:%Y-%m-%d} 00:00Z') TO ('{end:%Y-%m-%d} 00:00Z')"
        )
    _carry_over()


def downgrade() -> None:
    _set_aside()
    op.execute(f"CREATE TABLE {TABLE} (LIKE {OLD} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
    op.create_primary_key(f"pk_{TABLE}", TABLE, ["id"])
    op.create_unique_constraint("uq_event", TABLE, ["event_id"])
    op.create_index(INDEX, TABLE, ["created_at"])
    _carry_over()


def _set_aside() -> None:
    """Renames the table and what is named after it, so that the new one can have the names."""
    op.rename_table(TABLE, OLD)
    op.execute(f"ALTER TABLE {OLD} DROP CONSTRAINT pk_{TABLE}")
    op.execute(f"DROP INDEX {INDEX}")
    op.execute(f"ALTER SEQUENCE {SEQUENCE} OWNED BY NONE")


def _carry_over() -> None:
    # One event id in two months is two events here and one without partitions: the earlier stays.
    op.execute(
        f"INSERT INTO {TABLE} ({COLUMNS}) SELECT {COLUMNS} FROM {OLD} "  # noqa: S608
        "ORDER BY created_at, id ON CONFLICT DO NOTHING"
    )
    op.execute(f"DROP TABLE {OLD}")
    op.execute(f"ALTER SEQUENCE {SEQUENCE} OWNED BY {TABLE}.id")
