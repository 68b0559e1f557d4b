"""What GraphQL queries read: a plain mapping for each type, its connections made on demand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from tests.fake_github.git import Commit, Signature, TreeEntry
from tests.fake_github.graphql_checks import rollup, status
from tests.fake_github.graphql_connections import Problem, Resolver, connection
from tests.fake_github.graphql_timeline import timeline
from tests.fake_github.records import Comment, Issue, Json, Label, Pull, Refused, Token
from tests.fake_github.render import comparison_status, mergeable_state, moment, node_id
from tests.fake_github.state import State

T = TypeVar("T")
_LONGEST_TEXT_BYTES = 512_000


class Views:
    """Mappings from field names to values, or to functions of the field's arguments."""

    def __init__(self, state: State, token: Token) -> None:
        """Read `state` as the owner of `token` sees it."""
        self.state = state
        self.token = token
        self.html_url = f"https://github.com/{state.full_name}"

    def root(self) -> dict[str, Resolver]:
        """Query."""
        return {
            "repository": self._repository,
            "node": lambda _, **given: self.node(given["id"]),
            "nodes": lambda _, **given: [self.node(one) for one in given["ids"]],
            "viewer": lambda _: self.user(self.token.login),
            "rateLimit": lambda _, **__: self._rate_limit(),
        }

    def _rate_limit(self) -> Json:
        limits = {"cost": 1, "limit": 5000, "nodeCount": 1, "remaining": 4999, "used": 1}
        return {**limits, "resetAt": moment(self.state.now())}

    def node(self, wanted: str) -> Json:
        """Node, by the id that both APIs share."""
        prefix, _, key = wanted.partition("_")
        if prefix == "C" and self.state.git.object_type(key) == "commit":
            return self.commit(self.state.git.commit(key))
        if wanted == "R_1":
            return self.repository()
        for thread in self.state.threads.values():
            if node_id(thread) == wanted:
                return self.thread(thread)
            for comment in thread.comments:
                if node_id(comment) == wanted:
                    return self.comment(thread, comment)
        raise Problem("NOT_FOUND", f"Could not resolve to a node with the global id of '{wanted}'")

    # Accounts

    def user(self, login: str) -> Json:
        """User: where one is asked for, a bot's login keeps its [bot]."""
        user = self.state.user(login)
        return {
            "__typename": "User",
            "id": node_id(user),
            "databaseId": user.id,
            "login": login,
            "name": login,
            "email": "",
        }

    def actor(self, login: str) -> Json:
        """Actor: GraphQL calls a bot by its name without [bot], unlike REST."""
        if not self.state.user(login).is_bot:
            return self.user(login)
        return {
            **self.user(login),
            "__typename": "Bot",
            "login": login.removesuffix("[bot]"),
        }

    # The repository and its Git objects

    def _repository(self, _: object, **given: Any) -> Json:
        name = f"{given['owner']}/{given['name']}"
        if name != self.state.full_name:
            message = f"Could not resolve to a Repository with the name '{name}'."
            raise Problem("NOT_FOUND", message)
        return self.repository()

    def repository(self) -> Json:
        """Repository."""
        state = self.state
        return {
            "__typename": "Repository",
            "id": "R_1",
            "databaseId": 1,
            "name": state.name,
            "nameWithOwner": state.full_name,
            "owner": self.user(state.owner),
            "url": self.html_url,
            "isPrivate": False,
            "viewerPermission": "WRITE" if self.token.may("contents") else "READ",
            "defaultBranchRef": lambda _: self.ref(f"refs/heads/{state.default_branch}"),
            "ref": lambda _, **given: self._qualified_ref(given["qualifiedName"]),
            "refs": self._refs,
            "object": self._object,
            "pullRequest": lambda _, **given: self._pull(given["number"]),
            "pullRequests": self._pulls,
            "issue": lambda _, **given: self._issue(given["number"]),
            "issues": self._issues,
            "issueOrPullRequest": lambda _, **given: self._thread(given["number"]),
            "label": lambda _, **given: self._label(given["name"]),
            "labels": connection("labels", list(state.labels.values()), self.label),
        }

    def _qualified_ref(self, name: str) -> Json:
        return self.ref(name if name.startswith("refs/") else f"refs/heads/{name}")

    def ref(self, name: str) -> Json:
        """Ref, or None when there is none; its name lacks the prefix."""
        sha = self.state.git.refs(name).get(name)
        if sha is None:
            return None
        prefix = "refs/heads/" if name.startswith("refs/heads/") else "refs/"
        short = name.removeprefix(prefix)
        pulls = [pull for pull in self.state.pulls() if pull.head == short]
        return {
            "__typename": "Ref",
            "id": f"REF_{name}",
            "name": short,
            "prefix": prefix,
            "repository": lambda _: self.repository(),
            "target": lambda _: self.git_object(sha),
            "compare": lambda _, **given: self._comparison(sha, given["headRef"]),
            "associatedPullRequests": connection("associatedPullRequests", pulls, self.pull),
        }

    def _comparison(self, target: str, head_ref: str) -> Json:
        git = self.state.git
        base, head = git.resolve(f"{target}^{{commit}}"), git.resolve(f"{head_ref}^{{commit}}")
        if base is None or head is None or git.merge_base(base, head) is None:
            return None
        ahead, behind = git.between(base, head), git.between(head, base)
        commits = connection("commits", ahead, self.commit)
        authors = {commit.author.email for commit in ahead}
        return {
            "__typename": "Comparison",
            "id": f"CMP_{base}_{head}",
            "baseTarget": lambda _: self.git_object(base),
            "headTarget": lambda _: self.git_object(head),
            "aheadBy": len(ahead),
            "behindBy": len(behind),
            "status": comparison_status(len(ahead), len(behind)).upper(),
            "commits": lambda info, **given: {
                **commits(info, **given),
                "authorCount": len(authors),
            },
        }

    def _refs(self, info: object, **given: Any) -> Json:
        prefix = given["refPrefix"]
        names = sorted(name for name in self.state.git.refs(prefix))
        found = [name for name in names if given.get("query", "") in name.removeprefix(prefix)]

        def view(name: str) -> Json:
            return {**self.ref(name), "name": name.removeprefix(prefix), "prefix": prefix}

        return connection("refs", found, view)(info, **given)

    def _object(self, _: object, **given: Any) -> Json:
        sha = self.state.git.resolve(given.get("expression") or given["oid"])
        return sha and self.git_object(sha)

    def git_object(self, sha: str) -> Json:
        """GitObject: a commit, tree or blob."""
        kind = self.state.git.object_type(sha)
        if kind == "commit":
            return self.commit(self.state.git.commit(sha))
        return self._tree(sha) if kind == "tree" else self._blob(sha)

    def _tree(self, sha: str) -> Json:
        entries = self.state.git.entries(sha)
        view = {"__typename": "Tree", "id": f"T_{sha}", "oid": sha, "abbreviatedOid": sha[:7]}
        return {**view, "entries": [self._entry(entry) for entry in entries]}

    def _entry(self, entry: TreeEntry) -> Json:
        return {
            "mode": int(entry.mode, 8),
            "name": entry.path.rpartition("/")[2],
            "path": entry.path,
            "oid": entry.sha,
            "type": entry.type,
            "object": lambda _: self.git_object(entry.sha),
        }

    def _blob(self, sha: str) -> Json:
        content = self.state.git.read_blob(sha)
        is_binary = b"\0" in content
        text = content[:_LONGEST_TEXT_BYTES].decode(errors="replace")
        return {
            "__typename": "Blob",
            "id": f"B_{sha}",
            "oid": sha,
            "abbreviatedOid": sha[:7],
            "byteSize": len(content),
            "isBinary": is_binary,
            "isTruncated": len(content) > _LONGEST_TEXT_BYTES,
            "text": None if is_binary else text,
        }

    def commit(self, commit: Commit) -> Json:
        """Commit."""
        git = self.state.git
        headline, _, rest = commit.message.partition("\n")
        before = commit.parents[0] if commit.parents else None
        parents = [git.commit(sha) for sha in commit.parents]
        return {
            "__typename": "Commit",
            "id": f"C_{commit.sha}",
            "oid": commit.sha,
            "abbreviatedOid": commit.sha[:7],
            "message": commit.message,
            "messageHeadline": headline,
            "messageBody": rest.strip(),
            "author": self._git_actor(commit.author),
            "committer": self._git_actor(commit.committer),
            "authoredDate": moment(commit.author.date),
            "committedDate": moment(commit.committer.date),
            "committedViaWeb": commit.committer.email == "noreply@github.com",
            "signature": self._signature(commit.sha),
            "parents": connection("parents", parents, self.commit),
            "status": lambda _: status(self, commit),
            "statusCheckRollup": lambda _: rollup(self, commit),
            "tree": lambda _: self._tree(commit.tree),
            "file": lambda _, **given: self._file(commit.sha, given["path"]),
            "history": self._history(commit.sha),
            "additions": lambda _: self._changed(before, commit.sha, "additions"),
            "deletions": lambda _: self._changed(before, commit.sha, "deletions"),
            "changedFilesIfAvailable": lambda _: len(self._diff(before, commit.sha)),
        }

    def _history(self, sha: str) -> Resolver:
        def resolve(info: object, **given: Any) -> Json:
            path = ["--", given["path"]] if given.get("path") else []
            found = self.state.git.log(sha, *path)
            return connection("history", found, self.commit)(info, **given)

        return resolve

    def _diff(self, before: str | None, after: str) -> Sequence[Json]:
        return self.state.git.diff(before or self.state.git.write_tree(None, []), after)

    def _changed(self, before: str | None, after: str, what: str) -> int:
        return sum(getattr(file, what) for file in self._diff(before, after))

    def _file(self, sha: str, path: str) -> Json:
        entry = self.state.git.entry(sha, path)
        return entry and self._entry(entry)

    def _git_actor(self, who: Signature) -> Json:
        user = self.state.user_of(who.email)
        return {
            "name": who.name,
            "email": who.email,
            "date": moment(who.date),
            "user": self.user(user.login) if user else None,
        }

    def _signature(self, sha: str) -> Json:
        if sha not in self.state.signed:
            return None
        return {
            "__typename": "GpgSignature",
            "isValid": True,
            "state": "VALID",
            "wasSignedByGitHub": True,
            "signer": self.user("web-flow"),
        }

    # Issues and pull requests

    def _thread(self, number: int) -> Json:
        thread = self.state.threads.get(number)
        if thread is None:
            message = f"Could not resolve to an issue or pull request with the number of {number}."
            raise Problem("NOT_FOUND", message)
        return self.thread(thread)

    def _issue(self, number: int) -> Json:
        thread = self.state.threads.get(number)
        if thread is None or isinstance(thread, Pull):
            message = f"Could not resolve to an Issue with the number of {number}."
            raise Problem("NOT_FOUND", message)
        return self.issue(thread)

    def _pull(self, number: int) -> Json:
        try:
            return self.pull(self.state.pull(number))
        except Refused as refused:
            message = f"Could not resolve to a PullRequest with the number of {number}."
            raise Problem("NOT_FOUND", message) from refused

    def thread(self, thread: Issue) -> Json:
        """Issue or PullRequest."""
        return self.pull(thread) if isinstance(thread, Pull) else self.issue(thread)

    def issue(self, issue: Issue) -> Json:
        """Issue."""
        return {
            **self._shared(issue),
            "__typename": "Issue",
            "state": issue.state.upper(),
            "stateReason": issue.state_reason and issue.state_reason.upper(),
            "url": f"{self.html_url}/issues/{issue.number}",
        }

    def pull(self, pull: Pull) -> Json:
        """PullRequest."""
        asked = [*pull.reviewers, *map(self.state.team_name, pull.team_reviewers)]
        reviews = connection("reviewRequests", asked, lambda name: self._review_request(pull, name))
        return {
            **self._shared(pull),
            **self._sides(pull),
            **self._merging(pull),
            "__typename": "PullRequest",
            "state": pull_state(pull),
            "url": f"{self.html_url}/pull/{pull.number}",
            "isDraft": pull.draft,
            "isCrossRepository": False,
            "reviewRequests": reviews,
            "commits": self._commits_of(pull),
            "additions": lambda _: sum(file.additions for file in self.state.files_of(pull)),
            "deletions": lambda _: sum(file.deletions for file in self.state.files_of(pull)),
            "changedFiles": lambda _: len(self.state.files_of(pull)),
        }

    def _sides(self, pull: Pull) -> Json:
        return {
            "headRefName": pull.head,
            "headRefOid": pull.head_sha,
            "headRef": lambda _: self.ref(f"refs/heads/{pull.head}"),
            "baseRefName": pull.base,
            "baseRefOid": pull.base_sha,
            "baseRef": lambda _: self.ref(f"refs/heads/{pull.base}"),
        }

    def _merging(self, pull: Pull) -> Json:
        merge = pull.merge_sha
        return {
            "merged": pull.merged_at is not None,
            "mergedAt": moment(pull.merged_at),
            "mergedBy": self.actor(pull.merged_by) if pull.merged_by else None,
            "mergeCommit": lambda _: merge and self.commit(self.state.git.commit(merge)),
            "mergeable": lambda _: _mergeable(self.state.is_mergeable(pull)),
            "mergeStateStatus": lambda _: mergeable_state(
                pull, self.state.is_mergeable(pull)
            ).upper(),
        }

    def _shared(self, thread: Issue) -> dict[str, Json]:
        labels = [self.state.label(name) for name in thread.labels]
        return {
            "id": node_id(thread),
            "databaseId": thread.id,
            "number": thread.number,
            "title": thread.title,
            "body": thread.body or "",
            "author": self.actor(thread.author),
            "closed": thread.state == "closed",
            "createdAt": moment(thread.created_at),
            "updatedAt": moment(thread.updated_at),
            "closedAt": moment(thread.closed_at),
            "labels": connection("labels", labels, self.label),
            "assignees": connection("assignees", thread.assignees, self.user),
            "comments": connection(
                "comments", thread.comments, lambda comment: self.comment(thread, comment)
            ),
            "timelineItems": timeline(self, thread),
        }

    def _commits_of(self, pull: Pull) -> Resolver:
        def resolve(info: object, **given: Any) -> Json:
            found = self.state.commits_of(pull)  # costs a Git command, so only when asked for
            return connection("commits", found, self._pull_commit)(info, **given)

        return resolve

    def _pull_commit(self, commit: Commit) -> Json:
        view = {"__typename": "PullRequestCommit", "id": f"PRC_{commit.sha}"}
        return {**view, "commit": self.commit(commit)}

    def _review_request(self, pull: Pull, name: str) -> Json:
        reviewer = self.reviewer(name)
        return {
            "__typename": "ReviewRequest",
            "id": f"RR_{pull.id}_{reviewer['databaseId']}",
            "databaseId": reviewer["databaseId"],
            "requestedReviewer": reviewer,
        }

    def reviewer(self, name: str) -> Json:
        """RequestedReviewer: owner/slug is a team, else it is a login."""
        _, slash, slug = name.partition("/")
        if not slash:
            return self.actor(name)
        team = self.state.teams[slug]
        return {
            "__typename": "Team",
            "id": node_id(team),
            "databaseId": team.id,
            "name": team.slug,
            "slug": team.slug,
            "combinedSlug": name,
        }

    def comment(self, thread: Issue, comment: Comment) -> Json:
        """IssueComment."""
        page = "pull" if isinstance(thread, Pull) else "issues"
        return {
            "__typename": "IssueComment",
            "id": node_id(comment),
            "databaseId": comment.id,
            "author": self.actor(comment.author),
            "body": comment.body,
            "createdAt": moment(comment.created_at),
            "updatedAt": moment(comment.updated_at),
            "url": f"{self.html_url}/{page}/{thread.number}#issuecomment-{comment.id}",
        }

    def label(self, label: Label) -> Json:
        """Label."""
        return {
            "__typename": "Label",
            "id": node_id(label),
            "name": label.name,
            "color": label.color,
            "description": label.description,
        }

    def _label(self, name: str) -> Json:
        found = self.state.labels.get(name)
        return self.label(found) if found else None

    # Lists with filters

    def _pulls(self, info: object, **given: Any) -> Json:
        found = [pull for pull in self.state.pulls() if _is_wanted(pull, pull_state(pull), given)]
        found = [
            pull
            for pull in found
            if pull.head == given.get("headRefName", pull.head)
            and pull.base == given.get("baseRefName", pull.base)
        ]
        return connection("pullRequests", _ordered(found, given), self.pull)(info, **given)

    def _issues(self, info: object, **given: Any) -> Json:
        filters = given.get("filterBy") or {}
        _check_filters(filters)
        found = [
            issue
            for issue in self.state.threads.values()
            if not isinstance(issue, Pull)
            and all(_is_wanted(issue, issue.state.upper(), one) for one in (given, filters))
            and _passes(issue, filters)
        ]
        return connection("issues", _ordered(found, given), self.issue)(info, **given)


