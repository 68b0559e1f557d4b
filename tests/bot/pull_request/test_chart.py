"""The chart places models by what the tables beside it say."""

from typing import Any

from bot.pull_request.chart import chart


def decision(**leads: str | None) -> dict[str, Any]:
    """Two alternatives `a` and `b` beside the proposed model, each with its lead in points."""

    def lead(name: str) -> dict[str, Any]:
        points = leads[name]
        return {"lead": None if points is None else {"points": points}}

    return {
        "current": {"spelling": "now"},
        "proposed": {"spelling": "new"},
        "cost": {"current": {"usd_per_call": "1"}, "proposed": {"usd_per_call": "2"}},
        "quality_delta_pct": "50",
        "quality": {"overall": lead("new")["lead"]},
        "alternatives": [
            {"spelling": "a", "usd_per_call": "1", "quality_delta_pct": "100", **lead("a")},
            {"spelling": "b", "usd_per_call": "3", "quality_delta_pct": "25", **lead("b")},
            {"spelling": "c", "usd_per_call": "9", "quality_delta_pct": None, "lead": None},
        ],
    }


def heights(found: dict[str, Any]) -> dict[str, float]:
    """How far up each model stands."""
    drawn = chart(found)
    assert drawn is not None
    marks = [line.strip().split('": [') for line in drawn.splitlines()[3:]]
    return {label.strip('"'): float(place.split(", ")[1].rstrip("]")) for label, place in marks}


def test_models_stand_by_their_lead_in_points() -> None:
    found = heights(decision(new="10", a="5", b="20"))
    assert found == {"now (now)": 0.06, "new (proposed)": 0.5, "a": 0.28, "b": 0.94}


def test_without_a_lead_in_points_models_stand_by_the_change_of_their_score() -> None:
    found = heights(decision(new=None, a="5", b="20"))
    assert found == {"now (now)": 0.06, "new (proposed)": 0.5, "a": 0.94, "b": 0.28}


def test_a_model_without_a_lead_in_points_is_left_out_where_the_proposed_one_has_one() -> None:
    found = heights(decision(new="10", a=None, b="20"))
    assert found == {"now (now)": 0.06, "new (proposed)": 0.5, "b": 0.94}


def test_the_proposed_model_is_placed_by_its_lead_even_where_no_percentage_exists() -> None:
    found = heights({**decision(new="10", a="5", b="20"), "quality_delta_pct": None})
    assert found["new (proposed)"] == 0.5


def test_there_is_no_chart_without_the_proposed_model() -> None:
    assert chart({**decision(new=None, a="5", b="20"), "quality_delta_pct": None}) is None


def test_costs_stand_by_their_ratio() -> None:
    drawn = chart(decision(new="10", a="5", b=None))
    assert drawn is not None
    assert '"now (now)": [0.06,' in drawn
    assert '"new (proposed)": [0.94,' in drawn
