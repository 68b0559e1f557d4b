"""The one issue about a broken configuration, closed by the first run after it is fixed."""

import hashlib
from collections.abc import Sequence

from bot.forge.port import Forge, Issue
from bot.pull_request.marker import ConfigIssueMarker
from bot.pull_request.templating import render

TITLE = "The configuration of model-bot is broken"


def report_problems(forge: Forge, message: str) -> None:
    """Opens the issue, or updates the one that is there; the same problems again write nothing."""
    visible = render("config_issue.md.j2", problems=message.splitlines())
    digest = hashlib.sha256(visible.encode()).hexdigest()
    marker = ConfigIssueMarker(digest=digest)
    body = f"{marker}\n{visible}"
    issue = _find(forge.read_issues())
    if issue is None:
        forge.open_issue(title=TITLE, body=body)
    # A person may close the issue without fixing anything; then it opens again.
    elif issue.state == "closed" or issue.marker != marker:
        forge.edit_issue(issue.number, body=body, state="open")


def close_if_open(forge: Forge, issues: Sequence[Issue]) -> None:
    """Closes the issue, after the configuration was read without an error."""
    issue = _find(issues)
    if issue is not None and issue.state == "open":
        forge.edit_issue(issue.number, state="closed")


def _find(issues: Sequence[Issue]) -> Issue | None:
    return next((issue for issue in issues if isinstance(issue.marker, ConfigIssueMarker)), None)
