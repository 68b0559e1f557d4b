"""The Berkeley Function-Calling Leaderboard (Apache-2.0): does a model call functions rightly?

Shape (data_overall.2025-12-16): CSV with `Model`, `Overall Acc` ("77.47%") and `Total Cost ($)` of
the run. `Web Search Acc` is there since V4, `Multi Turn Acc` since V3. The name ends with "(FC)"
or "(Prompt)", the way in which functions are offered: two rows for one model. `model_config`
(2026-03-23, read by `parse_map`) is the evaluator's own table from such names to API ids.
"""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import partial

from model_intelligence.errors import ShapeChanged
from model_intelligence.naming.name_parts import split_name
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.observations.origin import as_written
from model_intelligence.sources.source import Source

NAME = "bfcl"
URL = "https://gorilla.cs.berkeley.edu/data_overall.csv"
LICENCE = "Apache-2.0"
UNKNOWN = {"", "N/A"}
# As many equal tasks as would leave the overall accuracy as uncertain as it is: 1 over the sum of
# weight^2 / tasks. Until V3 the overall accuracy is the mean of three groups (some 1,300, 1,351 and
# 800 tasks); in V4 web search (200 tasks) and memory (465) count for 20 % each, several turns (800)
# for 30 %, the rest for 10 % each. The columns agree: web search in hundredths, memory in 155ths.
TASKS = {"V3": 3_300, "V4": 2_400}


def parse(
    data: bytes, own_ids: Mapping[str, tuple[str, ...]] | None = None
) -> Iterator[BenchmarkRow | Dropped]:
    """The overall accuracy of each row; raises ShapeChanged."""
    # A byte order mark, if there is one, would become part of the first column's name.
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    columns = set(reader.fieldnames or ())
    missing = {"Model", "Overall Acc"} - columns
    if missing:
        raise ShapeChanged(f"{NAME}: no column {', '.join(sorted(missing))}")
    version = _version(columns)
    for row in reader:
        yield _row(row, version, (own_ids or {}).get(row["Model"], ()))


def parse_map(data: bytes) -> dict[str, tuple[str, ...]]:
    """The board's name -> the ids that its evaluator calls; raises ShapeChanged."""
    found: dict[str, list[str]] = defaultdict(list)
    try:
        for row in json.loads(data):
            found[row["display_name"]].append(row["model_name"])
    except (ValueError, KeyError, TypeError) as error:
        raise ShapeChanged(f"{NAME}: model_config: {error!r}") from error
    return {name: tuple(dict.fromkeys(ids)) for name, ids in found.items()}


def with_map(source: Source, _: str, name_map: bytes | None) -> Source:
    """The leaderboard with the evaluator's own table, if it is given."""
    if name_map is None:
        return source
    return replace(source, parse=partial(parse, own_ids=parse_map(name_map)))


# The file does not name its version; a row of one is not comparable with one of another.
def _version(columns: set[str]) -> str:
    if "Web Search Acc" in columns:
        return "V4"
    return "V3" if "Multi Turn Acc" in columns or "Multi Turn Overall Acc" in columns else "V2"


def _row(row: Mapping[str, str], version: str, own_ids: tuple[str, ...]) -> BenchmarkRow | Dropped:
    if row["Overall Acc"] in UNKNOWN:
        return Dropped(row["Model"], "no overall accuracy")
    try:
        score = Decimal(row["Overall Acc"].rstrip("%"))
        cost = Decimal(0 if row.get("Total Cost ($)", "") in UNKNOWN else row["Total Cost ($)"])
    except InvalidOperation as error:
        raise ShapeChanged(f"{NAME}: {row['Model']}: not a number: {row}") from error
    return BenchmarkRow(
        name=row["Model"],
        benchmark_name="BFCL",
        dataset_version=version,
        harness=split_name(row["Model"]).mode,
        unit="percent",
        score=score,
        task_type="tool_use",
        task_count=TASKS.get(version),
        cost_usd=cost or None,
        own_ids=own_ids,
        raw=as_written(row),
    )


SOURCE = Source(
    NAME, "benchmarks", URL, LICENCE, parse, task_types=frozenset({"tool_use"}), edition=with_map
)
