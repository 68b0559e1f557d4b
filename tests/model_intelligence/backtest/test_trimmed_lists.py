"""A trimmed snapshot of models.dev is read as the list that it was made from."""

import json

import pytest

from model_intelligence.backtest.trimmed_lists import as_served
from model_intelligence.observations.listing import Listing
from model_intelligence.sources import models_dev

FACTS = {
    "cost": {"input": 2, "output": 8},
    "limit": {"context": 1_047_576, "output": 32_768},
    "release_date": "2025-04-14",
}


def test_its_models_prices_and_release_dates_are_read() -> None:
    trimmed = json.dumps({"openai": {"gpt-4.1": FACTS}}).encode()
    [listing] = models_dev.parse(as_served("models.dev", trimmed))
    assert isinstance(listing, Listing)
    assert (listing.provider, listing.provider_model_id) == ("openai", "gpt-4.1")
    assert str(listing.released_at) == "2025-04-14"


@pytest.mark.parametrize(
    ("source", "body"),
    [
        ("models.dev", json.dumps({"openai": {"models": {"gpt-4.1": FACTS}}})),
        ("models.dev", "no JSON"),
        ("models.dev", "[]"),
        ("models.dev", json.dumps({"openai": {"gpt-4.1": "no facts"}})),
        ("litellm", json.dumps({"openai": {"gpt-4.1": FACTS}})),
    ],
)
def test_any_other_body_stays_as_it_is(source: str, body: str) -> None:
    assert as_served(source, body.encode()) == body.encode()
