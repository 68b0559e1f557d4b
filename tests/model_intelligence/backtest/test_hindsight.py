"""Which of two models turned out better, and by which figures that may be said."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from model_intelligence.backtest.hindsight import (
    Hindsight,
    SourceLead,
    is_ahead,
    is_clearly_better,
    turnout,
)
from model_intelligence.backtest.pack import PackTruth, TruthFigure

BEFORE, DAY, AFTER = date(2025, 5, 1), date(2025, 6, 1), date(2025, 7, 1)


def figure(model: str, merit: float, **changed: Any) -> TruthFigure:
    return TruthFigure(
        **{
            "source": "livebench",
            "kind": "code",
            "benchmark": "Coding",
            "model": model,
            "merit": merit,
            "standard_error": None,
            "tolerance": 2.0,
            "published_at": AFTER,
            **changed,
        }
    )


def hindsight(
    figures: Iterable[TruthFigure], without: Iterable[str] = (), **changed: Any
) -> Hindsight:
    parts: dict[str, Any] = {
        "same": {},
        "readable": frozenset({"livebench"}),
        "offers": (),
        "currents": (),
    }
    return Hindsight(PackTruth(tuple(figures), **parts | changed), frozenset(without))


def leads(found: Hindsight, kind: str = "code") -> dict[str, SourceLead]:
    return dict(found.leads("old", "new", kind, DAY))


def test_the_lead_is_the_mean_over_the_benchmarks_of_a_source() -> None:
    found = hindsight(
        [
            *(figure("old", 50), figure("new", 60)),
            *(figure("old", 40, benchmark="Agents"), figure("new", 44, benchmark="Agents")),
        ]
    )
    assert leads(found) == {"livebench": SourceLead(7, 2)}


def test_each_model_counts_at_its_best_effort() -> None:
    found = hindsight([figure("old", 50), figure("old", 58), figure("new", 60), figure("new", 55)])
    assert leads(found)["livebench"].lead == 2


def test_figures_that_could_be_read_by_then_judge_nothing() -> None:
    known = [figure("old", 50, published_at=BEFORE), figure("new", 60, published_at=DAY)]
    assert leads(hindsight(known)) == {}
    assert leads(hindsight(known, readable=frozenset())) == {"livebench": SourceLead(10, 2)}


def test_a_pair_counts_once_one_of_its_figures_is_newer() -> None:
    found = hindsight([figure("old", 50, published_at=BEFORE), figure("new", 60)])
    assert leads(found)["livebench"].lead == 10


def test_a_lead_within_its_standard_error_is_none() -> None:
    pair = [figure("old", 50, standard_error=3.0), figure("new", 54.9, standard_error=4.0)]
    assert leads(hindsight(pair))["livebench"].tolerance == 5.0
    assert turnout(leads(hindsight(pair))) == "same"


@pytest.mark.parametrize(
    ("kind", "speaks_for"),
    [
        ("code", {"code", "shipped"}),
        ("agentic", {"shipped"}),
        ("code+agentic", {"code", "shipped"}),
        ("math", {"general"}),
        ("any", {"code", "shipped", "general"}),
    ],
)
def test_a_figure_speaks_for_the_kinds_of_its_benchmark(kind: str, speaks_for: set[str]) -> None:
    found = hindsight([figure("old", 50, kind=kind), figure("new", 60, kind=kind)])
    assert {each for each in ("code", "shipped", "general") if leads(found, each)} == speaks_for


def test_two_ids_of_one_model_are_never_compared() -> None:
    same = {"cloud.old": "old", "old-2025": "old"}
    found = hindsight([figure("old", 50), figure("new", 60)], same=same)
    assert found.leads("cloud.old", "old-2025", "code", DAY) == {}
    assert found.leads("cloud.old", "new", "code", DAY)["livebench"].lead == 10


def test_sources_and_kinds_can_be_left_out() -> None:
    index = [figure(name, 9, source="epoch", kind="any") for name in ("old", "new")]
    pair = [figure("old", 50), figure("new", 60), *index]
    assert leads(hindsight(pair)).keys() == {"livebench", "epoch"}
    assert leads(hindsight(pair, without=["epoch"])).keys() == {"livebench"}
    assert leads(hindsight(pair, without=["any"])).keys() == {"livebench"}
    assert leads(hindsight(pair, without=["livebench"])).keys() == {"epoch"}


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [
        ([], None),
        ([2.0], "same"),
        ([2.1], "better"),
        ([-2.1], "worse"),
        ([9.0, -2.1], "same"),
        ([9.0, -2.1, -2.1], "worse"),
        ([9.0, 0.0, -1.0], "better"),
    ],
)
def test_sources_vote_with_leads_beyond_their_tolerance(
    ahead: list[float], expected: str | None
) -> None:
    assert turnout({str(n): SourceLead(lead, 2.0) for n, lead in enumerate(ahead)}) == expected


def test_being_ahead_at_all_is_averaged_in_tolerances() -> None:
    elo_and_points = {"arena": SourceLead(10, 10), "aider": SourceLead(-4, 2)}
    assert is_ahead(elo_and_points) is False
    assert is_ahead({"aider": SourceLead(0.1, 2)}) is True
    assert is_ahead({"aider": SourceLead(0, 2)}) is None
    assert is_ahead({}) is None


@pytest.mark.parametrize(
    ("ahead", "expected"),
    [([], False), ([6.0], False), ([6.1], True), ([2.1, 2.1], True), ([9.0, 9.0, -0.1], False)],
)
def test_clearly_better_takes_two_sources_or_a_long_lead(
    ahead: list[float], expected: bool
) -> None:
    found = {str(n): SourceLead(lead, 2.0) for n, lead in enumerate(ahead)}
    assert is_clearly_better(found) is expected
