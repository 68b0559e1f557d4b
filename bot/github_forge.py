"""GitHub, through PyGithub, whose only importer this is: read by GraphQL, written by REST."""

import hashlib
import json
from base64 import b64decode, b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

import requests
from github import Auth, Github, GithubException, GithubIntegration, GithubRetry
from github.Requester import Requester

from bot.forge import (
    Branch,
    Comment,
    Commit,
    Event,
    File,
    ForgeDoubt,
    ForgeError,
    Issue,
    PullRequest,
    Repository,
    State,
)
from bot.settings import Settings

HISTORY = 20  # pull requests of one use case that are looked at
COMMITS = 100  # commits of one branch that are looked at
COMMENTS = 100  # the newest comments of one pull request, among which ours is looked for
PATIENCE = frozenset({429, 500, 502, 503, 504})  # statuses after which a write is in doubt
TIMEOUT_SECONDS = 30
NOT_PERMITTED = "not permitted to create or approve pull requests"

COMMIT = "oid message author { email user { login } } committer { email user { login } }"
BLOB = "... on Blob { oid text isTruncated }"
CODEOWNERS = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")  # GitHub takes the first
EVENTS = "LABELED_EVENT, UNLABELED_EVENT, ASSIGNED_EVENT, REVIEW_REQUESTED_EVENT"
REPOSITORY = """
  url
  base: %(base)s {
    name target { oid ... on Commit { tree { oid } } }
    %(compares)s
  }
  models: object(expression: %(models)s) { %(blob)s }
  %(owners)s
"""
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
    number url state isDraft title body closedAt
    labels(first: 100) { nodes { name } }
    assignees(first: 20) { nodes { login } }
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

STATES: dict[str, State] = {"OPEN": "open", "CLOSED": "closed", "MERGED": "merged"}
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class GitHubForge:
    """One repository on GitHub, or on an Enterprise server; `name` is owner/name."""

    name: str
    requester: Requester
    sent: Counter[str] = field(default_factory=Counter)

    def read(
        self, models_file: str, base_branch: str | None, branches: Sequence[str]
    ) -> Repository:
        """Two requests: who we are, then all the rest."""
        viewer = self._viewer()
        query = build_query(models_file, base_branch, branches)
        found = self._repository(query, viewer)
        if found["base"] is None:
            raise ForgeError(f"{self.name} has no branch {base_branch or 'yet'}; set base_branch")
        text = self._text(found["models"])
        if text is None:
            raise ForgeError(
                f"{models_file} is not on {found['base']['name']} of {self.name}; set models_file "
                "in config/bot.yaml"
            )
        owners = (self._text(found[f"owners{n}"]) for n in range(len(CODEOWNERS)))
        return Repository(
            name=self.name,
            url=found["url"],
            viewer=viewer,
            base_branch=found["base"]["name"],
            base_sha=found["base"]["target"]["oid"],
            base_tree=found["base"]["target"]["tree"]["oid"],
            models_file=File(models_file, text),
            branches={
                name: self._branch(name, found, n)
                for n, name in enumerate(branches)
                if found[f"branch{n}"]
            },
            pull_requests=tuple(
                _pull_request(branch, node)
                for n, branch in enumerate(branches)
                for node in found[f"pulls{n}"]["nodes"]
            ),
            issues=_issues(found),
            codeowners=next((text for text in owners if text is not None), None),
        )

    def read_issues(self) -> tuple[Issue, ...]:
        """See the port."""
        return _issues(self._repository(_document(ISSUES), self._viewer()))

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

    def _viewer(self) -> str:
        answer = self._query("query { viewer { login } }", {})
        return str(answer["viewer"]["login"])

    def _repository(self, query: str, viewer: str) -> Json:
        owner, _, name = self.name.partition("/")
        answer = self._query(query, {"owner": owner, "name": name, "viewer": viewer})
        found: Json = answer["repository"]
        return found

    def _query(self, query: str, variables: Json) -> Json:
        with telling(self.name, "read the repository"):
            self.sent["reads"] += 1
            _, answer = self.requester.graphql_query(query, variables)
        data: Json = answer["data"]
        return data

    def _branch(self, name: str, found: Json, n: int) -> Branch:
        """A branch that GitHub cannot compare with the base counts as not fully known."""
        target = found[f"branch{n}"]["target"]
        compared = found["base"][f"compare{n}"]
        nodes = compared["commits"]["nodes"] if compared else []
        contexts = (target.get("status") or {}).get("contexts", [])
        return Branch(
            name=name,
            sha=target["oid"],
            text=self._text(found[f"file{n}"]),
            commits=tuple(map(_commit, nodes)),
            complete=bool(compared) and compared["commits"]["totalCount"] == len(nodes),
            checks={each["context"]: each["state"].lower() for each in contexts},
        )

    def _send(self, verb: str, path: str, body: Json | None) -> Json:
        """One write, once: PyGithub repeats none of these."""
        with telling(self.name, f"{verb} {path}"):
            self.sent["writes"] += 1
            _, answer = self.requester.requestJsonAndCheck(
                verb, f"/repos/{self.name}/{path}", input=body
            )
        return answer if isinstance(answer, dict) else {}

    def _text(self, blob: Json | None) -> str | None:
        """A blob's exact text; fetched again as bytes when GraphQL cut or changed it."""
        if not blob:
            return None
        text: str | None = blob["text"]
        if text is not None and not blob["isTruncated"] and _blob_id(text) == blob["oid"]:
            return text
        with telling(self.name, "read a file"):
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
    with telling(name, "find the App's installation"):
        integration = GithubIntegration(auth=app, base_url=settings.api_url)
        installation = integration.get_repo_installation(owner, repository)
    return GitHubForge(name, client(app.get_installation_auth(installation.id)).requester)


