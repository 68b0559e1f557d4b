"""What a call is made of, what its parts cost, and what a model can do."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

CAN = ("supports_tools", "supports_structured_output", "supports_vision", "open_weights")
TOKENS = (
    "input_uncached_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "reasoning_tokens",
)
LATENCIES = ("p95_latency_ms", "p50_first_token_ms")


def upgrade() -> None:
    for name in CAN:
        op.add_column("models_catalog", sa.Column(name, sa.Boolean(), nullable=True))
    op.add_column("model_pricing", sa.Column("reasoning_per_1k", sa.Numeric(), nullable=True))
    op.add_column("model_pricing", sa.Column("hour_utc", sa.SmallInteger(), nullable=True))
    op.add_column("model_pricing", sa.Column("tiers", JSONB(), server_default="[]", nullable=False))
    op.create_check_constraint("hour_of_a_day", "model_pricing", "hour_utc BETWEEN 0 AND 23")
    for name in TOKENS:
        op.add_column("model_runtime_stats", sa.Column(name, sa.BigInteger(), nullable=True))
    for name in LATENCIES:
        op.add_column("model_runtime_stats", sa.Column(name, sa.Numeric(), nullable=True))


def downgrade() -> None:
    for name in (*LATENCIES, *TOKENS):
        op.drop_column("model_runtime_stats", name)
    for name in ("tiers", "hour_utc", "reasoning_per_1k"):
        op.drop_column("model_pricing", name)
    for name in CAN:
        op.drop_column("models_catalog", name)
