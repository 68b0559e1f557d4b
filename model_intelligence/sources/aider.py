"""Aider's polyglot leaderboard (Apache-2.0): 225 exercises in six languages, edited in place.

Shape (polyglot_leaderboard.2025-10-04): a YAML list of rows with `model`, `edit_format`,
`pass_rate_2` (percent solved in two tries), `test_cases`, `date`, `command` ("aider --model
<LiteLLM id>", an alias that may move), `reasoning_effort` and `thinking_tokens` where set, and
`total_cost` in USD, 0 when unknown. With an `editor_model` two models did the work.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from model_intelligence.errors import ShapeChanged
from model_intelligence.naming.effort import budget
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.observations.origin import as_written
from model_intelligence.sources.source import Source

NAME = "aider"
URL = (
    "https://raw.githubusercontent.com/Aider-AI/aider/main/aider/website/_data/"
    "polyglot_leaderboard.yml"
)
LICENCE = "Apache-2.0"
_CALLED = re.compile(r"--model (\S+)")


def parse(data: bytes) -> Iterator[BenchmarkRow | Dropped]:
    """The board's rows; raises ShapeChanged."""
    try:
        rows = YAML(typ="safe", pure=True).load(data)
    except YAMLError as error:
        raise ShapeChanged(f"{NAME}: not YAML: {error}") from error
    if not isinstance(rows, list) or not rows:
        raise ShapeChanged(f"{NAME}: a list of rows is expected")
    for number, row in enumerate(rows, 1):
        try:
            yield _row(row)
        except (KeyError, TypeError, ArithmeticError) as error:
            raise ShapeChanged(f"{NAME}: row {number}: {error!r}") from error


def _row(row: Mapping[str, Any]) -> BenchmarkRow | Dropped:
    name = row["model"]
    if row.get("editor_model"):
        return Dropped(name, "two models, one that plans and one that edits")
    # The command holds LiteLLM's id of what was called, the only one that the row has.
    called = _CALLED.search(row.get("command") or "")
    cost = Decimal(str(row.get("total_cost") or 0))
    return BenchmarkRow(
        name=name,
        benchmark_name="Aider polyglot",
        harness=f"aider, {row['edit_format']} format",
        effort=_effort(row),
        unit="percent",
        score=Decimal(str(row["pass_rate_2"])),
        task_type="code",
        task_count=row["test_cases"],
        measured_at=row["date"] if isinstance(row["date"], date) else None,
        cost_usd=cost or None,
        own_ids=(called[1],) if called else (),
        raw=as_written(row),
    )


def _effort(row: Mapping[str, Any]) -> str | None:
    tokens, level = row.get("thinking_tokens"), row.get("reasoning_effort")
    said = [budget(tokens) if tokens is not None else None, level]
    return ", ".join(filter(None, said)) or None


SOURCE = Source(NAME, "benchmarks", URL, LICENCE, parse, task_types=frozenset({"code"}))
