"""GitHub, through PyGithub, whose only importer this is: read by GraphQL, written by REST."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, Self

import requests
from github import Auth, Github, GithubException, GithubRetry
from github.Requester import Requester

from bot.forge import Branch, Commit, File, ForgeError, PullRequest, Repository

HISTORY = 20  # pull requests of one use case that are looked at
COMMITS = 100  # commits of one pull request that are looked at
TIMEOUT_SECONDS = 30
NOT_PERMITTED = "not permitted to create or approve pull requests"

COMMIT = "oid message author { email user { login } } committer { email user { login } }"
BLOB = "... on Blob { oid text isTruncated }"
BASE = """
  base: %(base)s { name target { oid ... on Commit { tree { oid } } } }
  models: object(expression: %(models)s) { %(blob)s }
"""
USE_CASE = """
  branch%(n)d: ref(qualifiedName: %(ref)s) { target { ... on Commit { %(commit)s } } }
  file%(n)d: object(expression: %(file)s) { %(blob)s }
  pulls%(n)d: pullRequests(
    headRefName: %(branch)s, first: %(history)d, orderBy: {field: CREATED_AT, direction: DESC}
  ) { nodes {
    number url state isDraft title body
    commits(last: %(commits)d) { nodes { commit { %(commit)s } } }
  } }
"""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GitHubForge:
    """One repository on GitHub, or on an Enterprise server."""

    name: str
    requester: Requester

    @classmethod
    def connect(cls, name: str, token: str, api_url: str) -> Self:
        """A client that waits politely and repeats reads only; `name` is owner/name."""
        retry = GithubRetry(
            total=4,
            backoff_factor=1,
            allowed_methods={"GET", "HEAD"},
            status_forcelist=[403, 429, 500, 502, 503, 504],
            max_rate_limit_wait=120,
        )
        client = Github(
            auth=Auth.Token(token), base_url=api_url, retry=retry, timeout=TIMEOUT_SECONDS
        )
        return cls(name, client.requester)

    def read(
        self, models_file: str, base_branch: str | None, branches: Sequence[str]
    ) -> Repository:
        """Everything in one request; see the port."""
        owner, _, name = self.name.partition("/")
        query = build_query(models_file, base_branch, branches)
        with self._telling("read the repository"):
            _, answer = self.requester.graphql_query(query, {"owner": owner, "name": name})
        found: Json = answer["data"]["repository"]
        if found["base"] is None:
            raise ForgeError(f"{self.name} has no branch {base_branch or 'yet'}; set base_branch")
        text = self._text(found["models"])
        if text is None:
            raise ForgeError(
                f"{models_file} is not on {found['base']['name']} of {self.name}; set models_file "
                "in config/bot.yaml"
            )
        return Repository(
            name=self.name,
            base_branch=found["base"]["name"],
            base_sha=found["base"]["target"]["oid"],
            base_tree=found["base"]["target"]["tree"]["oid"],
            models_file=File(models_file, text),
            branches={
                branch: Branch(branch, _commit(ref["target"]), self._text(found[f"file{n}"]))
                for n, branch in enumerate(branches)
                if (ref := found[f"branch{n}"])
            },
            pull_requests=tuple(
                _pull_request(branch, node)
                for n, branch in enumerate(branches)
                for node in found[f"pulls{n}"]["nodes"]
            ),
        )

    def commit(
        self, *, base_tree: str, parents: Sequence[str], files: Mapping[str, str], message: str
    ) -> str:
        """A tree and a commit; author and committer are left to GitHub, which then signs it."""
        entries = [
            {"path": path, "mode": "100644", "type": "blob", "content": text}
            for path, text in files.items()
        ]
        tree = self._send("POST", "git/trees", {"base_tree": base_tree, "tree": entries})
        body = {"message": message, "tree": tree["sha"], "parents": list(parents)}
        return str(self._send("POST", "git/commits", body)["sha"])

    def create_branch(self, name: str, sha: str) -> None:
        """See the port."""
        self._send("POST", "git/refs", {"ref": f"refs/heads/{name}", "sha": sha})

    def fast_forward(self, name: str, sha: str) -> None:
        """See the port; GitHub itself refuses anything but a fast-forward."""
        self._send("PATCH", f"git/refs/heads/{name}", {"sha": sha, "force": False})

    def delete_branch(self, name: str) -> None:
        """See the port."""
        self._send("DELETE", f"git/refs/heads/{name}", None)

    def open_pull_request(self, *, branch: str, base: str, title: str, body: str) -> PullRequest:
        """See the port."""
        wanted = {"head": branch, "base": base, "title": title, "body": body, "draft": True}
        made = self._send("POST", "pulls", wanted)
        return PullRequest(
            number=made["number"],
            url=made["html_url"],
            branch=branch,
            state="open",
            draft=made["draft"],
            title=made["title"],
            body=made["body"] or "",
        )

    def edit_pull_request(
        self,
        number: int,
        *,
        title: str | None = None,
        body: str | None = None,
        state: Literal["open", "closed"] | None = None,
    ) -> None:
        """See the port."""
        given = {"title": title, "body": body, "state": state}
        changes = {name: value for name, value in given.items() if value is not None}
        self._send("PATCH", f"pulls/{number}", changes)

    def _send(self, verb: str, path: str, body: Json | None) -> Json:
        """One write, once: PyGithub repeats none of these."""
        with self._telling(f"{verb} {path}"):
            url = f"/repos/{self.name}/{path}"
            _, answer = self.requester.requestJsonAndCheck(verb, url, input=body)
        return answer or {}

    def _text(self, blob: Json | None) -> str | None:
        """A blob's exact text; fetched again as bytes when GraphQL cut or changed it."""
        if not blob:
            return None
        text: str | None = blob["text"]
        if text is not None and not blob["isTruncated"] and _blob_id(text) == blob["oid"]:
            return text
        with self._telling("read a file"):
            url = f"/repos/{self.name}/git/blobs/{blob['oid']}"
            _, answer = self.requester.requestJsonAndCheck("GET", url)
        try:
            return b64decode(answer["content"]).decode("utf-8")
        except UnicodeDecodeError as error:
            raise ForgeError(f"the file {blob['oid'][:9]} is not UTF-8 text: {error}") from error

    @contextmanager
    def _telling(self, what: str) -> Iterator[None]:
        """Turns what PyGithub and requests raise into one line with the way out."""
        try:
            yield
        except GithubException as error:
            raise ForgeError(f"GitHub: {what}: {explain(self.name, error)}") from error
        except requests.RequestException as error:
            raise ForgeError(
                f"GitHub did not answer ({what}): {type(error).__name__}; run again later"
            ) from error


