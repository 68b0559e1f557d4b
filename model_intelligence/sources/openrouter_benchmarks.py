"""Benchmarks that OpenRouter runs itself, with the number of tasks and the cost (needs a key).

Shape (OpenRouter's OpenAPI document, GET /api/v1/benchmarks, of July to September 2026): `{data:
[item], meta}`. An item of `source: openrouter` has `model_permaslug`, `display_name`,
`benchmark_type` (`gpqa_diamond` or `tau_bench_verified_airline`), `accuracy` (0 to 1),
`accuracy_stddev` (over runs, null for one), `avg_cost_per_task` (USD, or null), `total_tasks` and
`last_run_timestamp`. Items of other sources (Artificial Analysis, Design Arena) are theirs to
publish; this asks for OpenRouter's own. Any key of the user's will do; 30 requests a minute.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.observations.origin import as_written
from model_intelligence.sources.source import Access, Environment, Source, keys_of, read_json

NAME = "openrouter-benchmarks"
OWN = "openrouter"
URL = f"https://openrouter.ai/api/v1/benchmarks?source={OWN}"
LICENCE = "OpenRouter's terms of service, attribution required"
KEY = "OPENROUTER_API_KEY"


class _Board(NamedTuple):
    benchmark_name: str
    task_type: str
    task_count: int


BOARDS: Mapping[str, _Board] = {
    "gpqa_diamond": _Board("GPQA diamond", "reasoning", 198),
    "tau_bench_verified_airline": _Board("tau-bench verified airline", "agentic", 50),
}


def parse(body: bytes) -> Iterator[BenchmarkRow | Dropped]:
    """A row for each model and benchmark; raises ShapeChanged."""
    found = read_json(body)
    items = found.get("data") if isinstance(found, dict) else None
    if not isinstance(items, list):
        raise ShapeChanged("a list of results under `data` was expected")
    yield from map(_row, items)


def _row(item: object) -> BenchmarkRow | Dropped:
    if not isinstance(item, dict) or not isinstance(item.get("model_permaslug"), str):
        return Dropped(str(item)[:80], "no model", malformed=True)
    slug = item["model_permaslug"]
    if item.get("source") != OWN:
        return Dropped(slug, "a result that OpenRouter only passes on")
    board = BOARDS.get(str(item.get("benchmark_type")))
    if board is None:
        return Dropped(slug, "a benchmark whose kind of work is not known")
    accuracy, tasks = _number(item.get("accuracy")), _number(item.get("total_tasks"))
    if accuracy is None or not 0 <= accuracy <= 1:
        return Dropped(slug, "no accuracy from 0 to 1", malformed=True)
    cost = _number(item.get("avg_cost_per_task"))
    return BenchmarkRow(
        name=str(item.get("display_name") or slug),
        benchmark_name=board.benchmark_name,
        unit="percent",
        score=accuracy * 100,
        task_type=board.task_type,
        harness="OpenRouter",
        # Several runs of the same tasks are no more tasks.
        task_count=min(int(tasks), board.task_count) if tasks else None,
        measured_at=_day(item.get("last_run_timestamp")),
        cost_usd=cost * tasks if cost and tasks else None,
        own_ids=(slug, slug.rpartition("/")[2]),
        raw=as_written(item),
    )


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value)


def _day(written: object) -> date | None:
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError:
        return None


def _headers(environment: Environment) -> dict[str, str]:
    [key] = keys_of(environment, KEY)
    return {"Authorization": f"Bearer {key}"}


SOURCE = Source(
    NAME,
    "benchmarks",
    URL,
    LICENCE,
    parse,
    access=Access((KEY,), _headers),
    source_kind="independent",
    task_types=frozenset(board.task_type for board in BOARDS.values()),
)
