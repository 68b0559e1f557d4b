"""Numbers as people read them, and templates that refuse to hide a mistake."""

import pytest
from jinja2 import UndefinedError

from bot.pull_request.templating import percent, render, short, usd


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("12.345", "+12.3\u00a0%"),
        ("-12.345", "−12.3\u00a0%"),
        ("0", "no change"),
        ("1234.56", "+1234.6\u00a0%"),
        (None, "not comparable"),
    ],
)
def test_a_change_is_signed_and_has_one_decimal(value: str | None, shown: str) -> None:
    assert percent(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1234.5", "$1,234.50"),
        ("0.1", "$0.10"),
        ("0.0756", "$0.0756"),
        ("0.00123456", "$0.00123"),
        ("0", "$0"),
        (None, "unknown"),
    ],
)
def test_dollars_show_cents_or_three_digits(value: str | None, shown: str) -> None:
    assert usd(value) == shown


def test_unknown_is_said_and_never_shown_as_zero() -> None:
    assert percent(None, "unknown") == "unknown"
    assert short(None) == "unknown"
    assert short("0") == "0.000"
    assert short("0.8625", 2) == "0.86"


def test_a_value_that_a_template_lacks_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="rows"):
        render("summary.md.j2", dry_run=False)
