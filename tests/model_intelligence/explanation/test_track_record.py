"""Bodies quote the track record: the counts of the page, for the tenth of the chance."""

import re

import pytest

from model_intelligence.decision.values import UNKNOWN_OUTLOOK
from model_intelligence.explanation import dossier_values
from model_intelligence.explanation.track_record import PastProposals, past_proposals
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "track-record.md"
ROW = re.compile(
    r"^\| (?P<floor>\d+) to \d+ % \| [\d %]* \| (?P<came_true>\d+) of (?P<n>\d+) ", re.M
)


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (PastProposals(0.9, 94, 97), "Of past proposals at 90 % or more, 94 of 97 came true"),
        (PastProposals(0.8, 39, 40), "Of past proposals at 80 to 89 %, 39 of 40 came true"),
    ],
)
def test_the_sentence_says_which_chances_are_counted(record: PastProposals, sentence: str) -> None:
    assert str(record) == sentence


def test_the_counts_are_those_of_the_page_at_the_own_provider() -> None:
    own, _ = PAGE.read_text(encoding="utf-8").split("\nAll providers:\n")
    rows = {int(row["floor"]): row for row in ROW.finditer(own)}
    assert rows
    for floor, row in rows.items():
        record = past_proposals(floor / 100 + 0.05)
        assert record is not None
        assert (record.came_true, record.n) == (int(row["came_true"]), int(row["n"]))


def test_a_chance_counts_in_its_own_tenth() -> None:
    sure = past_proposals(0.9)
    assert sure is not None
    assert sure == past_proposals(0.99) == past_proposals(1.0)
    assert sure != past_proposals(0.89)


def test_nothing_is_said_of_a_chance_that_was_never_proposed() -> None:
    assert past_proposals(0.05) is None


def test_a_decision_is_stored_with_the_record_of_its_chance() -> None:
    stored = dossier_values.chance(UNKNOWN_OUTLOOK._replace(better=0.94))
    assert stored["record"] == str(past_proposals(0.94))
    assert dossier_values.chance(UNKNOWN_OUTLOOK)["record"] is None
