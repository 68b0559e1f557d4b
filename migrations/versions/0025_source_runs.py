"""A run of a source under the name it has everywhere else, and no second owner of an end.

`retirement_feed` repeated what `lifecycle_id` points at since 0015, and nothing read it.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

BEFORE, AFTER = "feed_runs", "source_runs"
CONSTRAINTS = ("ck_{}_status_known", "ck_{}_rows_not_negative", "ck_{}_skipped_says_why", "pk_{}")
# The live source of the end that holds: what the column said while it was kept.
OWNER = """
UPDATE models_catalog c SET retirement_feed = l.source
FROM model_lifecycles l WHERE l.id = c.lifecycle_id AND l.source <> 'llmshift'
"""


def upgrade() -> None:
    _rename(BEFORE, AFTER)
    op.drop_column("models_catalog", "retirement_feed")


def downgrade() -> None:
    op.add_column("models_catalog", sa.Column("retirement_feed", sa.Text(), nullable=True))
    op.execute(OWNER)
    _rename(AFTER, BEFORE)


def _rename(before: str, after: str) -> None:
    """The table, and what PostgreSQL named after it: renaming a table renames none of these."""
    op.rename_table(before, after)
    for name in CONSTRAINTS:
        op.execute(
            f"ALTER TABLE {after} RENAME CONSTRAINT {name.format(before)} TO {name.format(after)}"
        )
    op.execute(f"ALTER INDEX ix_{before}_latest RENAME TO ix_{after}_latest")
    op.execute(f"ALTER SEQUENCE {before}_id_seq RENAME TO {after}_id_seq")
