"""The same 1,000 calls through every door: the same events and the same statistics."""

import json
import shutil
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import time_machine
from psycopg2.extras import Json
from sqlalchemy import make_url
from typer.testing import CliRunner

from model_intelligence import db
from model_intelligence.cli import app
from tests.conftest import ROOT
from tests.databases import create_database
from tests.model_intelligence.observe import rows
from tests.model_intelligence.telemetry.shapes import (
    RULES,
    SECRET,
    WRITERS,
    Call,
    autopack,
    calls,
    json_lines,
    litellm,
)

NOW = datetime(2025, 11, 23, 12, tzinfo=UTC)
SAID_BY_ALL = (
    "created_at, provider, model, role, use_case, prompt_tokens, completion_tokens, total_tokens, "
    "session_id"
)
SAID_BY_MOST = (
    SAID_BY_ALL + ", input_uncached_tokens, cache_read_tokens, cache_write_tokens, output_tokens, "
    "reasoning_tokens, latency_ms, time_to_first_token_ms, call_ok, task_ok, error_type, cost_usd, "
    "outcome_source, response_model"
)
IDS = {"id", "computed_at"}
# What the original's table has no column for, and what is made of it.
NOT_SAID = {
    *("input_uncached_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens"),
    *("reasoning_tokens", "success_rate", "p50_latency_ms", "p90_latency_ms", "p95_latency_ms"),
    *("p99_latency_ms", "est_cost_usd", "usd_per_call_error"),
    *(f"p{share}_first_token_ms" for share in (50, 90, 95, 99)),
}
NOT_COUNTED = {
    *("outcomes", "priced_calls", "caller_errors"),
    *("transport_calls", "transport_ok", "task_calls", "task_ok"),
}


@pytest.fixture(scope="module")
def thousand() -> list[Call]:
    """Generated calls."""
    return calls()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """config/ with rules that tell the roles by what each door says."""
    shutil.copytree(ROOT / "config", tmp_path / "config")
    with (tmp_path / "config" / "bot.yaml").open("a") as stream:
        stream.write(RULES)
    return tmp_path / "config"


def ingest(url: str, config: Path, shape: str, source: object) -> str:
    """What the command prints, after it and the fold went through."""
    with pytest.MonkeyPatch.context() as patch, time_machine.travel(NOW, tick=True):
        patch.setenv("DATABASE_URL", url)
        where = ("--from", shape, "--config", str(config), str(source))
        told = CliRunner().invoke(app, ["ingest-telemetry", *where])
        assert told.exit_code == 0, (told.stdout, told.exception)
        folded = CliRunner().invoke(app, ["compute-runtime-stats"])
        assert folded.exit_code == 0, (folded.stdout, folded.exception)
    return told.stdout + told.stderr


def events(url: str, columns: str) -> list[tuple[Any, ...]]:
    with db.open_engine(url) as engine:
        return rows(engine, f"SELECT {columns} FROM llm_usage_events ORDER BY created_at, provider")  # noqa: S608  # names of this test


def statistics(url: str) -> list[dict[str, Any]]:
    with db.open_engine(url) as engine, engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT * FROM model_runtime_stats ORDER BY provider, model, role, use_case"
        )
        return [
            {name: value for name, value in row.items() if name not in IDS}
            for row in found.mappings()
        ]


@pytest.fixture(scope="module")
def databases(postgres: str, template: str) -> Iterator[Any]:
    """A function that makes a migrated database."""

    def make() -> str:
        return create_database(postgres, f"door_{uuid.uuid4().hex}", template)

    return make  # type: ignore[return-value]


def test_the_same_calls_give_the_same_statistics_by_every_door(
    databases: Any, config: Path, tmp_path: Path, thousand: list[Call]
) -> None:
    urls = {}
    for shape in WRITERS:
        path = tmp_path / f"{shape}.jsonl"
        path.write_text(json_lines(shape, thousand))
        urls[shape] = databases()
        told = ingest(urls[shape], config, shape, path)
        assert "Loaded: 1,000 calls (0 were already stored)" in told, told
        assert "Rejected" not in told, told
    expected = events(urls["native"], SAID_BY_MOST)
    assert len(expected) == 1_000
    folded = statistics(urls["native"])
    assert sum(row["calls"] for row in folded if row["use_case"] is None) == 1_000
    assert any(row["success_rate"] not in {None, 1} for row in folded)
    for shape in ("litellm", "otel", "langfuse"):
        assert events(urls[shape], SAID_BY_MOST) == expected, shape
        assert statistics(urls[shape]) == folded, shape
    assert events(urls["autopack"], SAID_BY_ALL) == events(urls["native"], SAID_BY_ALL)
    for row, full in zip(statistics(urls["autopack"]), folded, strict=True):
        for name, value in row.items():
            if name in NOT_SAID:
                assert value is None, name
            elif name in NOT_COUNTED:
                assert value == 0, name
            else:
                assert value == full[name], name


