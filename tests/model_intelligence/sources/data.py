"""The fixtures beside this file, and the snapshots of real lists where those are present."""

import gzip
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from model_intelligence.observations.listing import Dropped, Lifecycle, Listing, PricePoint
from tests.conftest import SHARED_DATA

Row = Listing | Lifecycle | Dropped
Kind = TypeVar("Kind", Listing, Lifecycle, Dropped)
FIXTURES = Path(__file__).parent / "fixtures"
LITELLM = "litellm/model_prices.2026-11-17.v1.108.11.chat-allfields.json.gz"
MODELS_DEV = "models.dev/api.2026-07-02.f3fc692.json.gz"
OPENROUTER = "openrouter/models.raw-shape.2026-05.json.gz"
GATHERED = datetime(2026, 11, 23, tzinfo=UTC)
GENAI_PRICES = "genai-prices/data.2026-11-10.v0.2.3.json.gz"


def fixture(name: str) -> bytes:
    return (FIXTURES / name).read_bytes()


def snapshot(path: str) -> bytes:
    """A real list; the test is skipped where it is not beside the checkout."""
    if not (SHARED_DATA / path).exists():
        pytest.skip(f"needs {path} of the shared data")
    return gzip.decompress((SHARED_DATA / path).read_bytes())


def of(kind: type[Kind], rows: Iterable[Row]) -> list[Kind]:
    return [row for row in rows if isinstance(row, kind)]


def reasons(rows: Iterable[Row]) -> dict[str, int]:
    return dict(Counter(row.reason for row in of(Dropped, rows)))


def prices(rows: Iterable[Row]) -> dict[tuple[str, str], PricePoint]:
    """(provider, its own id) -> the price in force on the day the snapshots were gathered."""
    found = {}
    for row in of(Listing, rows):
        for point in row.prices:
            if point.effective_at <= GATHERED:
                found[row.provider, row.provider_model_id] = point
    return found
