"""One thing that the doctor looked at, as people and programs are told it. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Verdict = Literal["ok", "warning", "problem"]
SIGNS = {"ok": "✓", "warning": "!", "problem": "✗"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found of a `subject`, and what to do about it unless it is ok.

    A warning does not make a run fail.
    """

    subject: str
    verdict: Verdict
    found: str
    fix: str = ""

    def as_json(self) -> dict[str, Any]:
        """The values for programs."""
        return asdict(self)


def is_well(findings: Iterable[Finding]) -> bool:
    """Whether a run would go through as far as could be told."""
    return all(finding.verdict != "problem" for finding in findings)


def finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Each finding on a line, its fix below it, and how many need one."""
    width = max((len(finding.subject) for finding in findings), default=0)
    for finding in findings:
        yield f"{SIGNS[finding.verdict]} {finding.subject:<{width}}  {finding.found}"
        if finding.fix:
            yield f"  {'':<{width}}  → {finding.fix}"
    wrong = sum(finding.verdict == "problem" for finding in findings)
    yield ""
    yield f"✗ {wrong} to mend" if wrong else "✓ a run can go through"
