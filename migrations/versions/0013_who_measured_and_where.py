"""Who ran a benchmark, and where a price is for."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

KINDS = "source_kind IN ('own', 'independent', 'author', 'aggregator', 'provider')"


def upgrade() -> None:
    op.add_column(
        "model_benchmarks",
        sa.Column("source_kind", sa.Text(), server_default="independent", nullable=False),
    )
    op.create_check_constraint("source_kind_known", "model_benchmarks", KINDS)
    op.add_column("model_pricing", sa.Column("region", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("model_pricing", "region")
    op.drop_column("model_benchmarks", "source_kind")
