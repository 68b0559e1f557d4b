"""One value is replaced, all other text stays, or the edit is refused with a reason."""

import copy
import itertools
import os
import random
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.patcher import PatchRefused, Scalar, get_scalar, set_scalar, unified_diff

NEW = "glm-4.7"

EDITS = {
    "plain": ("m: old\n", ["m"], "m: glm-4.7\n"),
    "double quoted": ('m: "old"\n', ["m"], 'm: "glm-4.7"\n'),
    "single quoted": ("m: 'old'\n", ["m"], "m: 'glm-4.7'\n"),
    "comment behind": ("m:   old   # why\n", ["m"], "m:   glm-4.7   # why\n"),
    "no space before the comment's text": ("m: old #why\n", ["m"], "m: glm-4.7 #why\n"),
    "number": ("m: 4.7\n", ["m"], "m: glm-4.7\n"),
    "null": ("m: ~\n", ["m"], "m: glm-4.7\n"),
    "empty string": ("m: ''\n", ["m"], "m: 'glm-4.7'\n"),
    "whole document": ("old\n", [], "glm-4.7\n"),
    "document start and end": ("---\nm: old\n...\n", ["m"], "---\nm: glm-4.7\n...\n"),
    "second document": ("a: 1\n---\nm: old\n", ["m"], "a: 1\n---\nm: glm-4.7\n"),
    "anchor": ("m: &main old\n", ["m"], "m: &main glm-4.7\n"),
    "tag": ("m: !!str old\n", ["m"], "m: !!str glm-4.7\n"),
    "non-specific tag": ("m: ! old\n", ["m"], "m: ! glm-4.7\n"),
    "anchor and tag": ('m: !!str &x "old"\n', ["m"], 'm: !!str &x "glm-4.7"\n'),
    "anchor on the line above": ("m: &x # c\n  old\n", ["m"], "m: &x # c\n  glm-4.7\n"),
    "value on the line below": ("m:\n  old\nn: 1\n", ["m"], "m:\n  glm-4.7\nn: 1\n"),
    "list": ("- a\n- old\n", [1], "- a\n- glm-4.7\n"),
    "list in a list": ("- - a\n  - old\n", [0, 1], "- - a\n  - glm-4.7\n"),
    "flow mapping": ("{a: old, b: 1}\n", ["a"], "{a: glm-4.7, b: 1}\n"),
    "flow list": ("a: [x,old,y]\n", ["a", 1], "a: [x,glm-4.7,y]\n"),
    "flow over lines": ("a: [\n  x, # c\n  old]\n", ["a", 1], "a: [\n  x, # c\n  glm-4.7]\n"),
    "pair in a flow list": ("[a: old]\n", [0, "a"], "[a: glm-4.7]\n"),
    "json": ('{"a":{"m":"old"}}', ["a", "m"], '{"a":{"m":"glm-4.7"}}'),
    "key with a dot": ("gpt-4.1: {m: old}\n", ["gpt-4.1", "m"], "gpt-4.1: {m: glm-4.7}\n"),
    "quoted key": ("\"a: 'b'\": old\n", ["a: 'b'"], "\"a: 'b'\": glm-4.7\n"),
    "explicit key": ("? m\n: old\n", ["m"], "? m\n: glm-4.7\n"),
    "beside a complex key": ("? [m]\n: 1\nm: old\n", ["m"], "? [m]\n: 1\nm: glm-4.7\n"),
    "string key of digits": ("1: a\n'1': old\n", ["1"], "1: a\n'1': glm-4.7\n"),
    "integer key": ("1: old\n'1': b\n", [1], "1: glm-4.7\n'1': b\n"),
    "key that YAML 1.1 calls a boolean": ("on: old\n", ["on"], "on: glm-4.7\n"),
    "own key beside a merge": (
        "a: &a {m: x}\nb:\n  <<: *a\n  m: old\n",
        ["b", "m"],
        "a: &a {m: x}\nb:\n  <<: *a\n  m: glm-4.7\n",
    ),
    "alias elsewhere": ("a: &a x\nb: *a\nm: old\n", ["m"], "a: &a x\nb: *a\nm: glm-4.7\n"),
    "anchor used twice over": (
        "a: &a x\nb: &a y\nm: old\n",
        ["m"],
        "a: &a x\nb: &a y\nm: glm-4.7\n",
    ),
    "anchor inside itself": ("a: &a [*a]\nm: old\n", ["m"], "a: &a [*a]\nm: glm-4.7\n"),
    "custom tag elsewhere": ("a: !env X\nm: old\n", ["m"], "a: !env X\nm: glm-4.7\n"),
    "duplicate key elsewhere": ("a: 1\na: 2\nm: old\n", ["m"], "a: 1\na: 2\nm: glm-4.7\n"),
    "block scalars around": (
        "a: |\n  m: x\nm: old\nb: >-\n  m: x\n",
        ["m"],
        "a: |\n  m: x\nm: glm-4.7\nb: >-\n  m: x\n",
    ),
    "CRLF": ("a: 1\r\nm: old\r\n", ["m"], "a: 1\r\nm: glm-4.7\r\n"),
    "mixed line ends": ("a: 1\r\nm: old\nb: 2\r\n", ["m"], "a: 1\r\nm: glm-4.7\nb: 2\r\n"),
    "BOM": ("\ufeffm: old\n", ["m"], "\ufeffm: glm-4.7\n"),
    "no newline at the end": ("a: 1\nm: old", ["m"], "a: 1\nm: glm-4.7"),
    "line separator in a string": ('a: "x\u2028y"\nm: old\n', ["m"], 'a: "x\u2028y"\nm: glm-4.7\n'),
    "astral characters before": ("a: '🙂é'\nm: old\n", ["m"], "a: '🙂é'\nm: glm-4.7\n"),
    "trailing spaces": ("m: old  \na:  \n", ["m"], "m: glm-4.7  \na:  \n"),
    "YAML 1.1 document": ("%YAML 1.1\n---\nm: old\n", ["m"], "%YAML 1.1\n---\nm: glm-4.7\n"),
}


