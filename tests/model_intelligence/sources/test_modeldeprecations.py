"""The list of modeldeprecations.dev, row by row and whole, live and bundled."""

from collections import Counter
from datetime import date

import pytest

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.listing import Dropped, Lifecycle, Release
from model_intelligence.sources import modeldeprecations, price_rows
from tests.model_intelligence.sources.data import fixture

ROWS = list(modeldeprecations.parse(fixture("modeldeprecations.json")))
ENDS = {row.model: row for row in ROWS if isinstance(row, Lifecycle)}
MAKERS, CLOUDS = "https://platform.claude.com/ends", "https://docs.aws.amazon.com/ends"


def test_an_end_is_that_of_every_name_with_the_recommended_replacement() -> None:
    for name in ("big-1-20240229", "big-1-latest"):
        assert ENDS[name] == Lifecycle(
            "anthropic", name, date(2026, 1, 5), "big-2", MAKERS, date(2025, 6, 30)
        )


def test_a_cloud_has_ends_of_its_own_and_vertex_is_not_followed() -> None:
    end = ENDS["anthropic.big-1-20240229-v1:0"]
    assert (end.provider, end.retires_at, end.source_url) == ("aws", date(2026, 12, 24), CLOUDS)
    assert {row.name: row.reason for row in ROWS if isinstance(row, Dropped)} == {
        "alibaba/plus-1": price_rows.NOT_FOLLOWED,
        "vertex/big-1": price_rows.NOT_FOLLOWED,
        "6": price_rows.NOT_OF_THE_SHAPE,
    }


def test_a_promise_that_has_passed_ends_nothing() -> None:
    promised = ENDS["quick-2"]
    assert promised.is_living
    assert (promised.retires_at, promised.not_before) == (None, date(2026, 10, 16))


def test_what_is_gone_without_a_date_is_deprecated_and_a_suggestion_is_no_advice() -> None:
    gone = ENDS["early-beta"]
    assert (gone.retires_at, gone.is_deprecated, gone.replacement) == (None, True, None)


def test_release_dates_are_the_makers() -> None:
    assert [row for row in ROWS if isinstance(row, Release)] == [
        Release("big-1-20240229", date(2024, 2, 29), "modeldeprecations", MAKERS),
        Release("plus-1", date(2025, 7, 28), "modeldeprecations"),
    ]


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"models": {}}', b"x"])
def test_another_shape_is_refused(body: bytes) -> None:
    with pytest.raises(ShapeChanged):
        list(modeldeprecations.parse(body))


def test_the_bundled_part_is_of_the_same_shape() -> None:
    rows = list(modeldeprecations.bundled())
    assert not any(isinstance(row, Dropped) and row.malformed for row in rows)
    kinds = Counter(type(row) for row in rows)
    assert kinds[Lifecycle] > 350
    assert kinds[Release] > 100
