"""The shipped configuration, figure by figure, against the copies of the sources it was read from.

The copies are too large for the repository; without them the benchmark figures are not checked.
"""

import csv
import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from genai_prices.data import providers
from genai_prices.types import ModelInfo, TieredPrices
from ruamel.yaml import YAML

from model_intelligence.config import yaml_file
from model_intelligence.config.benchmarks_yaml import BenchmarksFile, PublishedResult, ResultGroup

CHECKOUT = Path(__file__).parents[2]
CONFIG = CHECKOUT / "config"
DATA = CHECKOUT.parent / "shared" / "data"

BFCL = "bfcl/data_overall.2025-12-16.ea03bc8d.csv"
ECI = "epoch/epoch_capabilities_index.2026-04-11.csv"
EPOCH_RUNS = "epoch/benchmarks_runs.2025-12-03.f87d3cc.csv.gz"
MODELS_DEV = "models.dev/models-metadata.2026-07-02.f3fc692.json.gz"
TAU2 = "tau2-bench/submissions.2026-08-18.a2c0247.json"

PRICED_AT = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Published(NamedTuple):
    """What a board says: the figure in our unit, and its day (of the copy, if undated)."""

    score: Decimal
    measured_at: date


def _text(name: str) -> str:
    data = (DATA / name).read_bytes()
    return (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8-sig")


@cache
def _table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines(keepends=True)))


@cache
def _json(name: str) -> Any:
    return json.loads(_text(name), parse_float=Decimal, parse_int=Decimal)


def _copied_on(name: str) -> date:
    found = re.search(r"\d{4}-\d{2}-\d{2}", name)
    assert found
    return date.fromisoformat(found.group())


def _at_two_places(figure: str | Decimal) -> Decimal:
    return round(Decimal(figure), 2)


def _bfcl(group: ResultGroup, result: PublishedResult, board_name: str) -> Iterator[Published]:
    label = {"function calling": "FC", "prompt": "Prompt"}[group.harness or ""]
    effort = f" {result.effort}" if result.effort else ""
    assert board_name.endswith(f"({label}{effort})")
    for row in _table(BFCL):
        if row["Model"] == board_name:
            yield Published(Decimal(row["Overall Acc"].rstrip("%")), _copied_on(BFCL))


def _epoch(group: ResultGroup, result: PublishedResult, board_name: str) -> Iterator[Published]:
    if group.benchmark_name == "Epoch Capabilities Index":
        yield from _eci(board_name)
        return
    assert board_name.partition("_")[2] == (result.effort or "")
    for row in _table(EPOCH_RUNS):
        run = row["task"], row["task version"], row["model"]
        if run == (group.benchmark_name, group.dataset_version, board_name):
            day = " ".join(row["started_at"].split()[:3])
            measured_at = datetime.strptime(day, "%d %B %Y").replace(tzinfo=UTC).date()
            yield Published(100 * Decimal(row["Best score (across scorers)"]), measured_at)


def _eci(board_name: str) -> set[Published]:
    return {
        Published(_at_two_places(row["ECI Score"]), _copied_on(ECI))
        for row in _table(ECI)
        if row["ECI Score"] and board_name in (row["Model name"], row["Model version"])
    }


def _tau2(group: ResultGroup, result: PublishedResult, board_name: str) -> Iterator[Published]:
    domain = group.benchmark_name.removeprefix("tau2-bench ").replace(
        "banking", "banking_knowledge"
    )
    for row in _json(TAU2)["submissions"]:
        run = row.get("methodology") or {}
        simulator = f"user simulator {run.get('user_simulator')} (low)"
        found = (row.get("results") or {}).get(domain) or {}
        retrieval = found.get("retrieval_config")
        harness = f"{simulator}, retrieval {retrieval}" if retrieval else simulator
        ours = board_name, result.effort, group.harness, group.dataset_version
        theirs = row["model_name"], row.get("reasoning_effort"), harness
        if ours == (*theirs, run.get("tau2_bench_version")) and found.get("pass_1") is not None:
            # The day of a run is that of its newest domain; the others came with the submission.
            days = [run["evaluation_date"]] + ([] if retrieval else [row["submission_date"]])
            yield Published(_at_two_places(found["pass_1"]), date.fromisoformat(min(days)))


