"""A mistake in a configuration file, as text and JSON. Pure."""

from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal

from model_intelligence.config.yaml_file import UNKNOWN_KEY, Fault

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake: its place (from 1; None: the whole file), what is wrong, and what to do.

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
        """One line, in the form that editors and terminals turn into a link."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        key = f"{self.key}: " if self.key else ""
        suggestion = f"; {self.suggestion}" if self.suggestion else ""
        return f"{place}: {self.severity}: {key}{self.message}{suggestion}"

    def as_json(self) -> dict[str, Any]:
        """The values for programs."""
        return asdict(self)


def problem_of(fault: Fault, known_keys: frozenset[str]) -> Problem:
    """The problem of an invalid key; for an unknown key it suggests the most similar known one."""
    problem = Problem(
        "error",
        fault.file,
        fault.line,
        fault.column,
        ".".join(map(str, fault.keys)),
        fault.message,
        fault.advice,
    )
    if fault.message != UNKNOWN_KEY or not fault.keys:
        return problem
    alike = nearest(str(fault.keys[-1]), known_keys)
    return replace(problem, suggestion=alike or fault.advice)


def nearest(wrong: str, known: "frozenset[str] | set[str] | list[str]", cutoff: float = 0.7) -> str:
    """A suggestion of the most similar known words; empty if none is similar."""
    lower = {word.lower(): word for word in known}
    alike = [lower[word] for word in get_close_matches(wrong.lower(), lower, 3, cutoff)]
    return f"did you mean {' or '.join(alike)}?" if alike else ""
