"""Fields of telemetry as checked values: text, counts, money, times, outcomes. Pure.

Every function takes a value from JSON, CSV, Parquet or PostgreSQL, returns None if it is missing
and raises Unfit with a reason that names the field and never quotes its value.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from model_intelligence.telemetry.event import Unfit

MOST_TOKENS = 100_000_000  # a hundred times the longest prompt that any model takes
MOST_USD = 10_000
LONGEST_MS = 24 * 60 * 60 * 1_000
# A time in the wrong unit (seconds for milliseconds) lands in 1970, not far from its epoch.
EARLIEST = datetime(2015, 1, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)
LONGEST_TEXT = 300
SHORT = 30  # digits of an amount that need no closer look
ERROR_CLASS = re.compile(r"[A-Za-z0-9_:-]{1,100}")
PASSED = {"pass", "passed", "correct", "success", "succeeded", "true", "yes", "1"}
FAILED = {"fail", "failed", "incorrect", "failure", "false", "no", "0"}


def text(value: object, name: str) -> str | None:
    """A name or an id; None where it is missing or empty."""
    if value is None:
        return None
    if value.__class__ is not str:
        if not isinstance(value, int) or isinstance(value, bool):
            raise Unfit(f"{name} is not text")
        value = _digits(value, name)
    if len(value) > LONGEST_TEXT or not value.isprintable():
        raise Unfit(f"{name} is longer than {LONGEST_TEXT} characters or holds control characters")
    return value.strip() or None


@lru_cache(maxsize=4_096)
def _known(value: str, name: str) -> str | None:
    return text(value, name)


def word(value: object, name: str) -> str | None:
    """As `text`, cached for values that repeat: providers, models, roles."""
    return _known(value, name) if value.__class__ is str else text(value, name)


def _digits(value: int, name: str) -> str:
    # Python refuses to write an integer of more than 4,300 digits as text.
    if not -(10**40) < value < 10**40:
        raise Unfit(f"{name} is too large a number")
    return str(value)


def required(value: object, name: str) -> str:
    """A name or id that must not be missing."""
    found = text(value, name)
    if found is None:
        raise Unfit(f"no {name}")
    return found


def required_word(value: object, name: str) -> str:
    """As `required`, cached."""
    found = word(value, name)
    if found is None:
        raise Unfit(f"no {name}")
    return found


def label(value: object) -> str | None:
    """Text that only describes the call: a value that cannot be used counts as missing."""
    if value is None:
        return None
    try:
        return text(value, "")
    except Unfit:
        return None


def labels(value: object) -> tuple[str, ...]:
    """Tags: a list of texts, or such a list as JSON."""
    found = structure(value)
    if not isinstance(found, (list, tuple)):
        return ()
    return tuple(name for name in map(label, found[:100]) if name)


def structure(value: object) -> object:
    """An object or list, which may be JSON text in tables and CSV files; None for other text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None


def mapping(value: object) -> Mapping[str, object]:
    """The fields of an object; none if it is something else."""
    found = structure(value)
    return found if isinstance(found, dict) else {}


def count(value: object, name: str) -> int | None:
    """A number of tokens."""
    if value is None:
        return None
    # By class, not isinstance(): faster for fields that every record has, and it keeps out bool,
    # which is an int in Python.
    if value.__class__ is not int:
        number = _number(value, name)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise Unfit(f"{name} is not a whole number")
        value = int(number)
    if value < 0:
        raise Unfit(f"{name} is negative")
    if value > MOST_TOKENS:
        raise Unfit(f"{name} is above {MOST_TOKENS:,}")
    return value


def money(value: object, name: str) -> Decimal | None:
    """US dollars for one call, exactly as written; a float by its shortest decimal form."""
    if value is None:
        return None
    # Most amounts are short decimals. PostgreSQL's NUMERIC has a NaN too, and comparing it raises.
    if isinstance(value, Decimal) and value.is_finite() and len(str(value)) < SHORT:
        usd: Decimal | None = value
    else:
        usd = _number(value, name)
    if usd is None:
        return None
    if usd < 0:
        raise Unfit(f"{name} is negative")
    if usd > MOST_USD:
        raise Unfit(f"{name} is above {MOST_USD:,} US dollars")
    return usd


