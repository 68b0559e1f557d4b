"""Release dates with who states them, and ends that are promised or undated."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0027"
down_revision: str | None = "0026"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("models_catalog", sa.Column("release_dates", JSONB(none_as_null=True)))
    op.add_column("models_catalog", sa.Column("retires_not_before", sa.Date()))
    op.add_column("model_lifecycles", sa.Column("not_before", sa.Date()))
    op.add_column(
        "model_lifecycles",
        sa.Column("is_deprecated", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("model_lifecycles", "is_deprecated")
    op.drop_column("model_lifecycles", "not_before")
    op.drop_column("models_catalog", "retires_not_before")
    op.drop_column("models_catalog", "release_dates")
