"""Lines of JSON: the standard library's reading of them, whatever reads them faster."""

import io
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model_intelligence.telemetry.load.lines import NOT_JSON, Lines, json_documents

# With lone surrogates, which `json.dumps` writes as they are.
TEXT = st.text(alphabet=st.characters(exclude_categories=()))
NUMBERS = st.integers(-(10**40), 10**40) | st.floats(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=8,
)
SPELT = st.from_regex(
    r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?", fullmatch=True
)


def read(*lines: bytes) -> list[object]:
    return [document.content for document in json_documents(Lines(io.BytesIO(b"\n".join(lines))))]


@given(st.lists(VALUES, min_size=1))
def test_what_json_writes_is_read_as_json_reads_it(values: list[object]) -> None:
    written = [json.dumps(value) for value in values]
    expected = [json.loads(line, parse_float=Decimal) for line in written]
    assert read(*(line.encode() for line in written)) == expected


@given(SPELT)
def test_a_number_is_as_exact_as_it_is_written(number: str) -> None:
    [found] = read(number.encode())
    assert found == json.loads(number, parse_float=Decimal)
    assert isinstance(found, Decimal) == any(mark in number for mark in ".eE")


@pytest.mark.parametrize(
    "line", [b"{", b"NaN", b"Infinity", b"01", b"1,", b'{"a": 1} x', b'"\xff"', b"[" * 100_000]
)
def test_what_is_no_json_is_refused(line: bytes) -> None:
    assert read(line, b"{}") == [NOT_JSON, {}]


def test_empty_lines_are_no_documents() -> None:
    assert read(b"", b" \r", b"1", b"") == [1]
