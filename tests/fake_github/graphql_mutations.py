"""What GraphQL mutations do; each takes its `input` and returns its payload."""

import base64
from collections.abc import Callable
from typing import Any

from tests.fake_github.git import ABSENT, TreeChange
from tests.fake_github.graphql_connections import Problem, Resolver
from tests.fake_github.graphql_views import Views
from tests.fake_github.records import Issue, Json, Pull, Refused
from tests.fake_github.render import node_id

Mutation = Callable[["Mutations", dict[str, Any]], dict[str, Json]]


class Mutations:
    """The mutations that one caller may try."""

    def __init__(self, views: Views) -> None:
        """Act as the owner of the views' token."""
        self.views = views
        self.state = views.state
        self.token = views.token

    def root(self) -> dict[str, Resolver]:
        """Mutation."""
        return {name: self._resolver(*entry) for name, entry in _MUTATIONS.items()}

    def _resolver(self, scopes: tuple[str, ...], mutation: Mutation) -> Resolver:
        def resolve(_: object, **arguments: Any) -> Json:
            given = arguments["input"]
            if not any(self.token.may(one) for one in scopes):
                raise Problem("FORBIDDEN", "Resource not accessible by integration")
            try:
                payload = mutation(self, given)
            except Refused as refused:
                raise _problem(refused) from refused
            return {**payload, "clientMutationId": given.get("clientMutationId")}

        return resolve

    def _thread(self, wanted: str) -> Issue:
        for thread in self.state.threads.values():
            if node_id(thread) == wanted:
                return thread
        message = f"Could not resolve to a node with the global id of '{wanted}'"
        raise Problem("NOT_FOUND", message)

    def _pull(self, given: dict[str, Any]) -> Pull:
        pull = self._thread(given["pullRequestId"])
        assert isinstance(pull, Pull)
        return pull

    # Pull requests

    def create_pull_request(self, given: dict[str, Any]) -> dict[str, Json]:
        pull = self.state.open_pull(
            self.token,
            head=given["headRefName"].removeprefix("refs/heads/"),
            base=given["baseRefName"].removeprefix("refs/heads/"),
            title=given["title"],
            body=given.get("body"),
            draft=given["draft"],
            maintainer_can_modify=given["maintainerCanModify"],
        )
        return {"pullRequest": self.views.pull(pull)}

    def set_draft(self, given: dict[str, Any], *, draft: bool) -> dict[str, Json]:
        pull = self._pull(given)
        self.state.set_draft(pull, self.token.login, draft=draft)
        return {"pullRequest": self.views.pull(pull)}

    def update_pull_request(self, given: dict[str, Any]) -> dict[str, Json]:
        pull = self._pull(given)
        actor = self.token.login
        self.state.edit(pull, actor, title=given.get("title"), body=given.get("body"))
        if given.get("labelIds") is not None:
            ids = {node_id(label): label.name for label in self.state.labels.values()}
            self.state.set_labels(pull, [ids[one] for one in given["labelIds"]], actor)
        if given.get("assigneeIds") is not None:
            logins = {node_id(user): user.login for user in self.state.users.values()}
            self.state.set_assignees(pull, [logins[one] for one in given["assigneeIds"]], actor)
        if given.get("state"):
            self.state.set_state(pull, given["state"].lower(), actor)
        return {"pullRequest": self.views.pull(pull), "actor": self.views.actor(actor)}

    def close_pull_request(self, given: dict[str, Any]) -> dict[str, Json]:
        pull = self._pull(given)
        self.state.set_state(pull, "closed", self.token.login)
        return {"pullRequest": self.views.pull(pull)}

    # Comments

    def add_comment(self, given: dict[str, Any]) -> dict[str, Json]:
        thread = self._thread(given["subjectId"])
        self._require_comments(thread)
        comment = self.state.comment(thread, self.token.login, given["body"])
        edge = {
            "cursor": str(len(thread.comments) - 1),
            "node": self.views.comment(thread, comment),
        }
        return {"commentEdge": edge, "subject": self.views.thread(thread)}

    def _require_comments(self, thread: Issue) -> None:
        """Refuse what the mutation's either-or lets through: pull_requests is not for issues."""
        if not (isinstance(thread, Pull) or self.token.may("issues")):
            raise Refused(403, "Resource not accessible by integration")

    def update_issue_comment(self, given: dict[str, Any]) -> dict[str, Json]:
        for thread in self.state.threads.values():
            for comment in thread.comments:
                if node_id(comment) == given["id"]:
                    self._require_comments(thread)
                    self.state.edit_comment(comment, given["body"])
                    return {"issueComment": self.views.comment(thread, comment)}
        raise Problem(
            "NOT_FOUND", f"Could not resolve to a node with the global id of '{given['id']}'"
        )

    # Branches

    def create_ref(self, given: dict[str, Any]) -> dict[str, Json]:
        self.state.create_ref(given["name"], given["oid"])
        return {"ref": self.views.ref(given["name"])}

    def create_commit_on_branch(self, given: dict[str, Any]) -> dict[str, Json]:
        ref = self._branch(given["branch"])
        head = self.state.git.refs(ref).get(ref)
        if head is None:
            raise Problem("NOT_FOUND", f'No ref found for "{ref}".')
        expected = given["expectedHeadOid"]
        if head != expected:
            message = (
                f'Expected branch to point to "{expected}" but it did not. Pull and try again.'
            )
            raise Problem("STALE_DATA", message)
        message = "\n\n".join(filter(None, map(given["message"].get, ("headline", "body"))))
        tree = self._changed_tree(head, given.get("fileChanges") or {})
        sha = self.state.write_commit(self.token.login, tree, [head], message, web=True)
        self.state.move_ref(ref, sha, self.token.login)
        commit = self.views.commit(self.state.git.commit(sha))
        return {"commit": commit, "ref": self.views.ref(ref)}

    def _branch(self, branch: dict[str, Any]) -> str:
        if branch.get("id"):
            return str(branch["id"]).removeprefix("REF_")
        if branch.get("repositoryNameWithOwner") != self.state.full_name:
            raise Problem("NOT_FOUND", "Could not resolve to a Repository with that name.")
        return f"refs/heads/{branch['branchName'].removeprefix('refs/heads/')}"

    def _changed_tree(self, head: str, changes: dict[str, Any]) -> str:
        git = self.state.git
        entries = {entry.path: entry for entry in git.entries(head, recursive=True)}
        written = [
            TreeChange(
                one["path"],
                git.write_blob(base64.b64decode(one["contents"])),
                entries[one["path"]].mode if one["path"] in entries else "100644",
            )
            for one in changes.get("additions", [])
        ]
        removed = [TreeChange(one["path"], None) for one in changes.get("deletions", [])]
        if any(change.path not in entries for change in removed):
            message = "A path was requested for deletion which does not exist."
            raise Problem("UNPROCESSABLE", message)
        return git.write_tree(head, [*removed, *written])

    def update_refs(self, given: dict[str, Any]) -> dict[str, Json]:
        updates = given["refUpdates"]
        for update in updates:  # all are checked before one moves: the mutation is atomic
            self._check_update(update)
        for update in updates:
            self._update_ref(update)
        return {}

    def _check_update(self, update: dict[str, Any]) -> None:
        current = self.state.git.refs(update["name"]).get(update["name"], ABSENT)
        before, after = update.get("beforeOid"), update["afterOid"]
        if before is not None and before != current:
            message = f"Reference {update['name']} does not point to {before}"
            raise Problem("UNPROCESSABLE", message)
        if after != ABSENT and self.state.git.object_type(after) != "commit":
            raise Problem("UNPROCESSABLE", f"Object {after} does not exist")
        moves = ABSENT not in (current, after)
        if moves and not update["force"] and not self.state.git.is_ancestor(current, after):
            raise Problem("UNPROCESSABLE", "Update is not a fast forward")

    def _update_ref(self, update: dict[str, Any]) -> None:
        name, after = update["name"], update["afterOid"]
        if after == ABSENT:
            self.state.delete_ref(name, self.token.login)
        elif name in self.state.git.refs(name):
            self.state.move_ref(name, after, self.token.login, force=True)
        else:
            self.state.create_ref(name, after)


