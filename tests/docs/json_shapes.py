"""What docs/command-line.md says that commands print for programs, held against what they print."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "command-line.md"
SECTION = re.compile(r"^### `(?P<command>[\w -]+)`\n(?P<text>.*?)(?=^### |\Z)", re.DOTALL | re.M)
BLOCK = re.compile(r"^```json\n(.*?)^```$", re.DOTALL | re.M)
NULL = re.compile(r"^Null: .*?(?=\n\n|\Z)", re.DOTALL | re.M)
OPEN = "…"


@dataclass(frozen=True, slots=True)
class Shape:
    """An example, and the fields that may be null."""

    example: Any
    nullable: frozenset[str]


@cache
def documented() -> Mapping[str, Shape]:
    """command -> what the page says of it."""
    found = {}
    for section in SECTION.finditer(PAGE.read_text(encoding="utf-8")):
        [block] = BLOCK.findall(section["text"])
        told = "".join(NULL.findall(section["text"]))
        names = frozenset(re.findall(r"`([\w ]+)`", told))
        found[section["command"]] = Shape(json.loads(block), names)
    return found


def check_shape(command: str, printed: str, *, optional: frozenset[str] = frozenset()) -> Any:
    """The parsed answer; AssertionError where it is not as documented.

    `optional` are fields at the top that this call did not ask for.
    """
    shape, told = documented()[command], json.loads(printed)
    example = {name: value for name, value in shape.example.items() if name not in optional}
    _same(example, told, command, shape.nullable)
    return told


def _same(example: Any, told: Any, place: str, nullable: frozenset[str]) -> None:
    if isinstance(example, dict):
        assert isinstance(told, dict), place
        closed = {name: value for name, value in example.items() if name != OPEN}
        assert closed.keys() <= told.keys(), f"{place}: {closed.keys() - told.keys()} is missing"
        more = told.keys() - closed.keys()
        assert not more or OPEN in example, f"{place}: {more} is not documented"
        for name, value in closed.items():
            if told[name] is None:
                assert name in nullable, f"{place}.{name} is null"
            else:
                _same(value, told[name], f"{place}.{name}", nullable)
    elif isinstance(example, list):
        assert isinstance(told, list), place
        for number, one in enumerate(told):
            assert example, f"{place}: an example is missing"
            _same(example[0], one, f"{place}[{number}]", nullable)
    else:
        assert type(told) is type(example), f"{place}: {told!r} is not like {example!r}"