LITELLM_TABLE = """
CREATE TABLE "LiteLLM_SpendLogs" (
    request_id text PRIMARY KEY, call_type text, spend double precision, total_tokens int,
    prompt_tokens int, completion_tokens int, "startTime" timestamp(3), "endTime" timestamp(3),
    request_duration_ms int, "completionStartTime" timestamp(3), model text, model_group text,
    custom_llm_provider text, metadata jsonb, cache_hit text, request_tags jsonb, session_id text,
    status text, messages jsonb, response jsonb, proxy_server_request jsonb
)
"""
AUTOPACK_TABLE = """
CREATE TABLE llm_usage_events (
    id serial PRIMARY KEY, provider varchar, model varchar, run_id varchar, phase_id varchar,
    role varchar, total_tokens int, prompt_tokens int, completion_tokens int, created_at timestamp,
    client_id varchar, is_doctor_call boolean, doctor_model varchar, doctor_action varchar,
    phase_type varchar, intent text
)
"""


def _fill(url: str, create: str, table: str, given: list[dict[str, Any]]) -> None:
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    names = ", ".join(f'"{name}"' for name in given[0])
    holes = ", ".join(f"%({name})s" for name in given[0])
    with closing(psycopg2.connect(dsn)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(create)
        for row in given:
            values = {k: Json(v) if isinstance(v, (dict, list)) else v for k, v in row.items()}
            cursor.execute(f'INSERT INTO "{table}" ({names}) VALUES ({holes})', values)  # noqa: S608  # names of this test


def test_tables_of_other_databases_are_read_as_they_are(
    databases: Any, empty_database_url: str, config: Path, tmp_path: Path, thousand: list[Call]
) -> None:
    some = thousand[:200]
    theirs = {"litellm": empty_database_url, "autopack": databases()}
    with db.open_engine(theirs["autopack"]) as engine:
        db.migrate(engine, "base")
    _fill(theirs["litellm"], LITELLM_TABLE, "LiteLLM_SpendLogs", [litellm(one) for one in some])
    _fill(theirs["autopack"], AUTOPACK_TABLE, "llm_usage_events", [autopack(one) for one in some])
    for shape, address in theirs.items():
        path = tmp_path / f"{shape}.jsonl"
        path.write_text(json_lines(shape, some))
        by_file, by_table = databases(), databases()
        ingest(by_file, config, shape, path)
        told = ingest(by_table, config, shape, make_url(address).set(drivername="postgresql"))
        assert "Loaded: 200 calls (0 were already stored)" in told
        assert events(by_table, SAID_BY_MOST) == events(by_file, SAID_BY_MOST)
        assert statistics(by_table) == statistics(by_file)
        assert SECRET not in told
    again = databases()
    address = make_url(by_table).set(drivername="postgresql").render_as_string(hide_password=False)
    ingest(again, config, "native", address)
    assert events(again, "event_id, " + SAID_BY_MOST) == events(
        by_table, "event_id, " + SAID_BY_MOST
    )


def test_parquet_says_the_same_as_json_lines(
    databases: Any, config: Path, tmp_path: Path, thousand: list[Call]
) -> None:
    import duckdb

    lines, parquet = tmp_path / "calls.jsonl", tmp_path / "calls.parquet"
    for shape in ("native", "litellm", "langfuse"):
        lines.write_text(json_lines(shape, thousand))
        duckdb.sql(f"COPY (SELECT * FROM read_json('{lines}', sample_size=-1)) TO '{parquet}'")  # noqa: S608  # names of this test
        by_lines, by_parquet = databases(), databases()
        ingest(by_lines, config, shape, lines)
        told = ingest(by_parquet, config, shape, parquet)
        assert "Loaded: 1,000 calls (0 were already stored)" in told, told
        assert events(by_parquet, SAID_BY_MOST) == events(by_lines, SAID_BY_MOST), shape
        assert "Skipped: 1,000" in ingest(by_parquet, config, shape, parquet)


@pytest.mark.parametrize("shape", list(WRITERS))
def test_what_was_said_to_a_model_reaches_neither_database_nor_report(
    databases: Any, config: Path, tmp_path: Path, thousand: list[Call], shape: str
) -> None:
    url = databases()
    broken = json.dumps({"content": SECRET, "messages": SECRET})
    text = json_lines(shape, thousand[:50]) + broken + "\n" + broken[:-9] + "\n"
    path = tmp_path / "calls.jsonl"
    path.write_text(text)
    told = ingest(url, config, shape, path)
    assert f"{path}:52" in told
    assert SECRET not in told
    with db.open_engine(url) as engine:
        for table in ("llm_usage_events", "telemetry_sources", "model_runtime_stats"):
            assert SECRET not in str(rows(engine, f"SELECT * FROM {table}")), table  # noqa: S608  # names of this test
