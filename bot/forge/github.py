"""GitHub, through PyGithub, whose only importer this is: read by GraphQL, written by REST."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

import requests
from github import Auth, Github, GithubException, GithubIntegration, GithubRetry
from github.Requester import Requester

from bot.forge import github_query
from bot.forge.github_answer import Answer
from bot.forge.github_query import Json
from bot.forge.port import (
    Branch,
    ForgeDoubt,
    ForgeError,
    Issue,
    PullRequest,
    Repository,
)
from bot.settings import Settings

PATIENCE = frozenset({429, 500, 502, 503, 504})  # statuses after which a write is in doubt
TIMEOUT_SECONDS = 30
NOT_PERMITTED = "not permitted to create or approve pull requests"


@dataclass(frozen=True, slots=True)
class GitHubForge:
    """One repository on GitHub, or on an Enterprise server; `name` is owner/name."""

    name: str
    requester: Requester
    sent: Counter[str] = field(default_factory=Counter)

    def read(
        self, files: Sequence[str], base_branch: str | None, branches: Mapping[str, str]
    ) -> Repository:
        """Two requests: who we are, then all the rest."""
        # First, because the query asks for the issues that this login opened: `github-actions[bot]`
        # for the workflow's token, the App's name for an App's.
        viewer = self._viewer()
        query = github_query.build_query(files, base_branch, branches)
        repository = self._repository(query, viewer)
        if repository["base"] is None:
            raise ForgeError(f"{self.name} has no branch {base_branch or 'yet'}; set base_branch")
        owners = (self._text(repository[f"owners{n}"]) for n in range(len(github_query.CODEOWNERS)))
        return Repository(
            name=self.name,
            url=repository["url"],
            viewer=viewer,
            base_branch=repository["base"]["name"],
            base_sha=repository["base"]["target"]["oid"],
            base_tree=repository["base"]["target"]["tree"]["oid"],
            files=self._files(files, repository),
            branches={
                name: self._branch(name, repository, n)
                for n, name in enumerate(branches)
                if repository[f"branch{n}"]
            },
            pull_requests=tuple(
                pull
                for n, branch in enumerate(branches)
                for pull in github_query.pull_requests(branch, repository[f"pulls{n}"]["nodes"])
            ),
            issues=github_query.issues(repository),
            codeowners=next((text for text in owners if text is not None), None),
        )

    def read_issues(self) -> tuple[Issue, ...]:
        """See the port."""
        return github_query.issues(
            self._repository(github_query.document(github_query.ISSUES), self._viewer())
        )

    def commit(
        self, *, base_tree: str, parents: Sequence[str], files: Mapping[str, str], message: str
    ) -> str:
        """A tree and a commit; author and committer are left to GitHub, which then signs it."""
        # By trees and commits, because createCommitOnBranch of GraphQL knows only one parent, and a
        # proposal that is brought up to date has two.
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

    def put_file(self, *, branch: str, path: str, before: str, after: str, message: str) -> str:
        """See the port; GitHub refuses when the file is no longer `before`."""
        content = b64encode(after.encode()).decode()
        body = {"message": message, "content": content, "sha": _blob_id(before), "branch": branch}
        return str(self._send("PUT", f"contents/{quote(path)}", body)["commit"]["sha"])

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
            draft=True,
            title=title,
            body=body,
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
        self._send("PATCH", f"pulls/{number}", _given(title=title, body=body, state=state))

    def set_labels(self, number: int, *, labels: Sequence[str], assignees: Sequence[str]) -> None:
        """See the port."""
        # PATCH replaces whole lists, so an empty one would take off what people set.
        lists = {"labels": list(labels), "assignees": list(assignees)}
        self._send("PATCH", f"issues/{number}", {k: v for k, v in lists.items() if v})

    def request_reviewers(self, number: int, logins: Sequence[str], teams: Sequence[str]) -> None:
        """See the port."""
        body = {"reviewers": list(logins), "team_reviewers": list(teams)}
        self._send("POST", f"pulls/{number}/requested_reviewers", body)

    def write_comment(self, number: int, body: str, comment_id: int | None = None) -> None:
        """See the port."""
        if comment_id is None:
            self._send("POST", f"issues/{number}/comments", {"body": body})
        else:
            self._send("PATCH", f"issues/comments/{comment_id}", {"body": body})

    def set_status(self, sha: str, *, name: str, state: str, description: str) -> None:
        """See the port."""
        body = {"context": name, "state": state, "description": description}
        self._send("POST", f"statuses/{sha}", body)

    def open_issue(self, *, title: str, body: str) -> Issue:
        """See the port."""
        made = self._send("POST", "issues", {"title": title, "body": body})
        return Issue(made["number"], made["html_url"], "open", title, body)

    def edit_issue(
        self,
        number: int,
        *,
        body: str | None = None,
        state: Literal["open", "closed"] | None = None,
    ) -> None:
        """See the port."""
        self._send("PATCH", f"issues/{number}", _given(body=body, state=state))

    def ask(self, verb: str, path: str, body: Json | None = None) -> Answer:
        """The answer to one request below the repository's address, whatever its status."""
        address = f"/repos/{self.name}/{path}".rstrip("/")
        self.sent["reads" if verb == "GET" else "trials"] += 1
        try:
            headers, content = self.requester.requestJsonAndCheck(verb, address, input=body)
            status = 200
        except GithubException as error:
            headers, content, status = error.headers or {}, error.data, error.status
        except requests.RequestException as error:
            raise ForgeDoubt(f"GitHub did not answer: {type(error).__name__}") from error
        return Answer(
            status, {name.lower(): str(value) for name, value in headers.items()}, content
        )

    def _viewer(self) -> str:
        answer = self._query("query { viewer { login } }", {})
        return str(answer["viewer"]["login"])

    def _repository(self, query: str, viewer: str) -> Json:
        owner, _, name = self.name.partition("/")
        answer = self._query(query, {"owner": owner, "name": name, "viewer": viewer})
        repository: Json = answer["repository"]
        return repository

    def _query(self, query: str, variables: Json) -> Json:
        with translated_errors(self.name, "read the repository"):
            self.sent["reads"] += 1
            try:
                _, answer = self.requester.graphql_query(query, variables)
            except GithubException as error:
                # PyGithub raises for any error in an answer, even if all the data is there.
                if not github_query.is_complete(error.data):
                    raise
                answer = error.data
        data: Json = answer["data"]
        return data

    def _files(self, files: Sequence[str], repository: Json) -> dict[str, str]:
        texts = {path: self._text(repository[f"base{n}"]) for n, path in enumerate(files)}
        missing = [path for path, text in texts.items() if text is None]
        if missing:
            raise ForgeError(
                f"{', '.join(missing)} is not on {repository['base']['name']} of {self.name}; set "
                "models_file, or the use case's file, in config/bot.yaml"
            )
        return {path: text for path, text in texts.items() if text is not None}

    def _branch(self, name: str, repository: Json, n: int) -> Branch:
        """A branch that GitHub cannot compare with the base counts as not fully known."""
        target = repository[f"branch{n}"]["target"]
        compared = repository["base"][f"compare{n}"]
        nodes = compared["commits"]["nodes"] if compared else []
        # `status` is null for a commit without any.
        contexts = (target.get("status") or {}).get("contexts", [])
        return Branch(
            name=name,
            sha=target["oid"],
            text=self._text(repository[f"file{n}"]),
            commits=tuple(map(github_query.commit, nodes)),
            complete=bool(compared) and compared["commits"]["totalCount"] == len(nodes),
            checks={status["context"]: status["state"].lower() for status in contexts},
        )

    def _send(self, verb: str, path: str, body: Json | None) -> Json:
        """One write, once: PyGithub repeats none of these."""
        with translated_errors(self.name, f"{verb} {path}"):
            self.sent["writes"] += 1
            _, answer = self.requester.requestJsonAndCheck(
                verb, f"/repos/{self.name}/{path}", input=body
            )
        # DELETE answers without a body.
        return answer if isinstance(answer, dict) else {}

    def _text(self, blob: Json | None) -> str | None:
        """A blob's exact text; fetched again as bytes when GraphQL cut or changed it."""
        if not blob:
            return None
        text: str | None = blob["text"]
        # GraphQL cuts long files, gives null for what it takes for binary, and may replace bytes
        # that are not UTF-8. Only a text with the blob's own id is the file.
        if text is not None and not blob["isTruncated"] and _blob_id(text) == blob["oid"]:
            return text
        with translated_errors(self.name, "read a file"):
            self.sent["reads"] += 1
            url = f"/repos/{self.name}/git/blobs/{blob['oid']}"
            _, answer = self.requester.requestJsonAndCheck("GET", url)
        try:
            return b64decode(answer["content"]).decode("utf-8")
        except UnicodeDecodeError as error:
            raise ForgeError(f"the file {blob['oid'][:9]} is not UTF-8 text: {error}") from error


