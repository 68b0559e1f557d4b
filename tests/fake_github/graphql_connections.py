"""Connections of GraphQL: a list cut into pages, as GitHub insists on."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from tests.fake_github.records import Json

T = TypeVar("T")
Resolver = Callable[..., Json]
_LARGEST_PAGE = 100


class Problem(Exception):
    """An entry of `errors`: GitHub's type, such as NOT_FOUND, and the message."""

    def __init__(self, kind: str, message: str) -> None:
        """Keep both."""
        super().__init__(message)
        self.kind = kind


def connection(name: str, items: Sequence[T], view: Callable[[T], Json]) -> Resolver:
    """Return the resolver of a connection; `nodes` and `edges` need `first` or `last`."""

    def resolve(_: object, **given: Any) -> Json:
        def page() -> range:
            return _page(name, len(items), given)

        return {
            "totalCount": len(items),
            "filteredCount": len(items),
            "pageCount": lambda _: len(page()),
            "nodes": lambda _: [view(items[index]) for index in page()],
            "edges": lambda _: [
                {"cursor": str(index), "node": view(items[index])} for index in page()
            ],
            "pageInfo": lambda _: _page_info(page(), len(items)),
        }

    return resolve


def _page(name: str, total: int, given: dict[str, Any]) -> range:
    size = given.get("first") or given.get("last")
    if size is None:
        message = f"You must provide a `first` or `last` value to paginate the `{name}` connection."
        raise Problem("MISSING_PAGINATION_BOUNDARIES", message)
    if size > _LARGEST_PAGE:
        message = f"Requesting {size} records on `{name}` exceeds the limit of {_LARGEST_PAGE}."
        raise Problem("EXCESSIVE_PAGINATION", message)
    start = int(given["after"]) + 1 if given.get("after") else 0
    end = int(given["before"]) if given.get("before") else total
    if given.get("first"):
        return range(start, min(end, start + size))
    return range(max(start, end - size), end)


def _page_info(page: range, total: int) -> Json:
    return {
        "startCursor": str(page.start) if page else None,
        "endCursor": str(page.stop - 1) if page else None,
        "hasPreviousPage": page.start > 0,
        "hasNextPage": page.stop < total,
    }
