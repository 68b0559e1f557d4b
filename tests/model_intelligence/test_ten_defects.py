"""Ten defects of an earlier implementation of this system, each by its number and name.

Where the defect was in SQL, PostgreSQL answers: facts are ingested, read back and decided on.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from model_intelligence import recommendations
from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.config.benchmarks_yaml import BenchmarksFile
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.config.models_yaml import with_model
from model_intelligence.db import transaction
from model_intelligence.decision.score import score_price, score_runtime
from model_intelligence.decision.values import Decision, Keep, Upgrade
from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.evidence.load import load_evidence
from model_intelligence.explanation.recommendation import Recommendation
from model_intelligence.ingest.benchmarks import ingest_benchmarks
from model_intelligence.models import ModelBenchmark
from model_intelligence.observations.listing import Listing
from model_intelligence.recommender import recommend
from model_intelligence.report.patch_file import patch_text
from model_intelligence.runtime_stats import compute_runtime_stats
from tests.benchmarks import market, recommending
from tests.model_intelligence.build import (
    CURRENT,
    NOW,
    OTHER,
    TODAY,
    evidence,
    listing,
    model,
    point,
    policy,
    price,
    result,
    stats,
)
from tests.model_intelligence.observe import rows, statements

CONFIG = BotConfig.model_validate(
    {"use_cases": {"tidy_semantic": {"paths": [["models", "tidy"]], "providers": ["zai"]}}}
)
YAML_FILE = "# Reviewed by hand.\nmodels:\n  tidy: glm-4.6 # many short calls\n# The end.\n"


def store(engine: Engine, *listings: Listing) -> None:
    with transaction(engine) as session:
        ingest_catalog(session, configured=(), rows=listings, now=NOW)


def publish(engine: Engine, name: str, scores: dict[str, float], unit: str = "percent") -> None:
    group = {
        "benchmark_name": name,
        "unit": unit,
        "task_type": "code",
        "task_count": 500,
        "source": "board",
        "source_url": "https://example.org/board",
        "results": [{"model": model_id, "score": score} for model_id, score in scores.items()],
    }
    with transaction(engine) as session:
        ingest_benchmarks(session, BenchmarksFile.model_validate({"benchmarks": [group]}), NOW)


def decide(engine: Engine, current: str = CURRENT) -> Decision:
    with transaction(engine) as session:
        return recommend(policy(), current, load_evidence(session, NOW), TODAY)


def stored(engine: Engine, decision: Decision) -> Recommendation:
    assert isinstance(decision, Upgrade)
    with transaction(engine) as session:
        [saved] = recommendations.save(session, [decision])
    return saved


def better() -> Decision:
    """A proposal at the same price."""
    facts = model(), price(), result(score="40"), model(OTHER), price(OTHER, id=2)
    better_score = result(OTHER, "60", id=2)
    return recommend(policy(), CURRENT, evidence(*facts, better_score), TODAY)


def test_1_a_filter_in_sql_that_is_always_false_finds_nobody(engine: Engine) -> None:
    store(engine, listing(CURRENT), listing(OTHER), listing("glm-old", is_deprecated=True))
    publish(engine, "Board", {CURRENT: 40, OTHER: 60})
    decision = decide(engine)
    assert isinstance(decision, Upgrade)
    assert decision.candidate.model.model_id == OTHER
    assert [one.model_id for one in decision.assessment.excluded] == ["glm-old"]


def test_2_without_a_baseline_an_identical_model_is_proposed(engine: Engine) -> None:
    store(engine, listing(CURRENT), listing(OTHER))
    publish(engine, "Board", {CURRENT: 50, OTHER: 50})
    decision = decide(engine)
    assert isinstance(decision, Keep)
    [same] = decision.assessment.candidates
    assert same.score.total == decision.assessment.staying.total == Decimal("0.675")


def test_3_missing_data_is_rewarded() -> None:
    dear = score_price(price(), price(OTHER, "0.0021", id=2))[0]
    unknown = score_price(price(), None)[0]
    assert dear.value < unknown.value  # the published score stays as it was published, but
    unpriced = recommend(
        policy(),
        CURRENT,
        evidence(model(), price(), result(), model(OTHER), result(OTHER, "90", id=2)),
        TODAY,
    )
    assert unpriced.assessment.candidates == ()
    unmeasured = recommend(
        policy(), CURRENT, evidence(model(), price(), model(OTHER), price(OTHER, "0.0001")), TODAY
    )
    assert isinstance(unmeasured, Keep)


def test_4_different_benchmarks_are_averaged(engine: Engine) -> None:
    store(engine, listing(CURRENT), listing(OTHER))
    publish(engine, "SWE-bench", {CURRENT: 45.5})
    publish(engine, "HumanEval", {OTHER: 80})
    publish(engine, "Arena", {CURRENT: 1000, OTHER: 1250}, unit="elo")
    decision = decide(engine)
    assert isinstance(decision, Keep)
    [other] = decision.assessment.candidates
    assert other.quality_delta_pct is None
    assert other.compared == ()


@pytest.mark.parametrize("missing", ["dataset_version", "harness", "effort", "measured_at"])
def test_5_a_null_in_a_key_lets_duplicates_in(engine: Engine, missing: str) -> None:
    store(engine, listing(OTHER))
    row = {
        **dict.fromkeys(("dataset_version", "harness", "effort"), "x"),
        "measured_at": TODAY,
        "model_id": OTHER,
        "benchmark_name": "Board",
        "score": 50,
        "unit": "percent",
        "task_type": "code",
        "source": "board",
        "source_url": "https://example.org/board",
        missing: None,
    }
    with pytest.raises(IntegrityError, match="uq_result"), transaction(engine) as session:
        session.add_all([ModelBenchmark(**row), ModelBenchmark(**row)])


def test_5_reading_the_same_prices_again_adds_rows(engine: Engine) -> None:
    for _ in range(2):
        store(engine, listing(CURRENT), listing(OTHER))
        publish(engine, "Board", {CURRENT: 50})
    assert rows(engine, "SELECT count(*) FROM model_pricing") == [(2,)]
    assert rows(engine, "SELECT count(*) FROM model_benchmarks") == [(1,)]


def test_6_a_price_of_the_future_other_money_and_a_tiny_price(engine: Engine) -> None:
    later = listing("later", prices=(point("0.001", NOW + timedelta(days=30)),))
    yuan = listing("yuan", prices=(point("0.0001", currency="CNY"),))
    tiny = Decimal("0.00004") / 1000
    store(engine, listing(CURRENT), later, yuan, listing("tiny", prices=(point(str(tiny)),)))
    decision = decide(engine)
    assert {one.model_id: one.reason for one in decision.assessment.excluded} == {
        "later": "its price is not yet in effect",
        "yuan": "priced only in CNY; only prices in USD are compared",
    }
    [cheap] = decision.assessment.candidates
    assert cheap.price.input_per_1k == tiny


def test_7_a_cost_change_above_ten_thousand_percent_overflows(engine: Engine) -> None:
    decision = better()
    assert isinstance(decision, Upgrade)
    rose = replace(decision.candidate, cost_delta_pct=Decimal(49_900))
    saved = stored(engine, replace(decision, candidate=rose))
    assert saved.expected_cost_delta_pct == 49_900
    assert rows(engine, "SELECT expected_cost_delta_pct FROM model_recommendations") == [(49_900,)]


def models_file_in(top: Path) -> None:
    (top / "config").mkdir()
    (top / "config" / "models.yaml").write_text(YAML_FILE)


def test_8_a_line_break_escapes_a_comment_of_the_patch(engine: Engine, tmp_path: Path) -> None:
    models_file_in(tmp_path)
    evil = replace(stored(engine, better()), reasoning="fine\nmodels:\n  tidy: evil")
    patch = patch_text(evil, CONFIG, tmp_path)
    header = patch.partition("--- a/")[0]
    assert "evil" in header
    assert all(line.startswith("#") or not line for line in header.splitlines())


@pytest.mark.parametrize("status", ["rejected", "implemented", "superseded"])
def test_8_a_rejected_recommendation_gives_a_patch(
    engine: Engine, tmp_path: Path, status: str
) -> None:
    models_file_in(tmp_path)
    item = replace(stored(engine, better()), status=status)
    with pytest.raises(ModelIntelligenceError, match=f"is {status}, so it yields no patch"):
        patch_text(item, CONFIG, tmp_path)


def test_8_writing_the_file_anew_loses_its_comments() -> None:
    after = with_model(YAML_FILE, (("models", "tidy"),), OTHER)
    assert after == YAML_FILE.replace(CURRENT, OTHER)
    assert YAML(typ="safe", pure=True).load(after) == {"models": {"tidy": OTHER}}


def test_9_a_success_rate_of_zero_is_missing() -> None:
    known = score_runtime(stats(CURRENT, "0.9"), stats(OTHER, "0", id=2))
    assert known.value == 0
    assert known.record_ids == (1, 2)


def test_9_a_dated_name_matches_no_price(engine: Engine) -> None:
    store(engine, listing("claude-sonnet-4-5", provider="anthropic"))
    called = "claude-sonnet-4-5-20250929"
    event = (
        "INSERT INTO llm_usage_events (event_id, created_at, provider, model, prompt_tokens, "
        "completion_tokens) VALUES ('1', :at, 'anthropic', :model, 1000, 1000)"
    )
    with transaction(engine) as session:
        session.execute(text(event), {"at": NOW - timedelta(hours=1), "model": called})
        compute_runtime_stats(session, window_days=30, now=NOW)
    assert rows(engine, "SELECT priced_calls, est_cost_usd FROM model_runtime_stats") == [
        (1, Decimal("0.002"))
    ]
    with transaction(engine) as session:
        known = load_evidence(session, NOW + timedelta(days=1))
    assert set(known.runtime) == {("claude-sonnet-4-5", None)}


def test_10_the_number_of_queries_grows_with_the_candidates(engine: Engine) -> None:
    market.fill(engine, 40, 9)
    asked = [*enumerate(market.currents(40, 9))]
    with statements(engine) as sent:
        decisions = recommending.decide_all(engine, asked)
    assert [len(decision.assessment.candidates) for decision in decisions] == [39] * 9
    assert len(sent) <= 8
