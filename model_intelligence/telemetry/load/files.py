"""Files of telemetry: JSON lines or CSV, plain or gzip, Parquet, or standard input."""

import glob
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from model_intelligence.errors import UsageError
from model_intelligence.telemetry.formats.format import Door
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

    def __init__(self, path: Path, door: Door) -> None:
        self.key: str | None = f"{door.name}:{path.resolve()}"
        self.label = str(path)
        self.skipped = 0
        self._path, self._door = path, door
        self._mark: Mark | None = None
        self._lines: Lines | None = None

    def documents(self, mark: Mark | None) -> Iterator[Document]:
        """The documents of its lines."""
        with open_bytes(self._path) as raw, _breaking(self.label), _unpacked(raw) as stream:
            lines = Lines(stream)
            header = csv_header(lines) if _is_csv(self._door, stream) else None
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
        """Offset and line of what was taken, and the digest up to there."""
        if self._mark is not None or self._lines is None:
            return self._mark or {}
        return self._lines.mark()


class Stream:
    """Standard input: it cannot be read again, so nothing is remembered of it."""

    key: str | None = None
    label = "standard input"
    skipped = 0

    def __init__(self, raw: IO[bytes], door: Door) -> None:
        self._raw, self._door = raw, door

    def documents(self, mark: Mark | None) -> Iterator[Document]:
        """The documents of its lines."""
        with _breaking(self.label), _unpacked(self._raw) as stream:
            lines = Lines(stream)
            if _is_csv(self._door, stream):
                yield from csv_documents(lines, csv_header(lines))
            else:
                yield from json_documents(lines)

    def mark(self) -> Mark:
        """Nothing."""
        return {}


def sources_at(where: str, door: Door) -> list[CallSource]:
    """The files at a path, in a folder or of a glob, in order of their names; or UsageError."""
    place = Path(where)
    if place.is_dir():
        named = {path for name in NAMES for end in ("", ".gz") for path in place.rglob(name + end)}
        paths = sorted(path for path in named if path.is_file())
        expected = f"no file of telemetry in it ({', '.join(NAMES)}, or one of them with .gz)"
    elif place.exists():
        return [_source(place, door)]
    else:
        paths = sorted(Path(name) for name in glob.glob(where, recursive=True))  # noqa: PTH207
        paths = [path for path in paths if path.is_file()]
        expected = "no such file, folder or pattern"
    if not paths:
        raise UsageError(f"{where}: {expected}; name another")
    return [_source(path, door) for path in paths]


def _source(path: Path, door: Door) -> CallSource:
    with open_bytes(path) as raw:
        begins = raw.read(4)
    return ParquetFile(path, door) if begins == PARQUET else TextFile(path, door)


@contextmanager
def open_bytes(path: Path) -> Iterator[IO[bytes]]:
    """The file, or UsageError with what is wrong with it."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}; name another") from error
    with stream:
        yield stream


@contextmanager
def _unpacked(raw: IO[bytes]) -> Iterator[IO[bytes]]:
    """What gzip holds, told by its first bytes, whatever the file is called."""
    if _peek(raw)[:2] != GZIP:
        yield raw
        return
    with gzip.open(raw) as stream:
        yield cast(IO[bytes], stream)


def _is_csv(door: Door, stream: IO[bytes]) -> bool:
    return door.csv and _peek(stream).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in {b"{", b"[", b""}


def _peek(stream: IO[bytes]) -> bytes:
    return stream.peek(64)  # type: ignore[attr-defined,no-any-return]  # buffered, or gzip's


@contextmanager
def _breaking(label: str) -> Iterator[None]:
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Broken(
            f"{label}: the compressed data end or break off in the middle; get the file whole, and "
            "run this again: what was read is not read twice"
        ) from error
    except OSError as error:
        raise Broken(f"{label}: cannot be read on: {error.strerror}; run this again") from error
