"""The environment becomes settings, or one sentence that says what to set."""

from pathlib import Path

import pytest

from bot.settings import GITHUB_API, Settings, from_environment
from model_intelligence.errors import UsageError

DATABASE_URL = "postgresql://bot:p4ssword@db.example/evidence"
ENVIRONMENT = {
    "DATABASE_URL": DATABASE_URL,
    "GITHUB_TOKEN": "ghs_secret",
    "GITHUB_REPOSITORY": "acme/widgets",
}


def test_the_variables_of_a_workflow_are_all_it_needs() -> None:
    made = from_environment(
        ENVIRONMENT
        | {
            "GITHUB_API_URL": "https://ghe.example/api/v3/",
            "GITHUB_STEP_SUMMARY": "summary.md",
            "GITHUB_OUTPUT": "output.txt",
        },
        use_case="builder_high",
        config_directory=Path("elsewhere"),
    )
    assert made.database_url == DATABASE_URL
    assert (made.token, made.repository) == ("ghs_secret", "acme/widgets")
    assert made.api_url == "https://ghe.example/api/v3"
    assert (made.step_summary, made.step_output) == (Path("summary.md"), Path("output.txt"))
    assert made.only_use_case == "builder_high"
    assert made.config_directory == Path("elsewhere")
    assert not made.dry_run


def test_what_is_set_to_nothing_counts_as_not_set() -> None:
    made = from_environment(
        ENVIRONMENT | {"GITHUB_API_URL": "", "GITHUB_STEP_SUMMARY": "", "GITHUB_OUTPUT": ""},
        use_case="",
    )
    assert made.api_url == GITHUB_API
    assert (made.step_summary, made.step_output, made.only_use_case) == (None, None, None)


def test_a_dry_run_needs_neither_token_nor_repository() -> None:
    made = from_environment({"DATABASE_URL": "embedded:"}, dry_run=True)
    assert (made.token, made.repository, made.dry_run) == (None, None, True)


@pytest.mark.parametrize("token", ["", " ", "\n"])
def test_a_missing_token_is_a_usage_error_with_the_way_out(token: str) -> None:
    with pytest.raises(UsageError, match=r"^GITHUB_TOKEN is not set; .*--dry-run"):
        from_environment(ENVIRONMENT | {"GITHUB_TOKEN": token})


def test_the_line_end_of_a_pasted_secret_is_not_part_of_it() -> None:
    assert from_environment(ENVIRONMENT | {"GITHUB_TOKEN": "ghs_secret\n"}).token == "ghs_secret"


@pytest.mark.parametrize("repository", ["", "widgets", "acme/widgets/more"])
def test_a_repository_is_owner_and_name(repository: str) -> None:
    with pytest.raises(UsageError, match="set it to owner/name"):
        from_environment(ENVIRONMENT | {"GITHUB_REPOSITORY": repository})


def test_a_database_is_always_explicit() -> None:
    with pytest.raises(UsageError, match="DATABASE_URL is not set"):
        from_environment({}, dry_run=True)


def test_neither_token_nor_password_shows_in_a_repr() -> None:
    shown = repr(from_environment(ENVIRONMENT))
    assert "acme/widgets" in shown
    assert "secret" not in shown
    assert "p4ssword" not in shown


def test_one_use_case_can_be_chosen_but_only_a_declared_one() -> None:
    current = {"a": "glm-4.6", "b": "gpt-5"}
    assert Settings(DATABASE_URL).chosen(current) == current
    assert Settings(DATABASE_URL, only_use_case="b").chosen(current) == {"b": "gpt-5"}
    with pytest.raises(UsageError, match=r"'c' is not a use case .* a, b"):
        Settings(DATABASE_URL, only_use_case="c").chosen(current)
