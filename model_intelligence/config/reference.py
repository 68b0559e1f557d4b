"""The reference of config/bot.yaml, written from its JSON Schema. Pure.

One table a section, in the order of the file, with the very defaults and limits that are checked.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]
INTRODUCTION = """\
# config/bot.yaml, key by key

Written by `model-intel schema --format markdown` from the schema that validates the file.
Editors complete and validate a file whose first line is
`# yaml-language-server: $schema=bot.schema.json`.
"""
EACH = {"UseCase": ": each use case", "Rule": ": each rule"}
NUMBERS = {"integer": "a whole number", "number": "a number"}


def reference(schema: Schema) -> str:
    """The whole page, in Markdown."""
    return "\n".join([INTRODUCTION, *_section("The file", schema, schema, set())]).rstrip() + "\n"


def _section(title: str, section: Schema, whole: Schema, written: set[str]) -> Iterator[str]:
    yield f"## {title}"
    yield ""
    yield str(section.get("description", "")) + "."[: not section["description"].endswith(".")]
    yield ""
    yield "| Key | Kind | Default | Meaning |"
    yield "|---|---|---|---|"
    inner: list[tuple[str, str]] = []
    for name, field in section["properties"].items():
        default = _default(name, field, section, whole)
        yield f"| `{name}` | {_kind(field)} | {default} | {_meaning(field, whole)} |"
        inner += [(name, below) for below in _sections_in(field) if below not in written]
        written |= set(_sections_in(field))
    for name, below in inner:
        yield ""
        yield from _section(_heading(name, below), whole["$defs"][below], whole, written)


def _heading(name: str, below: str) -> str:
    return f"`{name}`" + EACH.get(below, "")


def _sections_in(field: Schema) -> list[str]:
    """The names of the sections that a key holds."""
    parts = [field, *field.get("anyOf", ()), *field.get("patternProperties", {}).values()]
    parts += [part["items"] for part in parts if isinstance(part.get("items"), dict)]
    return [part["$ref"].rpartition("/")[2] for part in parts if "$ref" in part]


def _kind(field: Schema) -> str:
    if "patternProperties" in field:
        return "a section for each name"
    if _sections_in(field) and field.get("type") != "array":
        return "a section"
    choices = [part for part in field.get("anyOf", [field]) if part.get("type") != "null"]
    kinds = dict.fromkeys(_simple(part) for part in choices)
    if NUMBERS["number"] in " ".join(kinds):  # exact decimals may be written as text too
        kinds.pop("text", None)
    return " or ".join(kinds)


def _simple(part: Schema) -> str:
    if "enum" in part:
        return "one of " + ", ".join(f"`{value}`" for value in part["enum"])
    if "const" in part:
        return f"`{part['const']}`"
    if part.get("type") == "array":
        return f"a list of {_plural(part.get('items', {}))}"
    if part.get("type") in NUMBERS:
        return NUMBERS[part["type"]] + _bounds(part)
    return {"boolean": "`true` or `false`", "object": "a mapping"}.get(part.get("type", ""), "text")


def _plural(items: Schema) -> str:
    if "enum" in items:
        return ", ".join(f"`{value}`" for value in items["enum"])
    if "$ref" in items:
        return "sections"
    if items.get("type") == "array":
        return "lists of keys and indices"
    return "texts"


def _bounds(part: Schema) -> str:
    low, high = part.get("minimum"), part.get("maximum")
    if "exclusiveMinimum" in part:
        low_text = f"above {part['exclusiveMinimum']:g}"
        return f", {low_text}" + (f", at most {high:g}" if high is not None else "")
    if low is not None and high is not None:
        return f", {low:g} to {high:g}"
    return f", at least {low:g}" if low is not None else ""


def _default(name: str, field: Schema, section: Schema, whole: Schema) -> str:
    if name in section.get("required", ()) or "default" not in field:
        return "**required**"
    default = field["default"]
    if default is None:
        inherits = section.get("title") == "UseCase" and name in _keys(whole, "Defaults")
        return "that of `defaults`" if inherits else "none"
    if _sections_in(field):
        return "as below"
    if isinstance(default, list):
        return f"`[{', '.join(map(str, default))}]`"
    return f"`{default if isinstance(default, str) else json.dumps(default)}`"


def _keys(whole: Schema, section: str) -> Schema:
    keys: Schema = whole["$defs"].get(section, {}).get("properties", {})
    return keys


def _meaning(field: Schema, whole: Schema) -> str:
    text = field.get("description")
    for below in _sections_in(field):
        text = text or whole["$defs"][below].get("description")
    return " ".join(str(text or "").replace("|", "\\|").split())