@pytest.mark.parametrize(("before", "path", "after"), EDITS.values(), ids=EDITS)
def test_edit_touches_only_the_scalars_own_characters(
    before: str, path: list[str | int], after: str
) -> None:
    assert set_scalar(before, path, NEW) == after


@pytest.mark.parametrize(
    "value",
    [
        "zai/glm-4.7",
        "openrouter/z-ai/glm-4.7:free",
        "qwen3:480b",
        "gpt-4.1",
        "https://a.b/c#d",
        "v1.2.3",
        "o'x",
        "é",
        "日本",
    ],
)
def test_plain_value_that_reads_as_itself_stays_plain(value: str) -> None:
    assert set_scalar("m: old # c\n", ["m"], value) == f"m: {value} # c\n"


MISREAD = [
    *("yes", "No", "on", "OFF", "y", "n", "true", "null", "~", "<<", "=", "1:30", "2026-11-23"),
    *("4.7", "12", "0x1F", "0o17", "017", "1_000", "1e3", ".inf"),
    *("@x", "*x", "&x", "!x", "%x", "|x", ">x", "[x", "{x", "-x", "?x", "#x", "`x", ",x", "]x"),
    *("}x", ":x", "x:", "-", "?", "---"),
    *(" x", "x ", "a: b", "a: b: c", "a #b", "2026-11-23 10:00:00"),
]


@pytest.mark.parametrize("value", MISREAD)
def test_plain_value_gets_quotes_where_yaml_would_misread_it(value: str) -> None:
    assert set_scalar("m: old # c\n", ["m"], value) == f'm: "{value}" # c\n'


@pytest.mark.parametrize("value", ["a,b", "a[b", "a]b", "a{b", "a}b", "a?b"])
def test_plain_value_gets_quotes_only_inside_flow(value: str) -> None:
    assert set_scalar("k: [old]\n", ["k", 0], value) == f'k: ["{value}"]\n'
    assert set_scalar("k: old\n", ["k"], value) == f"k: {value}\n"


