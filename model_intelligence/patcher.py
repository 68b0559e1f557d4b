"""Sets one scalar in somebody's YAML by replacing its own characters; all other text stays."""

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.tokens import ScalarToken

from model_intelligence.errors import ModelIntelligenceError

_CORE = "tag:yaml.org,2002:"
_STR = f"{_CORE}str"
_MERGE = f"{_CORE}merge"
_CORE_TAG = re.compile(rf"{_CORE}[a-z]+")
_MAX_DEPTH = 100  # the composer recurses: deeper nesting would end in a RecursionError
# Jinja and Helm, ERB, shell: whoever fills in the template decides what the value is.
_TEMPLATE = re.compile(r"\{\{|\{%|<%|\$\{")
# A colon or a hash only counts beside a blank: `qwen3:480b` and URLs stay as plain as they are.
_NEEDS_QUOTES = re.compile(r"^[-?:,\[\]{}#&*!|>'\"%@` ]|: |:$| #| $")
_NEEDS_QUOTES_IN_FLOW = re.compile(r"[,\[\]{}?]")  # YAML 1.1 ends a plain scalar at a `?` here

_Path = Sequence[str | int]
_Entry = tuple[str, str | int]


class PatchRefused(ModelIntelligenceError):
    """The text cannot be edited faithfully; the message gives path, line, reason and a way out."""

    def __init__(self, path: _Path, line: int, reason: str) -> None:
        super().__init__(f"{list(path)}, line {line}: {reason}")
        self.line, self.reason = line, reason


class _Missing(PatchRefused):
    """The path leads nowhere in this document, but may do so in another of the same text."""


@dataclass(frozen=True)
class Scalar:
    """A scalar's text, quotes and escapes undone but its type unresolved, and its 1-based line."""

    value: str
    line: int


@dataclass(frozen=True)
class Place:
    """Where a scalar stands: its path from the root, its text, its 1-based line and column."""

    path: tuple[str | int, ...]
    value: str
    line: int
    column: int


@dataclass(frozen=True)
class _Target:
    """The scalar at a path: where its own characters are, and the outline of the whole."""

    scalar: Scalar
    start: int
    end: int
    in_flow: bool
    position: int
    outline: list[_Entry]


def get_scalar(text: str, path: _Path) -> Scalar:
    """The current value at the path of keys and list indices, from the root; `gpt-4.1` is one key.

    A str is a key that YAML 1.2 reads as a string, an int one that it reads as an integer, or a
    list index. Raises PatchRefused wherever the value could not be edited faithfully.
    """
    return _locate(text, path).scalar


def set_scalar(text: str, path: _Path, value: str) -> str:
    """The text with the string `value` at the path (see get_scalar), in the present quote style.

    A plain value gets quotes if YAML 1.1 or 1.2 would read it as something else. A value that is
    there already gives the identical text. Raises PatchRefused.
    """
    before = _locate(text, path)
    if not value or not value.isprintable() or _TEMPLATE.search(value):
        reason = f"the new value {value!r} is not one line of plain text; check where it is from"
        raise PatchRefused(path, before.scalar.line, reason)
    if value == before.scalar.value:
        return text
    # Splicing the token's own characters was faithful for all of 2,297 real files that were tried,
    # a round-trip dump of ruamel.yaml for half of them: it moves comments, quotes and indentation.
    written = _written(value, text[before.start], before.in_flow)
    patched = text[: before.start] + written + text[before.end :]
    expected = before.outline.copy()
    expected[before.position] = (_STR, value)
    # The proof: read again, the data differ at this place and nowhere else.
    if _locate(patched, path).outline != expected:
        reason = f"setting {value!r} would change other data too; edit this line by hand"
        raise PatchRefused(path, before.scalar.line, reason)
    return patched


