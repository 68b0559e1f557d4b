"""Proposals, keeps and stated chances are counted as a pack's README says."""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from model_intelligence.backtest.as_json import as_json
from model_intelligence.backtest.decide import PastDecision, Scope, as_line, from_line
from model_intelligence.backtest.judge import EVERY_CLASS, ScopeFigures, judge
from model_intelligence.backtest.pack import (
    CurrentModel,
    PackOffer,
    PackTruth,
    TruthFigure,
    read_truth,
)
from tests.conftest import SHARED_DATA
from tests.model_intelligence.backtest.test_hindsight import figure

TRUST = SHARED_DATA.parent / "trust"
SHARED_PACK = TRUST / "pack-2025"
DAYS = tuple(date(2025, 6, 1) + timedelta(days=n) for n in (0, 60, 91))
OLD, NEW, POOR = "old", "new", "poor"


def decision(target: str | None = NEW, **changed: Any) -> PastDecision:
    built = PastDecision(DAYS[0], "code", "own", OLD, "propose", target, "quality", 0.9)
    return replace(built, **changed)


def keep(**changed: Any) -> PastDecision:
    return decision(None, decision="keep", reason_class=None, probability=None, **changed)


def truth(*more: TruthFigure, usd: float = 1.0) -> PackTruth:
    figures = [(figure(model, merit)) for model, merit in ((OLD, 50), (NEW, 70), (POOR, 30))]
    offers = [("own", OLD, 1.0), ("own", NEW, usd), ("other", NEW, 1.0)]
    return PackTruth(
        figures=(*figures, *more),
        same={},
        readable=frozenset(),
        offers=tuple(
            PackOffer(day, model, provider, price)
            for day in DAYS
            for provider, model, price in offers
        ),
        currents=tuple(CurrentModel(day, OLD, "own", ("code",)) for day in DAYS),
    )


def judged(decisions: Iterable[PastDecision], scope: Scope = "own", **changed: Any) -> ScopeFigures:
    return judge(decisions, truth(**changed))[scope]


def test_a_proposal_counts_once_and_at_its_first_date() -> None:
    found = judged([decision(observed_at=day) for day in reversed(DAYS)])
    quality = found.classes["quality"]
    assert (quality.proposals, quality.unique, quality.better) == (3, 1, 1)
    assert found.by_day == dict.fromkeys(DAYS, (1, 1))


def test_classes_are_counted_apart_and_together() -> None:
    found = judged([decision(), decision(POOR, reason_class="cost"), keep(), keep()])
    assert found.classes["cost"].clearly_worse == 1
    assert found.classes["quality"].clearly_worse == 0
    every = found.classes[EVERY_CLASS]
    assert (every.judged, every.clearly_worse, every.better) == (2, 1, 1)
    assert found.coverage == every.coverage == 0.5
    assert every.by_source == {"livebench": (1, 2)}


def test_a_target_that_no_source_knows_is_not_judged() -> None:
    found = judged([decision("unheard of")]).classes[EVERY_CLASS]
    assert (found.unique, found.judged, found.interval) == (1, 0, (0.0, 1.0))


def test_the_interval_is_wilsons() -> None:
    found = judged([decision(), decision(POOR, reason_class="cost")]).classes[EVERY_CLASS]
    assert found.interval == pytest.approx((0.0945, 0.9055), abs=1e-4)


@pytest.mark.parametrize(("back", "expected"), [(1, (1, 1)), (2, (0, 0))])
def test_a_proposal_that_is_reversed_within_ninety_days_is_a_flip_back(
    back: int, expected: tuple[int, int]
) -> None:
    found = judged([decision(), decision(OLD, current=NEW, observed_at=DAYS[back])])
    assert (found.flip_backs, found.reconsidered) == expected


def test_a_target_that_is_kept_later_is_reconsidered_and_no_flip_back() -> None:
    found = judged([decision(), keep(current=NEW, observed_at=DAYS[1])])
    assert (found.flip_backs, found.reconsidered) == (0, 1)


