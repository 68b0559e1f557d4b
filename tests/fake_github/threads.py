"""People, issues, labels and timelines: what a repository has beside Git and pull requests."""

import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from tests.fake_github.records import (
    Comment,
    Event,
    EventKind,
    Issue,
    Label,
    Pull,
    Refused,
    Team,
    Token,
    User,
    invalid,
)

ACTIONS_BOT = "github-actions[bot]"
WEB_FLOW = "web-flow"
LONGEST_BODY = 65_536
_WELL_KNOWN = (User(41898282, ACTIONS_BOT), User(19864447, WEB_FLOW))
_DEFAULT_LABELS = ("bug", "documentation", "enhancement")


class Threads:
    """The issues of one repository; `State` adds branches and pull requests."""

    def __init__(self, owner: str, name: str, clock: Callable[[], datetime]) -> None:
        """Start without issues; times are the clock's, moved by `offset`."""
        self.lock = threading.RLock()
        self.owner = owner
        self.name = name
        self.offset = timedelta()
        self._clock = clock
        self.ids = count(1001)
        self.created_at = self.now()
        self.users = {user.login: user for user in (*_WELL_KNOWN, User(1000, owner))}
        self.teams: dict[str, Team] = {}
        self.tokens: dict[str, Token] = {}
        self.threads: dict[int, Issue] = {}
        self.labels = {label: Label(next(self.ids), label) for label in _DEFAULT_LABELS}

    @property
    def full_name(self) -> str:
        """Return owner/name."""
        return f"{self.owner}/{self.name}"

    def now(self) -> datetime:
        """Return the time that new records get."""
        return self._clock() + self.offset

    # People

    def user(self, login: str) -> User:
        """Return the account, made on first use."""
        if login not in self.users:
            self.users[login] = User(next(self.ids), login)
        return self.users[login]

    def add_token(self, value: str, login: str, permissions: Mapping[str, str] | None) -> None:
        """Let `value` authenticate as `login`."""
        self.user(login)
        self.tokens[value] = Token(login, None if permissions is None else dict(permissions))

    def add_team(self, slug: str) -> None:
        """Let a team of the owner be asked for reviews."""
        self.teams[slug] = Team(next(self.ids), slug)

    # Issues, and what pull requests share with them

    def thread(self, number: int) -> Issue:
        """Return an issue or pull request, or refuse with 404."""
        if number not in self.threads:
            raise Refused(404, "Not Found")
        return self.threads[number]

    def new_thread(self, author: str, title: str, body: str | None) -> dict[str, Any]:
        """Return the first fields of an issue or pull request: both count in one sequence."""
        now = self.now()
        return {
            "id": next(self.ids),
            "number": len(self.threads) + 1,
            "author": author,
            "title": title,
            "body": body,
            "created_at": now,
            "updated_at": now,
        }

    def open_issue(self, author: str, title: str, body: str | None) -> Issue:
        """Open an issue."""
        self.check_body("Issue", body)
        issue = Issue(**self.new_thread(author, title, body))
        self.threads[issue.number] = issue
        return issue

    def check_body(self, resource: str, body: str | None) -> None:
        """Refuse a body that is longer than GitHub stores."""
        if body and len(body) > LONGEST_BODY:
            message = f"body is too long (maximum is {LONGEST_BODY} characters)"
            raise invalid(resource, "custom", "body", message)

    def record(
        self, thread: Issue, kind: EventKind, actor: str, subject: str = "", before: str = ""
    ) -> None:
        """Add an event to a thread's timeline."""
        self.user(actor)
        thread.updated_at = self.now()
        thread.events.append(Event(kind, actor, thread.updated_at, subject, before))

    def edit(self, thread: Issue, actor: str, *, title: str | None, body: str | None) -> None:
        """Change title or body; None leaves it."""
        resource = "PullRequest" if isinstance(thread, Pull) else "Issue"
        self.check_body(resource, body)
        if title is not None and title != thread.title:
            self.record(thread, "RenamedTitleEvent", actor, title, thread.title)
            thread.title = title
        if body is not None:
            thread.body = body
        thread.updated_at = self.now()

    def close(self, thread: Issue, actor: str, reason: str | None = None) -> None:
        """Close an issue or, unmerged, a pull request."""
        if not isinstance(thread, Pull):  # only issues say why
            thread.state_reason = reason or "completed"
        self.record(thread, "ClosedEvent", actor, thread.state_reason or "")
        thread.state, thread.closed_at = "closed", thread.updated_at

    def reopen(self, thread: Issue, actor: str) -> None:
        """Reopen."""
        if not isinstance(thread, Pull):
            thread.state_reason = "reopened"
        self.record(thread, "ReopenedEvent", actor, thread.state_reason or "")
        thread.state, thread.closed_at = "open", None

    def set_state(self, thread: Issue, state: str, actor: str, reason: str | None = None) -> None:
        """Close or reopen; when it already is, only an issue's reason may change."""
        if state == thread.state:
            if reason and not isinstance(thread, Pull):
                thread.state_reason = reason
        elif state == "closed":
            self.close(thread, actor, reason)
        else:
            self.reopen(thread, actor)

    def set_assignees(self, thread: Issue, logins: Iterable[str], actor: str) -> None:
        """Give a thread exactly these assignees."""
        chosen = [self.user(login).login for login in dict.fromkeys(logins)]
        self._record_changes(thread, "UnassignedEvent", actor, thread.assignees, chosen)
        self._record_changes(thread, "AssignedEvent", actor, chosen, thread.assignees)
        thread.assignees = chosen

    def _record_changes(
        self, thread: Issue, kind: EventKind, actor: str, have: list[str], others: list[str]
    ) -> None:
        for subject in have:
            if subject not in others:
                self.record(thread, kind, actor, subject)

    def set_reviewers(
        self, pull: Pull, logins: Iterable[str], teams: Iterable[str], actor: str
    ) -> None:
        """Ask exactly these people and teams for a review."""
        people, slugs = list(dict.fromkeys(logins)), list(dict.fromkeys(teams))
        old = [*pull.reviewers, *map(self.team_name, pull.team_reviewers)]
        new = [*people, *map(self.team_name, slugs)]
        self._record_changes(pull, "ReviewRequestRemovedEvent", actor, old, new)
        self._record_changes(pull, "ReviewRequestedEvent", actor, new, old)
        pull.reviewers, pull.team_reviewers = people, slugs

    def team_name(self, slug: str) -> str:
        """Return owner/slug, which no login can be mistaken for."""
        return f"{self.owner}/{slug}"

    def set_draft(self, pull: Pull, actor: str, *, draft: bool) -> None:
        """Turn a pull request into a draft, or mark it as ready."""
        if draft != pull.draft:
            self.record(pull, "ConvertToDraftEvent" if draft else "ReadyForReviewEvent", actor)
        pull.draft = draft

    # Labels

    def label(self, name: str) -> Label:
        """Return a label by its name in any case; an unknown one is created, as adding it does."""
        known = {label.lower(): label for label in self.labels}
        if name.lower() not in known:
            self.labels[name] = Label(next(self.ids), name)
            return self.labels[name]
        return self.labels[known[name.lower()]]

    def set_labels(self, thread: Issue, names: Iterable[str], actor: str) -> None:
        """Give a thread exactly these labels."""
        chosen = list(dict.fromkeys(self.label(name).name for name in names))
        self._record_changes(thread, "UnlabeledEvent", actor, thread.labels, chosen)
        self._record_changes(thread, "LabeledEvent", actor, chosen, thread.labels)
        thread.labels = chosen

    # Comments

    def comment(self, thread: Issue, author: str, body: str) -> Comment:
        """Add a comment."""
        self.check_body("IssueComment", body)
        now = self.now()
        comment = Comment(next(self.ids), author, body, now, now)
        thread.comments.append(comment)
        thread.updated_at = now
        return comment

    def edit_comment(self, comment: Comment, body: str) -> None:
        """Replace a comment's text."""
        self.check_body("IssueComment", body)
        comment.body, comment.updated_at = body, self.now()

    def find_comment(self, comment_id: int) -> tuple[Issue, Comment]:
        """Return a comment with the thread it belongs to, or refuse with 404."""
        for thread in self.threads.values():
            for comment in thread.comments:
                if comment.id == comment_id:
                    return thread, comment
        raise Refused(404, "Not Found")
