"""Names of leaderboards that no model has, waiting for review."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "unmatched_names",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rows > 0", name=op.f("ck_unmatched_names_rows_positive")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmatched_names")),
        sa.UniqueConstraint("source", "name", name="uq_unmatched_name"),
    )


def downgrade() -> None:
    op.drop_table("unmatched_names")
