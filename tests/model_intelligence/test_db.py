"""The database: its address, its migrations, its constraints."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from model_intelligence import db
from model_intelligence.errors import ModelIntelligenceError, UsageError
from model_intelligence.models import (
    Base,
    ModelBenchmark,
    ModelCatalog,
    ModelPricing,
    ModelRecommendation,
    ModelRuntimeStats,
    ModelSentimentSignal,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TABLES = {
    "models_catalog",
    "model_pricing",
    "model_benchmarks",
    "model_runtime_stats",
    "model_sentiment_signals",
    "model_recommendations",
    "llm_usage_events",
    "source_runs",
    "telemetry_sources",
}
PARTITION = re.compile(r"llm_usage_events_(default|\d{4}_\d{2})")


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Partitions come and go with the calls; their shape is their table's."""
    return not (kind == "table" and name and PARTITION.fullmatch(name))


def catalog(model_id: str = "glm-4.7") -> ModelCatalog:
    return ModelCatalog(model_id=model_id, provider="zai", family="glm", display_name="GLM 4.7")


def benchmark(**changed: object) -> ModelBenchmark:
    values: dict[str, object] = {
        "model_id": "glm-4.7",
        "benchmark_name": "SWE-bench Verified",
        "score": Decimal("48.5"),
        "unit": "percent",
        "task_type": "code",
        "source": "official",
        "source_url": "https://example.org/board",
    }
    return ModelBenchmark(**{**values, **changed})


def price(**changed: object) -> ModelPricing:
    values: dict[str, object] = {
        "model_id": "glm-4.7",
        "provider": "zai",
        "provider_model_id": "glm-4.7",
        "input_per_1k": Decimal("0.0006"),
        "output_per_1k": Decimal("0.0022"),
        "effective_at": NOW,
        "source": "list",
    }
    return ModelPricing(**{**values, **changed})


def test_migrating_up_down_and_up_again_leaves_the_tables(empty_database_url: str) -> None:
    with db.open_engine(empty_database_url) as engine:
        db.migrate(engine)
        assert set(inspect(engine).get_table_names()) >= TABLES
        db.migrate(engine, "base")
        assert set(inspect(engine).get_table_names()) == {"alembic_version"}
        db.migrate(engine)
        assert set(inspect(engine).get_table_names()) >= TABLES


