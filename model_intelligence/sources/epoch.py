"""Epoch AI's benchmarks and its Capabilities Index (CC BY 4.0, attribution: epoch.ai/benchmarks).

Shape (https://epoch.ai/data/benchmark_data.zip, as the loader in github epoch-research/eci-public
and other readers of it describe it in October 2026): a zip of CSV files. One file for each
benchmark that Epoch runs itself has `Model version`, `Best score (across scorers)` (0 to 1) and
`Started at` (ISO 8601). `epoch_capabilities_index/eci_scores.csv` has `Model` (a display name) and
`eci` with the bounds of its 90 % interval (`eci_ci_low`, `eci_ci_high`, empty for the two models
that fix the scale); `model_metadata.csv` says which `model_version`s belong to that name
(`model_group`). Until spring 2026 the index was a file of its own, `epoch_capabilities_index.csv`,
with `Model version` and `ECI Score` (a copy of 2026-04-11). A model version ends with `_` and its
effort.

The files `*_external.csv` are copies of other people's boards, whose own terms hold; they are not
read. The index has no natural zero: its unit is `index`, and only differences of it count.
"""

import csv
import io
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.observations.origin import as_written
from model_intelligence.sources.source import MEGABYTE, Source

NAME = "epoch"
URL = "https://epoch.ai/data/benchmark_data.zip"
LICENCE = "CC-BY-4.0"
SCORE = "Best score (across scorers)"
INDEX = "Epoch Capabilities Index"
INDEX_FILE = "epoch_capabilities_index/eci_scores.csv"
OLD_INDEX_FILE = "epoch_capabilities_index.csv"
MODELS_FILE = "model_metadata.csv"
NORMAL_90 = Decimal("1.645")
MOST_BYTES = 20 * MEGABYTE  # of one file in the zip, unpacked
# Open weights have the name of the host that served them in front.
_VERSION = re.compile(
    r"(?:(?:chutes|deepinfra|fireworks|accounts/fireworks/models)/)?(?P<id>.+?)"
    r"(?:_(?P<effort>none|minimal|low|medium|high|xhigh|max|thinking|unknown|\d+k))?",
    re.IGNORECASE,
)


class _Board(NamedTuple):
    benchmark_name: str
    task_type: str
    task_count: int | None


# Those whose work is of a kind that a use case can name; chess and furniture are not.
BOARDS: Mapping[str, _Board] = {
    "gpqa_diamond.csv": _Board("GPQA diamond", "reasoning", 198),
    "math_level_5.csv": _Board("MATH level 5", "math", 1324),
    "otis_mock_aime_2024_2025.csv": _Board("OTIS Mock AIME 2024-2025", "math", 45),
    "frontiermath.csv": _Board("FrontierMath-2025-02-28-Private", "math", 290),
    "frontiermath_tiers_1_3_v2.csv": _Board("FrontierMath-Tiers-1-3-v2-Private", "math", None),
    "frontiermath_tier_4_v2.csv": _Board("FrontierMath-Tier-4-v2-Private", "math", None),
    "swe_bench_verified.csv": _Board("SWE-Bench verified", "code", 484),
}