def scalars(text: str) -> list[Place]:
    """Every value of the text that is no key, with its path; PatchRefused for invalid YAML."""
    found: list[Place] = []
    for document in _compose(text, ()):
        ahead: list[tuple[tuple[str | int, ...], Node]] = [((), document)]
        seen: set[int] = set()
        while ahead:
            path, node = ahead.pop()
            if isinstance(node, ScalarNode):
                found.append(Place(path, node.value, _line(node), int(node.start_mark.column) + 1))
            elif id(node) not in seen:
                seen.add(id(node))
                ahead.extend(reversed([((*path, step), child) for step, child in _steps(node)]))
    return found


def _steps(node: Node) -> list[tuple[str | int, Node]]:
    if isinstance(node, SequenceNode):
        return list(enumerate(node.value))
    pairs = [(key, value) for key, value in node.value if isinstance(key, ScalarNode)]
    return [(int(k.value) if k.tag == f"{_CORE}int" else k.value, value) for k, value in pairs]


def unified_diff(path_in_repo: str, before: str, after: str) -> str:
    """A diff that `git apply` accepts, empty if nothing differs. As in git, only LF ends a line."""
    lines = difflib.unified_diff(
        _git_lines(before), _git_lines(after), f"a/{path_in_repo}", f"b/{path_in_repo}"
    )
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _git_lines(text: str) -> list[str]:
    # Not splitlines(), which also splits at a lone CR, a form feed or U+2028.
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _locate(text: str, path: _Path) -> _Target:
    documents = _compose(text, path)
    trail = _trail(documents, path)
    nodes = list(_walk(documents))
    # A node that occurs twice is anchored in one place and repeated by aliases in others: to change
    # it here would change it there.
    counts = Counter(map(id, nodes))
    for node in trail:
        _check_meaning(node, counts[id(node)] > 1, path)
    target = trail[-1]
    start, end = _extent(text, target, path)
    return _Target(
        scalar=Scalar(target.value, text.count("\n", 0, start) + 1),
        start=start,
        end=end,
        in_flow=any(isinstance(node, CollectionNode) and node.flow_style for node in trail),
        position=nodes.index(target),
        outline=_outline(nodes),
    )


def _compose(text: str, path: _Path) -> list[Node]:
    try:
        return list(_reader().compose_all(text))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = str(error.problem)
    except (YAMLError, AssertionError) as error:  # ruamel.yaml asserts that the version is known
        line, problem = 1, str(error).partition("\n")[0]
    reason = f"this is not valid YAML ({problem}); repair it, or edit a template by hand"
    raise PatchRefused(path, line, reason)


def _reader(version: tuple[int, int] | None = None) -> YAML:
    # The nodes of typ="rt" in two thirds of its time, and without its \a marks in folded texts.
    yaml = YAML(typ="safe", pure=True)
    yaml.version = version
    yaml.max_depth = _MAX_DEPTH
    yaml.composer.warn_double_anchors = False
    return yaml


def _trail(documents: list[Node], path: _Path) -> list[Node]:
    """The nodes from the root to the path's end, in the one document that has it."""
    trails: list[list[Node]] = []
    missing: list[_Missing] = []
    for document in documents:
        try:
            trails.append(list(_descend(document, path)))
        except _Missing as refusal:
            missing.append(refusal)
    if len(trails) > 1:
        reason = "several documents of this file have this path; split the file"
        raise PatchRefused(path, _line(trails[1][-1]), reason)
    if not trails:
        raise missing[0] if missing else _Missing(path, 1, "the file is empty; check the path")
    return trails[0]


def _descend(root: Node, path: _Path) -> Iterator[Node]:
    node = root
    yield node
    for step in path:
        matches = list(_children(node, step))
        if not matches:
            raise _absence(node, step, path)
        if len(matches) > 1:
            reason = f"the key {step!r} occurs {len(matches)} times; remove all but one"
            raise PatchRefused(path, _line(matches[1]), reason)
        node = matches[0]
        yield node


