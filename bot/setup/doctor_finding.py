"""The result of one check of `model-bot doctor`, as text and JSON. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

FindingStatus = Literal["ok", "warning", "problem"]
SIGNS = {"ok": "✓", "warning": "!", "problem": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of checking `subject`, and how to fix it unless it is ok.

    A warning does not make a run fail.
    """

    subject: str
    verdict: FindingStatus
    found: str
    fix: str = ""

    def as_json(self) -> dict[str, Any]:
        """The values for programs."""
        return asdict(self)


def is_well(findings: Iterable[Finding]) -> bool:
    """Whether a run can succeed, as far as the checks show."""
    return all(finding.verdict != "problem" for finding in findings)


def finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """One line per finding with its fix below it, then the number of problems."""
    width = max((len(finding.subject) for finding in findings), default=0)
    for finding in findings:
        yield f"{SIGNS[finding.verdict]} {finding.subject:<{width}}  {finding.found}"
        if finding.fix:
            yield f"  {'':<{width}}  → {finding.fix}"
    wrong = sum(finding.verdict == "problem" for finding in findings)
    yield ""
    yield f"✗ {wrong} to fix" if wrong else "✓ a run can succeed"