def _models_dev(
    group: ResultGroup, result: PublishedResult, board_name: str
) -> Iterator[Published]:
    url = result.source_url or group.source_url
    for model, facts in _json(MODELS_DEV).items():
        if model.partition("/")[2] != board_name:
            continue
        for row in facts.get("benchmarks", []):
            names = row["name"], f"{row['name']} ({row['metric']})"
            same_run = (
                group.benchmark_name in names
                and row["source"] == url
                and (row.get("version") or row.get("dataset")) == group.dataset_version
                and row.get("harness", group.harness) == group.harness
                and row.get("variant", result.effort) == result.effort
            )
            if same_run:
                day = row.get("date")
                measured_at = date.fromisoformat(day) if day else _copied_on(MODELS_DEV)
                yield Published(row["score"], measured_at)


WHERE: Mapping[str, Callable[[ResultGroup, PublishedResult, str], Iterator[Published]]] = {
    "Artificial Analysis on OpenRouter, via models.dev": _models_dev,
    "Artificial Analysis, via models.dev": _models_dev,
    "Berkeley Function-Calling Leaderboard": _bfcl,
    "Epoch AI": _epoch,
    "Scale Labs, via models.dev": _models_dev,
    "tau2-bench": _tau2,
}


def _shipped() -> list[ResultGroup]:
    return list(yaml_file.read(CONFIG / "benchmarks.yaml", BenchmarksFile).benchmarks)


def _figures() -> list[Any]:
    return [
        pytest.param(group, result, id="-".join(map(str, _key(group, result))))
        for group in _shipped()
        for result in group.results
    ]


def _key(group: ResultGroup, result: PublishedResult) -> tuple[str | None, ...]:
    run = group.benchmark_name, group.dataset_version, group.harness, result.effort
    return (*run, result.model)


@pytest.mark.skipif(not DATA.is_dir(), reason="no copies of the sources beside the checkout")
@pytest.mark.parametrize(("group", "result"), _figures())
def test_figure_is_the_published_one(group: ResultGroup, result: PublishedResult) -> None:
    published = list(WHERE[group.source](group, result, result.board_name or result.model))
    assert published == [Published(result.score, result.measured_at or date.min)]


def _bare(board_name: str) -> str:
    """The name without what is not the model's: label, effort, snapshot date, case, separators."""
    name = re.sub(r"\s*\(.*\)$|_.*$", "", board_name.lower())
    name = re.sub(r"-(\d{8}|\d{4}-\d{2}-\d{2})$", "", name)
    return re.sub(r"[ .-]", "", name)


@pytest.mark.parametrize(("group", "result"), _figures())
def test_board_name_is_the_model_by_spelling_alone(
    group: ResultGroup, result: PublishedResult
) -> None:
    assert _bare(result.board_name or result.model) == _bare(result.model), group.source


def test_no_two_figures_of_a_model_have_one_key() -> None:
    keys = [_key(group, result) for group in _shipped() for result in group.results]
    assert len(keys) == len(set(keys))


def _yaml(name: str) -> Any:
    return YAML(typ="safe", pure=True).load(CONFIG / name)


def _current_models() -> list[str]:
    config = _yaml("models.yaml")
    roles = [
        config["tool_models"],
        *config["complexity_models"].values(),
        config["doctor_models"],
    ]
    return [model for models in roles for model in models.values()]


def _usd_per_1k(provider_id: str, model: str) -> dict[str, Decimal]:
    """The base price in force on the day the figures are of, from the public list."""
    listed: dict[str, ModelInfo] = {
        info.id.lower(): info
        for provider in providers
        if provider.id == provider_id
        for info in provider.models
    }
    assert model in listed, f"{provider_id} has no model {model}"
    prices = listed[model].get_prices(PRICED_AT)
    return {
        "input_per_1k": _base(prices.input_mtok) / 1000,
        "output_per_1k": _base(prices.output_mtok) / 1000,
    }


def _base(price: Decimal | TieredPrices | None) -> Decimal:
    assert price is not None
    return price.base if isinstance(price, TieredPrices) else price


def _shipped_prices() -> list[tuple[str, str, dict[str, float]]]:
    return [
        (provider, model, price)
        for provider, models in _yaml("pricing.yaml").items()
        for model, price in models.items()
    ]


def test_there_are_nine_current_models_and_each_has_one_price() -> None:
    current = _current_models()
    assert len(current) == 9
    assert sorted(model for _, model, _ in _shipped_prices()) == sorted({*current, "glm-4.7"})


@pytest.mark.parametrize(("provider", "model", "price"), _shipped_prices())
def test_price_is_the_list_price(provider: str, model: str, price: dict[str, float]) -> None:
    shipped = {name: Decimal(str(usd)) for name, usd in price.items()}
    assert shipped == _usd_per_1k(provider, model)
