"""The lines of a stream as documents of JSON or CSV, with a digest of all that was read."""

import csv
import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import IO, NoReturn

import msgspec

from model_intelligence.telemetry.event import Rejected
from model_intelligence.telemetry.load.source import Document, Mark

MEGABYTE = 1024 * 1024
LONGEST_LINE = 16 * MEGABYTE
TOO_LONG = Rejected(f"the line is longer than {LONGEST_LINE // MEGABYTE} MB")
NOT_JSON = Rejected("not valid JSON")
NOT_CSV = Rejected("the row does not have the columns of the header")
BROKEN_OFF = Rejected("the last line is incomplete")


class Lines:
    """Lines of bytes from a stream; what is longer than LONGEST_LINE comes cut."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        # Of everything read: a file that was rotated or rewritten under the same name is read from
        # its start.
        self._digest = hashlib.blake2b(digest_size=16)
        self._offset = self.number = 0
        self._before: Mark = self.mark()
        self.unfinished = False  # the last line has no end yet

    def __iter__(self) -> Iterator[bytes]:
        read, take = self._stream.readline, self._take
        while line := read(LONGEST_LINE):
            if line[-1:] != b"\n":
                self._end(line)
            else:
                take(line)
            self.number += 1
            yield line

    def _end(self, line: bytes) -> None:
        """Takes a line that has no end within the limit, and drops the rest of it."""
        self._before = self.mark()
        self._take(line)
        while rest := self._stream.readline(MEGABYTE):
            self._take(rest)
            if rest.endswith(b"\n"):
                return
        self.unfinished = True

    def _take(self, part: bytes) -> None:
        self._offset += len(part)
        self._digest.update(part)

    def mark(self) -> dict[str, object]:
        """How far the stream was read."""
        return {"offset": self._offset, "line": self.number, "digest": self._digest.hexdigest()}

    def mark_before_the_last(self) -> Mark:
        """How far it was read before an incomplete last line, which may be completed later."""
        return self._before

    def go_on_at(self, mark: Mark) -> bool:
        """Moves to the mark; False if the bytes before it have changed since."""
        offset, line = mark.get("offset"), mark.get("line")
        if not isinstance(offset, int) or not isinstance(line, int) or offset < self._offset:
            return False
        while self._offset < offset:
            part = self._stream.read(min(MEGABYTE, offset - self._offset))
            if not part:
                return False
            self._take(part)
        self.number = line
        return self._digest.hexdigest() == mark.get("digest")


def json_documents(lines: Lines) -> Iterator[Document]:
    """A document a line; an empty line is none."""
    decode = msgspec.json.Decoder(float_hook=Decimal).decode
    for line in lines:
        content: object
        try:
            content = decode(line)
        except (ValueError, RecursionError):
            if not line.strip():
                continue
            content = _leniently(line, lines)
        yield Document(lines.number, content)


def _leniently(line: bytes, lines: Lines) -> object:
    """Half of a surrogate pair: Python's json module writes and reads it, msgspec does not."""
    try:
        return json.loads(line.decode(), parse_float=Decimal, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return _why(line, lines, NOT_JSON)


def csv_documents(lines: Lines, header: list[str]) -> Iterator[Document]:
    """A document a row, its fields as text by the header's names; a row may have many lines."""
    rows = csv.reader(_text(lines), strict=True)
    while True:
        content: object
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error:
            content = _why(b"", lines, NOT_CSV)
        else:
            if not row:
                continue
            whole = len(row) == len(header)
            content = dict(zip(header, row, strict=True)) if whole else _why(b"", lines, NOT_CSV)
        yield Document(lines.number, content)


def csv_header(lines: Lines) -> list[str]:
    """The first row."""
    csv.field_size_limit(LONGEST_LINE)  # such files hold messages, which are skipped but must fit
    return next(csv.reader(_text(lines)), [])


def _text(lines: Lines) -> Iterator[str]:
    for line in lines:
        yield line.decode("utf-8-sig" if lines.number == 1 else "utf-8", errors="replace")


def _why(line: bytes, lines: Lines, otherwise: Rejected) -> Rejected:
    if len(line) >= LONGEST_LINE:
        return TOO_LONG
    return BROKEN_OFF if lines.unfinished else otherwise


def _no_number(_word: str) -> NoReturn:
    raise ValueError
