"""Which of the announced ends of a model holds."""

from datetime import date
from typing import Any

from model_intelligence.ledger.lifecycles import BUNDLED, Ending, which_holds

JUNE, JULY = date(2027, 6, 1), date(2027, 7, 1)
MAKERS = "https://docs.anthropic.com/deprecations"


def said(number: int, source: str = "litellm", **changed: Any) -> Ending:
    told: dict[str, Any] = {"retires_at": JUNE, "replacement": None, "source_url": None, **changed}
    return Ending(number, "glm-4.6", source, 1, first_id=number, **told)


def test_a_live_list_comes_before_the_bundled_one_and_a_makers_page_before_collectors() -> None:
    bundled = said(1, BUNDLED, retires_at=JULY, source_url=MAKERS)
    live, makers = said(2), said(3, "deprecations.info", retires_at=JULY, source_url=MAKERS)
    assert which_holds([bundled, live]) == live
    assert which_holds([bundled, live, makers]) == makers


def test_who_spoke_first_holds_among_equals_whatever_the_order() -> None:
    first, second = said(1), said(2, "models.dev", retires_at=JULY)
    assert which_holds([second, first]) == first


def test_one_that_took_its_date_back_leaves_it_to_the_next() -> None:
    assert which_holds([said(1, retires_at=None), said(2, BUNDLED)]) == said(2, BUNDLED)
    assert which_holds([said(1, retires_at=None)]) is None
    assert which_holds([]) is None


def test_of_those_that_agree_on_the_date_the_one_with_a_replacement_is_shown() -> None:
    advises = said(1, BUNDLED, replacement="glm-4.7", source_url=MAKERS)
    assert which_holds([said(2), advises]) == advises


def test_a_replacement_does_not_outweigh_who_says_the_date() -> None:
    advises = said(1, BUNDLED, retires_at=JULY, replacement="glm-4.7")
    assert which_holds([said(2), advises]) == said(2)
