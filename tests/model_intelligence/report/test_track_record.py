"""The page of the track record and its chart, from plain figures."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date

import pytest

from model_intelligence.backtest.decide import PastDecision
from model_intelligence.backtest.pack import CurrentModel, PackOffer, PackTruth
from model_intelligence.backtest.reliability import Stated, reliability
from model_intelligence.report.backtest_text import lines
from model_intelligence.report.reliability_chart import BOTTOM, TOP, reliability_chart
from model_intelligence.report.track_record import TrackRecord, page, past_proposals, record_of
from tests.model_intelligence.backtest.test_hindsight import figure

DAY = date(2025, 6, 1)
SVG = "{http://www.w3.org/2000/svg}"


def decision(target: str, chance: float, reason_class: str | None = "quality") -> PastDecision:
    built = PastDecision(DAY, "code", "own", "old", "propose", target, reason_class, chance)
    return built if reason_class else replace(built, decision="keep")


def parsed(chart: str) -> ET.Element:
    return ET.fromstring(chart)  # noqa: S314  # our own output


@pytest.fixture
def record() -> TrackRecord:
    figures = [figure("old", 50), figure("new", 70), figure("poor", 30)]
    index = [figure(name, 1, source="epoch", kind="any") for name in ("old", "unknown")]
    truth = PackTruth(
        (*figures, *index),
        same={},
        readable=frozenset(),
        offers=(PackOffer(DAY, "old", "maker", 1.0),),
        currents=(CurrentModel(DAY, "old", "maker", ("code",)),),
    )
    made = [
        decision("new", 0.94),
        decision("poor", 0.91, "cost"),
        decision("unknown", 0.8, "cost"),
        decision("new", 0.6, None),
    ]
    return record_of("pack-x", made, truth)


def rows(text: str, first_cell: str) -> list[list[str]]:
    cells = ([cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines())
    return [row for row in cells if row and row[0] == first_cell]


def test_the_page_has_every_class_with_and_without_indices(record: TrackRecord) -> None:
    text = page([record], "commit abc")
    assert "## pack-x: 1 dates from 2025-06-01 to 2025-06-01" in text
    assert "Decided by commit abc, with the default limits:" in text
    assert rows(text, "Clearly worse, of the judged") == [
        ["Clearly worse, of the judged", "1 of 3 (33.3 %)", "1 of 2 (50.0 %)"]
    ]
    [cost] = rows(text, "cost")
    assert cost[:4] == ["cost", "2", "2", "1"]
    assert cost[-1] == "1 of 1 (100.0 %)"
    [ninety] = rows(text, "90 to 100 %")
    assert ninety[1:3] == ["92 %", "1 of 2 (50.0 %)"]
    [sixty] = rows(text, "60 to 70 %")
    assert sixty[1:5] == ["", "", "", "60 %"]


def test_other_rules_stand_beside_this_one(record: TrackRecord) -> None:
    other = {
        "decisions": 4,
        "proposals": 2,
        "classes": {"(all)": {"clearly_worse": 1, "judged": 2, "brier": 0.2091}},
        "missed": {"missed": 1, "judged": 4},
    }
    text = page([replace(record, others={"product 0286d0a": {"own": other}})])
    assert rows(text, "product 0286d0a") == [
        ["product 0286d0a", "2 of 4 (50.0 %)", "1 of 2 (50.0 %)", "1 of 4 (25.0 %)", "0.209"]
    ]
    [ours] = rows(text, "this rule")
    assert ours[1:3] == ["3 of 4 (75.0 %)", "1 of 3 (33.3 %)"]
    assert rows(page([record]), "this rule") == []


def test_bodies_are_given_the_tenths_of_unique_proposals(record: TrackRecord) -> None:
    assert past_proposals([record, record]) == [{"floor": 0.9, "came_true": 2, "n": 4}]


def test_the_terminal_is_given_the_same_counts(record: TrackRecord) -> None:
    text = "\n".join(lines(record.figures))
    assert "of 90 % and more: 1 of 2 (50.0 %) came true" in text
    assert "below, by source: epoch 0 of 1, livebench 1 of 1" in text


def test_the_chart_has_a_mark_with_its_interval_for_each_tenth() -> None:
    stated = [Stated(0.95, True)] * 9 + [Stated(0.95, False)] + [Stated(0.5, True)] * 3
    root = parsed(reliability_chart(reliability(stated), reliability(stated[:10])))
    circles, squares = root.findall(f"{SVG}circle"), root.findall(f"{SVG}rect")
    spreads = [path for path in root.findall(f"{SVG}path") if path.get("class") == "spread"]
    assert (len(circles), len(squares), len(spreads)) == (2, 1, 3)
    half, sure = (float(circle.get("cx", "")) for circle in circles)
    assert half < sure
    heights = [float(circle.get("cy", "")) for circle in circles]
    assert TOP < heights[0] < heights[1] < BOTTOM


def test_a_chart_of_nothing_has_its_axes() -> None:
    root = parsed(reliability_chart(None, None))
    assert [text.text for text in root.findall(f"{SVG}text")][:3] == ["0 %", "0 %", "20 %"]
