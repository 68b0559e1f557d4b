"""Artificial Analysis: its own composite indices of models, and the prices that it collected.

Needs a key of the user's own (free: 1,000 requests a day), sent as `x-api-key`. Attribution is
required wherever a figure is shown; every record names the source and its address.

Shape (https://artificialanalysis.ai/api/v2/openapi and /data-api/docs): GET language/models/free
gives `{tier, intelligence_index_version, pagination: {page, page_size, total_pages, has_more},
data: [{id, name, slug, evaluations: {artificial_analysis_intelligence_index, …_coding_index,
…_agentic_index}, pricing: {price_1m_input_tokens, price_1m_output_tokens}}]}`, further pages by
`?page=2`; null is unknown. The page before it (data/llms/models) has no pagination and no version.
An index is a mean of several benchmarks on a scale of their own: its unit is `index`, never a
percentage. Prices are USD per million tokens and nobody's in particular, so they are figures
beside the indices, not a provider's price.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.sources.source import (
    Access,
    Environment,
    Pages,
    Source,
    keys_of,
    read_answers,
    read_json,
)

NAME = "artificial-analysis"
URL = "https://artificialanalysis.ai/api/v2/language/models/free"
LICENCE = "terms of use, attribution required"
KEY = "ARTIFICIALANALYSIS_API_KEY"
MOST_PAGES = 25
# field -> the board's name, and the kind of task that it is about
INDICES = {
    "artificial_analysis_intelligence_index": (
        "Artificial Analysis Intelligence Index",
        "reasoning",
    ),
    "artificial_analysis_coding_index": ("Artificial Analysis Coding Index", "code"),
    "artificial_analysis_agentic_index": ("Artificial Analysis Agentic Index", "agentic"),
}
PRICES = {
    "price_1m_input_tokens": "Artificial Analysis price of input",
    "price_1m_output_tokens": "Artificial Analysis price of output",
}


def further(answer: bytes) -> list[str]:
    """The next page, as long as there is more."""
    pagination = _object(read_json(answer)).get("pagination") or {}
    try:
        return [f"?page={int(pagination['page']) + 1}"] if pagination.get("has_more") else []
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ShapeChanged("a page with its number was expected") from error


def parse(body: bytes) -> Iterator[BenchmarkRow | Dropped]:
    """A row for each index and price of each model; takes one page, or several as `answers`."""
    found = read_json(body)
    pages = [found] if isinstance(found, dict) else [page for _, page in read_answers(body)]
    for page in pages:
        models = _object(page).get("data")
        if not isinstance(models, list):
            raise ShapeChanged("a list of models under `data` was expected")
        version = page.get("intelligence_index_version")
        for model in models:
            yield from _rows(model, None if version is None else str(version))


def _rows(model: object, version: str | None) -> Iterator[BenchmarkRow | Dropped]:
    if not isinstance(model, dict) or not isinstance(model.get("name"), str):
        yield Dropped(str(model)[:80], "no name", malformed=True)
        return
    name = model["name"]
    rows = [
        *_indices(name, model.get("evaluations"), version),
        *_prices(name, model.get("pricing")),
    ]
    yield from rows
    if not rows:
        yield Dropped(name, "no index and no price")


def _indices(name: str, said: object, version: str | None) -> Iterator[BenchmarkRow]:
    for field, (benchmark, task_type) in INDICES.items():
        score = _number(said, field)
        if score is not None:
            yield BenchmarkRow(name, benchmark, "index", score, task_type, dataset_version=version)


def _prices(name: str, said: object) -> Iterator[BenchmarkRow]:
    for field, benchmark in PRICES.items():
        usd = _number(said, field)
        if usd:  # zero is free for a while, or unknown
            yield BenchmarkRow(
                name,
                benchmark,
                "usd per million tokens",
                usd,
                "price",
                higher_is_better=False,
                source_kind="aggregator",
            )


def _number(said: object, field: str) -> Decimal | None:
    value = said.get(field) if isinstance(said, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        return None
    return Decimal(value)


def _object(found: Any) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise ShapeChanged("an object with `data` was expected")
    return found


def _headers(environment: Environment) -> dict[str, str]:
    [key] = keys_of(environment, KEY)
    return {"x-api-key": key}


SOURCE = Source(
    NAME,
    "benchmarks",
    URL,
    LICENCE,
    parse,
    pages=Pages(further=further, most=MOST_PAGES),
    access=Access((KEY,), _headers),
    source_kind="independent",
    task_types=frozenset(task_type for _, task_type in INDICES.values()),
)