def test_value_is_escaped_in_double_quotes() -> None:
    assert set_scalar('m: "old"\n', ["m"], 'a\\n"b') == 'm: "a\\\\n\\"b"\n'


def test_value_is_escaped_in_single_quotes() -> None:
    assert set_scalar("m: 'old'\n", ["m"], "it's \\n") == "m: 'it''s \\n'\n"


@pytest.mark.parametrize("text", ["m: 4.7\n", "m: '4.7'\n", 'm: "\\x34.7"\n'])
def test_value_that_is_there_already_gives_the_identical_text(text: str) -> None:
    assert set_scalar(text, ["m"], "4.7") == text


SHARED = "&x is shared with its aliases; write it out in each place first"
MULTI_LINE = "this is a multi-line text; write it on one line first"
TEMPLATE = "a template fills in this value; edit its source"
NO_VALUE = "there is no value to replace; write the first by hand"
CONTAINER = "this is a list or mapping; let the path end at a value"
SEVERAL = "several documents of this file have this path; split the file"


def custom(tag: str) -> str:
    return f"the program that reads the file decides what {tag} means; edit it by hand"


def no_key(step: str) -> str:
    return f"there is no string key {step!r} here; check the path"


def no_index(step: int) -> str:
    return f"there is no list index or integer key {step!r} here; check the path"


REFUSALS = {
    "alias": ("a: &x old\nm: *x\n", ["m"], 1, SHARED),
    "path through an alias": ("a: &x {m: old}\nb: *x\n", ["b", "m"], 1, SHARED),
    "scalar used elsewhere": ("m: &x old\nb: *x\n", ["m"], 1, SHARED),
    "scalar used as a key": ("m: &x old\n*x : 1\n", ["m"], 1, SHARED),
    "ancestor used elsewhere": ("a: &x\n  m: old\nb: [*x]\n", ["a", "m"], 1, SHARED),
    "ancestor merged elsewhere": ("a: &x {m: old}\nb:\n  <<: *x\n", ["a", "m"], 1, SHARED),
    "inherited key": (
        "a: &x {m: old}\nb:\n  <<: *x\n  n: 1\n",
        ["b", "m"],
        3,
        "'m' is no key of its own beside the merge (<<); write it out here first",
    ),
    "duplicate key": (
        "m: old\nn: 1\n'm': old\n",
        ["m"],
        3,
        "the key 'm' occurs 2 times; remove all but one",
    ),
    "duplicate key above": (
        "a: {m: old}\na: {m: old}\n",
        ["a", "m"],
        2,
        "the key 'a' occurs 2 times; remove all but one",
    ),
    "missing key": ("a:\n  b: 1\n", ["a", "m"], 2, no_key("m")),
    "missing index": ("a: [1, 2]\n", ["a", 2], 1, no_index(2)),
    "negative index": ("a: [1, 2]\n", ["a", -2], 1, no_index(-2)),
    "index of a mapping": ("a: {'0': 1}\n", ["a", 0], 1, no_index(0)),
    "key of a list": ("a: [1]\n", ["a", "0"], 1, no_key("0")),
    "key of a scalar": ("a: 1\n", ["a", "m"], 1, no_key("m")),
    "string for an integer key": ("1: old\n", ["1"], 1, no_key("1")),
    "integer for a string key": ("'1': old\n", [1], 1, no_index(1)),
    "key split at a dot": ("gpt-4.1: old\n", ["gpt-4", "1"], 1, no_key("gpt-4")),
    "missing in every document": ("a: 1\n---\nb: 1\n", ["m"], 1, no_key("m")),
    "empty file": ("", ["m"], 1, "the file is empty; check the path"),
    "mapping": ("a:\n  m: old\n", ["a"], 2, CONTAINER),
    "list": ("m: [old]\n", ["m"], 1, CONTAINER),
    "several documents": ("m: a\n---\nm: b\n", ["m"], 3, SEVERAL),
    "custom tag": ("m: !env old\n", ["m"], 1, custom("!env")),
    "custom tag above": ("a: !if {m: old}\n", ["a", "m"], 1, custom("!if")),
    "tag of a language": (
        "m: !!python/name old\n",
        ["m"],
        1,
        custom("tag:yaml.org,2002:python/name"),
    ),
    "invalid YAML": (
        "a: 1\nm: old: x\n",
        ["m"],
        2,
        "this is not valid YAML (mapping values are not allowed here); "
        "repair it, or edit a template by hand",
    ),
    "tab behind a value": (
        "a: 1\nm: old\t# c\n",
        ["m"],
        2,
        "this is not valid YAML (found character '\\t' that cannot start any token); "
        "repair it, or edit a template by hand",
    ),
    "template around": (
        "a: 1\n{% if x %}\nm: old\n{% endif %}\n",
        ["m"],
        2,
        "this is not valid YAML (found character '%' that cannot start any token); "
        "repair it, or edit a template by hand",
    ),
    "control character": (
        "m: old\x07\n",
        ["m"],
        1,
        "this is not valid YAML "
        "(unacceptable character #x0007: special characters are not allowed); "
        "repair it, or edit a template by hand",
    ),
    "unknown YAML version": (
        "%YAML 1.9\n---\nm: old\n",
        ["m"],
        1,
        "this is not valid YAML (version minor part can only be 2 or 1, got (1, 9)); "
        "repair it, or edit a template by hand",
    ),
    "template as the value": ('m: "{{ model }}"\n', ["m"], 1, TEMPLATE),
    "expression as the value": ("m: ${{ vars.MODEL }}\n", ["m"], 1, TEMPLATE),
    "variable as the value": ("a: 1\nm: ${MODEL:-old}\n", ["m"], 2, TEMPLATE),
    "literal block": ("m: |\n  old\n", ["m"], 1, MULTI_LINE),
    "folded block": ("m: >-\n  old\n", ["m"], 1, MULTI_LINE),
    "empty block": ("m: | # c", ["m"], 1, MULTI_LINE),
    "plain text over lines": ("m: old\n  model\n", ["m"], 1, MULTI_LINE),
    "quoted text over lines": ('m: "old\n  model"\n', ["m"], 1, MULTI_LINE),
    "no value": ("m:\nb: 1\n", ["m"], 1, NO_VALUE),
    "no value behind a tag": ("m: !!str\nb: 1\n", ["m"], 1, NO_VALUE),
}


