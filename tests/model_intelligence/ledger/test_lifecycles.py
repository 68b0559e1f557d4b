"""Which of the announced ends of a model holds."""

from datetime import date
from typing import Any

from model_intelligence.ledger.lifecycles import Ending, which_holds

BUNDLED = "llmshift"
JUNE, JULY = date(2027, 6, 1), date(2027, 7, 1)
MAKERS = "https://docs.anthropic.com/deprecations"


def said(number: int, source: str = "litellm", **changed: Any) -> Ending:
    told: dict[str, Any] = {"retires_at": JUNE, "replacement": None, "source_url": None, **changed}
    return Ending(number, "glm-4.6", source, 1, first_id=number, **told)


def test_a_makers_page_comes_before_collectors_and_a_live_list_before_the_bundled_one() -> None:
    bundled, live = said(1, BUNDLED, retires_at=JULY), said(2)
    cited = said(3, BUNDLED, retires_at=JULY, source_url=MAKERS)
    moved = said(4, "deprecations.info", source_url=MAKERS)
    assert which_holds([bundled, live]) == live
    assert which_holds([cited, live]) == cited
    assert which_holds([cited, live, moved]) == moved


def test_of_two_promises_the_one_with_a_replacement_is_shown() -> None:
    repeated = said(1, retires_at=None, not_before=JUNE)
    advises = said(2, BUNDLED, retires_at=None, not_before=JUNE, replacement="glm-5")
    assert which_holds([repeated, advises]) == advises


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


def test_of_two_replacements_the_one_of_the_models_own_line_is_shown() -> None:
    other, own = said(1, BUNDLED, replacement="flash-1"), said(2, BUNDLED, replacement="glm-5")
    assert which_holds([other, own]) == own


def test_what_another_source_calls_a_promise_is_no_end() -> None:
    collected, promised = said(1), said(2, BUNDLED, retires_at=None, not_before=JUNE)
    assert which_holds([collected, promised]) == promised
    announced = said(3, retires_at=JUNE, source_url=MAKERS)
    assert which_holds([collected, promised, announced]) == announced


def test_a_date_counts_before_a_deprecation_and_that_before_a_promise() -> None:
    dated = said(1, BUNDLED)
    deprecated = said(2, retires_at=None, is_deprecated=True)
    promised = said(3, retires_at=None, not_before=JULY)
    assert which_holds([promised, deprecated, dated]) == dated
    assert which_holds([promised, deprecated]) == deprecated


def test_a_replacement_does_not_outweigh_who_says_the_date() -> None:
    advises = said(1, BUNDLED, retires_at=JULY, replacement="glm-4.7")
    assert which_holds([said(2), advises]) == said(2)
