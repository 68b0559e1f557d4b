"""A database that was filled before facts were appended: nothing is lost on the way, or back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from alembic import command
from sqlalchemy import Engine

from model_intelligence import db
from model_intelligence.evidence.load import load_evidence
from model_intelligence.ledger.record_lookup import record
from tests.model_intelligence.build import NOW
from tests.model_intelligence.observe import rows

BEFORE = "0013"
FILLED = (
    """INSERT INTO models_catalog (model_id, provider, family, display_name, context_window_tokens,
        supports_tools, retires_at, retirement_source, retirement_feed, replacement,
        created_at, updated_at)
    VALUES ('glm-4.6', 'zai', 'glm', 'GLM 4.6', 200000, true, '2027-01-31',
        'https://example.org/ends', 'litellm', 'glm-5', '2026-10-01T06:00Z', '2026-11-01T06:00Z'),
        ('glm-5', 'zai', 'glm', 'GLM 5', 200000, NULL, NULL, NULL, NULL, NULL,
        '2026-10-01T06:00Z', '2026-10-01T06:00Z')""",
    """INSERT INTO model_pricing (model_id, provider, provider_model_id, input_per_1k,
        output_per_1k, currency, effective_at, observed_at, source, revision)
    VALUES ('glm-4.6', 'zai', 'glm-4.6', 0.0006, 0.0022, 'USD', 'epoch',
        '2026-10-01T06:00Z', 'list', 1),
        ('glm-4.6', 'zai', 'glm-4.6', 0.0005, 0.0020, 'USD', '2026-10-20T06:00Z',
        '2026-10-20T06:00Z', 'list', 1),
        ('glm-5', 'zai', 'glm-5', 0.001, 0.003, 'USD', 'epoch', '2026-10-01T06:00Z', 'list', 1)""",
    """INSERT INTO model_benchmarks (model_id, benchmark_name, score, unit, task_type, source,
        higher_is_better, revision, observed_at)
    VALUES ('glm-4.6', 'SWE-bench Verified', 68, 'percent', 'code', 'board', true, 1,
        '2026-10-01T06:00Z'),
        ('glm-4.6', 'SWE-bench Verified', 68.2, 'percent', 'code', 'board', true, 2,
        '2026-10-05T06:00Z')""",
    """INSERT INTO model_sentiment_signals (model_id, sentiment, source, source_url, snippet,
        author, observed_at)
    VALUES ('glm-5', 'positive', 'hn', 'https://news.example/1', 'It fixed our parser.', 'ann',
        '2026-10-02T06:00Z')""",
    """INSERT INTO model_runtime_stats (window_start, window_end, provider, model, role, calls,
        total_tokens, success_rate, outcomes)
    VALUES ('2026-10-01', '2026-10-31', 'zai', 'glm-4.6', 'builder', 100, 2000, 0.9, 100)""",
    """INSERT INTO model_recommendations (status, use_case, current_model, recommended_model,
        reasoning, composite_score, confidence, evidence, decision, evidence_digest)
    VALUES ('implemented', 'tidy', 'glm-4.6', 'glm-5', 'better', 0.8, 0.6, '{}', '{"version": 1}',
        'abc')""",
    """INSERT INTO llm_usage_events (event_id, created_at, provider, model, role, prompt_tokens,
        completion_tokens)
    VALUES ('1', '2026-10-03T06:00Z', 'zai', 'glm-4.6', 'builder', 10, 20),
        ('2', '2026-11-03T06:00Z', 'zai', 'glm-4.6', 'builder', 10, 20)""",
    """INSERT INTO unmatched_names (source, name, reason, rows, first_seen, last_seen)
    VALUES ('aider', 'glm something', 'no model is called so', 2, '2026-10-03T06:00Z',
        '2026-10-04T06:00Z')""",
)
TABLES = (
    *("models_catalog", "model_pricing", "model_benchmarks", "model_sentiment_signals"),
    *("model_runtime_stats", "model_recommendations", "llm_usage_events", "unmatched_names"),
)


ENDS = "SELECT model_id, retires_at::text, replacement FROM models_catalog ORDER BY model_id"


def filled(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    db.migrate(engine, BEFORE)
    with engine.begin() as connection:
        for statement in FILLED:
            connection.exec_driver_sql(statement)
    return {table: content(engine, table) for table in TABLES}


def content(engine: Engine, table: str, columns: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The rows by column, in order of all that they hold; only some columns, if given."""
    with engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT * FROM {table}").mappings().all()  # noqa: S608
    kept = [{name: row[name] for name in columns or row} for row in found]
    return sorted(kept, key=lambda row: str(sorted((k, str(v)) for k, v in row.items())))