def parse(body: bytes) -> Iterator[BenchmarkRow | Dropped]:
    """The boards that Epoch runs, and the index; raises ShapeChanged."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            files = {name: _rows(archive, name) for name in _wanted(archive)}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ShapeChanged(f"a zip was expected: {error}") from error
    for name, board in BOARDS.items():
        for row in files.get(name, ()):
            yield _result(row, board, name)
    yield from _index(files)


def _wanted(archive: zipfile.ZipFile) -> list[str]:
    names = set(archive.namelist())
    if not names & BOARDS.keys() or not names & {INDEX_FILE, OLD_INDEX_FILE}:
        raise ShapeChanged("no benchmark that Epoch runs, or no index, is in the zip")
    return sorted(names & {*BOARDS, INDEX_FILE, OLD_INDEX_FILE, MODELS_FILE})


def _rows(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    with archive.open(name) as file:
        # One byte more than allowed is enough to know that a small zip unpacks to too much.
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ShapeChanged(f"{name} is larger than {MOST_BYTES:,} bytes")
    try:
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as error:
        raise ShapeChanged(f"{name} is not CSV: {error}") from error


def _result(row: Mapping[str, str], board: _Board, file: str) -> BenchmarkRow | Dropped:
    name = _column(row, "Model version", file)
    score = _number(_column(row, SCORE, file))
    if not name or score is None or not 0 <= score <= 1:
        return Dropped(name or file, "no model, or no score from 0 to 1")
    own_id, effort = _parts(name)
    return BenchmarkRow(
        name=name,
        benchmark_name=board.benchmark_name,
        unit="percent",
        score=score * 100,
        task_type=board.task_type,
        harness="Epoch AI",
        effort=effort,
        task_count=board.task_count,
        measured_at=_day(row.get("Started at", "")),
        own_ids=(own_id,),
        raw=as_written({key: row[key] for key in ("Model version", SCORE, "id") if row.get(key)}),
    )


def _index(files: Mapping[str, list[dict[str, str]]]) -> Iterator[BenchmarkRow | Dropped]:
    if INDEX_FILE in files:
        versions = _versions(files.get(MODELS_FILE, ()))
        for row in files[INDEX_FILE]:
            name = _column(row, "Model", INDEX_FILE)
            found = _index_row(name, _column(row, "eci", INDEX_FILE), versions.get(name, ()), None)
            low, high = _number(row.get("eci_ci_low", "")), _number(row.get("eci_ci_high", ""))
            if isinstance(found, BenchmarkRow) and low is not None and high is not None:
                found = replace(found, standard_error=round((high - low) / (2 * NORMAL_90), 1))
            yield found
        return
    for row in files[OLD_INDEX_FILE]:
        name = _column(row, "Model version", OLD_INDEX_FILE)
        own_id, effort = _parts(name)
        yield _index_row(name, _column(row, "ECI Score", OLD_INDEX_FILE), (own_id,), effort)


def _index_row(
    name: str, written: str, own_ids: tuple[str, ...], effort: str | None
) -> BenchmarkRow | Dropped:
    score = _number(written)
    if not name or score is None:
        return Dropped(name or INDEX, "no model, or no index")
    return BenchmarkRow(
        name=name,
        benchmark_name=INDEX,
        unit="index",
        # Each update fits all models anew. Their second decimals move although nothing is new, and
        # would each be a revision.
        score=round(score, 1),
        task_type="general",
        effort=effort,
        own_ids=own_ids,
        source_kind="aggregator",
        raw=as_written({"Model": name, "eci": written}),
    )


def _versions(rows: list[dict[str, str]] | tuple[()]) -> dict[str, tuple[str, ...]]:
    """A model's display name -> the ids under which it was called, without their efforts."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        version = _column(row, "model_version", MODELS_FILE)
        if version:
            found[_column(row, "model_group", MODELS_FILE)].append(_parts(version)[0])
    return {group: tuple(dict.fromkeys(ids)) for group, ids in found.items()}


def _parts(version: str) -> tuple[str, str | None]:
    """The model's id, and the effort if it is known."""
    found = _VERSION.fullmatch(version)
    if found is None:  # an empty text
        return version, None
    effort = (found["effort"] or "unknown").lower()
    return found["id"], None if effort == "unknown" else effort


def _column(row: Mapping[str, str], name: str, file: str) -> str:
    if name not in row:
        raise ShapeChanged(f"{file} has no column {name!r}")
    return (row[name] or "").strip()


def _number(written: str) -> Decimal | None:
    try:
        found = Decimal(written)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat((written or "")[:10])
    except ValueError:
        return None


SOURCE = Source(
    NAME,
    "benchmarks",
    URL,
    LICENCE,
    parse,
    source_kind="independent",
    task_types=frozenset({"general", *(board.task_type for board in BOARDS.values())}),
)
