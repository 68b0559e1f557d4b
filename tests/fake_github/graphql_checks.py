"""Statuses and check runs of a commit, as GraphQL sums them up."""

from typing import TYPE_CHECKING

from tests.fake_github.git import Commit
from tests.fake_github.records import CheckRun, CommitStatus, Json
from tests.fake_github.render import moment

if TYPE_CHECKING:
    from tests.fake_github.graphql_views import Views

_FINE = ("success", "neutral", "skipped")


def status(views: "Views", commit: Commit) -> Json:
    """Status: the latest one of each context; None when the commit has none."""
    found = views.state.statuses_of(commit.sha)
    if not found:
        return None
    contexts = {one.context: _context(views, commit, one) for one in found}
    return {
        "__typename": "Status",
        "id": f"S_{commit.sha}",
        "commit": lambda _: views.commit(commit),
        "state": _summary([_status_state(one) for one in found]),
        "contexts": list(contexts.values()),
        "context": lambda _, **given: contexts.get(given["name"]),
    }


def rollup(views: "Views", commit: Commit) -> Json:
    """StatusCheckRollup: statuses and check runs together; None when there are neither."""
    runs = [run for run in views.state.check_runs.values() if run.sha == commit.sha]
    states = [_status_state(one) for one in views.state.statuses_of(commit.sha)]
    states += [_run_state(run) for run in runs]
    if not states:
        return None
    return {
        "__typename": "StatusCheckRollup",
        "id": f"SCR_{commit.sha}",
        "commit": lambda _: views.commit(commit),
        "state": _summary(states),
    }


def _context(views: "Views", commit: Commit, one: CommitStatus) -> Json:
    return {
        "__typename": "StatusContext",
        "id": f"SC_{one.id}",
        "commit": lambda _: views.commit(commit),
        "context": one.context,
        "state": _status_state(one),
        "description": one.description,
        "targetUrl": one.target_url,
        "createdAt": moment(one.created_at),
        "creator": views.actor(one.creator),
    }


def _status_state(one: CommitStatus) -> str:
    return one.state.upper()


def _run_state(run: CheckRun) -> str:
    conclusion = run.fields.get("conclusion")
    if conclusion is None:
        return "PENDING"
    return "SUCCESS" if conclusion in _FINE else "FAILURE"


def _summary(states: list[str]) -> str:
    """Sum up as GitHub does: one failure or error fails all, one pending keeps all waiting."""
    if {"FAILURE", "ERROR"} & {*states}:
        return "FAILURE"
    return "PENDING" if "PENDING" in states else "SUCCESS"
