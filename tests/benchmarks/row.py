"""What a benchmark says: one row of the table, with what it was held against."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement as a ratio to a reference that was measured in the same run.

    `figure` is what was measured, in words and units, `against` the reference with its own figure.
    The ratio must be at most `limit`, or at least, where `at_least` is set; without a limit it is
    told and decides nothing.
    """

    name: str
    figure: str
    against: str
    ratio: float
    limit: float | None
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the ratio is on the right side of its limit."""
        if self.limit is None:
            return True
        return self.ratio >= self.limit if self.at_least else self.ratio <= self.limit

    def cells(self) -> tuple[str, ...]:
        """The row as the table shows it."""
        start = self.name, self.figure, self.against, f"{self.ratio:.3g}"
        if self.limit is None:
            return *start, "none", "told"
        bound = f"{'≥' if self.at_least else '≤'} {self.limit:g}"
        return *start, bound, "met" if self.is_met else "MISSED"


HEADER = ("benchmark", "figure", "against", "ratio", "limit", "verdict")


def table(rows: Sequence[Row]) -> str:
    """All rows as a Markdown table, aligned for a terminal too."""
    lines = [HEADER, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    padded = [
        [cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines
    ]
    rule = ["-" * width for width in widths]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (padded[0], rule, *padded[1:]))


def machine(postgres: str) -> str:
    """What the figures were measured on, in one line; `postgres` is the server's version."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{_processor()}, {_cores()}, {python}, PostgreSQL {postgres}"


def _processor() -> str:
    facts = Path("/proc/cpuinfo")  # Linux; elsewhere the platform module knows
    if facts.exists():
        for line in facts.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _cores() -> str:
    from os import cpu_count

    count = cpu_count() or 1
    return f"{count} core{'' if count == 1 else 's'}"
