"""Facts, ends of models, signals and statuses appended; every row with its edition and raw value.

What stands in an older database is carried over as the first revision: what the catalog says of a
model counts as seen when its row was last changed, for that is the latest it can have been.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision: str = "0015"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

EVIDENCE = ("model_pricing", "model_benchmarks", "model_sentiment_signals")
STATUSES = "status IN ('proposed', 'accepted', 'rejected', 'implemented', 'superseded')"
# name -> (table, its key before)
KEYS = {
    "uq_signal": ("model_sentiment_signals", ["model_id", "source_url"]),
    "uq_window": (
        "model_runtime_stats",
        ["window_start", "window_end", "provider", "model", "role"],
    ),
    "uq_unmatched_name": ("unmatched_names", ["source", "name"]),
}

IDENTITY = """
INSERT INTO model_facts (model_id, facts, source, effective_at, observed_at)
SELECT model_id,
    jsonb_build_object('provider', provider, 'family', family, 'display_name', display_name,
        'is_deprecated', false),
    'models_catalog', 'epoch', created_at
FROM models_catalog WHERE updated_at > created_at ORDER BY model_id
"""
FACTS = """
INSERT INTO model_facts (model_id, revision, facts, source, effective_at, observed_at)
SELECT model_id, CASE WHEN updated_at > created_at THEN 2 ELSE 1 END,
    jsonb_strip_nulls(jsonb_build_object(
        'provider', provider, 'family', family, 'display_name', display_name,
        'context_window_tokens', context_window_tokens, 'max_output_tokens', max_output_tokens,
        'released_at', released_at, 'is_deprecated', is_deprecated,
        'supports_tools', supports_tools,
        'supports_structured_output', supports_structured_output,
        'supports_vision', supports_vision, 'open_weights', open_weights)),
    'models_catalog', CASE WHEN updated_at > created_at THEN updated_at ELSE 'epoch' END,
    updated_at
FROM models_catalog ORDER BY model_id
"""
ENDS = """
INSERT INTO model_lifecycles
    (model_id, source, retires_at, replacement, source_url, effective_at, observed_at)
SELECT model_id, coalesce(retirement_feed, 'llmshift'), retires_at, replacement,
    retirement_source, 'epoch', updated_at
FROM models_catalog WHERE retires_at IS NOT NULL ORDER BY model_id
"""
POINTERS = """
UPDATE models_catalog c SET
    fact_id = (SELECT max(id) FROM model_facts f WHERE f.model_id = c.model_id),
    lifecycle_id = (SELECT max(id) FROM model_lifecycles l WHERE l.model_id = c.model_id)
"""
MADE = """
INSERT INTO recommendation_statuses (recommendation_id, status, observed_at)
SELECT id, 'proposed', created_at FROM model_recommendations ORDER BY id
"""
BECAME = """
INSERT INTO recommendation_statuses (recommendation_id, status, pull_request_url, observed_at)
SELECT id, status, pull_request_url, updated_at FROM model_recommendations
WHERE status <> 'proposed' OR pull_request_url IS NOT NULL ORDER BY id
"""


def upgrade() -> None:
    _create_tables()
    for table in EVIDENCE:
        op.add_column(table, sa.Column("source_version", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("raw", JSONB(), nullable=True))
    for name, (table, key) in KEYS.items():
        op.add_column(
            table, sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False)
        )
        op.drop_constraint(name, table, type_="unique")
        _unique(name, table, [*key, "revision"])
    moment = sa.DateTime(timezone=True)
    op.add_column("model_sentiment_signals", sa.Column("forgotten_at", moment, nullable=True))
    op.add_column("unmatched_names", sa.Column("matched_at", moment, nullable=True))
    op.add_column("model_recommendations", sa.Column("setting", JSONB(), nullable=True))
    for column in ("fact_id", "lifecycle_id"):
        op.add_column("models_catalog", sa.Column(column, sa.BigInteger(), nullable=True))
    for statement in (IDENTITY, FACTS, ENDS, POINTERS, MADE, BECAME):
        op.execute(statement)


def _unique(name: str, table: str, key: list[str]) -> None:
    """The role of a window may be missing; two without one are the same."""
    alike = name == "uq_window" or None
    op.create_unique_constraint(name, table, key, postgresql_nulls_not_distinct=alike)


def _create_tables() -> None:
    op.create_table(
        "model_facts",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("facts", JSONB(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        *_origin(),
        sa.ForeignKeyConstraint(
            ["model_id"], ["models_catalog.model_id"], name="fk_model_facts_model_id_models_catalog"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_model_facts"),
        sa.UniqueConstraint("model_id", "revision", name="uq_fact"),
        sa.CheckConstraint("jsonb_typeof(facts) = 'object'", name="facts_an_object"),
    )
    op.create_table(
        "model_lifecycles",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("revision", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("retires_at", sa.Date(), nullable=True),
        sa.Column("replacement", sa.Text(), nullable=True),
        *_origin(),
        sa.ForeignKeyConstraint(
            ["model_id"],
            ["models_catalog.model_id"],
            name="fk_model_lifecycles_model_id_models_catalog",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_model_lifecycles"),
        sa.UniqueConstraint("model_id", "source", "revision", name="uq_lifecycle"),
    )
    op.create_table(
        "recommendation_statuses",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("recommendation_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("pull_request_url", sa.Text(), nullable=True),
        _observed_at(),
        sa.ForeignKeyConstraint(
            ["recommendation_id"],
            ["model_recommendations.id"],
            name="fk_recommendation_statuses_recommendation",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_recommendation_statuses"),
        sa.CheckConstraint(STATUSES, name="status_known"),
    )
    op.create_index(
        "ix_recommendation_statuses_newest",
        "recommendation_statuses",
        ["recommendation_id", sa.text("id DESC")],
    )


def _origin() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("source_url", sa.Text(), nullable=True),
        sa.Column("source_version", sa.Text(), nullable=True),
        sa.Column("raw", JSONB(), nullable=True),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        _observed_at(),
    )


def _observed_at() -> sa.Column[object]:
    return sa.Column(
        "observed_at",
        sa.DateTime(timezone=True),
        server_default=sa.text("now()"),
        nullable=False,
    )


def downgrade() -> None:
    """Keeps the newest of each: what a table without revisions can hold."""
    for column in ("lifecycle_id", "fact_id"):
        op.drop_column("models_catalog", column)
    op.drop_column("model_recommendations", "setting")
    op.execute("DELETE FROM unmatched_names WHERE matched_at IS NOT NULL")
    op.drop_column("unmatched_names", "matched_at")
    op.drop_column("model_sentiment_signals", "forgotten_at")
    for name, (table, key) in KEYS.items():
        same = " AND ".join(f"o.{part} IS NOT DISTINCT FROM n.{part}" for part in key)
        older = f"{same} AND o.revision < n.revision"
        op.execute(f"DELETE FROM {table} o USING {table} n WHERE {older}")  # noqa: S608  # our names
        op.drop_constraint(name, table, type_="unique")
        _unique(name, table, key)
        op.drop_column(table, "revision")
    for table in EVIDENCE:
        op.drop_column(table, "raw")
        op.drop_column(table, "source_version")
    for table in ("recommendation_statuses", "model_lifecycles", "model_facts"):
        op.drop_table(table)
