"""Our gateway's list: `[{"model": "glm-4.7", "usd_per_million": {"in": 0.6, "out": 2.2}}]`."""

from collections.abc import Iterator
from decimal import Decimal

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.listing import Dropped, Listing, PricePoint
from model_intelligence.records import UNDATED
from model_intelligence.sources.source import Source, read_json

URL = "https://gateway.example.org/prices.json"


def parse(body: bytes) -> Iterator[Listing | Dropped]:
    """The rows of the list; one that cannot be read is dropped, with the reason."""
    rows = read_json(body)
    if not isinstance(rows, list):
        raise ShapeChanged("a list of models was expected")
    for row in rows:
        try:
            name, usd = row["model"], row["usd_per_million"]
            point = PricePoint(UNDATED, Decimal(usd["in"]) / 1000, Decimal(usd["out"]) / 1000)
        except (KeyError, TypeError, ArithmeticError):
            yield Dropped(str(row), "no model or no price", malformed=True)
            continue
        yield Listing("gateway", name, name, "house-prices", URL, (point,))


SOURCE = Source(name="house-prices", kind="prices", url=URL, licence="our own", parse=parse)