@pytest.mark.parametrize(("text", "path", "line", "reason"), REFUSALS.values(), ids=REFUSALS)
def test_refusal_says_what_where_and_what_to_do(
    text: str, path: list[str | int], line: int, reason: str
) -> None:
    message = f"{path}, line {line}: {reason}"
    with pytest.raises(PatchRefused) as setting:
        set_scalar(text, path, NEW)
    with pytest.raises(PatchRefused) as reading:
        get_scalar(text, path)
    assert (str(setting.value), str(reading.value)) == (message, message)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "a\nb: c",
        "a\rb",
        "a\tb",
        "a\x00",
        "a\x85b",
        "a\u2028b",
        "a\u202eb",
        "\ufeffa",
        "\ud800",
        "{{ a }}",
    ],
)
def test_value_that_is_not_one_line_of_plain_text_is_refused(value: str) -> None:
    with pytest.raises(PatchRefused) as refusal:
        set_scalar("a: 1\nm: old\n", ["m"], value)
    assert str(refusal.value) == (
        f"['m'], line 2: the new value {value!r} is not one line of plain text; "
        "check where it is from"
    )


def test_edit_that_would_not_read_as_the_string_is_refused() -> None:
    with pytest.raises(PatchRefused) as refusal:
        set_scalar("m: !!int 5\n", ["m"], NEW)
    assert str(refusal.value) == (
        "['m'], line 1: setting 'glm-4.7' would change other data too; edit this line by hand"
    )


def test_nesting_beyond_reason_is_refused() -> None:
    with pytest.raises(PatchRefused, match="maximum depth of data structure exceeded"):
        get_scalar("[" * 5000 + "]" * 5000, [0])


def test_refusal_is_an_error_the_user_can_fix() -> None:
    assert issubclass(PatchRefused, ModelIntelligenceError)