def build_query(models_file: str, base_branch: str | None, branches: Sequence[str]) -> str:
    """One query for the base, the file on it, and each branch with its pull requests."""
    base = "defaultBranchRef"
    if base_branch is not None:
        base = f"ref(qualifiedName: {json.dumps('refs/heads/' + base_branch)})"
    models = json.dumps(f"{base_branch or 'HEAD'}:{models_file}")
    parts = [BASE % {"base": base, "models": models, "blob": BLOB}]
    for n, branch in enumerate(branches):
        names = {
            "ref": json.dumps(f"refs/heads/{branch}"),
            "file": json.dumps(f"{branch}:{models_file}"),
            "branch": json.dumps(branch),
        }
        fixed = {"n": n, "history": HISTORY, "commits": COMMITS, "commit": COMMIT, "blob": BLOB}
        parts.append(USE_CASE % {**names, **fixed})
    fields = "".join(parts)
    return (
        "query($owner: String!, $name: String!) {\n"
        f" repository(owner: $owner, name: $name) {{{fields} }}\n}}"
    )


def explain(repository: str, error: GithubException) -> str:
    """What GitHub said, and what to do about it."""
    said = error.data.get("message", "") if isinstance(error.data, dict) else str(error.data or "")
    message = said or error.message or f"status {error.status}"
    if NOT_PERMITTED in message:
        return (
            f"{message} Allow it under Settings > Actions > General > Workflow permissions "
            f"(repository and organisation), or give the token of a GitHub App"
        )
    if error.status == 401:
        return f"{message}; GITHUB_TOKEN is wrong or has expired"
    if error.status == 403:
        return (
            f"{message}; the token needs `contents: write` and `pull-requests: write` "
            f"on {repository}"
        )
    if error.status == 404:
        return f"{message}; {repository} does not exist, or the token may not see it"
    return f"{message} (status {error.status})"


def _blob_id(text: str) -> str:
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _commit(node: Json) -> Commit:
    return Commit(
        sha=node["oid"],
        message=node["message"],
        author=_who(node["author"]),
        committer=_who(node["committer"]),
    )


def _who(actor: Json | None) -> str:
    if actor is None:
        return ""
    user = actor.get("user")
    return str(user["login"] if user else actor.get("email") or "")


def _pull_request(branch: str, node: Json) -> PullRequest:
    states: dict[str, Literal["open", "closed", "merged"]] = {
        "OPEN": "open",
        "CLOSED": "closed",
        "MERGED": "merged",
    }
    return PullRequest(
        number=node["number"],
        url=node["url"],
        branch=branch,
        state=states[node["state"]],
        draft=node["isDraft"],
        title=node["title"],
        body=node["body"],
        commits=tuple(_commit(each["commit"]) for each in node["commits"]["nodes"]),
    )
