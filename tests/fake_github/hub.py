"""The fake itself: starts the server, routes requests, records them, and does what people do."""

import re
import threading
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from tests.fake_github.call import Reply, Request
from tests.fake_github.faults import Fault, Faults
from tests.fake_github.git import GitError
from tests.fake_github.graphql import GraphQL, is_mutation
from tests.fake_github.people import People
from tests.fake_github.records import Issue, Json, Pull, Refused
from tests.fake_github.rest import Rest, authenticate, refusal
from tests.fake_github.server import Server
from tests.fake_github.snapshot import snapshot
from tests.fake_github.state import ACTIONS_BOT, State, utc_now

_TOKEN_MINT = re.compile(r"/app/installations/\d+/access_tokens")
_API_VERSIONS = ("2022-11-28", "2026-03-10")


class Exchange(NamedTuple):
    """A request and its answer; status 0 means that none was sent."""

    method: str
    path: str
    status: int
    json: Json


class FakeGitHub(People):
    """One GitHub with one repository, reachable through HTTP at `api_url`.

    Settings of the organisation and of time are attributes of `state`: `actions_may_open_pulls`
    (the setting that wins over permissions), `mergeable_is_known` (GitHub computes it late).
    """

    def __init__(
        self,
        directory: Path,
        *,
        owner: str = "acme",
        name: str = "widgets",
        files: Mapping[str, str] | None = None,
        default_branch: str = "main",
        bot: str = ACTIONS_BOT,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Make the repository with one commit of `files`; see `start`."""
        self.git_dir = directory / f"{name}.git"
        self.state = State(self.git_dir, owner, name, default_branch, clock)
        self.violations: list[str] = []
        self.requests: list[Exchange] = []
        self.faults = Faults()
        self.token = "ghs_bot"
        self.add_token(self.token, bot)
        self._stopping = threading.Event()
        self._server = Server(self._answer)
        self.api_url = f"{self._server.url}/api/v3"
        self._rest = Rest(self.state, self.api_url, self.violations)
        self._graphql = GraphQL(self.state)
        self._push(default_branch, files or {"README.md": "# widgets\n"}, owner, "First commit")

    @classmethod
    def start(
        cls,
        directory: Path,
        *,
        owner: str = "acme",
        name: str = "widgets",
        files: Mapping[str, str] | None = None,
        default_branch: str = "main",
        bot: str = ACTIONS_BOT,
        clock: Callable[[], datetime] = utc_now,
    ) -> Self:
        """Start serving; leave the `with` block (or call `stop`) to end.

        `bot` is the login behind `token`. `clock` gives aware UTC times to the second.
        """
        hub = cls(
            directory,
            owner=owner,
            name=name,
            files=files,
            default_branch=default_branch,
            bot=bot,
            clock=clock,
        )
        hub._server.start()
        return hub

    def __enter__(self) -> Self:
        """Return the running fake."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop, and fail the test that sent or received what GitHub's description forbids."""
        self.stop()
        if self.violations:
            report = "Exchanges that GitHub would not have had:\n" + "\n".join(self.violations)
            if error is None:
                raise AssertionError(report)
            error.add_note(report)

    def stop(self) -> None:
        """Stop serving."""
        self._stopping.set()
        self._server.stop()

    # What the tests look at

    def add_token(
        self, value: str, login: str, permissions: Mapping[str, str] | None = None
    ) -> None:
        """Accept a token; permissions such as {"contents": "write"}, None for all."""
        self.state.add_token(value, login, permissions)

    def add_team(self, slug: str) -> None:
        """Let a team of the owner be asked for reviews, as owner/slug."""
        self.state.add_team(slug)

    def advance(self, *, days: float = 0, hours: float = 0, seconds: float = 0) -> None:
        """Move the fake's time on; what happens from now on is that much later."""
        self.state.offset += timedelta(days=days, hours=hours, seconds=seconds)

    def writes(self) -> list[Exchange]:
        """List the requests that were to change the repository, whether or not they did."""
        return [one for one in self.requests if _is_write(one.method, one.path, one.json)]

    def snapshot(self) -> dict[str, object]:
        """Return all that matters, without times, ids and commit shas."""
        with self.state.lock:
            self.state.sync(self.state.owner)
            return snapshot(self.state)

    def git(self, *arguments: str) -> str:
        """Run Git in the bare repository and return what it prints."""
        with self.state.lock:
            printed = self.state.git.run(*arguments)
            self.state.sync(self.state.owner)
            return printed

    def read(self, path: str, revision: str | None = None) -> str:
        """Return a file's text at a revision (the default branch)."""
        place = f"{revision or self.state.default_branch}:{path}"
        with self.state.lock:
            self.state.git.forget_refs()  # somebody may have pushed
            sha = self.state.git.resolve(place)
            if sha is None:
                raise GitError(f"{place}: no such file")
            return self.state.git.read_blob(sha).decode()

    def pull(self, number: int) -> Pull:
        """Return a pull request as the state holds it."""
        return self.state.pull(number)

    def issue(self, number: int) -> Issue:
        """Return an issue or pull request as the state holds it."""
        return self.state.thread(number)

    # Requests

    def _answer(self, request: Request) -> Reply | None:
        is_write = _is_write(request.method, request.path, request.body)
        subject = f"{request.path} {_document(request.body)}".rstrip()
        fault = self.faults.strike(request.method, subject, is_write=is_write)
        if fault is None:
            reply = self._perform(request)
            self._record(request, reply.status)
            return reply
        return self._fail(request, fault)

    def _fail(self, request: Request, fault: Fault) -> Reply | None:
        if fault.takes_effect:
            self._perform(request)
        if fault.is_silent:
            self._record(request, 0)
            if fault.kind != "drop_after":
                self._stopping.wait(fault.seconds)
            return None
        reply = fault.reply(self.state.now().timestamp())
        self._record(request, reply.status)
        return reply

    def _record(self, request: Request, status: int) -> None:
        self.requests.append(Exchange(request.method, request.path, status, request.body))

    def _perform(self, request: Request) -> Reply:
        version = request.headers.get("X-GitHub-Api-Version", _API_VERSIONS[0])
        if version not in _API_VERSIONS:
            return Reply(400, {"message": f'"{version}" is not a supported API version'})
        with self.state.lock:
            self.state.sync(self.state.owner)  # pushes may have come by Git, past the API
            reply = self._reply(request)
        used, reset = len(self.requests), int(self.state.now().timestamp()) + 3600
        limits = {"Limit": 5000, "Remaining": 5000 - used, "Used": used, "Resource": "core"}
        headers = {
            f"X-RateLimit-{name}": str(value) for name, value in (limits | {"Reset": reset}).items()
        }
        return Reply(reply.status, reply.body, {**headers, **reply.headers})

    def _reply(self, request: Request) -> Reply:
        try:
            return self._route(request)
        except Exception:  # a mistake of the fake must fail the test, not look like a lost response
            self.violations.append(traceback.format_exc())
            return Reply(500, {"message": "the fake failed"})

    def _route(self, request: Request) -> Reply:
        if request.path != "/graphql":
            return self._rest.answer(request)
        try:
            token = authenticate(self.state, request.authorization)
        except Refused as refused:
            return refusal(refused)
        return Reply(200, self._graphql.execute(request.body, token))


def _document(body: Json) -> str:
    return str(body.get("query", "")) if isinstance(body, dict) else ""


def _is_write(method: str, path: str, body: Json) -> bool:
    """Whether a request is to change the repository; asking for an App's token is not."""
    if path == "/graphql":
        return is_mutation(_document(body))
    return method != "GET" and not _TOKEN_MINT.fullmatch(path)