def _to_draft(mutations: Mutations, given: dict[str, Any]) -> dict[str, Json]:
    return mutations.set_draft(given, draft=True)


def _to_ready(mutations: Mutations, given: dict[str, Any]) -> dict[str, Json]:
    return mutations.set_draft(given, draft=False)


_CONTENTS = ("contents",)
_PULLS = ("pull_requests",)
_EITHER = ("issues", "pull_requests")

_MUTATIONS: dict[str, tuple[tuple[str, ...], Mutation]] = {
    "addComment": (_EITHER, Mutations.add_comment),
    "closePullRequest": (_PULLS, Mutations.close_pull_request),
    "convertPullRequestToDraft": (_PULLS, _to_draft),
    "createCommitOnBranch": (_CONTENTS, Mutations.create_commit_on_branch),
    "createPullRequest": (_PULLS, Mutations.create_pull_request),
    "createRef": (_CONTENTS, Mutations.create_ref),
    "markPullRequestReadyForReview": (_PULLS, _to_ready),
    "updateIssueComment": (_EITHER, Mutations.update_issue_comment),
    "updatePullRequest": (_PULLS, Mutations.update_pull_request),
    "updateRefs": (_CONTENTS, Mutations.update_refs),
}


def _problem(refused: Refused) -> Problem:
    """Say a REST refusal in GraphQL's words."""
    if refused.status in (403, 404):
        return Problem("FORBIDDEN" if refused.status == 403 else "NOT_FOUND", refused.message)
    messages = [error.get("message") or f"{error['field']} is invalid" for error in refused.errors]
    return Problem("UNPROCESSABLE", ", ".join(messages) or refused.message)
