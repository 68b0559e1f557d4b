"""The real catalog and the real boards, where copies of them are beside the checkout."""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from model_intelligence.config import yaml_file
from model_intelligence.config.aliases_yaml import Alias, AliasesFile, for_source
from model_intelligence.ingest.catalog_builder import build
from model_intelligence.ingest.retired_models import retired_snapshots
from model_intelligence.naming.catalog_index import Names, known_names
from model_intelligence.naming.identify import NameMatch, NoMatch, identify
from model_intelligence.naming.snapshots import pinned_names
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped, Listing
from model_intelligence.records import Model
from model_intelligence.sources import genai_prices, litellm, llmshift, models_dev
from tests.conftest import SHARED_DATA

CHECKOUT = Path(__file__).parents[3]
LITELLM = "litellm/model_prices.2026-11-17.v1.108.11.chat-allfields.json.gz"
TODAY = date(2026, 11, 23)  # of the copies
MODELS_DEV = "models.dev/api.2026-07-02.f3fc692.json.gz"
Parse = Callable[[bytes], Iterator[BenchmarkRow | Dropped]]


def snapshot(path: str) -> bytes:
    """A copy of a source; the test is skipped where it is not."""
    if not (SHARED_DATA / path).exists():
        pytest.skip(f"needs {path} of the shared data")
    body = (SHARED_DATA / path).read_bytes()
    return gzip.decompress(body) if path.endswith(".gz") else body


def as_listed(*lists: Iterable[Listing | Dropped]) -> Names:
    """What these lists have, in this order."""
    known: dict[str, Model] = {}
    for rows in lists:
        known |= build((row for row in rows if isinstance(row, Listing)), known=known).models
    return known_names(known, pinned_names())


def as_ingested(*lists: Iterable[Listing | Dropped]) -> set[str]:
    """The model ids that the catalog has after these lists, in this order."""
    listed = as_listed(*lists)
    return {*listed.spelled.values(), *retired_snapshots(llmshift.lifecycles(), listed, TODAY)}


@cache
def bundled() -> Names:
    """The catalog of a fresh installation: what is in the packages."""
    return known_names(as_ingested(genai_prices.listings()), pinned_names())


@cache
def refreshed() -> Names:
    """The catalog once the live price lists were read."""
    lists = litellm.parse(snapshot(LITELLM)), models_dev.parse(snapshot(MODELS_DEV))
    return known_names(as_ingested(genai_prices.listings(), *map(_listings, lists)), pinned_names())


@cache
def every_seller() -> Names:
    """What any seller of two lists has, also those that we do not follow."""
    keys = {key.partition("/")[2] or key for key in json.loads(snapshot(LITELLM))}
    sellers = json.loads(snapshot(MODELS_DEV)).values()
    sold = {model.lower() for seller in sellers for model in seller.get("models", ())}
    return known_names(as_ingested(genai_prices.listings()) | keys | sold, pinned_names())


def _listings(rows: Iterable[object]) -> list[Listing | Dropped]:
    return [row for row in rows if isinstance(row, Listing)]


@cache
def aliases() -> tuple[Alias, ...]:
    return yaml_file.read(CHECKOUT / "config" / "aliases.yaml", AliasesFile).aliases


def results(rows: Iterable[BenchmarkRow | Dropped]) -> list[BenchmarkRow]:
    return [row for row in rows if isinstance(row, BenchmarkRow)]


def identified(
    source: str, rows: Iterable[BenchmarkRow | Dropped], names: Names
) -> dict[str, NameMatch | NoMatch]:
    """What each name of the board is found to mean."""
    own = {row.name: row.own_ids for row in results(rows)}
    return {name: identify(name, names, own, for_source(aliases(), source)) for name in own}


def share(found: dict[str, NameMatch | NoMatch]) -> float:
    """The matched names in percent of all."""
    return 100 * sum(isinstance(one, NameMatch) for one in found.values()) / len(found)


def unmatched(found: dict[str, NameMatch | NoMatch]) -> list[str]:
    return sorted(name for name, one in found.items() if isinstance(one, NoMatch))
