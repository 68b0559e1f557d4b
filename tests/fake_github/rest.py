"""Answers REST requests: finds the route, checks token, permission and both bodies."""

import base64
import binascii
import json
import re
from collections.abc import Mapping

from tests.fake_github.call import Call, Reply, Request
from tests.fake_github.records import Json, Pull, Refused, Token
from tests.fake_github.render import Renderer
from tests.fake_github.routes import ROUTES, Route
from tests.fake_github.schema import disagreements
from tests.fake_github.state import State

_DOCUMENTATION = "https://docs.github.com/rest"
_CREDENTIALS = re.compile(r"(?:token|bearer) (\S+)", re.IGNORECASE)


class Rest:
    """The REST API over one state; `violations` collects what GitHub would not allow."""

    def __init__(self, state: State, api_url: str, violations: list[str]) -> None:
        """Answer for `state`; links start with `api_url`."""
        self._state = state
        self._render = Renderer(state, api_url)
        self._violations = violations

    def answer(self, request: Request) -> Reply:
        """Answer one request."""
        for route in ROUTES:
            match = (
                route.pattern.fullmatch(request.path) if route.method == request.method else None
            )
            if match:
                return self._checked(route, match.groupdict(), request)
        return self._violation(f"{request.method} {request.path}", ["the fake has no such route"])

    def _checked(self, route: Route, params: Mapping[str, str], request: Request) -> Reply:
        name = f"{request.method} {request.path}"
        try:
            token = self._authenticate(route, request.authorization)
            self._authorize(route, params, token)
            problems = disagreements(route.request, request.body)
            if problems:
                return self._violation(f"request {name}", problems)
            call = Call(self._state, self._render, token, request, params)
            reply = route.handler(call)
        except Refused as refused:
            return refusal(refused)
        problems = disagreements(route.response, reply.body)
        if problems:
            return self._violation(f"response {name}", problems)
        return Reply(reply.status, reply.body, {"Link": call.links} if call.links else {})

    def _violation(self, place: str, problems: list[str]) -> Reply:
        found = [f"{place}: {problem}" for problem in problems]
        self._violations.extend(found)
        return Reply(500, {"message": "Not GitHub's API: " + "; ".join(found)})

    def _authenticate(self, route: Route, authorization: str) -> Token:
        if route.needs == "jwt":
            return _app_token(authorization)
        return authenticate(self._state, authorization)

    def _authorize(self, route: Route, params: Mapping[str, str], token: Token) -> None:
        named = (params.get("owner", self._state.owner), params.get("repo", self._state.name))
        if named != (self._state.owner, self._state.name):
            raise Refused(404, "Not Found")
        scopes = self._scopes(route.needs, params)
        if scopes and not any(token.may(scope) for scope in scopes):
            raise Refused(403, "Resource not accessible by integration")

    def _scopes(self, needs: str | None, params: Mapping[str, str]) -> tuple[str, ...]:
        """List the permissions of which one is enough."""
        if needs is None or needs == "jwt":
            return ()
        if needs == "thread":
            thread = self._state.thread(int(params["number"]))
        elif needs == "comment":
            thread, _ = self._state.find_comment(int(params["number"]))
        else:
            return (needs,)
        return ("issues", "pull_requests") if isinstance(thread, Pull) else ("issues",)


def authenticate(state: State, authorization: str) -> Token:
    """Return the caller's token, or refuse with 401."""
    if not authorization:
        raise Refused(401, "Requires authentication")
    match = _CREDENTIALS.fullmatch(authorization)
    token = state.tokens.get(match[1]) if match else None
    if token is None:
        raise Refused(401, "Bad credentials")
    return token


def _app_token(authorization: str) -> Token:
    """Accept whatever looks like a JWT signed with RS256; the signature is not checked."""
    match = _CREDENTIALS.fullmatch(authorization)
    parts = match[1].split(".") if match else []
    try:
        header = json.loads(base64.urlsafe_b64decode(parts[0] + "==")) if len(parts) == 3 else {}
    except (binascii.Error, ValueError):
        header = {}
    if header.get("alg") != "RS256":
        raise Refused(401, "A JSON web token could not be decoded")
    return Token("model-bot[bot]")


def refusal(refused: Refused) -> Reply:
    """Write a refusal as GitHub does."""
    body: Json = {"message": refused.message, "documentation_url": _DOCUMENTATION}
    if refused.errors:
        body["errors"] = list(refused.errors)
    return Reply(refused.status, {**body, "status": str(refused.status)})
