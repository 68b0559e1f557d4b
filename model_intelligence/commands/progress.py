"""How far long work is: one line on a terminal that is written over, and nothing anywhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Show = Callable[[str], None]
_CLEAR = "\r\x1b[K"


@contextmanager
def progress() -> Iterator[Show]:
    """Shows each text in place of the one before; the line is gone at the end, also of an error."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return

    def show(text: str) -> None:
        sys.stderr.write(_CLEAR + text)
        sys.stderr.flush()

    try:
        yield show
    finally:
        show("")
