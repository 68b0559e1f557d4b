"""One mistake in a configuration, as people and programs are told it. Pure."""

from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal

from model_intelligence.config.yaml_file import UNKNOWN_KEY, Fault

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """Where something is wrong (1-based; None: the file as a whole), what, and what to do.

    A warning does not make a run fail.
    """

    severity: Severity
    file: str
    line: int | None
    column: int | None
    key: str
    message: str
    suggestion: str = ""

    def __str__(self) -> str:
        """One line, in the form that editors and terminals make a link of."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        key = f"{self.key}: " if self.key else ""
        suggestion = f"; {self.suggestion}" if self.suggestion else ""
        return f"{place}: {self.severity}: {key}{self.message}{suggestion}"

    def as_json(self) -> dict[str, Any]:
        """The values for programs."""
        return asdict(self)


def problem_of(fault: Fault, known_keys: frozenset[str]) -> Problem:
    """A fault of a file's shape; an unknown key gets the likest one that is known."""
    told = Problem(
        "error",
        fault.file,
        fault.line,
        fault.column,
        ".".join(map(str, fault.keys)),
        fault.message,
        fault.advice,
    )
    if fault.message != UNKNOWN_KEY or not fault.keys:
        return told
    alike = nearest(str(fault.keys[-1]), known_keys)
    return replace(told, suggestion=alike or fault.advice)


def nearest(wrong: str, known: "frozenset[str] | set[str] | list[str]", cutoff: float = 0.7) -> str:
    """A suggestion of the likest known words; empty where none is alike."""
    lower = {word.lower(): word for word in known}
    alike = [lower[word] for word in get_close_matches(wrong.lower(), lower, 3, cutoff)]
    return f"did you mean {' or '.join(alike)}?" if alike else ""
