"""What a benchmark is: a function from fresh databases to rows, in two sizes."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import Engine

from tests.benchmarks.row import Row

# An empty, migrated database of one's own, for as long as the block lasts.
FreshDatabase = Callable[[], AbstractContextManager[Engine]]
# `small` is the size of a test: enough to run everything and to compare with the reference.
Benchmark = Callable[[FreshDatabase, bool], list[Row]]


class WrongAnswer(AssertionError):
    """The measured code and its reference disagree, so their speed says nothing."""
