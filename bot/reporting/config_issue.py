"""The one issue about a broken configuration, which closes itself when it is mended."""

import hashlib
from collections.abc import Sequence

from bot.forge.port import Forge, Issue
from bot.pull_request.marker import ConfigIssueMarker
from bot.pull_request.templating import render

TITLE = "The configuration of model-bot is broken"


def report_problems(forge: Forge, message: str) -> None:
    """Raises the issue, or brings the one that is there up to date; the same again is no write."""
    visible = render("complaint.md.j2", problems=message.splitlines())
    digest = hashlib.sha256(visible.encode()).hexdigest()
    body = f"{ConfigIssueMarker(digest=digest)}\n{visible}"
    found = _find(forge.read_issues())
    if found is None:
        forge.open_issue(title=TITLE, body=body)
        return
    told = ConfigIssueMarker.read(found.body)
    # A person may close the issue without mending anything; then it opens again.
    if found.state == "closed" or told is None or told.digest != digest:
        forge.edit_issue(found.number, body=body, state="open")


def close_if_open(forge: Forge, issues: Sequence[Issue]) -> None:
    """Closes the issue, now that the configuration is read without an error."""
    found = _find(issues)
    if found is not None and found.state == "open":
        forge.edit_issue(found.number, state="closed")


def _find(issues: Sequence[Issue]) -> Issue | None:
    return next((issue for issue in issues if ConfigIssueMarker.read(issue.body) is not None), None)
