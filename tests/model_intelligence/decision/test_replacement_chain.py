"""What a chain of advice leads to."""

from datetime import date
from typing import Any

from model_intelligence.decision.deadline import advised_instead
from model_intelligence.naming import resolve
from tests.model_intelligence.build import TODAY, model

GONE, SOON, LATER = date(2026, 1, 1), date(2026, 12, 24), date(2028, 1, 1)


def advised(**models: dict[str, Any]) -> str | None:
    """Of the first model; a key is a model's id."""
    known = {name: model(name, **facts) for name, facts in models.items()}
    return advised_instead(next(iter(known.values())), known, resolve.index(known), TODAY)


def test_it_is_followed_to_the_first_model_that_lasts() -> None:
    for middle in ({"retires_at": GONE}, {"retires_at": SOON}, {"is_deprecated": True}):
        assert advised(a={"replacement": "b"}, b={**middle, "replacement": "c"}, c={}) == "c"
    assert advised(a={"replacement": "b"}, b={"replacement": "c"}, c={}) == "b"


def test_a_successor_counts_once_a_promise_is_about_to_run_out() -> None:
    for promise, expected in ((SOON, "c"), (LATER, "b")):
        middle = {"retires_not_before": promise, "replacement": "c"}
        assert advised(a={"replacement": "b"}, b=middle, c={}) == expected
    assert advised(a={"replacement": "b"}, b={"retires_not_before": SOON}) == "b"


def test_where_none_lasts_it_is_the_last_that_is_still_there() -> None:
    gone = {"retires_at": GONE, "replacement": "d"}
    ending = {"retires_at": SOON, "replacement": "c"}
    assert advised(a={"replacement": "b"}, b=ending, c=gone) == "b"
    assert advised(a={"replacement": "c"}, c=gone) is None


def test_a_circle_ends_and_an_unknown_name_leads_nowhere() -> None:
    assert advised(a={"replacement": "b"}, b={"retires_at": SOON, "replacement": "a"}) == "b"
    assert advised(a={"replacement": "elsewhere"}) is None
    assert advised(a={}) is None