def test_models_and_migrations_do_not_drift(engine: Engine) -> None:
    with engine.connect() as connection:
        options = {"compare_server_default": True, "include_name": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_every_constraint_has_a_name_of_ours(engine: Engine) -> None:
    named = text(
        "SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace "
        "AND contype <> 'n' AND conname NOT LIKE 'alembic%' "
        "AND NOT (SELECT relispartition FROM pg_class WHERE pg_class.oid = conrelid)"
    )
    with engine.connect() as connection:
        names = set(connection.scalars(named))
    assert all(name.split("_")[0] in {"pk", "uq", "ck", "fk"} for name in names), names


def test_a_price_of_four_cent_thousandths_per_million_tokens_survives(session: Session) -> None:
    tiny = Decimal("0.00004") / 1000
    session.add(catalog())
    session.flush()
    session.add(price(input_per_1k=tiny))
    session.flush()
    session.expire_all()
    assert session.query(ModelPricing).one().input_per_1k == tiny == Decimal("4E-8")


def test_timestamps_come_back_aware(session: Session) -> None:
    session.add(catalog())
    session.flush()
    session.expire_all()
    assert session.query(ModelCatalog).one().created_at.tzinfo is not None


def test_the_guides_benchmark_example_is_accepted(session: Session) -> None:
    session.add(catalog())
    session.flush()
    session.add(benchmark(dataset_version="2024-12"))
    session.flush()


def test_a_benchmark_without_a_version_is_not_stored_twice(session: Session) -> None:
    session.add(catalog())
    session.flush()
    session.add_all([benchmark(), benchmark(score=Decimal(50))])
    with pytest.raises(IntegrityError, match="uq_result"):
        session.flush()


def test_runtime_stats_without_a_role_are_not_stored_twice(session: Session) -> None:
    def stats() -> ModelRuntimeStats:
        return ModelRuntimeStats(
            window_start=NOW.replace(day=1),
            window_end=NOW,
            provider="zai",
            model="glm-4.7",
            role=None,
            calls=1,
            total_tokens=1,
        )

    session.add_all([stats(), stats()])
    with pytest.raises(IntegrityError, match="uq_window"):
        session.flush()


@pytest.mark.parametrize(
    ("row", "constraint"),
    [
        (price(currency="usd"), "ck_model_pricing_currency_iso_4217"),
        (price(input_per_1k=Decimal(-1)), "ck_model_pricing_not_negative"),
        (
            ModelSentimentSignal(
                model_id="glm-4.7",
                source="hn",
                source_url="https://example.org",
                snippet="!",
                sentiment="great",
            ),
            "ck_model_sentiment_signals_sentiment_known",
        ),
    ],
)
def test_a_row_that_means_nothing_is_refused(session: Session, row: Base, constraint: str) -> None:
    session.add(catalog())
    session.flush()
    session.add(row)
    with pytest.raises(IntegrityError, match=constraint):
        session.flush()


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"status": "open"}, "ck_model_recommendations_status_known"),
        ({"confidence": Decimal("1.01")}, "ck_model_recommendations_confidence_a_share"),
        ({"confidence": Decimal("-0.01")}, "ck_model_recommendations_confidence_a_share"),
    ],
)
def test_a_recommendation_has_a_known_status_and_a_share_of_confidence(
    session: Session, changed: dict[str, object], constraint: str
) -> None:
    values: dict[str, object] = {
        "use_case": "tidy_semantic",
        "current_model": "glm-4.6",
        "recommended_model": "glm-4.7",
        "reasoning": "better",
        "composite_score": Decimal("0.8"),
        "confidence": Decimal("0.9"),
        "evidence": {},
        "decision": {},
        "evidence_digest": "0",
    }
    session.add(ModelRecommendation(**{**values, **changed}))
    with pytest.raises(IntegrityError, match=constraint):
        session.flush()


def test_without_database_url_one_line_says_what_to_set() -> None:
    with pytest.raises(UsageError, match=r"^DATABASE_URL is not set; set DATABASE_URL=.*$"):
        db.database_url({})


def test_sqlite_is_refused_with_the_reason() -> None:
    with pytest.raises(UsageError, match=r"^DATABASE_URL names SQLite, which has no exact NUMERIC"):
        db.database_url({"DATABASE_URL": "sqlite:///:memory:"})


def test_a_foreign_address_is_refused_without_showing_its_password() -> None:
    with pytest.raises(UsageError) as refused:
        db.database_url({"DATABASE_URL": "mysql://me:secret@host/db"})
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_every_postgresql_spelling_uses_psycopg2(scheme: str) -> None:
    engine = db.engine_for(f"{scheme}://user:word@host:5432/name")
    assert engine.url.drivername == "postgresql+psycopg2"


def test_embedded_data_go_where_the_address_says(tmp_path: Path) -> None:
    assert db.embedded_directory(f"embedded:{tmp_path}/a b") == tmp_path / "a b"
    home = {"XDG_DATA_HOME": str(tmp_path)}
    assert db.embedded_directory("embedded:", home) == tmp_path / "model-bot" / "postgres"


def test_an_unreachable_server_is_one_sentence(tmp_path: Path) -> None:
    url = f"postgresql://postgres@/nothing?host={tmp_path}"
    with (
        pytest.raises(ModelIntelligenceError, match="cannot use the database of DATABASE_URL"),
        db.open_database(url),
    ):
        pass


def test_an_unknown_revision_is_a_usage_error(engine: Engine) -> None:
    with pytest.raises(UsageError, match="cannot migrate to 'nowhere'"):
        db.migrate(engine, "nowhere")


def test_a_value_that_the_database_refuses_is_one_sentence(engine: Engine) -> None:
    with (
        pytest.raises(ModelIntelligenceError, match="the database refused a value"),
        db.transaction(engine) as session,
    ):
        session.execute(text("SELECT '1e200000'::numeric"))
