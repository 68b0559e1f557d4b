"""The lead over several benchmarks, and the change of what is not solved."""

import pytest

from model_intelligence.decision.benchmarks.lead import error_change_pct, lead, solved_pct
from model_intelligence.decision.score import Pair, improvement_pct, score_benchmarks
from tests.model_intelligence.build import CURRENT, OTHER, key, result


def change(before: str, after: str, unit: str = "percent", *, higher: bool = True) -> float | None:
    pair = (
        result(CURRENT, before, key=key(unit=unit), higher_is_better=higher),
        result(OTHER, after, id=2, key=key(unit=unit), higher_is_better=higher),
    )
    return error_change_pct(pair)


@pytest.mark.parametrize(
    ("before", "after", "errors"),
    [("90", "95", -50), ("50", "60", -20), ("60", "50", 25), ("80", "80", 0), ("99", "100", -100)],
)
def test_errors_are_what_is_left_to_solve(before: str, after: str, errors: float) -> None:
    assert change(before, after) == pytest.approx(errors)


def test_it_can_be_large_where_the_score_cannot_rise_by_a_fifth() -> None:
    best = result(CURRENT, "84"), result(OTHER, "100", id=2)
    rise = improvement_pct(*best)
    assert rise is not None
    assert rise < 20
    assert error_change_pct(best) == pytest.approx(-100)


def test_where_lower_is_better_the_figure_itself_is_the_error() -> None:
    assert change("20", "10", higher=False) == pytest.approx(-50)


@pytest.mark.parametrize(("unit", "figure"), [("fraction", "0.9"), ("pass@1", "0.9")])
def test_a_share_of_one_is_a_share_too(unit: str, figure: str) -> None:
    assert change("0.8", figure, unit) == pytest.approx(-50)


@pytest.mark.parametrize(("unit", "figure"), [("elo", "1250"), ("index", "150"), ("usd", "0.5")])
def test_what_is_no_share_has_no_error(unit: str, figure: str) -> None:
    assert change(figure, figure, unit) is None


def test_nothing_is_left_to_solve_at_the_top() -> None:
    assert change("100", "100") is None
    assert change("100", "99") is None


def run(name: str, before: str, after: str, effort: str | None = None) -> Pair:
    how = key(benchmark_name=name, effort=effort)
    return (
        result(CURRENT, before, key=how, task_count=100),
        result(OTHER, after, id=2, key=how, task_count=100),
    )


def test_several_efforts_of_a_board_are_as_uncertain_as_one() -> None:
    one = lead([run("A", "50", "60", "high")])
    several = lead([run("A", "50", "60", effort) for effort in ("low", "medium", "high")])
    assert several == one
    assert several is not None
    assert several.low < 0


def test_several_efforts_of_a_board_do_not_outvote_another_board() -> None:
    pairs = [*(run("A", "50", "60", effort) for effort in ("low", "high")), run("B", "50", "30")]
    found = lead(pairs)
    assert found is not None
    assert (round(found.points, 6), found.boards) == (-5, 2)
    assert solved_pct(pairs) == pytest.approx((50, 45))
    part, delta = score_benchmarks(pairs)
    assert part.reason == "worse on 2 shared benchmarks"
    assert delta == -10


def test_the_efforts_of_a_board_are_averaged() -> None:
    found = lead([run("A", "50", "60", "low"), run("A", "50", "70", "high")])
    assert found is not None
    assert (round(found.points, 6), found.boards) == (15, 1)
