"""Which model a host serves, where a list says so: open weights of several hosts are one model."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("models_catalog", sa.Column("base_model", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("models_catalog", "base_model")