def test_a_clearly_better_model_at_the_same_price_is_missed() -> None:
    assert judged([keep()]).missed.missed == 1
    assert judged([keep()], usd=1.05).missed.missed == 1
    assert judged([keep()], usd=1.06).missed.judged == 0
    assert judged([decision()]).missed.judged == 0


def test_what_may_be_called_is_what_can_be_missed() -> None:
    found = judge([keep(), keep(scope="all")], truth(usd=2.0))
    assert {scope: each.missed.missed for scope, each in found.items()} == {"own": 0, "all": 1}


def test_a_chance_is_held_against_being_better_at_all() -> None:
    slightly = figure("slightly", 50.5)
    found = judge([decision("slightly", probability=0.8)], truth(slightly))["own"]
    assert found.classes["quality"].same == 1
    assert found.of_unique is not None
    assert found.of_unique.brier == pytest.approx(0.04)
    assert found.unique_promise is not None
    assert found.unique_promise.kept == 0.0


def test_a_kept_decision_may_state_a_chance_as_well() -> None:
    found = judged([keep(), replace(keep(), target=NEW, probability=0.7)])
    assert found.of_unique is None
    assert found.of_targets is not None
    assert found.of_targets.n == 1


def test_decisions_at_other_dates_are_left_out() -> None:
    other = decision(observed_at=DAYS[0] + timedelta(days=1))
    found = judged([decision(), other])
    assert (found.decisions, found.asked_for, found.answered) == (1, 3, 1)


def test_a_scope_without_decisions_has_no_figures() -> None:
    assert judge([decision()], truth()).keys() == {"own"}


def test_a_decision_is_the_same_after_it_was_written() -> None:
    assert from_line(as_line(decision())) == decision()
    assert from_line(as_line(keep())) == keep()


@pytest.fixture
def decisions(tmp_path: Path) -> Path:
    """Decisions for the shared pack that no rule made: every offer in turn, some kept."""
    pack = read_truth(SHARED_PACK)
    made = []
    for number, current in enumerate(pack.currents):
        offers = [each.model for each in pack.offers if each.observed_at == current.observed_at]
        for kind in current.kinds:
            for step, scope in enumerate(("own", "all")):
                target = offers[(number * 7 + step) % len(offers)]
                made.append(
                    PastDecision(
                        current.observed_at,
                        kind,
                        "own" if scope == "own" else "all",
                        current.model,
                        "keep" if number % 3 == 0 else "propose",
                        None if number % 6 == 0 else target,
                        None if number % 3 == 0 else ("quality", "cost", None)[number % 4 % 3],
                        None if number % 5 == 0 else round(0.5 + number % 51 / 100, 2),
                    )
                )
    path = tmp_path / "decisions.jsonl"
    path.write_text("".join(f"{as_line(each)}\n" for each in made))
    return path


@pytest.mark.skipif(not SHARED_PACK.exists(), reason="the shared pack is not beside this checkout")
@pytest.mark.parametrize("without", [(), ("any",), ("epoch", "livebench")])
def test_the_figures_are_those_of_the_packs_own_judge(
    decisions: Path, without: tuple[str, ...]
) -> None:
    written = decisions.with_suffix(".json")
    options = [part for name in without for part in ("--without", name)]
    judge_pack = map(str, (sys.executable, TRUST / "judge_pack.py", SHARED_PACK, decisions))
    subprocess.run([*judge_pack, "--json", str(written), *options], check=True, capture_output=True)
    expected = json.loads(written.read_text())
    made = map(from_line, decisions.read_text().splitlines())
    assert expected["own"]["classes"]["(all)"]["clearly_worse"] > 0
    assert expected["own"]["missed"]["missed"] > 0
    assert (
        json.loads(json.dumps(as_json(judge(made, read_truth(SHARED_PACK), without)))) == expected
    )
