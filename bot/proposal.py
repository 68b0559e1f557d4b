"""A recommendation as a pull request: branch, title, body, edit. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot import markdown
from bot.authorship import TRAILER
from bot.chart import chart
from bot.marker import Facts, Marker, Notice
from bot.mentions import elsewhere
from bot.templating import render
from model_intelligence.current_models import with_model
from model_intelligence.patcher import Place, unified_diff
from model_intelligence.policy import BotConfig
from model_intelligence.recommendations import Recommendation
from model_intelligence.records import Deadline

BRANCH_PREFIX = "model-bot/"
LONGEST_BODY = 56_000  # GitHub refuses 65,536 characters, and counts them in a way of its own
SECTIONS = (  # from the bottom up, which is the order in which they go when the body is too long
    "undo",
    "elsewhere",
    "code",
    "sentiment",
    "score",
    "alternatives",
    "arithmetic",
    "benchmarks",
    "chart",
    "gates",
    "caveats",
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A stored recommendation that should stand in a pull request."""

    item: Recommendation
    deadline: Deadline | None = None
    known_since: date | None = None

    @property
    def use_case(self) -> str:
        """The use case it is for."""
        return self.item.use_case

    @property
    def facts(self) -> Facts:
        """What a later wish is held against, should people say no to this one."""
        decision = self.item.decision
        return Facts(
            score=decision["score"]["total"],
            cost_delta_pct=decision["cost_delta_pct"],
            benchmarks=len(decision["benchmarks"]),
            telemetry=bool(decision["score"]["runtime"]["record_ids"]),
            retires_at=decision["deadline"] and decision["deadline"]["retires_at"],
        )


@dataclass(frozen=True, slots=True)
class Past:
    """What came before: earlier targets of the same pull request, and a no with what changed."""

    previous: tuple[str, ...] = ()
    after_no: int | None = None
    changes: tuple[str, ...] = ()


NOTHING_BEFORE = Past()


@dataclass(frozen=True, slots=True)
class Proposal:
    """One change of one model name, as it will stand on GitHub."""

    use_case: str
    branch: str
    title: str
    visible: str
    marker: Marker
    path: str
    before: str
    after: str

    @property
    def body(self) -> str:
        """What is sent: the marker, then what people read."""
        return f"{self.marker}\n{self.visible}"

    @property
    def commit_message(self) -> str:
        """What the commit says: the title, and where the evidence stands."""
        return (
            f"{self.title}\n\nThe evidence is in the pull request "
            f"(recommendation {self.marker.recommendation}).\n\n{TRAILER}"
        )

    @property
    def diff(self) -> str:
        """The change as `git apply` reads it."""
        return unified_diff(self.path, self.before, self.after)


def branch_of(use_case: str) -> str:
    """One branch per use case, for ever."""
    return BRANCH_PREFIX + use_case


def title_of(use_case: str, from_model: str, to_model: str) -> str:
    """The title that the bot gives a proposal."""
    return markdown.title(f"{use_case}: {from_model} → {to_model}")


def propose(
    wish: Wish, config: BotConfig, models_text: str, past: Past = NOTHING_BEFORE
) -> Proposal:
    """The proposal for a wish; PatchRefused when the file cannot be edited faithfully."""
    item = wish.item
    paths = config.policy(item.use_case).paths
    after = with_model(models_text, paths, item.recommended_model)
    undo = unified_diff(config.models_file, after, models_text)
    places = elsewhere(models_text, item.current_model, paths)
    title = title_of(item.use_case, item.current_model, item.recommended_model)
    visible = _visible(item, config.models_file, undo, places, past)
    marker = Marker(
        use_case=item.use_case,
        from_model=item.current_model,
        to_model=item.recommended_model,
        recommendation=item.id,
        digest=_digest(title, visible),
        facts=wish.facts,
        previous=past.previous,
        after_no=past.after_no,
        changes=past.changes,
    )
    branch = branch_of(item.use_case)
    return Proposal(
        item.use_case, branch, title, visible, marker, config.models_file, models_text, after
    )


def _visible(
    item: Recommendation, file: str, undo: str, places: Sequence[Place], past: Past
) -> str:
    """What people read; whole sections go, the least important first, until it fits."""
    for dropped in range(len(SECTIONS) + 1):
        text = render(
            "pull_request.md.j2",
            item=item,
            decision=item.decision,
            file=file,
            branch=branch_of(item.use_case),
            chart=chart(item.decision),
            elsewhere=places,
            undo=undo,
            past=past,
            dropped=SECTIONS[:dropped],
        )
        if len(text) <= LONGEST_BODY:
            break
    return text


def closing_body(body: str, marker: Marker, reason: str) -> str:
    """The body of a proposal that the bot closes: marked as its own doing, with the reason."""
    visible = body.partition("\n")[2]
    closed = marker.model_copy(update={"closed_by": "model-bot"})
    return f"{closed}\n> **Closed by the bot, which is not a no:** {reason}.\n\n{visible}"


def notice_body(news: str, people: tuple[str, ...]) -> str:
    """The one comment on a branch that people work on."""
    visible = render("notice.md.j2", news=news, people=people)
    return f"{Notice(digest=_digest(visible))}\n{visible}"


def _digest(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()
