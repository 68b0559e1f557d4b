"""SWE-bench Verified with one fixed agent (CC BY-NC 4.0): the `bash-only` board.

Shape (leaderboards.2025-12-10): `{leaderboards: [{name, results}]}`; a result has `name`,
`resolved` (percent of 500 issues), `date`, `cost` (USD for the run), `mini-swe-agent_version`,
`warning`, and `tags` like "Model: <the id that was called>". The other boards score agents, not
models, and are not read.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.observations.origin import as_written
from model_intelligence.sources.source import Source

NAME = "swe-bench"
URL = (
    "https://raw.githubusercontent.com/SWE-bench/swe-bench.github.io/master/data/leaderboards.json"
)
LICENCE = "CC-BY-NC-4.0"
BOARD = "bash-only"
TASKS = 500
RAW = ("name", "date", "resolved", "cost", "mini-swe-agent_version", "tags")  # not its logs


def parse(data: bytes) -> Iterator[BenchmarkRow | Dropped]:
    """The rows of `bash-only`; raises ShapeChanged."""
    try:
        boards = json.loads(data, parse_float=Decimal)["leaderboards"]
        [results] = [board["results"] for board in boards if board["name"] == BOARD]
        rows = [_row(result) for result in results]
    except (ValueError, KeyError, TypeError) as error:
        raise ShapeChanged(f"{NAME}: no readable {BOARD} board: {error!r}") from error
    yield from rows


def _row(result: Mapping[str, Any]) -> BenchmarkRow | Dropped:
    if result.get("warning"):
        return Dropped(result["name"], f"the board warns: {result['warning']}")
    # Agents of one minor version are one way of running; a patch changes no prompt.
    agent = ".".join(str(result.get("mini-swe-agent_version") or "").split(".")[:2])
    cost = result.get("cost")
    return BenchmarkRow(
        name=result["name"],
        benchmark_name="SWE-bench Verified",
        harness=f"mini-swe-agent {agent}".strip(),
        unit="percent",
        score=Decimal(result["resolved"]),
        task_type="code",
        task_count=TASKS,
        measured_at=date.fromisoformat(result["date"]),
        cost_usd=Decimal(cost) if cost else None,
        own_ids=tuple(
            tag.removeprefix("Model: ") for tag in result["tags"] if tag.startswith("Model: ")
        ),
        raw=as_written({name: result[name] for name in RAW if name in result}),
    )


SOURCE = Source(NAME, "benchmarks", URL, LICENCE, parse, task_types=frozenset({"code"}))