def test_current_value_comes_with_its_line() -> None:
    text = "a: 1\r\n# c\u2028\nm: &x\n  'it''s'\n"
    assert get_scalar(text, ["m"]) == Scalar("it's", 4)


def test_current_number_is_given_as_it_is_written() -> None:
    assert get_scalar("m: 4.70\n", ["m"]) == Scalar("4.70", 1)


SCALARS = [
    *("old", "https://a.b:8/c#d", "qwen3:480b", "4.7", "12", "~", "yes", "2026-11-23"),
    *("'old'", '"old"', "''", '""'),
    *("two words", '"a \\"b\\" \\x41"', "'it''s # no comment'", "!!str 12", "&x old", "&x 'old'"),
]
KEYS = ["model", "gpt-4.1", '"quoted: key"', "'it''s'", "7", '"7"', "naïve 🙂", "!!str 8", "&k key"]
COMMENTS = ["", " # model: 'old", "  # {é\N{NO-BREAK SPACE}🙂"]

Lines = list[str]


def in_flow(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    items = st.lists(inner, max_size=3)
    pairs = st.dictionaries(st.sampled_from(KEYS), inner, max_size=3)
    return items.map(lambda found: f"[{', '.join(found)}]") | pairs.map(
        lambda found: "{" + ",  ".join(f"{key}: {value}" for key, value in found.items()) + "}"
    )


def in_block(inner: st.SearchStrategy[str | Lines]) -> st.SearchStrategy[str | Lines]:
    entries = st.tuples(inner, st.sampled_from(COMMENTS))
    items = st.lists(entries, min_size=1, max_size=3)
    pairs = st.dictionaries(st.sampled_from(KEYS), entries, min_size=1, max_size=3)
    return items.map(lambda found: [line for entry in found for line in entered("-", *entry)]) | (
        pairs.map(
            lambda found: [
                line for key, entry in found.items() for line in entered(f"{key}:", *entry)
            ]
        )
    )


def entered(lead: str, content: str | Lines, comment: str) -> Lines:
    if isinstance(content, str):
        return [f"{lead} {content}{comment}"]
    return [f"{lead}{comment}", *(f"  {line}" for line in content)]


def joined(content: str | Lines, line_ends: list[str], start: str, has_final_end: bool) -> str:
    lines = [content] if isinstance(content, str) else content
    text = start + "".join(map("".join, zip(lines, itertools.cycle(line_ends), strict=False)))
    return text if has_final_end else text.rstrip("\r\n")


one_line = st.recursive(st.sampled_from(SCALARS), in_flow, max_leaves=5)
documents = st.builds(
    joined,
    st.recursive(one_line, in_block, max_leaves=6),
    st.lists(st.sampled_from(["\n", "\r\n"]), min_size=1, max_size=3),
    st.sampled_from(["", "\ufeff", "---\n", "# old\r\n\r\n"]),
    st.booleans(),
)
values = st.sampled_from(
    [
        *MISREAD,
        *("zai/glm-4.7", "openrouter/z-ai/glm-4.7:free", "qwen3:480b", "https://a.b/c?d=e#f"),
        *("a,b", "a]", "}", "\\", "\\n", "it's", "'", "''", "...", "%YAML", "é", "🙂"),
    ]
) | st.text(
    st.characters(exclude_categories=("C", "Z"), include_characters=" "), min_size=1, max_size=12
).filter(lambda value: not re.search(r"\{\{|\{%|<%|\$\{", value))


def load(text: str, version: str) -> object:
    yaml = YAML(typ="safe", pure=True)
    yaml.composer.warn_double_anchors = False
    content = text.removeprefix("\ufeff").removeprefix("---\n")
    return yaml.load(f"%YAML {version}\n---\n{content}")  # a bare `---` undoes yaml.version


def leaves(data: object, *path: str | int) -> Iterator[tuple[str | int, ...]]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, *path, key)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from leaves(value, *path, index)
    else:
        yield path


def replaced(data: object, path: tuple[str | int, ...], value: str) -> object:
    """A copy of the data with the value at the path."""
    if not path:
        return value
    changed = copy.copy(data)
    assert isinstance(changed, dict | list)
    changed[path[0]] = replaced(changed[path[0]], path[1:], value)  # type: ignore[index]
    return changed


