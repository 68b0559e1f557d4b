"""A stored row as people and programs read it. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from model_intelligence.errors import UsageError
from model_intelligence.observations.benchmark_status import status_of
from model_intelligence.records import UNDATED

if TYPE_CHECKING:
    from model_intelligence.ledger.record_lookup import Record

_NAME = re.compile(r"(?:([a-z]+):)?(\d{1,18})")
_ORIGIN = ("source_url", "source_version", "raw", "effective_at", "observed_at", "computed_at")
_BESIDE = ("id", "revision", "source", *_ORIGIN)


def named_records(words: Iterable[str], kinds: Collection[str]) -> list[tuple[str, int]]:
    """(kind, id) of `price:12`, or of `price 12 13`; UsageError for anything else."""
    found, kind = [], None
    for word in words:
        if word in kinds:
            kind = word
            continue
        parts = _NAME.fullmatch(word.strip(","))
        of = parts and (parts[1] or kind)
        if parts is None or of not in kinds:
            listed = ", ".join(kinds)
            raise UsageError(f"{word!r} is not a record: write KIND:ID; the kinds are {listed}")
        found.append((str(of), int(parts[2])))
    if not found:
        raise UsageError("no record given: write KIND:ID as in a pull request, e.g. price:12")
    return found


def record_lines(record: Record) -> Iterator[str]:
    """The row, its origin, and the other revisions of it from the same source."""
    columns = record.columns
    yield record.name
    width = max(map(len, columns))
    for name, value in columns.items():
        if name not in _BESIDE and not _is_empty(value):
            yield f"  {name:<{width}}  {_shown(value)}"
    yield from _origin_lines(record, width)
    note = _benchmark_note(record)
    if note is not None:
        yield f"  {'note':<{width}}  {note}"
    if len(record.revisions) > 1:
        yield "  revisions, oldest first:"
        yield from _history(record)


def _origin_lines(record: Record, width: int) -> Iterator[str]:
    columns = record.columns
    for name in ("source", *_ORIGIN):
        value = columns.get(name)
        if not _is_empty(value):
            shown = "not dated" if value == UNDATED else _shown(value)
            yield f"  {name:<{width}}  {shown}"
    run = record.source_run
    if run is not None:
        found = f"source run {run.run}, {run.started_at:%Y-%m-%d %H:%M %Z}"
        yield f"  {'first read in':<{width}}  {found}"


def _benchmark_note(record: Record) -> str | None:
    """Why the benchmark of a result no longer counts for much; None for every other record."""
    return status_of(record.columns["benchmark_name"]) if record.kind == "benchmark" else None


def _history(record: Record) -> Iterator[str]:
    """One line a revision: when it was seen, and what differs from the one before."""
    before: Mapping[str, Any] = {}
    for columns in record.revisions:
        mark = "*" if columns["id"] == record.id else " "
        seen = columns.get("observed_at") or columns["computed_at"]
        changes = "; ".join(_changes(before, columns)) or "unchanged"
        yield f"  {mark} {record.kind}:{columns['id']}  {seen:%Y-%m-%d %H:%M}  {changes}"
        before = columns


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    if not before:
        yield "first seen"
        return
    for name, value in after.items():
        if name in _BESIDE or value == before[name]:
            continue
        if isinstance(value, dict) and isinstance(before[name], dict):
            yield from _changes_within(before[name], value)
        else:
            yield f"{name} {_shown(before[name])} → {_shown(value)}"


def _changes_within(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield f"{name} {_shown(before.get(name))} → {_shown(after.get(name))}"


def as_json(record: Record) -> dict[str, Any]:
    """The same for programs; numbers are texts, exactly as stored."""
    run = record.source_run
    return {
        "record": record.name,
        "kind": record.kind,
        **_plain(record.columns),
        **({"note": _benchmark_note(record)} if record.kind == "benchmark" else {}),
        "source_run": run and {"run": run.run, "started_at": run.started_at.isoformat()},
        "revisions": [_plain(columns) for columns in record.revisions],
    }


def _plain(columns: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value
        if value is None or isinstance(value, (bool, int, dict, list))
        else value.isoformat()
        if isinstance(value, datetime)
        else str(value)
        for name, value in columns.items()
    }


def _is_empty(value: object) -> bool:
    return value is None or value in ({}, [], "")


def _shown(value: object) -> str:
    """On one line: a source may contain line breaks, which would look like output of ours."""
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=True)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S %Z}"
    text = "none" if value is None else str(value)
    return " ".join(text.split())
