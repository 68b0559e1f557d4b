"""What every source of telemetry is: documents one at a time, and how far they have been taken."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

Mark = Mapping[str, object]


class Broken(Exception):
    """A source that ends before its end, and what to do; what came before is sound."""


class Document(NamedTuple):
    """A line or row: where it stands (1-based), and what it holds, or Rejected for what it is."""

    line: int
    content: object


class CallSource(Protocol):
    """A file, a table or a stream. Memory does not grow with its size.

    `key` names it among the sources that were read before, None where it cannot be read again.
    `skipped` is how many lines or rows an earlier run has taken.
    """

    key: str | None
    label: str
    skipped: int

    def documents(self, mark: Mark | None) -> Iterator[Document]:
        """From the mark on if what stands before it is unchanged, else from the start.

        Raises Broken after the last document that can be read.
        """
        ...

    def mark(self) -> Mark:
        """Where to go on after the documents that were taken; PostgreSQL keeps it as JSON."""
        ...
