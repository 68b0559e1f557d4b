"""Progress of long work: one line that is overwritten on a terminal, nothing elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Show = Callable[[str], None]
# Back to the start of the line, and erase to its end.
_CLEAR = "\r\x1b[K"


@contextmanager
def progress() -> Iterator[Show]:
    """Shows each text in place of the last one; clears the line at the end, even on an error."""
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
