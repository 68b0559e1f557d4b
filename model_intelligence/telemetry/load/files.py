"""Files of telemetry: JSON lines or CSV, plain or gzip, Parquet, or standard input."""

import glob
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from model_intelligence.errors import UsageError
from model_intelligence.telemetry.formats.format import EventFormat
from model_intelligence.telemetry.load.lines import (
    BROKEN_OFF,
    Lines,
    csv_documents,
    csv_header,
    json_documents,
)
from model_intelligence.telemetry.load.parquet import ParquetFile
from model_intelligence.telemetry.load.source import Broken, CallSource, Document, Mark

GZIP, PARQUET = b"\x1f\x8b", b"PAR1"
NAMES = ("*.jsonl", "*.ndjson", "*.json", "*.csv", "*.parquet")


class TextFile:
    """A file of lines."""

    def __init__(self, path: Path, event_format: EventFormat) -> None:
        self.key: str | None = f"{event_format.name}:{path.resolve()}"
        self.label = str(path)
        self.skipped = 0
        self._path, self._format = path, event_format
        self._mark: Mark | None = None
        self._lines: Lines | None = None

    def documents(self, mark: Mark | None) -> Iterator[Document]:
        """One document a line."""
        with open_bytes(self._path) as raw, _breaking(self.label), _unpacked(raw) as stream:
            lines = Lines(stream)
            header = csv_header(lines) if _is_csv(self._format, stream) else None
            if mark is None or lines.go_on_at(mark):
                self.skipped = lines.number if mark else 0
                yield from self._documents(lines, header)
                return
        yield from self.documents(None)

    def _documents(self, lines: Lines, header: list[str] | None) -> Iterator[Document]:
        self._lines = lines
        found = json_documents(lines) if header is None else csv_documents(lines, header)
        for document in found:
            if document.content is BROKEN_OFF:
                self._mark = lines.mark_before_the_last()
            yield document

    def mark(self) -> Mark:
        """The offset and line that were read up to, and the digest of all bytes before."""
        if self._mark is not None or self._lines is None:
            return self._mark or {}
        return self._lines.mark()


class Stream:
    """Standard input: it cannot be read again, so no position in it is stored."""

    key: str | None = None
    label = "standard input"
    skipped = 0

    def __init__(self, raw: IO[bytes], event_format: EventFormat) -> None:
        self._raw, self._format = raw, event_format

    def documents(self, mark: Mark | None) -> Iterator[Document]:
        """One document a line."""
        with _breaking(self.label), _unpacked(self._raw) as stream:
            lines = Lines(stream)
            if _is_csv(self._format, stream):
                yield from csv_documents(lines, csv_header(lines))
            else:
                yield from json_documents(lines)

    def mark(self) -> Mark:
        """Nothing."""
        return {}


def sources_at(where: str, event_format: EventFormat) -> list[CallSource]:
    """The files at a path, in a folder or matching a glob, sorted by name; UsageError if none."""
    place = Path(where)
    if place.is_dir():
        named = {path for name in NAMES for end in ("", ".gz") for path in place.rglob(name + end)}
        paths = sorted(path for path in named if path.is_file())
        expected = f"no telemetry file in this folder ({', '.join(NAMES)}, or these with .gz)"
    elif place.exists():
        return [_source(place, event_format)]
    else:
        # Path.glob() accepts no absolute pattern.
        paths = sorted(Path(name) for name in glob.glob(where, recursive=True))  # noqa: PTH207
        paths = [path for path in paths if path.is_file()]
        expected = "no such file, folder or pattern"
    if not paths:
        raise UsageError(f"{where}: {expected}; name another path")
    return [_source(path, event_format) for path in paths]


def _source(path: Path, event_format: EventFormat) -> CallSource:
    with open_bytes(path) as raw:
        begins = raw.read(4)
    return ParquetFile(path, event_format) if begins == PARQUET else TextFile(path, event_format)


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """The open file; UsageError if it cannot be read."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}; name another path") from error
    with stream:
        yield stream


@contextmanager
def _unpacked(raw: IO[bytes]) -> Iterator[IO[bytes]]:
    """The uncompressed stream; gzip is recognised by its first bytes, not by the file's name."""
    if _peek(raw)[:2] != GZIP:
        yield raw
        return
    with gzip.open(raw) as stream:
        yield cast(IO[bytes], stream)


def _is_csv(event_format: EventFormat, stream: IO[bytes]) -> bool:
    return event_format.csv and _peek(stream).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {
        b"{",
        b"[",
        b"",
    }


def _peek(stream: IO[bytes]) -> bytes:
    return stream.peek(64)  # type: ignore[attr-defined,no-any-return]  # buffered, or gzip's


@contextmanager
def _breaking(label: str) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Broken(
            f"{label}: the compressed data is incomplete or damaged; get the whole file and run "
            "this again: records that were imported are not imported twice"
        ) from error
    except OSError as error:
        raise Broken(f"{label}: reading failed: {error.strerror}; run this again") from error
