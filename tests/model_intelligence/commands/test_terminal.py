"""What a terminal is shown that a pipe is not, and what neither is."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_intelligence.commands.terminal import folded
from tests.on_a_terminal import SCRIPTS, on_a_terminal

LONG = (
    "kept      builder_low  claude-opus-4-5 is the best of 42 candidates and scores 0.425; staying "
    "scores 0.675"
)
ESCAPE = b"\x1b"
PROGRAMS = ("model-intel", "model-bot")


def calls(folder: Path) -> str:
    """A file of one call."""
    path = folder / "calls.jsonl"
    path.write_text(
        '{"event_id": "1", "created_at": "2026-11-01T00:00:00Z", "provider": "zai", '
        '"model": "glm-5", "prompt_tokens": 3, "completion_tokens": 1}\n'
    )
    return str(path)


def test_long_work_shows_how_far_it_is_on_a_terminal_and_nowhere_else(
    database_url: str, tmp_path: Path
) -> None:
    loading = ("model-intel", "ingest-telemetry", "--from", "native", calls(tmp_path))
    folding = ("model-intel", "compute-runtime-stats")
    on_a_terminal(*loading, DATABASE_URL=database_url)
    shown = on_a_terminal(*folding, DATABASE_URL=database_url)
    assert b"\r\x1b[KDays aggregated: 1 with 1 calls\r\x1b[K" in shown
    piped = subprocess.run(
        [SCRIPTS / loading[0], *loading[1:], "--again"],
        env={**os.environ, "DATABASE_URL": database_url},
        capture_output=True,
        check=True,
    )
    assert ESCAPE not in piped.stdout + piped.stderr
    assert piped.stderr == b""


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("arguments", [("--help",), ("no-such-command",)])
def test_nothing_is_coloured(program: str, arguments: tuple[str, ...]) -> None:
    shown = on_a_terminal(program, *arguments, NO_COLOR="1", TERM="xterm-256color")
    assert b"Usage: " in shown
    assert ESCAPE not in shown
    assert shown == on_a_terminal(program, *arguments, TERM="xterm-256color")


def test_a_long_line_goes_on_below_its_last_column() -> None:
    assert folded(LONG, 60) == (
        "kept      builder_low  claude-opus-4-5 is the best of 42\n"
        "                       candidates and scores 0.425; staying\n"
        "                       scores 0.675"
    )


@pytest.mark.parametrize("columns", [10, 30, 60, 80, 200])
@given(line=st.text("ab:, -/", max_size=200))
def test_folding_loses_no_word_and_keeps_short_lines(line: str, columns: int) -> None:
    shown = folded(line, columns)
    assert shown.split() == line.split()
    if len(line) <= columns:
        assert shown.rstrip() == line.rstrip()
    for each in shown.splitlines():
        assert len(each) <= columns or " " not in each.strip()


def test_a_list_of_sources_fits_a_terminal_and_is_whole_in_a_pipe(database_url: str) -> None:
    shown = on_a_terminal("model-intel", "sources", DATABASE_URL=database_url).decode()
    assert max(map(len, shown.splitlines())) <= 80
    piped = subprocess.run(
        [SCRIPTS / "model-intel", "sources"],
        env={**os.environ, "DATABASE_URL": database_url},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert max(map(len, piped.splitlines())) > 80
    assert shown.split() == piped.split()


@pytest.mark.parametrize("program", PROGRAMS)
def test_help_shows_the_first_line_of_every_command_whole(program: str) -> None:
    assert b"..." not in on_a_terminal(program, "--help").split(b"Commands:")[1]


@pytest.mark.parametrize(
    ("program", "words", "found"),
    [
        ("model-intel", "model-intel reco", "recommend"),
        ("model-intel", "model-intel report --for", "--format"),
        ("model-intel", "model-intel report --format ht", "html"),
        ("model-bot", "model-bot doc", "doctor"),
    ],
)
def test_a_shell_completes_commands_options_and_values(
    program: str, words: str, found: str
) -> None:
    variable = f"_{program.upper().replace('-', '_')}_COMPLETE"
    done = subprocess.run(
        [SCRIPTS / program],
        env={
            **os.environ,
            variable: "complete_bash",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split()) - 1),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == [found]