def pull_state(pull: Pull) -> str:
    """Return OPEN, CLOSED or MERGED: merged is a state of its own in GraphQL."""
    return "MERGED" if pull.merged_at else pull.state.upper()


def _mergeable(mergeable: bool | None) -> str:
    if mergeable is None:
        return "UNKNOWN"
    return "MERGEABLE" if mergeable else "CONFLICTING"


def _is_wanted(thread: Issue, state: str, given: dict[str, Any]) -> bool:
    states, labels = given.get("states"), given.get("labels")
    return (not states or state in states) and (not labels or bool({*labels} & {*thread.labels}))


def _check_filters(filters: dict[str, Any]) -> None:
    known = {"assignee", "createdBy", "labels", "since", "states", "viewerSubscribed"}
    if {*filters} - known:  # better than to answer as if nothing had been asked
        raise NotImplementedError(f"the fake does not filter issues by {[*filters]}")


def _passes(issue: Issue, filters: dict[str, Any]) -> bool:
    """Apply IssueFilters; an author is named as `viewer` names itself, a bot with its [bot]."""
    author, assignee, since = map(filters.get, ("createdBy", "assignee", "since"))
    return (
        (author is None or author.lower() == issue.author.lower())
        and (assignee is None or assignee in issue.assignees)
        and (since is None or datetime.fromisoformat(since) <= issue.updated_at)
    )


def _ordered(threads: list[T], given: dict[str, Any]) -> list[T]:
    order = given.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    attribute = order["field"].lower()
    return sorted(
        threads,
        key=lambda thread: (getattr(thread, attribute), getattr(thread, "number", 0)),
        reverse=order["direction"] == "DESC",
    )
