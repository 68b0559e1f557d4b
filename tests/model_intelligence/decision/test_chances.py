"""From evidence to abilities: one row for each figure, one lineage for each model."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from model_intelligence.decision.ability import Lineage
from model_intelligence.decision.chances import estimate_abilities, lineage_of, released_on
from model_intelligence.decision.evidence_index import Lookup
from tests.model_intelligence.build import (
    CURRENT,
    OTHER,
    RELEASED,
    TODAY,
    evidence,
    key,
    model,
    result,
)


def test_a_lineage_is_read_from_the_name() -> None:
    air = model("glm-4.5-air")
    assert lineage_of(air, evidence(air)) == Lineage(
        model="glm-4.5-air", maker="zai", tier="mini", line="zai/glm-air", released=RELEASED
    )


@pytest.mark.parametrize(
    ("name", "stated", "measured", "released"),
    [
        (CURRENT, date(2026, 2, 1), None, date(2026, 2, 1)),
        (CURRENT, date(2026, 2, 1), date(2026, 1, 20), date(2026, 1, 20)),
        (CURRENT, date(2026, 2, 1), date(2026, 3, 20), date(2026, 2, 1)),
        ("gpt-4o-2024-08-06", None, None, date(2024, 8, 6)),
        (CURRENT, None, date(2026, 1, 20), None),
    ],
)
def test_a_model_is_not_younger_than_its_first_result(
    name: str, stated: date | None, measured: date | None, released: date | None
) -> None:
    known = model(name, released_at=stated)
    assert released_on(known, [result(name, measured_at=measured)]) == released


def better(*results: Any) -> float | None:
    known = evidence(model(), model(OTHER), *results)
    lineages = [lineage_of(each, known) for each in known.models.values()]
    return estimate_abilities(known, lineages).chance_better(CURRENT, OTHER)


def rows(before: str, after: str, **changed: Any) -> tuple[Any, Any]:
    return result(score=before, **changed), result(OTHER, after, id=2, **changed)


def test_a_share_and_a_percentage_are_the_same() -> None:
    share = rows("0.5", "0.6", key=key(unit="fraction"))
    assert better(*rows("50", "60")) == better(*share)


def test_on_some_boards_less_is_more() -> None:
    errors = rows("50", "40", higher_is_better=False)
    assert better(*rows("50", "60")) == better(*errors)


def test_seconds_and_impossible_shares_say_nothing() -> None:
    nothing = better()
    assert better(*rows("1", "90", key=key(unit="seconds"))) == nothing
    assert better(*rows("101", "190")) == nothing


def test_of_one_figure_that_was_renewed_the_newest_counts() -> None:
    old = result(OTHER, "20", id=1, measured_at=date(2026, 3, 2))
    new = result(OTHER, "60", id=2, measured_at=date(2026, 4, 2))
    assert better(result(), new, old) == better(result(), new)


def test_another_id_of_a_model_is_not_fitted_on_its_own() -> None:
    resold = model("reseller/glm", provider="reseller")
    known = evidence(model(), resold, result(score="50"), result("reseller/glm", "50", id=2))
    abilities = Lookup(replace(known, same={"reseller/glm": CURRENT}), TODAY).abilities
    assert abilities.measured.keys() == {CURRENT}


def test_chances_are_plain_numbers() -> None:
    found = better(*rows("50", "60"))
    assert isinstance(found, float)
    assert Decimal(str(found)).as_tuple().exponent == -2


def test_a_rating_with_a_wide_interval_says_less() -> None:
    def chance(error: str) -> float:
        found = better(*rows("1300", "1500", key=key(unit="elo"), standard_error=Decimal(error)))
        assert found is not None
        return found

    assert chance("2") > chance("300") > 0.5


def test_a_shares_error_follows_from_its_tasks_alone() -> None:
    assert better(*rows("50", "60", standard_error=Decimal(40))) == better(*rows("50", "60"))
