"""What a date may know: nothing that came later, whatever the files say."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from model_intelligence.backtest.decide import PastDecision
from model_intelligence.backtest.ledger import KnownByDay, known_by_day
from model_intelligence.backtest.pack import read_inputs
from model_intelligence.backtest.past_decisions import past_decisions
from model_intelligence.errors import UsageError
from tests.model_intelligence.backtest.test_pack import DATA, JUNE, PACK, SEPTEMBER


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(PACK, tmp_path / "pack"))


def known(pack: Path) -> dict[date, KnownByDay]:
    return {each.day: each for each in known_by_day(read_inputs(pack, DATA), ())}


def decisions(pack: Path) -> dict[date, PastDecision]:
    """The first decision of each date."""
    return {known.day: made[0] for known, made in past_decisions(read_inputs(pack, DATA), ())}


def replace_text(path: Path, before: str, after: str) -> None:
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_a_file_of_a_later_date_does_not_decide() -> None:
    found = decisions(PACK)
    assert found[JUNE].decision == "keep"
    assert (found[SEPTEMBER].decision, found[SEPTEMBER].target) == ("propose", "gpt-5")


def test_the_trap_would_have_decided_had_it_been_public(pack: Path) -> None:
    replace_text(pack / "manifest.csv", "2025-09-01,aider", "2025-06-01,aider")
    assert decisions(pack)[JUNE].target == "gpt-5"


def test_a_row_that_is_dated_later_does_not_decide(pack: Path) -> None:
    own = "2025-06-01,benchmarks.yaml,benchmarks/benchmarks.yaml\n"
    manifest = pack / "manifest.csv"
    manifest.write_text(manifest.read_text().replace("2025-09-01,aider,aider/late.yml\n", own))
    assert decisions(pack)[JUNE].decision == "keep"
    replace_text(pack / "benchmarks" / "benchmarks.yaml", "2025-07-01", "2025-05-31")
    assert decisions(pack)[JUNE].target == "gpt-5"


def test_a_release_that_is_still_to_come_does_not_decide(pack: Path) -> None:
    replace_text(pack / "manifest.csv", "aider/early.yml", "aider/late.yml")
    # A dated result would show by itself that the model was there.
    replace_text(pack / "aider" / "late.yml", "2025-05-20", "unknown")
    assert decisions(pack)[JUNE].target == "gpt-5"
    replace_text(pack / "releases.csv", "gpt-5,2025-05-10", "gpt-5,2025-08-07")
    found = decisions(pack)
    assert (found[JUNE].decision, found[SEPTEMBER].decision) == ("keep", "propose")
    assert found[SEPTEMBER].target == "gpt-5"


def test_a_release_is_known_from_its_day_on() -> None:
    released = {
        day: each.evidence.models["gpt-5-pro"].released_at for day, each in known(PACK).items()
    }
    assert released == {JUNE: None, SEPTEMBER: date(2025, 7, 6)}


def test_a_release_brings_no_model_into_the_catalog() -> None:
    assert known(PACK)[SEPTEMBER].evidence.models.keys() == {"gpt-4.1", "gpt-5", "gpt-5-pro"}


def test_a_file_of_another_shape_is_refused_with_the_reason(pack: Path) -> None:
    (pack / "aider" / "late.yml").write_text("no list")
    [refused] = known(pack)[SEPTEMBER].refused
    assert refused.file.path.name == "late.yml"
    assert "a list of rows is expected" in refused.reason


def test_a_missing_file_says_which_option_to_give(pack: Path) -> None:
    with pytest.raises(UsageError, match=r"prices\.json: cannot be read: .*--data names"):
        list(known_by_day(read_inputs(pack, pack), ()))
