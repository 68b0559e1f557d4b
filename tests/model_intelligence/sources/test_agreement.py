"""Two lists of the same prices: where they name the same model at its maker, they mostly agree."""

from model_intelligence.naming.resolve import CREATORS, match_key
from model_intelligence.observations.listing import PricePoint
from model_intelligence.sources import genai_prices_live, litellm, models_dev
from tests.model_intelligence.sources.data import (
    GENAI_PRICES,
    LITELLM,
    MODELS_DEV,
    Row,
    prices,
    snapshot,
)

Prices = dict[tuple[str, str], tuple[object, object]]


def makers(rows: dict[tuple[str, str], PricePoint]) -> Prices:
    return {
        (provider, match_key(name)): (point.input_per_1k, point.output_per_1k)
        for (provider, name), point in rows.items()
        if provider in CREATORS.values() and not name.endswith("latest")
    }


def agreement(first: Prices, second: Prices) -> tuple[int, int]:
    """How many of the models in both have the same price, and how many there are."""
    both = first.keys() & second.keys()
    return sum(first[key] == second[key] for key in both), len(both)


def read(parsed: "list[Row]") -> Prices:
    return makers(prices(parsed))


def test_makers_prices_agree_where_two_lists_have_them() -> None:
    lite = read(list(litellm.parse(snapshot(LITELLM))))
    genai = read(list(genai_prices_live.parse(snapshot(GENAI_PRICES))))
    dev = read(list(models_dev.parse(snapshot(MODELS_DEV))))
    assert agreement(lite, genai) == (127, 132)
    assert agreement(dev, genai) == (91, 99)
    assert agreement(lite, dev) == (87, 92)
