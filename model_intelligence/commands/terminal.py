"""Output for people: wrapped to the width of their terminal, and unwrapped in a pipe."""

import re
import shutil
import sys
import textwrap
from collections.abc import Iterable

import typer

_LAST_COLUMN = re.compile(r"\s*(?:\S+(?: \S+)* {2,})*")  # columns are two spaces apart, or more


def print_folded(lines: Iterable[str]) -> None:
    """Each line to standard output; on a terminal, long lines wrap below their last column."""
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for line in lines:
        typer.echo(line if columns is None else folded(line, columns))


def folded(line: str, columns: int) -> str:
    """The line in as many as it needs; words are never broken. Pure."""
    start = _LAST_COLUMN.match(line)
    indent = len(start[0]) if start else 0
    if indent > columns // 2:
        indent = 4
    return textwrap.fill(
        line,
        columns,
        subsequent_indent=" " * indent,
        drop_whitespace=True,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
    )