def connect(settings: Settings) -> GitHubForge:
    """A client that waits politely, repeats reads only, and never sleeps for long.

    `settings` must name a repository, and a token or an App; see `from_environment`.
    """
    name = settings.repository or ""
    # By default PyGithub sends a POST up to ten times after a 502, which may have taken effect: a
    # comment would be written twice. It also sleeps until an exhausted limit is reset, up to an
    # hour.
    retry = GithubRetry(
        total=4,
        backoff_factor=1,
        allowed_methods={"GET", "HEAD"},
        status_forcelist=[403, 429, 500, 502, 503, 504],
        max_rate_limit_wait=120,
    )

    def client(auth: Auth.Auth) -> Github:
        return Github(auth=auth, base_url=settings.api_url, retry=retry, timeout=TIMEOUT_SECONDS)

    if settings.app_id is None or settings.app_private_key is None:
        return GitHubForge(name, client(Auth.Token(settings.token or "")).requester)
    app = Auth.AppAuth(settings.app_id, settings.app_private_key)
    owner, _, repository = name.partition("/")
    with translated_errors(name, "find the App's installation"):
        integration = GithubIntegration(auth=app, base_url=settings.api_url)
        installation = integration.get_repo_installation(owner, repository)
    return GitHubForge(name, client(app.get_installation_auth(installation.id)).requester)


