"""The whole state as plain values that are equal when nothing that matters differs."""

import re

from tests.fake_github.git import Commit
from tests.fake_github.records import Issue, Pull
from tests.fake_github.state import State

_SHA = re.compile(r"\b[0-9a-f]{40}\b")


def snapshot(state: State) -> dict[str, object]:
    """Return branches, threads, labels and checks without times, ids and commit shas."""
    threads = state.threads.values()
    return {
        "branches": {name: _branch(state, sha) for name, sha in state.branches().items()},
        "pulls": {pull.number: _pull(state, pull) for pull in state.pulls()},
        "issues": {one.number: _thread(state, one) for one in threads if not isinstance(one, Pull)},
        "labels": {label.name: (label.color, label.description) for label in state.labels.values()},
        "statuses": _statuses(state),
        "check_runs": [run.fields | {"head_sha": "<commit>"} for run in state.check_runs.values()],
    }


def _branch(state: State, sha: str) -> dict[str, object]:
    history = state.git.between(None, sha)
    return {"files": state.git.files(sha), "commits": [_commit(commit) for commit in history]}


def _commit(commit: Commit) -> tuple[str, str, str, int]:
    return (commit.message, commit.author.name, commit.committer.name, len(commit.parents))


def _pull(state: State, pull: Pull) -> dict[str, object]:
    return {
        **_thread(state, pull),
        "head": pull.head,
        "base": pull.base,
        "draft": pull.draft,
        "merged": pull.merged_at is not None,
        "reviewers": sorted(pull.reviewers),
        "team_reviewers": sorted(pull.team_reviewers),
    }


def _thread(state: State, thread: Issue) -> dict[str, object]:
    comments = [(one.author, _neutral(state, one.body)) for one in thread.comments]
    return {
        "author": thread.author,
        "title": thread.title,
        "body": _neutral(state, thread.body or ""),
        "state": thread.state,
        "state_reason": thread.state_reason,
        "labels": sorted(thread.labels),
        "assignees": sorted(thread.assignees),
        "comments": comments,
        "closed_by": [closing.actor for closing in thread.closings],
        "timeline": [
            (event.kind, event.actor, _neutral(state, event.subject)) for event in thread.events
        ],
    }


def _statuses(state: State) -> dict[str, list[tuple[str, ...]]]:
    """List statuses by the branch that they are on the tip of; else under <commit>, as all shas."""
    tips = {sha: name for name, sha in sorted(state.branches().items(), reverse=True)}
    found: dict[str, list[tuple[str, ...]]] = {}
    for one in state.statuses:
        shown = [one.context, one.state, one.description or "", one.target_url or ""]
        values = tuple(_neutral(state, text) for text in shown)
        found.setdefault(tips.get(one.sha, "<commit>"), []).append(values)
    return found


def _neutral(state: State, text: str) -> str:
    """Hide commit shas, which hold times; shas of blobs are the same in every run."""

    def shown(match: re.Match[str]) -> str:
        return "<commit>" if state.git.object_type(match[0]) == "commit" else match[0]

    return _SHA.sub(shown, text)
