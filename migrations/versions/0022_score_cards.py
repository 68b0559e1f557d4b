"""What merged proposals promised, and what came of it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

OUTCOMES = (
    "outcome IN ('as_promised', 'better', 'missed', 'regressed', 'not_attributable', 'undecided',"
    " 'too_few_calls', 'not_promised')"
)


def upgrade() -> None:
    op.add_column("llm_usage_events", sa.Column("prompt_version", sa.Text(), nullable=True))
    op.create_table(
        "merged_proposals",
        sa.Column("recommendation_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("conditions", JSONB(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        _observed_at(),
        sa.PrimaryKeyConstraint("recommendation_id", name="pk_merged_proposals"),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["model_recommendations.id"],
            name="fk_merged_proposals_recommendation",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "proposal_predictions",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("recommendation_id", sa.BigInteger(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        *_figure("before"),
        sa.Column("before_stats_id", sa.BigInteger(), nullable=True),
        *_figure("predicted"),
        sa.Column("predicted_stats_id", sa.BigInteger(), nullable=True),
        _observed_at(),
        sa.PrimaryKeyConstraint("id", name="pk_proposal_predictions"),
        sa.UniqueConstraint("recommendation_id", "measure", name="uq_prediction"),
        _merged("proposal_predictions"),
    )
    op.create_table(
        "proposal_actuals",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("recommendation_id", sa.BigInteger(), nullable=False),
        sa.Column("days", sa.BigInteger(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        *_figure("actual"),
        sa.Column("stats_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reasons", ARRAY(sa.Text()), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        _observed_at(),
        sa.PrimaryKeyConstraint("id", name="pk_proposal_actuals"),
        sa.UniqueConstraint("recommendation_id", "days", "measure", "revision", name="uq_actual"),
        sa.CheckConstraint(OUTCOMES, name="outcome_known"),
        _merged("proposal_actuals"),
    )


def _figure(name: str) -> list[sa.Column[object]]:
    return [
        sa.Column(each, sa.Numeric(), nullable=True)
        for each in (name, f"{name}_low", f"{name}_high")
    ]


def _observed_at() -> sa.Column[object]:
    return sa.Column(
        "observed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
    )


def _merged(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["recommendation_id"],
        ["merged_proposals.recommendation_id"],
        name=f"fk_{table}_merged",
        ondelete="CASCADE",
    )


def downgrade() -> None:
    for table in ("proposal_actuals", "proposal_predictions", "merged_proposals"):
        op.drop_table(table)
    op.drop_column("llm_usage_events", "prompt_version")
