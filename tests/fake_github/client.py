"""The client's side of the tests: how the bot connects, and what it usually does."""

from typing import Any

import pytest
from github import Auth, Github, GithubException, GithubRetry, InputGitTreeElement
from github.PullRequest import PullRequest
from github.Repository import Repository

from tests.fake_github import FakeGitHub

MODELS = "config/models.yaml"
ORIGINAL = "summary: old\n\n\n\nsearch: old\n"
PROPOSED = ORIGINAL.replace("summary: old", "summary: new")
BRANCH = "bot/summary"


def connect(hub: FakeGitHub, token: str | None = None, *, timeout_seconds: int = 5) -> Github:
    """Connect with the settings under which PyGithub repeats no write."""
    return Github(
        auth=Auth.Token(token or hub.token),
        base_url=hub.api_url,
        retry=GithubRetry(
            total=4,
            backoff_factor=0.01,
            allowed_methods={"GET", "HEAD"},
            status_forcelist=[403, 429, 500, 502, 503, 504],
            max_rate_limit_wait=120,
        ),
        timeout=timeout_seconds,
        seconds_between_requests=0,
        seconds_between_writes=0,
    )


def commit(repo: Repository, text: str, parent: str, message: str = "Propose") -> str:
    """Store a commit that changes the models, as the bot does it; return its sha."""
    base = repo.get_git_commit(parent)
    entry = InputGitTreeElement(MODELS, "100644", "blob", content=text)
    tree = repo.create_git_tree([entry], base_tree=base.tree)
    return repo.create_git_commit(message, tree, [base]).sha


def push(repo: Repository, branch: str = BRANCH, text: str = PROPOSED) -> str:
    """Create a branch with one commit on the base; return its sha."""
    sha = commit(repo, text, repo.get_branch("main").commit.sha)
    repo.create_git_ref(f"refs/heads/{branch}", sha)
    return sha


def propose(repo: Repository, branch: str = BRANCH, *, draft: bool = True) -> PullRequest:
    """Push a branch and open its pull request."""
    push(repo, branch)
    return repo.create_pull("main", branch, title="Use new", body="Because.", draft=draft)


def query(repo: Repository, fields: str) -> Any:
    """Read fields of the repository through GraphQL."""
    document = f'{{ repository(owner: "acme", name: "widgets") {{ {fields} }} }}'
    return repo.requester.graphql_query(document, {})[1]["data"]["repository"]


def mutate(repo: Repository, name: str, **values: Any) -> Any:
    """Run a mutation and return its payload's mutation id."""
    return repo.requester.graphql_named_mutation(name, values, "clientMutationId")


def refusal(error: pytest.ExceptionInfo[GithubException]) -> tuple[int, Any]:
    """Return the status and, where there is one, the only entry of `errors`, else the message."""
    data = error.value.data
    return error.value.status, data["errors"][0] if "errors" in data else data["message"]
