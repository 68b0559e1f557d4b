"""`model-intel compute-runtime-stats`: what it says, and where it looks for calls."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from model_intelligence import cli
from model_intelligence.errors import UsageError
from tests.model_intelligence.telemetry.engines.calls import generated, parquet
from tests.model_intelligence.test_runtime_stats import call, record

TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)  # as the command
WINDOW = f"{(TODAY - timedelta(days=29)).date()} to {(TODAY + timedelta(days=1)).date()}"


@pytest.fixture
def here(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)
    return tmp_path


def compute(*options: str) -> str:
    result = CliRunner().invoke(cli.app, ["compute-runtime-stats", *options])
    if result.exception is not None:
        raise result.exception
    return result.stdout


def test_it_says_what_was_folded_and_who_answered_for_another(here: Path, engine: Engine) -> None:
    answered = {"model": "glm-5", "response_model": "glm-4.7"}
    record(engine, call(created_at=TODAY), call(created_at=TODAY - timedelta(days=1), **answered))
    assert compute() == (
        f"✓ Runtime stats computed for {WINDOW} (the last day not included):\n"
        "  - Days aggregated: 2 with 2 calls\n"
        "  - Rows: 2 new, 0 changed\n"
        "  ! Drift: zai glm-5 was answered by glm-4.7 in 1 of 1 calls\n"
    )
    assert "  - Days aggregated: 0 with 0 calls\n  - Rows: 0 new, 0 changed\n" in compute()


def test_calls_that_come_after_their_month_was_dropped_are_told(here: Path, engine: Engine) -> None:
    old = TODAY - timedelta(days=200)
    record(engine, call(created_at=old), call(created_at=old))
    assert "Deleted 2 calls" in compute("--keep-days", "90")
    record(engine, call(created_at=old))
    assert (
        f"  - Days not recomputed: 1, from {old.date()} on; their calls are no longer stored, "
        "so calls that arrived late are left out\n"
    ) in compute()


@pytest.mark.parametrize("way", ["option", "bot.yaml", "environment"])
def test_calls_in_files_are_found_by_an_address(
    here: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = [{**one, "created_at": TODAY} for one in generated(50)]
    address = f"duckdb:{parquet(calls, here)}/*/*.parquet"
    named = "env:CALLS" if way == "environment" else address
    monkeypatch.setenv("CALLS", address)
    if way == "option":
        assert "Days aggregated: 1 with 50 calls" in compute("--events", address)
        return
    (here / "config").mkdir()
    (here / "config" / "bot.yaml").write_text(
        "version: 1\nuse_cases: {tidy: {paths: [[models]]}}\n"
        f"telemetry: {{events: '{named}'}}\n"
    )
    assert "Days aggregated: 1 with 50 calls" in compute()


def test_an_address_that_the_environment_lacks_is_told(here: Path) -> None:
    with pytest.raises(UsageError, match="telemetry: events: CALLS is not set"):
        compute("--events", "env:CALLS")


def test_calls_are_not_dropped_where_others_count(here: Path) -> None:
    with pytest.raises(UsageError, match="--keep-days only deletes calls in DATABASE_URL"):
        compute("--events", "duckdb:calls/*.parquet", "--keep-days", "90")
