"""Who said something, and when: one author has one voice, which fades."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("model_sentiment_signals", sa.Column("author", sa.Text(), nullable=True))
    op.add_column(
        "model_sentiment_signals",
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("model_sentiment_signals", "published_at")
    op.drop_column("model_sentiment_signals", "author")
