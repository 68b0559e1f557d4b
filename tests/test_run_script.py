"""What `./run` installs before it runs a command, in a fresh clone."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Makes an environment as `python -m venv` does, whose every program is this very script, and lists
# what it is called with.
PYTHON = """#!/usr/bin/env bash
echo "$(basename "$0") $*" >> "$CALLS"
if [ "$1 ${2:-}" = "-m venv" ]; then
  mkdir -p "$3/bin"
  for name in python pytest ruff mypy lint-imports model-bot; do cp "$0" "$3/bin/$name"; done
fi
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone in which nothing is installed, and a Python that only records its calls."""
    for name in ("run", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "python3").write_text(PYTHON)
    (tmp_path / "python3").chmod(0o755)
    (tmp_path / "calls").touch()
    return tmp_path


def calls(clone: Path, *arguments: str) -> tuple[str, list[str]]:
    """The output of `./run`, and what it called."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHON": str(clone / "python3"),
        "CALLS": str(clone / "calls"),
    }
    done = subprocess.run(
        [clone / "run", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    )
    return done.stdout, (clone / "calls").read_text().splitlines()


@pytest.mark.parametrize("tool", ["pytest", "ruff", "mypy", "lint-imports"])
def test_a_development_tool_is_installed_before_it_is_run(clone: Path, tool: str) -> None:
    _, called = calls(clone, tool, "--version")
    assert any("requirements-dev.txt" in call for call in called)
    assert called[-1] == f"{tool} --version"


def test_the_suites_own_programs_have_the_development_tools(clone: Path) -> None:
    _, called = calls(clone, "python", "-m", "tests.benchmarks")
    assert any("requirements-dev.txt" in call for call in called)


@pytest.mark.parametrize("command", [("model-bot", "check"), ("python", "-I", "-c", "pass")])
def test_running_the_bot_installs_no_development_tool(
    clone: Path, command: tuple[str, ...]
) -> None:
    _, called = calls(clone, *command)
    assert not any("requirements-dev.txt" in call for call in called)
    assert any("requirements.txt" in call for call in called)
    assert called[-1] == " ".join(command)


def test_a_second_command_installs_nothing(clone: Path) -> None:
    _, first = calls(clone, "pytest")
    _, second = calls(clone, "pytest", "-x")
    assert second[len(first) :] == ["pytest -x"]


@pytest.mark.parametrize(
    "arguments", [(), ("--help",), ("test", "--help"), ("test", "-h"), ("lock", "--help")]
)
def test_help_installs_and_checks_nothing(clone: Path, arguments: tuple[str, ...]) -> None:
    printed, called = calls(clone, *arguments)
    assert printed.startswith("usage: ./run COMMAND")
    assert not called
    assert not (clone / ".venv").exists()
