"""The whole state as plain values that are equal when nothing that matters differs."""

import re

from tests.fake_github.git import Commit
from tests.fake_github.records import Issue, Pull
from tests.fake_github.state import State

_SHA = re.compile(r"\b[0-9a-f]{40}\b")


def snapshot(state: State) -> dict[str, object]:
    """Return branches, threads, labels and checks without times, ids and commit shas."""
    commits = set(state.git.run("log", "--all", "--format=%H").split())
    threads = state.threads.values()
    return {
        "branches": {name: _branch(state, sha) for name, sha in state.branches().items()},
        "pulls": {pull.number: _pull(pull, commits) for pull in state.pulls()},
        "issues": {
            one.number: _thread(one, commits) for one in threads if not isinstance(one, Pull)
        },
        "labels": {label.name: (label.color, label.description) for label in state.labels.values()},
        "statuses": _statuses(state, commits),
        "check_runs": [run.fields | {"head_sha": "<commit>"} for run in state.check_runs.values()],
    }


def _branch(state: State, sha: str) -> dict[str, object]:
    history = state.git.log("--reverse", "--topo-order", sha)
    return {"files": state.git.files(sha), "commits": [_commit(commit) for commit in history]}


def _commit(commit: Commit) -> tuple[str, str, str, int]:
    return (commit.message, commit.author.name, commit.committer.name, len(commit.parents))


def _pull(pull: Pull, commits: set[str]) -> dict[str, object]:
    return {
        **_thread(pull, commits),
        "head": pull.head,
        "base": pull.base,
        "draft": pull.draft,
        "merged": pull.merged_at is not None,
        "reviewers": sorted(pull.reviewers),
        "team_reviewers": sorted(pull.team_reviewers),
    }


def _thread(thread: Issue, commits: set[str]) -> dict[str, object]:
    comments = [(one.author, _neutral(one.body, commits)) for one in thread.comments]
    return {
        "author": thread.author,
        "title": thread.title,
        "body": _neutral(thread.body or "", commits),
        "state": thread.state,
        "state_reason": thread.state_reason,
        "labels": sorted(thread.labels),
        "assignees": sorted(thread.assignees),
        "comments": comments,
        "closed_by": [closing.actor for closing in thread.closings],
        "timeline": [
            (event.kind, event.actor, _neutral(event.subject, commits)) for event in thread.events
        ],
    }


def _statuses(state: State, commits: set[str]) -> dict[str, list[tuple[str, ...]]]:
    """List statuses by the branch that they are on the tip of; else under <commit>, as all shas."""
    tips = {sha: name for name, sha in sorted(state.branches().items(), reverse=True)}
    found: dict[str, list[tuple[str, ...]]] = {}
    for one in state.statuses:
        shown = [one.context, one.state, one.description or "", one.target_url or ""]
        values = tuple(_neutral(text, commits) for text in shown)
        found.setdefault(tips.get(one.sha, "<commit>"), []).append(values)
    return found


def _neutral(text: str, commits: set[str]) -> str:
    """Hide commit shas, which hold times; shas of blobs are the same in every run."""
    return _SHA.sub(lambda match: "<commit>" if match[0] in commits else match[0], text)
