"""A recommendation as a pull request: branch, title, body, edit. Pure."""

from dataclasses import dataclass

from bot.pull_request.body import (
    BRANCH_PREFIX,
    SECTIONS,
    branch_of,
    facts_of,
    text_digest,
    title_of,
    write_body,
)
from bot.pull_request.change import NOTHING_BEFORE, Change, Past, Setting, change_of
from bot.pull_request.marker import TRAILER, Marker, NoticeMarker
from bot.pull_request.templating import render
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.explanation.recommendation import Recommendation

__all__ = [
    "BRANCH_PREFIX",
    "NOTHING_BEFORE",
    "SECTIONS",
    "Past",
    "Proposal",
    "branch_of",
    "closing_body",
    "facts_of",
    "notice",
    "propose",
    "title_of",
]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A use case's pull request, as it is to be on GitHub."""

    use_case: str
    branch: str
    title: str
    visible: str
    marker: Marker
    change: Change
    past: Past

    @property
    def body(self) -> str:
        """What is sent: the marker, then what people read."""
        return f"{self.marker}\n{self.visible}"

    @property
    def commit_message(self) -> str:
        """What the commit says: the title, and where the evidence is."""
        return (
            f"{self.title}\n\nThe evidence is in the pull request "
            f"(recommendation {self.marker.recommendation}).\n\n{TRAILER}"
        )

    @property
    def setting(self) -> Setting:
        """What the body is written from besides the recommendation."""
        return Setting(self.change.shown, self.past)


def propose(
    item: Recommendation, config: BotConfig, before: str, past: Past = NOTHING_BEFORE
) -> Proposal:
    """A recommendation's proposal; PatchRefused when the file cannot be edited faithfully.

    `before` is the text of the use case's file.
    """
    change = change_of(item, config, before)
    body = write_body(item, Setting(change.shown, past))
    return Proposal(
        use_case=item.use_case,
        branch=branch_of(item.use_case),
        title=title_of(item.use_case, item.current_model, item.recommended_model),
        visible=body.visible,
        marker=body.marker,
        change=change,
        past=past,
    )


def closing_body(body: str, marker: Marker, reason: str) -> str:
    """The body of a proposal that the bot closes: marked as its own doing, with the reason."""
    # What people read stays as it was, whatever a newer template would make of it.
    visible = body.partition("\n")[2]
    closed = marker.model_copy(update={"closed_by": "model-bot"})
    return f"{closed}\n> **Closed by the bot, which is not a rejection:** {reason}.\n\n{visible}"


def notice(news: str, people: tuple[str, ...]) -> tuple[NoticeMarker, str]:
    """The one comment on a branch that people work on: its marker, and its whole text."""
    visible = render("notice.md.j2", news=news, people=people)
    marker = NoticeMarker(digest=text_digest(visible))
    return marker, f"{marker}\n{visible}"
