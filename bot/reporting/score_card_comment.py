"""Score cards on merged pull requests: one comment each, edited in place when a check is made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.forge.authorship import is_viewer
from bot.forge.port import PullRequest, Repository
from bot.plan.writes import WriteComment
from bot.pull_request.body import text_digest
from bot.pull_request.marker import ScoreCardMarker
from bot.pull_request.templating import render
from model_intelligence.scorecards.text import (
    due_on,
    outcome_words,
    reasons_of,
    result,
    with_interval,
)
from model_intelligence.scorecards.values import CHECKS, MEASURES, Actual, Prediction, ScoreCard


@dataclass(frozen=True, slots=True)
class MeasuredProposal:
    """A merged pull request with its card, and the comment that it lacks, if any."""

    pull: PullRequest
    card: ScoreCard
    step: WriteComment | None


def measured_proposals(
    cards: Sequence[ScoreCard], repository: Repository
) -> list[MeasuredProposal]:
    """The score cards with a result, each with its pull request."""
    return [
        MeasuredProposal(pull, card, _missing(pull, card, repository.viewer))
        for card in cards
        if any(check.says_something for check in card.checks)
        for pull in _of(card, repository)
    ]


def _of(card: ScoreCard, repository: Repository) -> Iterator[PullRequest]:
    for pull in repository.pull_requests:
        marker = pull.marker
        # Both, because anybody can copy a marker into another pull request.
        if marker and pull.url == card.url and marker.recommendation == card.recommendation_id:
            yield pull


def _missing(pull: PullRequest, card: ScoreCard, viewer: str) -> WriteComment | None:
    marker, body = comment(card)
    cards = (old for old in pull.comments if isinstance(old.marker, ScoreCardMarker))
    own = next((old for old in cards if is_viewer(old.author, viewer)), None)
    if own is not None and own.marker == marker:
        return None
    return WriteComment(body, own.id if own else None)


def comment(card: ScoreCard) -> tuple[ScoreCardMarker, str]:
    """Its marker, and its whole text, without a time of its own: only a new check changes it."""
    visible = render(
        "scorecard.md.j2",
        card=card,
        rows=[_row(card, promised) for promised in card.predictions],
        checks=CHECKS,
        due={days: due_on(card, days) for days in CHECKS},
        notes=[(check.days, result(check), reasons_of(check)) for check in card.checks],
    )
    marker = ScoreCardMarker(digest=text_digest(visible))
    return marker, f"{marker}\n{visible}"


def _row(card: ScoreCard, promised: Prediction) -> list[str]:
    """The cells of one measure: its name, before, promised, and each check, made or not."""
    name = promised.measure
    made = {check.days: check.of(name) for check in card.checks}
    basis = f"<br>by {promised.basis}; prediction:{promised.id}"
    return [
        MEASURES[name].label,
        with_interval(name, promised.before),
        with_interval(name, promised.predicted) + basis if promised.predicted else "nothing",
        *(_cell(name, made.get(days)) for days in CHECKS),
    ]


def _cell(name: str, actual: Actual | None) -> str:
    if actual is None:
        return ""
    if actual.figure is None:
        return outcome_words(actual)
    shown = with_interval(name, actual.figure)
    return f"{shown}<br>**{outcome_words(actual)}**; actual:{actual.id}"
