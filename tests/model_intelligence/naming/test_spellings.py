"""One model under its spellings."""

import pytest

from model_intelligence.naming.spellings import is_snapshot, plain_key, undated_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anthropic/claude-3.5-sonnet", "claude-3-5-sonnet"),
        ("anthropic.claude-3-opus-20240229-v1:0", "claude-3-opus@20240229"),
        ("google/gemini-flash-1.5-8b", "gemini-1.5-flash-8b"),
        ("google/gemini-pro-1.5", "gemini-1.5-pro"),
    ],
)
def test_who_sells_a_model_and_how_its_name_is_written_do_not_count(one: str, other: str) -> None:
    assert plain_key(one) == plain_key(other)


@pytest.mark.parametrize(
    ("snapshot", "undated"),
    [
        ("claude-3-opus-20240229", "claude-3-opus"),
        ("gpt-4-0613", "gpt-4"),
        ("open-mistral-nemo-2407", "open-mistral-nemo"),
        ("command-r-08-2024", "command-r"),
        ("gemini-1.5-pro-002", "gemini-1.5-pro"),
        ("claude-2.1", "claude-2"),
    ],
)
def test_a_snapshot_is_known_by_its_date_or_number(snapshot: str, undated: str) -> None:
    assert is_snapshot(snapshot)
    assert not is_snapshot(undated)
    assert undated_key(snapshot) == undated_key(undated)


def test_other_digits_are_a_part_of_the_name() -> None:
    assert not is_snapshot("llama3-70b-8192")
    assert undated_key("llama3-70b-8192") == plain_key("llama3-70b-8192")
