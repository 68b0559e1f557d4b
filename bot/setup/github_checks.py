"""Checks the token, the repository, its settings and the clock against GitHub.

GitHub only reveals whether a token may write when somebody tries, so each check requests something
impossible (a branch at a commit that does not exist, a pull request from a branch into itself):
nothing is written whatever the answer. For issues there is no such request.
"""

from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

from bot.forge.github_answer import Answer
from bot.setup.doctor_finding import Finding

NO_COMMIT = "0" * 40
MOST_SECONDS_OFF = 60
MAY_OPEN = (
    "tick Settings > Actions > General > Allow GitHub Actions to create and approve pull requests "
    "(the organisation's setting wins over the repository's), or give the token of a GitHub App"
)
KINDS = {
    "ghp_": "a classic token of a person",
    "github_pat_": "a fine-grained token of a person",
    "ghs_": "a token of an App or of GitHub Actions",
    "gho_": "a token of an OAuth App",
}


class Asks(Protocol):
    """A repository that requests can be sent to."""

    @property
    def name(self) -> str:
        """The repository, as owner/name."""

    def ask(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        """The answer to one request below the repository's address; ForgeError if there is none."""


def github_findings(forge: Asks, token: str, now: datetime) -> Iterator[Finding]:
    """The findings, token and repository first; if those fail, nothing else can be checked."""
    seen = forge.ask("GET", "")
    if seen.status != 200:
        yield _unseen(forge.name, seen)
        return
    kind = next((text for start, text in KINDS.items() if token.startswith(start)), "a token")
    yield Finding("token", "ok", f"{kind}, with access to {forge.name}")
    yield _clock(seen, now)
    base = str(seen.body["default_branch"])
    yield _trial(
        forge, "contents", "git/refs", {"ref": "refs/heads/model-bot/doctor", "sha": NO_COMMIT}
    )
    yield _pull_requests(forge, base)
    status = {"state": "success", "context": "model-bot/doctor"}
    yield _trial(forge, "statuses", f"statuses/{NO_COMMIT}", status, needed=False)


def _unseen(name: str, answer: Answer) -> Finding:
    if answer.status == 401:
        fix = "create a new one; GITHUB_TOKEN must be the token alone"
        return Finding("token", "problem", "GitHub rejects it: it is wrong or has expired", fix)
    found = f"it has no access to {name}: {answer.message}"
    return Finding(
        "token", "problem", found, "give it access to the repository, or correct the name"
    )


def _clock(answer: Answer, now: datetime) -> Finding:
    date = answer.headers.get("date")
    if date is None:
        return Finding("clock", "warning", "GitHub's response had no Date header")
    off = round((now - parsedate_to_datetime(date)).total_seconds())
    if abs(off) <= MOST_SECONDS_OFF:
        return Finding("clock", "ok", "agrees with GitHub's")
    way = "ahead of" if off > 0 else "behind"
    found = f"{abs(off):,} s {way} GitHub's; a GitHub App cannot sign in, and deadlines are wrong"
    return Finding("clock", "problem", found, "synchronise it with NTP")


def _trial(
    forge: Asks, permission: str, path: str, body: dict[str, Any], *, needed: bool = True
) -> Finding:
    answer = forge.ask("POST", path, body)
    subject = f"may write {permission}"
    # With the permission GitHub looks at the request and finds nothing; without it, it answers 403.
    if answer.status in {404, 422}:
        return Finding(subject, "ok", "yes")
    fix = f"give the token `{permission}: write`"
    if not needed:
        fix += "; without it no status check fails for a retired model"
    return Finding(subject, "problem" if needed else "warning", f"no: {answer.message}", fix)


def _pull_requests(forge: Asks, base: str) -> Finding:
    """A pull request into its own branch: GitHub refuses it as empty, or as not permitted."""
    subject = "may open pull requests"
    # Only a token with administration rights may read the setting; others get an answer that is not
    # 200.
    setting = forge.ask("GET", "actions/permissions/workflow")
    same = {"title": "model-bot doctor", "head": base, "base": base, "draft": True}
    answer = forge.ask("POST", "pulls", same)
    if "not permitted" in answer.message:
        return Finding(subject, "problem", f"no: {answer.message}", MAY_OPEN)
    if answer.status != 422:
        fix = "give the token `pull-requests: write`"
        return Finding(subject, "problem", f"no: {answer.message}", fix)
    forbidden = (
        setting.status == 200 and setting.body.get("can_approve_pull_request_reviews") is False
    )
    if forbidden:
        found = "this token may; the own token of GitHub Actions may not"
        return Finding(subject, "warning", found, MAY_OPEN)
    return Finding(subject, "ok", "yes")
