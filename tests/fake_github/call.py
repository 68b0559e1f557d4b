"""What a REST handler is given and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

from tests.fake_github.records import Json, Token
from tests.fake_github.render import Renderer
from tests.fake_github.state import State

T = TypeVar("T")
_LARGEST_PAGE = 100


@dataclass(frozen=True)
class Request:
    """One request; the path is decoded and starts after the API's own prefix."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Json

    @property
    def authorization(self) -> str:
        """The header that holds the token, or nothing."""
        return self.headers.get("Authorization", "")


@dataclass(frozen=True)
class Reply:
    """A response: status, JSON (None: no content) and headers beyond the usual ones."""

    status: int
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Call:
    """One request, matched to a route: `params` are the named parts of its path."""

    state: State
    render: Renderer
    token: Token
    request: Request
    params: Mapping[str, str]
    links: str | None = None

    @property
    def query(self) -> Mapping[str, str]:
        """What follows the path."""
        return self.request.query

    @property
    def body(self) -> Json:
        """The request's JSON."""
        return self.request.body

    @property
    def number(self) -> int:
        """The number of the issue or pull request, or the id, in the path."""
        return int(self.params["number"])

    def given(self, key: str) -> Json:
        """Return one value of the request's JSON, or None."""
        return (self.body or {}).get(key)

    def page(self, items: Sequence[T]) -> Sequence[T]:
        """Cut out the page that was asked for, and remember the links to its neighbours."""
        size = min(int(self.query.get("per_page", 30)), _LARGEST_PAGE)
        page = int(self.query.get("page", 1))
        last = max(1, -(-len(items) // size))
        neighbours = {"first": 1, "prev": page - 1, "next": page + 1, "last": last}
        if page == 1:
            neighbours = {"next": 2, "last": last}
        elif page >= last:
            neighbours = {"first": 1, "prev": page - 1}
        if last > 1:
            self.links = ", ".join(self._link(*pair) for pair in neighbours.items())
        return items[(page - 1) * size : page * size]

    def _link(self, relation: str, page: int) -> str:
        query = urlencode({**self.query, "page": page})
        return f'<{self.render.api_url}{self.request.path}?{query}>; rel="{relation}"'
