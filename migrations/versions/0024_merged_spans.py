"""Merged histograms of other spans than months, which left up to sixty days to add singly."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MONTHS, SPANS = "telemetry_months", "telemetry_spans"


def upgrade() -> None:
    _replace(MONTHS, SPANS, ("first", "after"))


def downgrade() -> None:
    _replace(SPANS, MONTHS, ("month",))


def _replace(before: str, after: str, when: tuple[str, ...]) -> None:
    """Another table for the merged ones, empty: each is made again when a window needs it."""
    op.drop_table(before)
    op.create_table(
        after,
        sa.Column("id", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.Date(), nullable=False) for name in when),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("provider", "model")),
        *(sa.Column(name, sa.Text()) for name in ("role", "use_case")),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("histogram", ARRAY(sa.BigInteger()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{after}")),
        sa.UniqueConstraint(
            *(*when, "provider", "model", "role", "use_case", "measure"),
            name=f"uq_{after}",
            postgresql_nulls_not_distinct=True,
        ),
    )
