"""What the report says of a use case, from decisions to rows."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from model_intelligence.decision.values import Decision
from model_intelligence.ledger.history import PriceRevision
from model_intelligence.recommender import recommend
from model_intelligence.report.contents import Contents, contents, models_of_interest
from model_intelligence.report.page import page
from tests.model_intelligence.build import (
    CURRENT,
    NOW,
    OTHER,
    TODAY,
    Fact,
    evidence,
    model,
    policy,
    price,
    result,
)

BETTER: tuple[Fact, ...] = (
    model(),
    price(id=1),
    result(score="40", id=3),
    model(OTHER),
    price(OTHER, id=2),
    result(OTHER, "60", id=4),
)


def decided(*facts: Fact, **rules: Any) -> Decision:
    return recommend(policy(**rules), CURRENT, evidence(*facts), TODAY)


def told(*decisions: Decision, **changed: Any) -> Contents:
    return contents(decisions, {}, changed.get("history", {}), changed.get("news"), NOW)


def test_a_proposal_stands_beside_staying_with_its_records() -> None:
    report = told(decided(*BETTER))
    [case] = report.cases
    assert (case.state, case.reason) == ("proposed", "glm-4.7 instead of glm-4.6")
    now, proposed = sorted(case.rows, key=lambda row: row.choice.kind)
    assert (now.choice.kind, now.choice.name, now.choice.points) == ("now", CURRENT, 0)
    assert (proposed.choice.kind, proposed.choice.name) == ("proposed", OTHER)
    assert round(proposed.choice.points, 6) == 20
    assert (proposed.price_id, proposed.result_ids) == (2, (3, 4))
    assert [one.id for one in report.prices] == [1, 2]
    assert [one.id for one in report.results] == [3, 4]


def test_the_guides_mix_is_shown_per_million_tokens() -> None:
    [case] = told(decided(*BETTER)).cases
    assert case.cost_of == "USD per million tokens, two prompt tokens per completion token"
    assert {row.choice.usd for row in case.rows} == {1.0}  # 0.001 a thousand


def test_a_model_that_shares_no_board_is_in_no_row() -> None:
    [case] = told(decided(model(), price(), model(OTHER), price(OTHER, id=2))).cases
    assert case.state == "kept"
    assert [row.choice.name for row in case.rows] == [CURRENT]
    assert case.chart is None


def test_of_the_models_that_end_the_first_stands_first() -> None:
    def ending(day: date, name: str) -> Decision:
        return decided(model(retires_at=day), price(), use_case=name)

    report = told(
        ending(date(2027, 5, 1), "later"), ending(date(2027, 2, 1), "soon"), decided(*BETTER)
    )
    assert [case.use_case for case in report.deadlines] == ["soon", "later"]


@pytest.mark.parametrize(
    ("address", "teller"),
    [
        ("https://docs.z.ai/ends", "its provider&#39;s notice"),
        ("https://lists.test/", "a retirement list"),
    ],
)
def test_a_deadline_says_whether_its_maker_tells_it(address: str, teller: str) -> None:
    ending = model(retires_at=date(2027, 2, 1), retirement_source=address)
    text = page(told(decided(ending, price())))
    assert f'<a href="{address}" rel="noreferrer">{teller}</a>' in text


def test_a_model_of_two_use_cases_has_its_price_history_once() -> None:
    since = datetime(2026, 1, 1, tzinfo=UTC)
    point = PriceRevision(1, since, price().input_per_1k, price().output_per_1k, "list", None)
    both = (decided(*BETTER, use_case="one"), decided(*BETTER, use_case="two"))
    assert list(models_of_interest(both)) == [(CURRENT, "zai"), (OTHER, "zai")]
    report = told(*both, history={(CURRENT, "zai"): (point,)})
    assert [course.model_id for course in report.histories] == [CURRENT, OTHER]
    assert report.price_chart is not None
    assert [course.name for course in report.price_chart.lines] == [CURRENT]
