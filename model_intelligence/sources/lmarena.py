"""LMArena's text leaderboard (CC BY 4.0): which of two answers people prefer in a chat.

Shape (the data set lmarena-ai/leaderboard-dataset on Hugging Face, by its card and the readers of
it in 2026; the answers are those of https://huggingface.co/docs/dataset-viewer/filter): `{rows:
[{row: {model_name, rating, rating_lower, rating_upper, vote_count, category,
leaderboard_publish_date}}], num_rows_total}`, at most 100 rows an answer. The set itself is
parquet; the viewer gives the same rows as JSON, which needs no library for it.

A rating is an Elo-like number without a natural zero (400 points are odds of 10 to 1), and counts
by its differences. Preference in a chat is a kind of work of its own: `chat`. The ratings with
style control are read, in which longer and prettier answers are no better, and of the categories
only the one that holds the votes of all others.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.observations.origin import as_written
from model_intelligence.sources.source import Pages, Query, Source, read_answers, read_json

NAME = "lmarena"
URL = "https://datasets-server.huggingface.co/filter"
LICENCE = "CC-BY-4.0"
BOARD = "text_style_control"
CATEGORY = "overall"
NORMAL_95 = Decimal("1.96")
ROWS = 100  # the most that the viewer gives at once
MOST_PAGES = 30


def page(offset: int) -> str:
    """The address of some rows, relative to the source's own."""
    asked = {
        "dataset": "lmarena-ai/leaderboard-dataset",
        "config": BOARD,
        "split": "latest",
        "where": f"\"category\"='{CATEGORY}'",
        "offset": offset,
        "length": ROWS,
    }
    return f"?{urlencode(asked)}"


def first(_: Query) -> list[str]:
    """The beginning of the board."""
    return [page(0)]


def further(answer: bytes) -> list[str]:
    """All other pages, whose number each answer tells."""
    total = _object(read_json(answer)).get("num_rows_total")
    if not isinstance(total, int):
        raise ShapeChanged("the number of rows was expected under `num_rows_total`")
    return [page(offset) for offset in range(ROWS, total, ROWS)]


def parse(body: bytes) -> Iterator[BenchmarkRow | Dropped]:
    """A row for each model; takes one answer of the viewer, or several as `answers`."""
    found = read_json(body)
    answers = [found] if isinstance(found, dict) else [page for _, page in read_answers(body)]
    for answer in answers:
        rows = _object(answer).get("rows")
        if not isinstance(rows, list):
            raise ShapeChanged("a list of rows was expected")
        yield from (_row(row.get("row") if isinstance(row, dict) else None) for row in rows)


def _row(row: object) -> BenchmarkRow | Dropped:
    if not isinstance(row, dict) or not isinstance(row.get("model_name"), str):
        return Dropped(str(row)[:80], "no model", malformed=True)
    name, rating = row["model_name"], row.get("rating")
    if row.get("category") != CATEGORY:
        return Dropped(name, f"not of the category {CATEGORY}", malformed=True)
    if isinstance(rating, bool) or not isinstance(rating, int | Decimal):
        return Dropped(name, "no rating", malformed=True)
    return BenchmarkRow(
        name=name,
        benchmark_name="LMArena text",
        dataset_version="style control",
        unit="elo",
        score=round(Decimal(rating), 1),
        task_type="chat",
        standard_error=_standard_error(row.get("rating_lower"), row.get("rating_upper")),
        measured_at=_day(row.get("leaderboard_publish_date")),
        raw=as_written(row),
    )


def _standard_error(low: object, high: object) -> Decimal | None:
    """From the bounds of a 95 % interval; None where one of them is unknown."""
    if not isinstance(low, int | Decimal) or not isinstance(high, int | Decimal):
        return None
    return round((Decimal(high) - Decimal(low)) / (2 * NORMAL_95), 1)


def _day(written: object) -> date | None:
    try:
        return date.fromisoformat(str(written)[:10])
    except ValueError:
        return None


def _object(found: Any) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise ShapeChanged("an object with rows was expected")
    return found


SOURCE = Source(
    NAME,
    "benchmarks",
    URL,
    LICENCE,
    parse,
    pages=Pages(first, further, most=MOST_PAGES),
    task_types=frozenset({"chat"}),
)
