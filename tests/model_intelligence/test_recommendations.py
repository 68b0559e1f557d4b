"""Recommendations in the database: one row per decision, and what became of each."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from model_intelligence.db import open_engine
from model_intelligence.decision.values import Upgrade
from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.explanation.dossier import compile_dossier
from model_intelligence.recommendations import find, get, save, set_status
from model_intelligence.recommender import recommend
from tests.databases import create_database
from tests.model_intelligence.build import (
    CURRENT,
    NOW,
    OTHER,
    TODAY,
    evidence,
    model,
    policy,
    price,
    result,
    signal,
)


@pytest.fixture(scope="module")
def engine(postgres: str, template: str) -> Iterator[Engine]:
    """One database for all these tests: each works in a session that is rolled back."""
    with open_engine(create_database(postgres, "recommendations", template)) as engine:
        yield engine


def upgrade(use_case: str = "tidy_semantic", to: str = OTHER, **dearer: Any) -> Upgrade:
    """A decision for `to`; `usd` makes it another one for the same model."""
    facts = evidence(
        model(),
        price(id=1),
        result(id=3, task_count=225),
        model(to),
        price(to, **{"id": 2, **dearer}),
        result(to, "60", id=4, task_count=225),
        signal(to, id=5),
    )
    decision = recommend(policy(use_case=use_case), CURRENT, facts, TODAY)
    assert isinstance(decision, Upgrade)
    return decision


def statuses(session: Session) -> list[tuple[str, str]]:
    ordered = "SELECT recommended_model, status FROM model_recommendations ORDER BY id"
    return [tuple(row) for row in session.execute(text(ordered))]


def test_a_recommendation_is_stored_with_all_it_rests_on(session: Session) -> None:
    decision = upgrade()
    [stored] = save(session, [decision])
    assert get(session, stored.id) == stored
    assert (stored.status, stored.use_case) == ("proposed", "tidy_semantic")
    assert (stored.current_model, stored.recommended_model) == (CURRENT, OTHER)
    assert stored.reasoning == decision.reasoning
    assert stored.composite_score == Decimal("0.8750625")
    assert stored.expected_cost_delta_pct == 0
    assert stored.expected_quality_delta_pct == 20
    assert stored.confidence == Decimal("0.6")
    assert stored.evidence == {
        "pricing": [1, 2],
        "benchmarks": [3, 4],
        "runtime_stats": [],
        "sentiment": [5],
    }
    assert stored.decision == compile_dossier(decision)


def test_the_same_decision_again_is_the_same_row(session: Session) -> None:
    [first] = save(session, [upgrade()])
    [second] = save(session, [upgrade()])
    assert second == first
    assert len(statuses(session)) == 1


def test_several_are_returned_in_the_given_order(session: Session) -> None:
    given = [upgrade(to="glm-5"), upgrade("doctor_cheap"), upgrade(to=OTHER)]
    stored = save(session, given)
    assert [(item.use_case, item.recommended_model) for item in stored] == [
        ("tidy_semantic", "glm-5"),
        ("doctor_cheap", OTHER),
        ("tidy_semantic", OTHER),
    ]


def test_nothing_to_save_changes_nothing(session: Session) -> None:
    save(session, [upgrade()])
    assert save(session, []) == []
    assert statuses(session) == [(OTHER, "proposed")]


def test_a_newer_decision_supersedes_the_older_one(session: Session) -> None:
    save(session, [upgrade()])
    save(session, [upgrade(to="glm-5")])
    assert statuses(session) == [(OTHER, "superseded"), ("glm-5", "proposed")]


def test_other_evidence_for_the_same_model_supersedes_too(session: Session) -> None:
    save(session, [upgrade()])
    save(session, [upgrade(id=12)])
    assert statuses(session) == [(OTHER, "superseded"), (OTHER, "proposed")]


def test_a_decision_for_another_use_case_supersedes_nothing(session: Session) -> None:
    save(session, [upgrade()])
    save(session, [upgrade("doctor_cheap")])
    assert statuses(session) == [(OTHER, "proposed"), (OTHER, "proposed")]


def test_a_superseded_decision_is_proposed_again_when_its_evidence_returns(
    session: Session,
) -> None:
    [first] = save(session, [upgrade()])
    save(session, [upgrade(to="glm-5")])
    [again] = save(session, [upgrade()])
    assert (again.id, again.status) == (first.id, "proposed")
    assert statuses(session) == [(OTHER, "proposed"), ("glm-5", "superseded")]


@pytest.mark.parametrize("status", ["rejected", "accepted", "implemented"])
def test_what_people_decided_stays(session: Session, status: str) -> None:
    [first] = save(session, [upgrade()])
    set_status(session, first.id, status, None, NOW)
    [again] = save(session, [upgrade()])
    assert (again.id, again.status) == (first.id, status)
    save(session, [upgrade(to="glm-5")])
    assert statuses(session) == [(OTHER, status), ("glm-5", "proposed")]


def test_a_cost_change_above_ten_thousand_percent_can_be_stored(session: Session) -> None:
    decision = upgrade()
    dear = replace(decision.candidate, cost_delta_pct=Decimal("19999999900.5"))
    [stored] = save(session, [replace(decision, candidate=dear)])
    assert stored.expected_cost_delta_pct == Decimal("19999999900.5")


def test_stored_ones_are_found_newest_first(session: Session) -> None:
    for to in ("a", "b", "c"):
        save(session, [upgrade(to=to)])
    assert [item.recommended_model for item in find(session)] == ["c", "b", "a"]
    assert [item.recommended_model for item in find(session, limit=2)] == ["c", "b"]


def test_stored_ones_are_found_by_use_case_and_status(session: Session) -> None:
    save(session, [upgrade(to="a")])
    save(session, [upgrade(to="b"), upgrade("doctor_cheap", to="c")])

    def found(**chosen: Any) -> list[str]:
        return [item.recommended_model for item in find(session, **chosen)]

    assert found(use_case="doctor_cheap") == ["c"]
    assert found(status="superseded") == ["a"]
    assert found(use_case="tidy_semantic", status="proposed") == ["b"]
    assert found(status="accepted") == []


def test_the_latest_is_the_newest_of_each_use_case(session: Session) -> None:
    save(session, [upgrade(to="a"), upgrade("doctor_cheap", to="b")])
    session.execute(
        text("UPDATE model_recommendations SET created_at = created_at - interval '1 d'")
    )
    save(session, [upgrade(to="c")])
    assert [item.recommended_model for item in find(session, latest=True)] == ["c", "b"]


def test_the_latest_of_several_stored_at_once_is_the_best(session: Session) -> None:
    save(session, [upgrade(to="a"), upgrade(to="b", usd="0.0015"), upgrade(to="c", usd="0.0015")])
    assert [item.recommended_model for item in find(session, latest=True)] == ["a"]


def test_an_unknown_id_is_told_with_what_to_do(session: Session) -> None:
    with pytest.raises(ModelIntelligenceError) as refused:
        get(session, 10**9)
    assert str(refused.value) == (
        "no recommendation has the id 1000000000; `model-intel report` lists them"
    )


def test_an_id_beyond_every_number_is_unknown_too(session: Session) -> None:
    with pytest.raises(ModelIntelligenceError, match="no recommendation has the id"):
        get(session, 10**30)


def test_a_status_that_is_news_is_recorded_with_its_pull_request(session: Session) -> None:
    [stored] = save(session, [upgrade()])
    url = "https://github.com/acme/widgets/pull/1"
    assert set_status(session, stored.id, "implemented", url, NOW)
    changed = get(session, stored.id)
    assert (changed.status, changed.pull_request_url) == ("implemented", url)


def test_a_status_that_is_no_news_changes_nothing(session: Session) -> None:
    [stored] = save(session, [upgrade()])
    set_status(session, stored.id, "rejected", "https://example.org/1", NOW)
    before = session.execute(text("SELECT * FROM model_recommendations")).all()
    later = NOW.replace(year=2027)
    assert not set_status(session, stored.id, "rejected", "https://example.org/1", later)
    assert session.execute(text("SELECT * FROM model_recommendations")).all() == before


def test_the_fate_of_an_unknown_recommendation_is_ignored(session: Session) -> None:
    assert not set_status(session, 10**9, "implemented", None, NOW)


def test_an_unknown_status_is_a_bug(session: Session) -> None:
    [stored] = save(session, [upgrade()])
    with pytest.raises(ValueError, match="open"):
        set_status(session, stored.id, "open", None, NOW)


def test_a_change_of_status_is_dated(session: Session) -> None:
    save(session, [upgrade()])
    session.execute(text("UPDATE model_recommendations SET updated_at = '2020-01-01Z'"))
    save(session, [upgrade(to="glm-5")])
    dated = "SELECT extract(year FROM updated_at) > 2020 FROM model_recommendations ORDER BY id"
    assert list(session.scalars(text(dated))) == [True, True]
