"""A command on a terminal of its own, as a person runs it."""

import os
import pty
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(sys.executable).parent


def on_a_terminal(*arguments: str, columns: int = 80, **environment: str) -> bytes:
    """All that a command of this project writes to a terminal."""
    ours, theirs = pty.openpty()
    command = subprocess.Popen(
        [SCRIPTS / arguments[0], *arguments[1:]],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "COLUMNS": str(columns), **environment},
    )
    os.close(theirs)
    written = b""
    try:
        while part := os.read(ours, 4096):
            written += part
    except OSError:  # how a terminal ends when its program has gone
        pass
    os.close(ours)
    assert command.wait(120) in {0, 1, 2}
    return written
