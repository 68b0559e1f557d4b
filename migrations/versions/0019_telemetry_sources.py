"""How far each source of telemetry has been read."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COUNTS = ("read", "loaded", "duplicates", "left_out", "rejected")


def upgrade() -> None:
    op.create_table(
        "telemetry_sources",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("mark", JSONB(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), server_default="0", nullable=False) for name in COUNTS),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_telemetry_sources")),
    )


def downgrade() -> None:
    op.drop_table("telemetry_sources")
