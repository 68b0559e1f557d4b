"""The dashboard: one issue with the state of every use case, and boxes that people tick."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.forge.port import Forge, Issue, PullRequest
from bot.plan.items import Commands, Item, Outcome, PlanningInput, State
from bot.pull_request.marker import DashboardMarker
from bot.pull_request.other_mentions import OtherMention, unmanaged
from bot.pull_request.templating import render
from bot.reporting.score_card_comment import MeasuredProposal
from model_intelligence.scorecards.text import result

TITLE = "Model choices"
SNOOZE_DAYS = 30
WITH_PULL_REQUEST = {State.PROPOSED, State.EDITED, State.REJECTED, State.ATTENTION}
# What a box asks for is in a comment beside it, so the words that people see may change.
_TICKED = re.compile(r"^[-*] \[[xX]\] <!-- ([a-z]+):([A-Za-z0-9_.-]+) -->", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Row:
    """One use case as the dashboard shows it."""

    item: Item
    current: str
    deadline: str | None
    deadline_source: str | None
    pull_request: PullRequest | None


def find(issues: Sequence[Issue]) -> Issue | None:
    """The dashboard among the bot's issues: the newest open one, else the newest."""
    ours = [issue for issue in issues if isinstance(issue.marker, DashboardMarker)]
    return next((issue for issue in ours if issue.state == "open"), ours[0] if ours else None)


def commands(issue: Issue | None, today: date) -> Commands:
    """What the ticked boxes ask for, and what is still snoozed from before."""
    marker = issue.marker if issue else None
    if issue is None or not isinstance(marker, DashboardMarker):
        return Commands()
    # A body that was edited on the web comes back with CRLF.
    ticked = _TICKED.findall(issue.body.replace("\r\n", "\n"))
    wanted = {verb: {name for box, name in ticked if box == verb} for verb, _ in ticked}
    until = {name: date.fromisoformat(day) for name, day in marker.snoozed.items()}
    until |= dict.fromkeys(wanted.get("snooze", ()), today + timedelta(days=SNOOZE_DAYS))
    woken = wanted.get("wake", set())
    snoozed = {name: day for name, day in until.items() if day > today and name not in woken}
    return Commands(frozenset(wanted.get("proceed", ())), snoozed)


def body(
    items: Sequence[Item],
    current: Mapping[str, str],
    asked: Commands,
    mentions: Sequence[OtherMention],
    shown: Sequence[MeasuredProposal] = (),
) -> str:
    """The whole issue. It holds no time, so that it changes only when something else does."""
    rows = [_row(item, current[item.use_case]) for item in items]
    marker = DashboardMarker(
        snoozed={name: str(day) for name, day in sorted(asked.snoozed.items())}
    )
    visible = render(
        "dashboard.md.j2",
        rows=rows,
        snoozed=asked.snoozed,
        mentions=mentions,
        scores=[(pull, newest, result(newest)) for pull in shown if (newest := pull.card.newest)],
        snooze_days=SNOOZE_DAYS,
    )
    return f"{marker}\n{visible}"


def is_same(shown: str, wanted: str) -> bool:
    """Whether two bodies are equal but for line ends, which GitHub's editor changes."""
    return _normal(shown) == _normal(wanted)


def _normal(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _row(item: Item, current: str) -> _Row:
    end = item.deadline
    return _Row(
        item=item,
        current=current,
        deadline=f"retires on {end.retires_at}" if end else None,
        deadline_source=end.source_url if end else None,
        pull_request=item.pull_request if item.state in WITH_PULL_REQUEST else None,
    )


def show(
    outcomes: Sequence[Outcome],
    scores: Sequence[MeasuredProposal],
    current: Mapping[str, str],
    inputs: PlanningInput,
    forge: Forge,
) -> None:
    """Writes the issue when its content changed; one that people closed stays as they left it."""
    shown = find(inputs.repository.issues)
    # Closing the dashboard is how people say that they do not want it.
    if not inputs.config.dashboard or (shown is not None and shown.state == "closed"):
        return
    items = [replace(done.item, pull_request=done.pull_request) for done in outcomes]
    retiring = {current[item.use_case] for item in items if item.deadline}
    elsewhere = unmanaged(inputs.repository.files, retiring, inputs.config)
    wanted = body(items, current, inputs.commands, elsewhere, scores)
    if shown is None:
        forge.open_issue(title=TITLE, body=wanted)
    elif not is_same(shown.body, wanted):
        forge.edit_issue(shown.number, body=wanted)
