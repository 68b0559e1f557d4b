"""The interface of every place that calls are imported from."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

Mark = Mapping[str, object]


class Broken(Exception):
    """A source that breaks off, and what to do; the documents before that are valid."""


class Document(NamedTuple):
    """A line or row by its number (from 1), and its content, or Rejected with the reason."""

    line: int
    content: object


class CallSource(Protocol):
    """A file, a table or a stream. Memory does not grow with its size.

    `key` identifies it over several runs; None if it cannot be read again. `skipped` is how many
    lines or rows an earlier run imported.
    """

    key: str | None
    label: str
    skipped: int

    def documents(self, mark: Mark | None) -> Iterator[Document]:
        """The documents after the mark if those before it are unchanged, else all of them.

        Raises Broken after the last document that can be read.
        """
        ...

    def mark(self) -> Mark:
        """Where to continue after the documents that were read; PostgreSQL stores it as JSON."""
        ...
