"""Bad days: kills, truncated and changed files, full disks, lost connections. Nothing is lost,
nothing counted twice, and one line says what to do."""

import gzip
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from typer.testing import CliRunner, Result

from model_intelligence import db, embedded_postgres
from model_intelligence.cli import app
from model_intelligence.errors import ModelIntelligenceError, UsageError
from model_intelligence.telemetry.event import UsageEvent
from model_intelligence.telemetry.formats.native import normalise
from model_intelligence.telemetry.load import copy_batches
from model_intelligence.telemetry.load.copy_batches import Batch, Loader, StoredBatch
from tests.conftest import ROOT
from tests.model_intelligence.observe import rows
from tests.model_intelligence.telemetry.shapes import calls, json_lines, langfuse, native
from tests.peak_memory import run_intel

CALLS = calls(400)
COUNT = "SELECT count(*), count(DISTINCT event_id) FROM llm_usage_events"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)


def ingest(*arguments: object, shape: str = "native", stdin: bytes = b"") -> Result:
    given = ["ingest-telemetry", "--from", shape, *map(str, arguments)]
    return CliRunner().invoke(app, given, input=stdin)


def printed(*arguments: object, shape: str = "native", stdin: bytes = b"") -> list[str]:
    """The report of an ingest that did its work, without the rate."""
    done = ingest(*arguments, shape=shape, stdin=stdin)
    assert done.exception is None, done.exception
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if " a second" not in line]


def failed(*arguments: object, shape: str = "native") -> tuple[str, str]:
    """(the report, the one line) of an ingest that ended with 1."""
    done = ingest(*arguments, shape=shape)
    assert isinstance(done.exception, ModelIntelligenceError), (done.exception, done.stdout)
    assert "\n" not in str(done.exception)
    return done.stdout, str(done.exception)


def loaded(engine: Engine) -> int:
    """How many calls are there, each once."""
    [(count, distinct)] = rows(engine, COUNT)
    assert count == distinct
    return int(count)


# Reports


def test_the_report_tells_what_became_of_every_line(engine: Engine) -> None:
    good = json_lines("native", CALLS[:3])
    bad = [{"event_id": "x"}, {**native(CALLS[3]), "output_tokens": -5}]
    future = {**native(CALLS[4]), "created_at": "2126-01-01T00:00:00Z"}
    lines = (
        good + "{broken\n\n[]\n" + "".join(json.dumps(one) + "\n" for one in (*bad, bad[1], future))
    )
    Path("calls.jsonl").write_text(lines + good)
    assert printed("calls.jsonl") == [
        "✓ Telemetry imported from rows with the columns of llm_usage_events:",
        "  - Loaded: 3 calls (3 were already stored)",
        "  - Tokens: classes of tokens are disjoint, as recorded",
        "  - Rejected: 2, output_tokens is negative (calls.jsonl:8, calls.jsonl:9)",
        "  - Rejected: 1, not valid JSON (calls.jsonl:4)",
        "  - Rejected: 1, no created_at (calls.jsonl:7)",
        "  - Rejected: 1, the time is in the future; check the recording machine's clock "
        "(calls.jsonl:10)",
    ]
    assert loaded(engine) == 3


def test_only_the_first_few_places_are_shown() -> None:
    Path("a.jsonl").write_text("no\n" * 5 + json_lines("native", CALLS[:1]))
    assert (
        "  - Rejected: 5, not valid JSON (a.jsonl:1, a.jsonl:2, a.jsonl:3 and 2 more)"
        in printed("a.jsonl")
    )


def test_the_wrong_door_is_an_error_that_asks_about_it() -> None:
    Path("a.jsonl").write_text(json_lines("litellm", CALLS[:5]))
    _, told = failed("a.jsonl")
    assert told == (
        "no record has this format (rows with the columns of llm_usage_events); check --from"
    )


@pytest.mark.parametrize(
    ("source", "shape", "told"),
    [
        (
            "nowhere.jsonl",
            "native",
            "nowhere.jsonl: no such file, folder or pattern; name another path",
        ),
        (
            "empty",
            "native",
            "empty: no telemetry file in this folder (*.jsonl, *.ndjson, *.json, *.csv, "
            "*.parquet, or these with .gz); name another path",
        ),
        (
            "postgresql://h/d",
            "otel",
            "--from otel cannot read a database; name a file, a folder or a glob",
        ),
    ],
)
def test_a_source_that_is_not_there_is_a_usage_error(source: str, shape: str, told: str) -> None:
    Path("empty").mkdir()
    done = ingest(source, shape=shape)
    assert isinstance(done.exception, UsageError)
    assert str(done.exception) == told


