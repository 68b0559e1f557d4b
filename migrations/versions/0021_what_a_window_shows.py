"""What a window shows of a model: per use case, transport and task apart, more percentiles."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COUNTS = (*("caller_errors", "transport_calls", "transport_ok", "task_calls", "task_ok"),)
FIGURES = (
    *("p95_tokens", "p99_tokens", "p99_latency_ms"),
    *("p90_first_token_ms", "p95_first_token_ms", "p99_first_token_ms"),
    *("usd_per_call_error", "percentile_error"),
)
WINDOW = ("window_start", "window_end", "provider", "model", "role")


def upgrade() -> None:
    op.add_column("model_runtime_stats", sa.Column("use_case", sa.Text(), nullable=True))
    for name in COUNTS:
        op.add_column(
            "model_runtime_stats",
            sa.Column(name, sa.BigInteger(), server_default="0", nullable=False),
        )
    for name in FIGURES:
        op.add_column("model_runtime_stats", sa.Column(name, sa.Numeric(), nullable=True))
    _unique(*WINDOW, "use_case", "revision")


def _unique(*columns: str) -> None:
    op.drop_constraint("uq_window", "model_runtime_stats", type_="unique")
    op.create_unique_constraint(
        "uq_window", "model_runtime_stats", columns, postgresql_nulls_not_distinct=True
    )


def downgrade() -> None:
    op.execute("DELETE FROM model_runtime_stats WHERE use_case IS NOT NULL")
    _unique(*WINDOW, "revision")
    for name in (*FIGURES, *COUNTS, "use_case"):
        op.drop_column("model_runtime_stats", name)
