"""A command's peak memory, told by its own process: `wait` would count its parent's too."""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.conftest import ROOT

PROGRAM = """
import re, resource, sys
from pathlib import Path
from model_intelligence.cli import main
told = Path(sys.argv.pop(1))
sys.argv[0] = "model-intel"
try:
    main()
finally:
    status = Path("/proc/self/status")  # Linux; elsewhere nothing is inherited
    if status.exists():
        kilobytes = int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1])
    else:
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    told.write_text(str(kilobytes))
"""


class Run(NamedTuple):
    """How long a command took, start of Python included, and the most memory it had."""

    seconds: float
    peak_megabytes: float


def run_intel(*arguments: str, database_url: str) -> Run:
    """Runs `model-intel` in a process of its own, which must end well."""
    with TemporaryDirectory() as folder:
        told = Path(folder) / "kilobytes"
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(told), *arguments],
            env={**os.environ, "DATABASE_URL": database_url, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            check=True,
        )
        return Run(time.perf_counter() - began, int(told.read_text()) / 1024)
