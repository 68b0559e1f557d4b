"""How uncertain a rating or an index is, where its source states an interval."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("model_benchmarks", sa.Column("standard_error", sa.Numeric(), nullable=True))


def downgrade() -> None:
    op.drop_column("model_benchmarks", "standard_error")