@contextmanager
def translated_errors(repository: str, what: str) -> Iterator[None]:
    """Turns what PyGithub and requests raise into one line with the way out."""
    try:
        yield
    except GithubException as error:
        raise translate(repository, what, error) from error
    except requests.RequestException as error:
        raise ForgeDoubt(f"GitHub did not answer ({what}): {type(error).__name__}") from error


def translate(repository: str, what: str, error: GithubException) -> ForgeError:
    """A refusal with what to do about it, or a doubt with how long to wait."""
    reason = (
        error.data.get("message", "") if isinstance(error.data, dict) else str(error.data or "")
    )
    message = f"GitHub: {what}: {reason or error.message or error.status}"
    if in_doubt(error):
        return ForgeDoubt(message, _retry_after(error))
    return ForgeError(f"{message}; {_advice(repository, error.status, message)}")


def in_doubt(error: GithubException) -> bool:
    """Whether the request may have taken effect, or may do so later."""
    text = json.dumps(error.data).lower() if error.data else ""
    # GraphQL reports an exhausted limit with status 200, REST with 403 or 429, and not always with
    # a Retry-After. A refused fast-forward means that somebody pushed in the meantime.
    limited = "rate limit" in text or "rate_limited" in text or "abuse" in text
    moved = error.status == 409 or "already exists" in text or "fast forward" in text
    return error.status in PATIENCE or limited or moved or _retry_after(error) is not None


def _retry_after(error: GithubException) -> float | None:
    value = {name.lower(): v for name, v in (error.headers or {}).items()}.get("retry-after")
    # GitHub sends seconds, never the HTTP date that the standard allows as well.
    return float(value) if value is not None and value.isdigit() else None


def _advice(repository: str, status: int, message: str) -> str:
    if NOT_PERMITTED in message:
        return (
            "allow it under Settings > Actions > General > Workflow permissions (of the "
            "repository and of the organisation), or give the token of a GitHub App"
        )
    if status == 401:
        return "GITHUB_TOKEN is wrong or has expired"
    if status == 403:
        return (
            "the token needs `contents: write`, `pull-requests: write` and `issues: write` on "
            f"{repository}"
        )
    if status == 404:
        return f"{repository} does not exist, or the token may not see it"
    return f"status {status}"


def _blob_id(text: str) -> str:
    # What git itself computes. SHA-1 only names the file here, also where FIPS mode forbids it.
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _given(**values: str | None) -> Json:
    return {name: value for name, value in values.items() if value is not None}
