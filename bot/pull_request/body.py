"""The body of a pull request, written from what is stored with the recommendation. Pure.

A stored decision has a version, and each version has its own template. Once a release has followed
with a newer one, the older template is frozen: its bodies can be written again, byte for byte.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.pull_request import markdown
from bot.pull_request.change import Setting
from bot.pull_request.chart import chart
from bot.pull_request.marker import Facts, Marker
from bot.pull_request.templating import render
from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.explanation.recommendation import Recommendation

BRANCH_PREFIX = "model-bot/"
_HUNK = re.compile(r"@@ -(\d+)")
LONGEST_BODY = 56_000  # GitHub refuses more than 65,536, and counts some characters twice
SECTIONS = (  # the least important first: they are left out in this order if the body is too long
    "how to undo",
    "other places",
    "opinions",
    "score",
    "alternatives",
    "gates",
    "cost",
    "benchmarks",
    "what may break in code",
    "unknowns",
    "chart",
)
# version of a stored decision -> its template and its sections; the newest is the last
SHAPES: Mapping[int, tuple[str, tuple[str, ...]]] = {4: ("pull_request.md.j2", SECTIONS)}


@dataclass(frozen=True, slots=True)
class Body:
    """The marker, and what people read."""

    marker: Marker
    visible: str

    def __str__(self) -> str:
        return f"{self.marker}\n{self.visible}"


def write_body(item: Recommendation, setting: Setting) -> Body:
    """The body of a recommendation in its setting: the same for the same values, always."""
    title = title_of(item.use_case, item.current_model, item.recommended_model)
    visible, past = _visible(item, setting), setting.past
    marker = Marker(
        use_case=item.use_case,
        from_model=item.current_model,
        to_model=item.recommended_model,
        recommendation=item.id,
        digest=text_digest(title, visible),
        facts=facts_of(item),
        previous=past.previous,
        after_no=past.after_no,
        changes=past.changes,
    )
    return Body(marker, visible)


# A date or a target in the name would open a second pull request beside the first.
def branch_of(use_case: str) -> str:
    """One branch per use case, for ever."""
    return BRANCH_PREFIX + use_case


def title_of(use_case: str, from_model: str, to_model: str) -> str:
    """The title that the bot gives a proposal."""
    return markdown.title(f"{use_case}: {from_model} → {to_model}")


def facts_of(item: Recommendation) -> Facts:
    """What a later recommendation is compared with, should people reject this one."""
    decision = item.decision
    return Facts(
        score=decision["score"]["total"],
        cost_delta_pct=decision["cost_delta_pct"],
        benchmarks=len(decision["benchmarks"]),
        telemetry=bool(decision["score"]["runtime"]["record_ids"]),
        retires_at=decision["deadline"] and decision["deadline"]["retires_at"],
    )


def text_digest(*texts: str) -> str:
    """SHA-256 of texts, by which a body is known to be as it was written."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


def changed_lines(diff: str) -> list[int]:
    """The numbers of the lines that a unified diff removes or changes, as they were before."""
    numbers: list[int] = []
    line = 0
    for text in diff.splitlines()[2:]:  # after the two names of the file
        hunk = _HUNK.match(text)
        if hunk:
            line = int(hunk[1])
            continue
        if text.startswith("-"):
            numbers.append(line)
        # Added lines, and "\ No newline at end of file", do not exist in the old file.
        line += not text.startswith(("+", "\\"))
    return numbers


def _visible(item: Recommendation, setting: Setting) -> str:
    """What people read; whole sections are left out, the least important first, until it fits."""
    template, sections = _shape_of(item)
    for dropped in range(len(sections) + 1):
        text = render(
            template,
            item=item,
            decision=item.decision,
            file=setting.change.file,
            branch=branch_of(item.use_case),
            chart=chart(item.decision),
            elsewhere=setting.change.other_places,
            undo=setting.change.reverse_diff,
            lines=changed_lines(setting.change.diff),
            past=setting.past,
            dropped=sections[:dropped],
        )
        if len(text) <= LONGEST_BODY:
            break
    return text


def _shape_of(item: Recommendation) -> tuple[str, tuple[str, ...]]:
    version = int(item.decision.get("version", 1))
    if version not in SHAPES:
        raise ModelIntelligenceError(
            f"recommendation {item.id} was stored in format {version}, which this version of the "
            f"program cannot write as text (it knows {', '.join(map(str, SHAPES))}); use the "
            "version that stored it"
        )
    return SHAPES[version]