def test_a_database_that_cannot_be_reached_is_one_line(tmp_path: Path) -> None:
    _, told = failed(f"postgresql://me:secret@/nothing?host={tmp_path}")
    assert told == "1 of the sources could not be read completely"


# Files of every kind


def test_a_folder_a_glob_and_standard_input_are_read(engine: Engine) -> None:
    Path("in/deep").mkdir(parents=True)
    Path("in/a.jsonl").write_text(json_lines("native", CALLS[:100]))
    Path("in/deep/b.jsonl.gz").write_bytes(
        gzip.compress(json_lines("native", CALLS[100:200]).encode())
    )
    Path("in/notes.txt").write_text("not telemetry")
    printed("in")
    assert loaded(engine) == 200
    Path("c.jsonl").write_text(json_lines("native", CALLS[200:300]))
    printed("[c-z].jsonl")
    assert loaded(engine) == 300
    packed = gzip.compress(json_lines("native", CALLS).encode())
    for content in (packed, json_lines("native", CALLS).encode()):
        process = command("-", os.environ["DATABASE_URL"])
        stdout, stderr = process.communicate(content)
        assert (process.returncode, stderr) == (0, b""), stderr
        assert b"400 records" in stdout
        assert loaded(engine) == 400


def test_a_csv_export_with_messages_of_many_lines_is_read(engine: Engine) -> None:
    import csv

    records = [langfuse(call) for call in CALLS]
    names = [*records[0]]
    with Path("export.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, names)
        writer.writeheader()
        for record in records:
            record["input"] = 'many\nlines, "quoted"\r\n' * 3
            cells = {
                k: json.dumps(v) if isinstance(v, (dict, list)) else v for k, v in record.items()
            }
            writer.writerow(cells)
    printed("export.csv", shape="langfuse")
    by_csv = rows(engine, "SELECT * FROM llm_usage_events ORDER BY event_id")
    assert len(by_csv) == 400
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE llm_usage_events, telemetry_sources"))
    Path("export.jsonl").write_text(json_lines("langfuse", CALLS))
    printed("export.jsonl", shape="langfuse")
    assert [
        one[1:] for one in rows(engine, "SELECT * FROM llm_usage_events ORDER BY event_id")
    ] == [one[1:] for one in by_csv]


def test_scores_judge_the_calls_that_are_there(engine: Engine) -> None:
    Path("calls.jsonl").write_text(json_lines("langfuse", CALLS[:10]))
    scores = [
        {"id": "1", "observationId": "call-1", "name": "tests", "value": 0},
        {"id": "2", "observationId": "call-2", "name": "tests", "value": 1},
        {"id": "3", "observationId": "call-999", "name": "tests", "value": 1},
    ]
    Path("scores.jsonl").write_text("".join(json.dumps(one) + "\n" for one in scores))
    printed("calls.jsonl", shape="langfuse")
    told = printed("scores.jsonl", shape="langfuse")
    assert told[2:] == [
        "  - Tokens: token classes are disjoint unless their total shows otherwise",
        "  - Verdicts on calls: 2",
        "  - Verdicts on calls that are not stored: 1",
    ]
    judged = (
        "SELECT event_id, task_ok, outcome_source FROM llm_usage_events WHERE task_ok IS NOT NULL"
    )
    assert rows(engine, judged + " ORDER BY 1") == [
        ("call-1", False, "langfuse:tests"),
        ("call-2", True, "langfuse:tests"),
    ]


# Broken and changed files


def test_of_a_truncated_gzip_what_came_before_is_loaded(engine: Engine) -> None:
    chance = random.Random(1)  # noqa: S311  # the same file in every run
    whole = [{**native(call), "session_id": chance.randbytes(40).hex()} for call in CALLS]
    packed = gzip.compress("".join(json.dumps(one) + "\n" for one in whole).encode())
    Path("a.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    Path("b.jsonl").write_text(json_lines("native", CALLS[-1:]))
    report, told = failed("*.jsonl*")
    assert told == "1 of the sources could not be read completely"
    assert (
        "✗ a.jsonl.gz: the compressed data is incomplete or damaged; get the whole file and run "
        "this again: records that were imported are not imported twice\n"
    ) in report
    before = loaded(engine)
    assert 100 < before < 300
    Path("a.jsonl.gz").write_bytes(packed)
    told_again = printed("*.jsonl*")
    assert f"  - Loaded: {400 - before} calls (1 were already stored)" in told_again  # that of b
    assert loaded(engine) == 400


def test_a_file_that_grows_is_read_on_from_where_it_ended(engine: Engine) -> None:
    lines = json_lines("native", CALLS)
    half = len(lines) // 2
    Path("calls.jsonl").write_text(lines[:half])
    first = printed("calls.jsonl")
    assert any("the last line is incomplete" in line for line in first)
    before = loaded(engine)
    Path("calls.jsonl").write_text(lines)
    second = printed("calls.jsonl")
    assert f"  - Skipped: {before:,} lines or rows that an earlier run imported" in second
    assert f"  - Loaded: {400 - before} calls (0 were already stored)" in second
    assert loaded(engine) == 400


@pytest.mark.parametrize("change", ["shorter", "another beginning"])
def test_a_file_that_is_another_one_now_is_read_from_its_start(engine: Engine, change: str) -> None:
    Path("calls.jsonl").write_text(json_lines("native", CALLS[:200]))
    printed("calls.jsonl")
    others = CALLS[150:160] if change == "shorter" else [CALLS[399], *CALLS[1:300]]
    Path("calls.jsonl").write_text(json_lines("native", others))
    told = printed("calls.jsonl")
    assert not any("Passed over" in line for line in told)
    assert loaded(engine) == (200 if change == "shorter" else 301)


def test_again_reads_from_the_start_and_counts_nothing_twice(engine: Engine) -> None:
    Path("calls.jsonl").write_text(json_lines("native", CALLS))
    printed("calls.jsonl")
    assert "  - Loaded: 0 calls (400 were already stored)" in printed("calls.jsonl", "--again")
    assert loaded(engine) == 400


def test_a_line_without_end_does_not_fill_the_memory(engine: Engine) -> None:
    with Path("calls.jsonl").open("w") as stream:
        stream.write(json_lines("native", CALLS[:1]))
        stream.write('{"event_id": "' + "x" * 17 * 1024 * 1024 + '"}\n')
        stream.write(json_lines("native", CALLS[1:2]))
    assert "  - Rejected: 1, the line is longer than 16 MB (calls.jsonl:2)" in printed(
        "calls.jsonl"
    )
    assert loaded(engine) == 2


# Kills and databases that go away


def command(source: Path | str, url: str) -> subprocess.Popen[bytes]:
    arguments = ("ingest-telemetry", "--from", "native", str(source))
    return subprocess.Popen(
        [sys.executable, "-m", "model_intelligence", *arguments],
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE if source == "-" else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def many(path: Path, count: int) -> None:
    """A file of so many different calls."""
    made = [native(call) for call in CALLS]
    with path.open("w") as stream:
        for number in range(count):
            stream.write(json.dumps({**made[number % 400], "event_id": f"e{number}"}) + "\n")


def test_killed_at_any_moment_and_run_again_every_call_is_there_once(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    many(tmp_path / "calls.jsonl", 120_000)
    chance, killed, moved = random.Random(), 0, set()  # noqa: S311  # not the same moments each time
    for _ in range(40):
        process = command(tmp_path / "calls.jsonl", database_url)
        since = how_far(engine)
        while process.poll() is None and how_far(engine) == since:
            time.sleep(0.02)
        time.sleep(chance.uniform(0, 0.2))
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            killed += 1
        process.communicate()
        moved.add(how_far(engine))
        if process.returncode == 0:
            break
    assert len(moved) >= 3
    assert killed >= 3, "it was too fast to be killed"
    last = command(tmp_path / "calls.jsonl", database_url)
    assert last.wait(timeout=120) == 0
    last.communicate()
    assert loaded(engine) == 120_000
    assert rows(engine, "SELECT read, loaded, duplicates, rejected FROM telemetry_sources") == [
        (120_000, 120_000, 0, 0)
    ]


def how_far(engine: Engine) -> int:
    """How many records are stored, as the source's mark has it."""
    return int(rows(engine, "SELECT coalesce(sum(read), 0) FROM telemetry_sources")[0][0])


def batch(count: int, source: str | None = "native:calls") -> Batch:
    made = Batch(source, mark={"offset": count})
    for call in CALLS[:count]:
        event = normalise(native(call))
        assert isinstance(event, UsageEvent)
        made.add(event)
        made.read += 1
    return made


def end_connections(engine: Engine) -> None:
    """What an administrator or a restart does to every other session of the database."""
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


def test_a_connection_lost_in_the_middle_is_made_anew(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember, times = copy_batches._remember, list[int]()

    def interrupted(connection: Any, batch: Batch, stored: StoredBatch) -> None:
        remember(connection, batch, stored)
        if not times:
            times.append(1)
            with db.open_engine(database_url) as other:
                end_connections(other)

    monkeypatch.setattr(copy_batches, "_remember", interrupted)
    assert Loader(engine, lambda _: None).store(batch(50)) == StoredBatch(50, 0, 0, 0)
    assert loaded(engine) == 50


@pytest.mark.parametrize("all_new", [True, False])
def test_known_calls_among_new_ones_are_passed_over(engine: Engine, *, all_new: bool) -> None:
    loader = Loader(engine, all_new=all_new)
    assert loader.store(batch(50)) == StoredBatch(50, 0, 0, 0)
    assert loader.store(batch(80, source=None)) == StoredBatch(30, 50, 0, 0)
    twice = batch(90)
    twice.lines += twice.lines[-10:]
    assert loader.store(twice) == StoredBatch(10, 90, 0, 0)
    assert not loader.all_new
    assert loaded(engine) == 90


def test_an_answer_to_commit_that_gets_lost_is_not_stored_again(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import Connection

    commit, times = Connection.commit, list[int]()

    def deaf(connection: Connection) -> None:
        commit(connection)
        if not times:
            times.append(1)
            raise psycopg2.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(Connection, "commit", deaf)
    assert Loader(engine, lambda _: None).store(batch(50)) == StoredBatch(50, 0, 0, 0)
    assert rows(engine, "SELECT read, loaded, duplicates FROM telemetry_sources") == [(50, 50, 0)]


def test_a_database_that_stays_away_is_one_line(tmp_path: Path) -> None:
    pauses: list[float] = []
    with (
        db.open_engine(f"postgresql://postgres@/nothing?host={tmp_path}") as nowhere,
        pytest.raises(ModelIntelligenceError) as told,
    ):
        Loader(nowhere, pauses.append).store(batch(1))
    assert sum(pauses) == pytest.approx(15.7)
    assert str(told.value).startswith("the connection to the database was lost: ")
    assert str(told.value).endswith(
        "; no batch is half stored: check that it is running and run the same command again, "
        "which continues after the last stored batch"
    )
    assert "\n" not in str(told.value)


@pytest.fixture
def little_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with little room."""
    place = tmp_path / "little"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(place)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("a file system of its own cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk_is_one_line_and_leaves_whole_batches(
    little_disk: Path, tmp_path: Path
) -> None:
    many(tmp_path / "calls.jsonl", 150_000)
    with embedded_postgres.running(tmp_path / "server") as url:
        owner = (tmp_path / "server" / "data").stat()
        os.chown(little_disk, owner.st_uid, owner.st_gid)
        with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(f"CREATE TABLESPACE little LOCATION '{little_disk}'"))
            connection.execute(text("CREATE DATABASE full_one TABLESPACE little"))
        full = make_url(url).set(database="full_one").render_as_string(hide_password=False)
        process = command(tmp_path / "calls.jsonl", full)
        _, stderr = process.communicate(timeout=240)
        [told] = stderr.decode().splitlines()
        assert process.returncode == 1
        assert told.startswith("error: the database's disk is full: ")
        assert "; no batch is half stored: make room and run the same command again" in told
        with db.open_engine(full) as engine:
            there = loaded(engine)
            assert there % 10_000 == 0
            assert 0 < there < 150_000
            assert how_far(engine) == there


# Memory


def peak_megabytes(source: Path, url: str) -> float:
    where = ("--from", "native", str(source))
    return run_intel("ingest-telemetry", *where, database_url=url).peak_megabytes


def test_memory_does_not_grow_with_the_input(database_url: str, tmp_path: Path) -> None:
    small, large = tmp_path / "small.jsonl", tmp_path / "large.jsonl"
    many(small, 30_000)
    many(large, 150_000)
    little, much = peak_megabytes(small, database_url), peak_megabytes(large, database_url)
    assert much < 200
    assert much < little + 12


def test_nothing_is_shown_while_it_runs_unless_on_a_terminal(
    tmp_path: Path, database_url: str
) -> None:
    many(tmp_path / "calls.jsonl", 15_000)
    process = command(tmp_path / "calls.jsonl", database_url)
    stdout, stderr = process.communicate()
    assert stderr == b""
    assert stdout.startswith("✓ Telemetry imported".encode())


def test_on_a_terminal_records_and_rate_are_shown(tmp_path: Path, database_url: str) -> None:
    many(tmp_path / "calls.jsonl", 60_000)
    ours, theirs = os.openpty()
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "model_intelligence"),
            *("ingest-telemetry", "--from", "native", str(tmp_path / "calls.jsonl")),
        ],
        env={**os.environ, "DATABASE_URL": database_url, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        shown = io.BytesIO()
        while True:
            try:
                part = os.read(ours, 1_000)
            except OSError:
                break
            if not part:
                break
            shown.write(part)
        process.wait()
    os.close(ours)
    assert b" records, " in shown.getvalue()
    assert b" a second" in shown.getvalue()
    assert shown.getvalue().endswith(b"\r\x1b[K")