@contextmanager
def telling(repository: str, what: str) -> Iterator[None]:
    """Turns what PyGithub and requests raise into one line with the way out."""
    try:
        yield
    except GithubException as error:
        raise translate(repository, what, error) from error
    except requests.RequestException as error:
        raise ForgeDoubt(f"GitHub did not answer ({what}): {type(error).__name__}") from error


def build_query(models_file: str, base_branch: str | None, branches: Sequence[str]) -> str:
    """One query for the base, the files on it, our issues, and each branch with its history."""
    fixed = {
        "history": HISTORY,
        "commits": COMMITS,
        "comments": COMMENTS,
        "commit": COMMIT,
        "blob": BLOB,
        "events": 100,
        "kinds": EVENTS,
    }
    each = [{**fixed, **_names(n, name, models_file)} for n, name in enumerate(branches)]
    at = base_branch or "HEAD"
    base = "defaultBranchRef"
    if base_branch is not None:
        base = f"ref(qualifiedName: {json.dumps('refs/heads/' + base_branch)})"
    owners = "\n  ".join(
        f"owners{n}: object(expression: {json.dumps(f'{at}:{path}')}) {{ {BLOB} }}"
        for n, path in enumerate(CODEOWNERS)
    )
    whole = REPOSITORY % {
        **fixed,
        "base": base,
        "compares": "    ".join(COMPARE % values for values in each),
        "models": json.dumps(f"{at}:{models_file}"),
        "owners": owners,
    }
    return _document(whole + "".join(USE_CASE % values for values in each) + ISSUES)


def _names(n: int, branch: str, models_file: str) -> Json:
    return {
        "n": n,
        "ref": json.dumps(f"refs/heads/{branch}"),
        "file": json.dumps(f"{branch}:{models_file}"),
        "branch": json.dumps(branch),
    }


def _document(fields: str) -> str:
    return (
        "query($owner: String!, $name: String!, $viewer: String!) {\n"
        f" repository(owner: $owner, name: $name) {{{fields} }}\n}}"
    )


def translate(repository: str, what: str, error: GithubException) -> ForgeError:
    """A refusal with what to do about it, or a doubt with how long to wait."""
    said = error.data.get("message", "") if isinstance(error.data, dict) else str(error.data or "")
    message = f"GitHub: {what}: {said or error.message or error.status}"
    if in_doubt(error):
        return ForgeDoubt(message, _retry_after(error))
    return ForgeError(f"{message}; {_advice(repository, error.status, message)}")


def in_doubt(error: GithubException) -> bool:
    """Whether the request may have taken effect, or may do so later."""
    text = json.dumps(error.data).lower() if error.data else ""
    limited = "rate limit" in text or "rate_limited" in text or "abuse" in text
    moved = error.status == 409 or "already exists" in text or "fast forward" in text
    return error.status in PATIENCE or limited or moved or _retry_after(error) is not None


def _retry_after(error: GithubException) -> float | None:
    value = {name.lower(): v for name, v in (error.headers or {}).items()}.get("retry-after")
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
    data = text.encode()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _given(**values: str | None) -> Json:
    return {name: value for name, value in values.items() if value is not None}


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


def _issues(found: Json) -> tuple[Issue, ...]:
    return tuple(
        Issue(
            number=node["number"],
            url=node["url"],
            state="open" if node["state"] == "OPEN" else "closed",
            title=node["title"],
            body=node["body"],
        )
        for node in found["issues"]["nodes"]
    )


def _pull_request(branch: str, node: Json) -> PullRequest:
    return PullRequest(
        number=node["number"],
        url=node["url"],
        branch=branch,
        state=STATES[node["state"]],
        draft=node["isDraft"],
        title=node["title"],
        body=node["body"],
        labels=tuple(each["name"] for each in node["labels"]["nodes"]),
        assignees=tuple(each["login"] for each in node["assignees"]["nodes"]),
        comments=tuple(
            Comment(each["databaseId"], (each["author"] or {}).get("login", ""), each["body"])
            for each in node["comments"]["nodes"]
        ),
        events=tuple(map(_event, node["timelineItems"]["nodes"])),
        ended_at=datetime.fromisoformat(node["closedAt"]) if node["closedAt"] else None,
    )


def _event(node: Json) -> Event:
    kind = node["__typename"].removesuffix("Event").lower()
    return Event(kind, (node.get("label") or {}).get("name"))