@settings(deadline=None, max_examples=300)
@given(text=documents, value=values, choice=st.randoms(use_true_random=False))
def test_any_edit_changes_one_line_and_one_value_under_both_yaml_versions(
    text: str, value: str, choice: random.Random
) -> None:
    paths = list(leaves(load(text, "1.2")))
    assume(paths)
    path = choice.choice(paths)
    assume(get_scalar(text, path).value != value)

    edited = set_scalar(text, path, value)

    pairs = list(zip(text.split("\n"), edited.split("\n"), strict=True))
    assert sum(before != after for before, after in pairs) == 1
    for version in ("1.1", "1.2"):
        assert load(edited, version) == replaced(load(text, version), path, value)


@settings(deadline=None, max_examples=50)
@given(text=documents, choice=st.randoms(use_true_random=False))
def test_setting_the_current_value_gives_the_identical_text(
    text: str, choice: random.Random
) -> None:
    paths = list(leaves(load(text, "1.2")))
    assume(paths)
    path = choice.choice(paths)
    current = get_scalar(text, path).value
    assume(current)
    assert set_scalar(text, path, current) == text


def git_apply(path: str, before: str, diff: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(before.encode())
        subprocess.run(
            ["git", "apply", "--whitespace=nowarn", "-"],
            cwd=folder,
            input=diff.encode(),
            check=True,
            env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        )
        return file.read_bytes()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("a: 1\nm: old\n", "a: 1\nm: new\n", id="LF"),
        pytest.param("a: 1\r\nm: old\r\n", "a: 1\r\nm: new\r\n", id="CRLF"),
        pytest.param("a: 1\r\nm: old\nb: 1\r\n", "a: 1\r\nm: new\nb: 1\r\n", id="mixed"),
        pytest.param("a: 1\nm: old", "a: 1\nm: new", id="no newline at the end"),
        pytest.param("m: old\nb: 1", "m: new\nb: 1", id="no newline at the end of the context"),
        pytest.param("m: old", "m: old\n", id="newline added"),
        pytest.param("\ufeffm: old\n", "\ufeffm: new\n", id="BOM"),
        pytest.param("# \u2028\x85\x0c\nm: 'o\u2028'\n", "# \u2028\x85\x0c\nm: n\n", id="U+2028"),
        pytest.param("- a\n" * 5000 + "m: old\n", "- a\n" * 5000 + "m: new\n", id="long"),
    ],
)
def test_git_applies_the_diff_to_the_same_bytes(before: str, after: str) -> None:
    diff = unified_diff("config/models.yaml", before, after)
    assert git_apply("config/models.yaml", before, diff) == after.encode()


@pytest.mark.parametrize("path", ["models.yaml", "my config/models é.yaml", "a/b/c.yml"])
def test_git_finds_the_file_of_the_diff(path: str) -> None:
    assert git_apply(path, "m: old\n", unified_diff(path, "m: old\n", "m: new\n")) == b"m: new\n"


lines = st.text(st.sampled_from("ab-+@\\ \r\n\n\n\u2028\x85"), min_size=1, max_size=40)


@settings(deadline=None, max_examples=40)
@given(before=lines, after=lines)
def test_git_applies_any_diff(before: str, after: str) -> None:
    assume(before != after)
    assert git_apply("f", before, unified_diff("f", before, after)) == after.encode()


def test_diff_reads_as_git_writes_it() -> None:
    assert unified_diff("c/m.yaml", "a: 1\r\nm: old", "a: 1\r\nm: new") == (
        "--- a/c/m.yaml\n"
        "+++ b/c/m.yaml\n"
        "@@ -1,2 +1,2 @@\n"
        " a: 1\r\n"
        "-m: old\n"
        "\\ No newline at end of file\n"
        "+m: new\n"
        "\\ No newline at end of file\n"
    )


def test_diff_of_equal_texts_is_empty() -> None:
    assert unified_diff("m.yaml", "m: old", "m: old") == ""