def test_every_row_is_there_after_the_upgrade_with_what_it_held(empty_database_url: str) -> None:
    with db.open_engine(empty_database_url) as engine:
        before = filled(engine)
        db.migrate(engine)
        for table, held in before.items():
            kept = [name for name in held[0] if name in content(engine, table)[0]]
            assert content(engine, table, kept) == [
                {name: row[name] for name in kept} for row in held
            ]
        assert rows(engine, ENDS) == [("glm-4.6", "2027-01-31", "glm-5"), ("glm-5", None, None)]


def test_what_was_known_before_is_read_as_of_then(empty_database_url: str) -> None:
    with db.open_engine(empty_database_url) as engine:
        filled(engine)
        db.migrate(engine)
        with db.transaction(engine) as session:
            now = load_evidence(session, NOW)
            october = NOW.replace(month=10, day=6)
            then = load_evidence(session, october, as_of=october)
            assert record(session, "runtime", 1).columns["calls"] == 100
        assert str(now.prices["glm-4.6", "zai"].input_per_1k) == "0.0005"
        assert str(then.prices["glm-4.6", "zai"].input_per_1k) == "0.0006"
        assert now.models["glm-4.6"].retires_at is not None
        assert then.models["glm-4.6"].retires_at is None  # the row was changed in November
        assert then.models["glm-5"].context_window_tokens == 200_000
        assert str(now.benchmarks["glm-4.6"][0].score) == "68.2"


CALLS = ((100, 20, 7), (5_000, 0, 300), (1, 900, 12))  # sent and not cached, cached, made
DAILY = """INSERT INTO telemetry_daily (day, since, provider, model, basis, above_tokens, calls,
    blameless_calls, transport_calls, transport_ok, task_calls, task_ok, outcomes, successes,
    total_calls, recorded_calls, {names})
VALUES ('2026-11-01', '2026-11-01', 'zai', 'glm-5', 'classes', 0, 3, 3, 0, 0, 0, 0, 0, 0, 3, 0,
    {values})"""
Moments = Mapping[str, Callable[[int, int, int], int]]
SECOND_MOMENTS: Moments = {
    "full_squared": lambda full, cached, made: full**2,
    "cached_squared": lambda full, cached, made: cached**2,
    "made_squared": lambda full, cached, made: made**2,
    "full_cached_squared": lambda full, cached, made: (full + cached) ** 2,
    "full_made_squared": lambda full, cached, made: (full + made) ** 2,
    "cached_made_squared": lambda full, cached, made: (cached + made) ** 2,
}
PRODUCTS: Moments = {
    "prompt_prompt": lambda full, cached, made: (full + cached) ** 2,
    "cached_cached": lambda full, cached, made: cached**2,
    "completion_completion": lambda full, cached, made: made**2,
    "prompt_cached": lambda full, cached, made: (full + cached) * cached,
    "prompt_completion": lambda full, cached, made: (full + cached) * made,
    "cached_completion": lambda full, cached, made: cached * made,
}


def test_the_spread_of_costs_is_carried_over_and_back(empty_database_url: str) -> None:
    before = {name: sum(of(*one) for one in CALLS) for name, of in SECOND_MOMENTS.items()}
    after = {name: sum(of(*one) for one in CALLS) for name, of in PRODUCTS.items()}
    with db.open_engine(empty_database_url) as engine:
        db.migrate(engine, "0022")
        with engine.begin() as connection:
            names, values = ", ".join(before), ", ".join(map(str, before.values()))
            connection.exec_driver_sql(DAILY.format(names=names, values=values))
        db.migrate(engine)
        assert content(engine, "telemetry_daily", list(after)) == [after]
        with engine.connect() as connection:
            config = db.alembic_config()
            config.attributes["connection"] = connection
            command.downgrade(config, "0022")
            connection.commit()
        assert content(engine, "telemetry_daily", list(before)) == [before]


def test_the_way_back_leaves_the_tables_of_then_with_their_rows(empty_database_url: str) -> None:
    with db.open_engine(empty_database_url) as engine:
        before = filled(engine)
        db.migrate(engine)
        with engine.connect() as connection:
            config = db.alembic_config()
            config.attributes["connection"] = connection
            command.downgrade(config, BEFORE)
            connection.commit()
        assert {table: content(engine, table) for table in TABLES} == before
