"""The one GraphQL query that reads a repository, and its answer as the port's values. Pure."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.forge.port import Comment, Commit, Issue, PullRequest, PullRequestState, TimelineEvent

HISTORY = 20  # pull requests of one use case that are read
COMMITS = 100  # commits of one branch that are read
EVENTS_SEEN = 40  # the first of one pull request: the bot's own come early
COMMENTS = 100  # the newest comments of one pull request, among which ours is searched for
COMMIT = "oid message author { email user { login } } committer { email user { login } }"
BLOB = "... on Blob { oid text isTruncated }"
CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")  # GitHub takes the first
# What shows that a label or a request was there once, even if people took it off since.
EVENTS = "LABELED_EVENT, UNLABELED_EVENT, ASSIGNED_EVENT, REVIEW_REQUESTED_EVENT"
# Filled in by `%`, because the braces of GraphQL would have to be doubled for str.format().
REPOSITORY = """
  url
  base: %(base)s {
    name target { oid ... on Commit { tree { oid } } }
    %(compares)s
  }
  %(objects)s
"""
# The commits that the base lacks. This is the one part that may fail, for a branch without a common
# ancestor, say.
COMPARE = """compare%(n)d: compare(headRef: %(branch)s) {
      commits(last: %(commits)d) { totalCount nodes { %(commit)s } }
    }
"""
USE_CASE = """
  branch%(n)d: ref(qualifiedName: %(ref)s) {
    target { oid ... on Commit { status { contexts { context state } } } }
  }
  file%(n)d: object(expression: %(file)s) { %(blob)s }
  pulls%(n)d: pullRequests(
    headRefName: %(branch)s, first: %(history)d, orderBy: {field: CREATED_AT, direction: DESC}
  ) { nodes {
    number url state isDraft isCrossRepository title body closedAt
    labels(first: 30) { nodes { name } }
    assignees(first: 10) { nodes { login } }
    comments(last: %(comments)d) { nodes { databaseId author { login } body } }
    timelineItems(first: %(events)d, itemTypes: [%(kinds)s]) { nodes {
      __typename
      ... on LabeledEvent { label { name } }
      ... on UnlabeledEvent { label { name } }
    } }
  } }
"""
ISSUES = """
  issues(first: 20, filterBy: {createdBy: $viewer}, orderBy: {field: CREATED_AT, direction: DESC}) {
    nodes { number url state title body }
  }
"""

STATES: dict[str, PullRequestState] = {"OPEN": "open", "CLOSED": "closed", "MERGED": "merged"}
Json = dict[str, Any]


def build_query(files: Sequence[str], base_branch: str | None, branches: Mapping[str, str]) -> str:
    """One query for the base, the files on it, our issues, and each branch with its history.

    `branches` is name -> the file whose text matters there.
    """
    fixed = {
        "history": HISTORY,
        "commits": COMMITS,
        "comments": COMMENTS,
        "commit": COMMIT,
        "blob": BLOB,
        "events": EVENTS_SEEN,
        "kinds": EVENTS,
    }
    use_cases = [{**fixed, **_names(n, *pair)} for n, pair in enumerate(branches.items())]
    at = base_branch or "HEAD"
    base = "defaultBranchRef"
    if base_branch is not None:
        base = f"ref(qualifiedName: {json.dumps('refs/heads/' + base_branch)})"
    objects = "\n  ".join(
        f"{kind}{n}: object(expression: {json.dumps(f'{at}:{path}')}) {{ {BLOB} }}"
        for kind, paths in (("base", files), ("owners", CODEOWNERS))
        for n, path in enumerate(paths)
    )
    whole = REPOSITORY % {
        **fixed,
        "base": base,
        "compares": "    ".join(COMPARE % values for values in use_cases),
        "objects": objects,
    }
    return document(whole + "".join(USE_CASE % values for values in use_cases) + ISSUES)


def _names(n: int, branch: str, file: str) -> Json:
    # A GraphQL string is escaped as in JSON, so no name of a branch or a file can end it.
    return {
        "n": n,
        "ref": json.dumps(f"refs/heads/{branch}"),
        "file": json.dumps(f"{branch}:{file}"),
        "branch": json.dumps(branch),
    }


def is_complete(answer: object) -> bool:
    """Whether an answer with errors has all that is needed nevertheless.

    A branch that is not there may be null or an error; only comparing with it may fail.
    """
    if not isinstance(answer, dict) or not (answer.get("data") or {}).get("repository"):
        return False
    paths = [error.get("path") or [""] for error in answer.get("errors", [])]
    return all(str(path[-1]).startswith("compare") for path in paths)


def document(fields: str) -> str:
    return (
        "query($owner: String!, $name: String!, $viewer: String!) {\n"
        f" repository(owner: $owner, name: $name) {{{fields} }}\n}}"
    )


def commit(node: Json) -> Commit:
    return Commit(
        sha=node["oid"],
        message=node["message"],
        author=_who(node["author"]),
        committer=_who(node["committer"]),
    )


def _who(actor: Json | None) -> str:
    if actor is None:
        return ""
    # There is no user for an address that belongs to no account.
    user = actor.get("user")
    return str(user["login"] if user else actor.get("email") or "")


def issues(repository: Json) -> tuple[Issue, ...]:
    return tuple(
        Issue(
            number=node["number"],
            url=node["url"],
            state="open" if node["state"] == "OPEN" else "closed",
            title=node["title"],
            body=node["body"],
        )
        for node in repository["issues"]["nodes"]
    )


def pull_requests(branch: str, nodes: Sequence[Json]) -> list[PullRequest]:
    """Those from this repository's branch: anybody may name a branch of a fork like ours."""
    return [_pull_request(branch, node) for node in nodes if not node["isCrossRepository"]]


def _pull_request(branch: str, node: Json) -> PullRequest:
    return PullRequest(
        number=node["number"],
        url=node["url"],
        branch=branch,
        state=STATES[node["state"]],
        draft=node["isDraft"],
        title=node["title"],
        body=node["body"],
        labels=tuple(label["name"] for label in node["labels"]["nodes"]),
        assignees=tuple(user["login"] for user in node["assignees"]["nodes"]),
        comments=tuple(
            # The author of a comment is null once the account was deleted.
            Comment(
                comment["databaseId"], (comment["author"] or {}).get("login", ""), comment["body"]
            )
            for comment in node["comments"]["nodes"]
        ),
        events=tuple(map(_event, node["timelineItems"]["nodes"])),
        ended_at=datetime.fromisoformat(node["closedAt"]) if node["closedAt"] else None,
    )


def _event(node: Json) -> TimelineEvent:
    kind = node["__typename"].removesuffix("Event").lower()
    return TimelineEvent(kind, (node.get("label") or {}).get("name"))
