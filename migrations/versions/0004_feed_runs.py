"""Every look at a live source, and which source a retirement date is owned by."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("models_catalog", sa.Column("retirement_feed", sa.Text(), nullable=True))
    op.create_table(
        "feed_runs",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("rows", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("dropped", JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint(
            "status IN ('stored', 'unchanged', 'skipped')", name=op.f("ck_feed_runs_status_known")
        ),
        sa.CheckConstraint("rows >= 0", name=op.f("ck_feed_runs_rows_not_negative")),
        sa.CheckConstraint(
            "status <> 'skipped' OR reason IS NOT NULL", name=op.f("ck_feed_runs_skipped_says_why")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_runs")),
    )
    op.create_index("ix_feed_runs_latest", "feed_runs", ["source", sa.literal_column("id DESC")])


def downgrade() -> None:
    op.drop_table("feed_runs")
    op.drop_column("models_catalog", "retirement_feed")