def milliseconds(value: object, name: str, *, per_unit: int = 1) -> int | None:
    """A duration in whole milliseconds, from a number of units of `per_unit` milliseconds."""
    if value is None:
        return None
    number = value if value.__class__ is int else _number(value, name)
    if number is None:
        return None
    if number < 0:
        raise Unfit(f"{name} is negative")
    if number * per_unit > LONGEST_MS:
        raise Unfit(f"{name} is above a day; it may be in another unit")
    return round(number * per_unit)


def _number(value: object, name: str) -> Decimal | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        raise Unfit(f"{name} is not a number")
    if isinstance(value, int):
        value = _digits(value, name)
    try:
        number = Decimal(str(value) if isinstance(value, float) else value)
    except InvalidOperation as error:
        raise Unfit(f"{name} is not a number") from error
    if not number.is_finite() or len(number.as_tuple().digits) > 60:
        raise Unfit(f"{name} is not a number")
    # `1e999999` is short as a text, and has a million digits once it is an integer.
    if not -40 < number.adjusted() < 40 and number:
        raise Unfit(f"{name} is too large or too small a number")
    return number


def moment(value: object, name: str) -> datetime | None:
    """A time in UTC, from ISO 8601 text or a datetime; without an offset it is UTC."""
    if value.__class__ is str:
        if not value:
            return None
        try:
            value = datetime.fromisoformat(value)
        except ValueError as error:
            raise Unfit(f"{name} is not a time in ISO 8601") from error
    elif value is None:
        return None
    if not isinstance(value, datetime):
        raise Unfit(f"{name} is not a time in ISO 8601")
    if value.tzinfo is not UTC:
        value = _in_utc(value, name)
    if value < EARLIEST:
        raise Unfit(f"{name} is before {EARLIEST.year}")
    return value


def _in_utc(value: datetime, name: str) -> datetime:
    if value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        raise Unfit(f"{name} is not a time in ISO 8601") from error


def required_moment(value: object, name: str) -> datetime:
    """A time that must not be missing."""
    found = moment(value, name)
    if found is None:
        raise Unfit(f"no {name}")
    return found


def between(start: datetime | None, end: datetime | None, name: str) -> int | None:
    """Milliseconds from `start` to `end`; None if one is unknown. `name` is the field of `end`."""
    if start is None or end is None:
        return None
    if end < start:
        raise Unfit(f"{name} is before the start")
    return milliseconds(round((end - start) / MILLISECOND), f"the time to {name}")


def flag(value: object, name: str) -> bool | None:
    """Yes or no, as JSON, PostgreSQL and CSV write it."""
    if value is None or value is True or value is False:
        return value
    word = value.strip().lower() if isinstance(value, str) else None
    if word == "":
        return None
    if word in {"true", "t"}:
        return True
    if word in {"false", "f"}:
        return False
    raise Unfit(f"{name} is neither true nor false")


def error_class(value: object) -> str | None:
    """A status code or the last part of a class name; anything else becomes `other`.

    It may be an error message, which can quote a prompt: only a plain word is stored.
    """
    if value is None or value == "":
        return None
    word = str(value).strip() if isinstance(value, (str, int)) else ""
    word = word.rpartition(".")[2]
    return word if ERROR_CLASS.fullmatch(word) else "other"


def passed(label_: object, value: object) -> bool | None:
    """Whether an evaluation passed; None for a grade in between or another word."""
    word = label_.strip().lower() if isinstance(label_, str) else ""
    if word in PASSED or word in FAILED:
        return word in PASSED
    if word:
        return None
    try:
        score = Decimal(str(value)) if not isinstance(value, Decimal) else value
    except InvalidOperation:
        return value if isinstance(value, bool) else None
    if not score.is_finite() or score not in {0, 1}:
        return None
    return score == 1
