"""The list of deprecations.info: the shape of today, and those before it."""

from datetime import date

import pytest

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.listing import Dropped, Lifecycle
from model_intelligence.sources import deprecations_info, price_rows
from tests.model_intelligence.sources.data import fixture, of, snapshot

ROWS = list(deprecations_info.parse(fixture("deprecations_info.json")))


def test_an_end_names_the_first_replacement_and_the_makers_page() -> None:
    page = "https://example.org/ends"
    assert of(Lifecycle, ROWS) == [
        Lifecycle("anthropic", "big-1", date(2027, 1, 31), "big-2", page, date(2026, 6, 1)),
        Lifecycle("openai", "small-1", date(2027, 1, 31), None, page, date(2026, 6, 1)),
    ]


def test_every_other_row_is_left_out_with_its_reason() -> None:
    assert {row.name: row.reason for row in of(Dropped, ROWS)} == {
        "OpenAI/Answers API beta": "a heading rather than the id of a model",
        "Google/quick-1": "no date",
        "Google/quick-2": price_rows.NOT_OF_THE_SHAPE,
        "Azure/small-1": price_rows.NOT_FOLLOWED,
        "6": price_rows.NOT_OF_THE_SHAPE,
    }


@pytest.mark.parametrize("body", [b"{}", b'{"items": []}', b"x"])
def test_another_shape_is_told(body: bytes) -> None:
    with pytest.raises(ShapeChanged):
        list(deprecations_info.parse(body))


@pytest.mark.parametrize("name", ["2025-08-25.c8516ff", "2025-11-13.0312059", "2025-11-21.3ef7e04"])
def test_the_three_older_shapes_are_refused(name: str) -> None:
    with pytest.raises(ShapeChanged, match="an older shape"):
        list(deprecations_info.parse(snapshot(f"deprecations/deprecations.{name}.json.gz")))
