"""Where a retirement date comes from, and what its provider names instead."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("models_catalog", sa.Column("retirement_source", sa.Text(), nullable=True))
    op.add_column("models_catalog", sa.Column("replacement", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("models_catalog", "replacement")
    op.drop_column("models_catalog", "retirement_source")
