"""How long `--help` takes against starting Python with the command-line library alone."""

import subprocess
import sys

from tests.benchmarks.benchmark import FreshDatabase
from tests.benchmarks.clock import best, seconds
from tests.benchmarks.row import Row

PROGRAMS = {
    "model-intel": "from model_intelligence.cli import main",
    "model-bot": "from bot.cli import main",
}
REFERENCE = (sys.executable, "-c", "import typer; pass")


def rows(_fresh_database: FreshDatabase, small: bool) -> list[Row]:
    """Both programs; wall seconds of whole processes."""
    return [_row(name, 1 if small else 15) for name in PROGRAMS]


def _row(name: str, rounds: int) -> Row:
    program = f"import sys; sys.argv = [{name!r}, '--help']; {PROGRAMS[name]}; main()"
    ours, bare = best(
        rounds,
        seconds,
        lambda: _run(sys.executable, "-c", program),
        lambda: _run(*REFERENCE),
    )
    against = f"python -c 'import typer': {bare * 1000:.0f} ms"
    return Row(f"help: {name}", f"--help: {ours * 1000:.0f} ms", against, ours / bare, 3)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
