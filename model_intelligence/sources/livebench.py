"""LiveBench: questions that are renewed with each release, in seven categories.

Shape (table_2026_01_08): CSV with `model` and one column per task, 0 to 100, blank when not run.
The release is in the file's name only, and is the set of questions: rows are added to it later. A
category's score is the mean of its tasks, and only known when all of them were run. The map (read
by `parse_map`, model_configs 2026-08-22) is a JSON list of the board's own settings:
`display_name`, `aliases`, `api_name` {provider: id}. The tables have no licence: read, not shipped.
"""

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import partial

from model_intelligence.errors import ShapeChanged, UsageError
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.observations.origin import as_written
from model_intelligence.sources.source import Source

NAME = "livebench"
RELEASE = "2026-06-25"
TABLES = "https://raw.githubusercontent.com/LiveBench/new-livebench/main/public/table_{}.csv"
URL = TABLES.format(RELEASE.replace("-", "_"))
LICENCE = "none stated"
# category -> (our task type, its tasks in any release with their numbers of questions). No table
# states these numbers; where a task gives no partial credit they are what all scores are shares of:
# 71 in code_generation (70.423 is 50 of 71), 20 in python (only multiples of 5), and so on. The
# others are those of the board's question sets. Of LiveCodeBench there were 78 in July 2024.
CATEGORIES: Mapping[str, tuple[str, Mapping[str, int]]] = {
    "Reasoning": (
        "reasoning",
        {
            "logic_with_navigation": 50,
            "spatial": 50,
            "theory_of_mind": 52,
            "web_of_lies_v2": 50,
            "web_of_lies_v3": 50,
            "zebra_puzzle": 50,
        },
    ),
    "Coding": (
        "code",
        {
            "LCB_generation": 78,
            "code_completion": 46,
            "code_generation": 71,
            "coding_completion": 50,
        },
    ),
    "Agentic Coding": ("agentic", {"javascript": 20, "python": 20, "typescript": 20}),
    "Mathematics": (
        "math",
        {"AMPS_Hard": 100, "integrals_with_game": 100, "math_comp": 102, "olympiad": 77},
    ),
    "Data Analysis": (
        "data_analysis",
        {"consecutive_events": 47, "cta": 50, "tablejoin": 52, "tablereformat": 51},
    ),
    "Language": ("language", {"connections": 50, "plot_unscrambling": 50, "typos": 50}),
    "IF": (
        "instruction_following",
        {"paraphrase": 50, "simplify": 50, "story_generation": 50, "summarize": 50},
    ),
}
# From Opus 4.7 on the board's settings ask Claude for adaptive thinking at every effort, and its
# names no longer say so; `claude-opus-4-5-20251101-high-effort` did not think.
_ADAPTIVE = re.compile(
    r"claude-(?!opus-4-5-)(?:(?!thinking).)*-(?P<level>low|medium|high|xhigh|max)-effort"
)
_PLACES = Decimal("0.01")
_RELEASE = re.compile(r"table_(\d{4})_(\d{2})_(\d{2})")


def parse(
    data: bytes,
    own_ids: Mapping[str, tuple[str, ...]] | None = None,
    release: str = RELEASE,
) -> Iterator[BenchmarkRow | Dropped]:
    """One row for each model and category of a release's table; raises ShapeChanged."""
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    columns = set(reader.fieldnames or ()) - {"model"}
    known = set[str]().union(*(tasks for _, tasks in CATEGORIES.values()))
    # A new task would change the mean of its category silently, so its category has to be entered
    # here first.
    if "model" not in (reader.fieldnames or ()) or columns - known:
        unknown = ", ".join(sorted(columns - known)) or "no column model"
        raise ShapeChanged(f"{NAME}: tasks of no known category: {unknown}")
    for row in reader:
        own = (own_ids or {}).get(row["model"].lower(), ())
        for category in CATEGORIES:
            if CATEGORIES[category][1].keys() & columns:
                yield _category(row, category, own, release)


def parse_map(data: bytes) -> dict[str, tuple[str, ...]]:
    """The board's name in small letters -> the ids that it calls; raises ShapeChanged."""
    found: dict[str, list[str]] = defaultdict(list)
    try:
        for row in json.loads(data):
            for name in (row["display_name"], *(row.get("aliases") or ())):
                found[name.lower()].extend(row["api_name"].values())
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ShapeChanged(f"{NAME}: model_configs: {error!r}") from error
    return {name: tuple(dict.fromkeys(ids)) for name, ids in found.items()}


def effort_of(name: str) -> str | None:
    """What the board's settings say of the effort beside the name; None: no more than the name."""
    found = _ADAPTIVE.fullmatch(name)
    return f"{found['level']}, thinking" if found else None


def of_release(source: Source, file_name: str, name_map: bytes | None) -> Source:
    """The leaderboard at the release that the file's name states; UsageError if it states none."""
    release = _RELEASE.search(file_name)
    if release is None:
        raise UsageError(f"{file_name}: LiveBench's tables are named table_<year>_<month>_<day>")
    own_ids = parse_map(name_map) if name_map else None
    return replace(
        source,
        url=TABLES.format("_".join(release.groups())),
        parse=partial(parse, own_ids=own_ids, release="-".join(release.groups())),
    )


def _category(
    row: Mapping[str, str],
    category: str,
    own_ids: tuple[str, ...],
    release: str,
) -> BenchmarkRow | Dropped:
    task_type, known = CATEGORIES[category]
    tasks = sorted(known.keys() & row.keys())
    # A mean over the tasks that happened to be run is another benchmark.
    if not all(row[task] for task in tasks):
        return Dropped(row["model"], f"{category}: not every task was run")
    try:
        score = sum((Decimal(row[task]) for task in tasks), Decimal(0)) / len(tasks)
    except InvalidOperation:  # one N/A is no reason to lose the other rows
        return Dropped(row["model"], f"{category}: a score that is no number", malformed=True)
    return BenchmarkRow(
        name=row["model"],
        benchmark_name=f"LiveBench {category}",
        dataset_version=release,
        effort=effort_of(row["model"]),
        unit="percent",
        score=score.quantize(_PLACES),
        task_type=task_type,
        task_count=sum(known[task] for task in tasks),
        own_ids=own_ids,
        raw=as_written({name: row[name] for name in ("model", *tasks)}),
    )


SOURCE = Source(
    NAME,
    "benchmarks",
    URL,
    LICENCE,
    parse,
    task_types=frozenset(task_type for task_type, _ in CATEGORIES.values()),
    edition=of_release,
)
