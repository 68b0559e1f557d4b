"""What GitHub says of the token, the repository, its settings and the time.

Whether a token may write is only told to who tries: each trial asks for something that cannot be
done (a branch at a commit that is not there, a pull request from a branch into itself), so that
nothing is written whatever the answer. What may be written to issues cannot be tried like that.
"""

from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

from bot.forge.github_answer import Answer
from bot.setup.finding import Finding

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
    """One repository that can be asked anything."""

    @property
    def name(self) -> str:
        """The repository, as owner/name."""

    def ask(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Answer:
        """The answer to one request below the repository's address; ForgeError if there is none."""


def github_findings(forge: Asks, token: str, now: datetime) -> Iterator[Finding]:
    """Token and repository first; where those fail nothing else can be told."""
    seen = forge.ask("GET", "")
    if seen.status != 200:
        yield _unseen(forge.name, seen)
        return
    kind = next((text for start, text in KINDS.items() if token.startswith(start)), "a token")
    yield Finding("token", "ok", f"{kind}, which sees {forge.name}")
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
        fix = "make a new one; GITHUB_TOKEN must hold the token alone"
        return Finding("token", "problem", "it is wrong or has expired", fix)
    found = f"{name} cannot be seen with it: {answer.said}"
    return Finding("token", "problem", found, "give it access to the repository, or mend the name")


def _clock(answer: Answer, now: datetime) -> Finding:
    told = answer.headers.get("date")
    if told is None:
        return Finding("clock", "warning", "GitHub told no time to compare it with")
    off = round((now - parsedate_to_datetime(told)).total_seconds())
    if abs(off) <= MOST_SECONDS_OFF:
        return Finding("clock", "ok", "it agrees with GitHub's")
    way = "ahead of" if off > 0 else "behind"
    found = f"it is {abs(off):,} s {way} GitHub's; an App cannot sign in, and deadlines are wrong"
    return Finding("clock", "problem", found, "set it by NTP")


def _trial(
    forge: Asks, permission: str, path: str, body: dict[str, Any], *, needed: bool = True
) -> Finding:
    answer = forge.ask("POST", path, body)
    subject = f"may write {permission}"
    if answer.status in {404, 422}:
        return Finding(subject, "ok", "yes")
    fix = f"give the token `{permission}: write`"
    if not needed:
        fix += "; without it a retired model fails no check"
    return Finding(subject, "problem" if needed else "warning", f"no: {answer.said}", fix)


def _pull_requests(forge: Asks, base: str) -> Finding:
    """Into its own branch: GitHub refuses that for want of commits, or for want of a permission."""
    subject = "may open pull requests"
    setting = forge.ask("GET", "actions/permissions/workflow")
    same = {"title": "model-bot doctor", "head": base, "base": base, "draft": True}
    answer = forge.ask("POST", "pulls", same)
    if "not permitted" in answer.said:
        return Finding(subject, "problem", f"no: {answer.said}", MAY_OPEN)
    if answer.status != 422:
        fix = "give the token `pull-requests: write`"
        return Finding(subject, "problem", f"no: {answer.said}", fix)
    forbidden = (
        setting.status == 200 and setting.body.get("can_approve_pull_request_reviews") is False
    )
    if forbidden:
        found = "this token yes; GitHub Actions' own token no"
        return Finding(subject, "warning", found, MAY_OPEN)
    return Finding(subject, "ok", "yes")