def _children(node: Node, step: str | int) -> Iterator[Node]:
    if isinstance(node, MappingNode):
        # The tag as well: `1` and `"1"` are two keys of one mapping.
        wanted = (_STR if isinstance(step, str) else f"{_CORE}int", str(step))
        yield from (value for key, value in node.value if (key.tag, key.value) == wanted)
    elif isinstance(node, SequenceNode) and isinstance(step, int):
        yield from node.value[step : step + 1] if step >= 0 else ()


def _absence(node: Node, step: str | int, path: _Path) -> PatchRefused:
    if isinstance(node, MappingNode) and any(key.tag == _MERGE for key, _ in node.value):
        reason = f"{step!r} is no key of its own beside the merge (<<); write it out here first"
        return PatchRefused(path, _line(node), reason)
    kind = "string key" if isinstance(step, str) else "list index or integer key"
    return _Missing(path, _line(node), f"there is no {kind} {step!r} here; check the path")


def _walk(documents: list[Node]) -> Iterator[Node]:
    """Every node in the order of the text. An alias repeats its node, without what is inside."""
    seen: set[int] = set()
    ahead = documents[::-1]
    while ahead:
        node = ahead.pop()
        yield node
        if id(node) not in seen:
            seen.add(id(node))
            ahead.extend(_parts(node)[::-1])


def _parts(node: Node) -> list[Node]:
    if isinstance(node, MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, SequenceNode) else []


def _outline(nodes: list[Node]) -> list[_Entry]:
    """What the data consist of: for each node its tag, and its text or size."""
    return [
        (str(node.tag), node.value if isinstance(node, ScalarNode) else len(node.value))
        for node in nodes
    ]


def _check_meaning(node: Node, is_shared: bool, path: _Path) -> None:
    if is_shared:
        reason = f"&{node.anchor} is shared with its aliases; write it out in each place first"
        raise PatchRefused(path, _line(node), reason)
    if not _CORE_TAG.fullmatch(str(node.tag)):
        reason = f"the program that reads the file decides what {node.tag} means; edit it by hand"
        raise PatchRefused(path, _line(node), reason)


def _extent(text: str, node: Node, path: _Path) -> tuple[int, int]:
    """Start and end of the scalar's own characters, without an anchor or tag before them."""
    line = _line(node)
    if not isinstance(node, ScalarNode):
        raise PatchRefused(path, line, "this is a list or mapping; let the path end at a value")
    # An anchor or a tag before the scalar is part of its node, so the tokens are scanned again. The
    # blank keeps the text away from column 0, where a scanner looks for directives and `---`.
    offset = node.start_mark.index - 1
    tokens = _reader().scan(f" {text[offset + 1 : node.end_mark.index]}")
    token = next((token for token in tokens if isinstance(token, ScalarToken)), None)
    if token is None:
        line = text[: offset + 1].rstrip().count("\n") + 1  # its mark is at what follows it
        raise PatchRefused(path, line, "there is no value to replace; write the first by hand")
    start, end = offset + token.start_mark.index, offset + token.end_mark.index
    if node.style in ("|", ">") or token.start_mark.line != token.end_mark.line:
        raise PatchRefused(path, line, "this is a multi-line text; write it on one line first")
    if _TEMPLATE.search(node.value):
        raise PatchRefused(path, line, "a template fills in this value; edit its source")
    return start, end


def _written(value: str, opening: str, in_flow: bool) -> str:
    if opening == "'":
        return "'" + value.replace("'", "''") + "'"
    if opening == '"' or not _reads_as_itself(value, in_flow):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return value


def _reads_as_itself(value: str, in_flow: bool) -> bool:
    if _NEEDS_QUOTES.search(value) or (in_flow and _NEEDS_QUOTES_IN_FLOW.search(value)):
        return False
    # `yes`, `1:30` or `0o7` are strings in one version of YAML and something else in the other, and
    # who reads the file is not known.
    readings = (_reader(version).compose(f"- {value}") for version in ((1, 1), (1, 2)))
    return all(node.value[0].tag == _STR for node in readings)


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
