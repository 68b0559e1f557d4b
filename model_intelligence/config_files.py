"""The user's YAML files as checked values; what is wrong is told by file, line and key."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from model_intelligence.errors import ModelIntelligenceError

_MAX_DEPTH = 100  # the composer recurses: deeper nesting would end in a RecursionError
Checked = TypeVar("Checked", bound=BaseModel)


class ConfigError(ModelIntelligenceError):
    """A configuration file that cannot be used; the message has one line per problem."""


def read(path: Path, shape: type[Checked], *, name: str | None = None) -> Checked:
    """The file as a checked value; raises ConfigError. `name` is what messages call the file."""
    shown = name or str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(f"{shown}: no such file; run this where it is, or create it") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{shown}: cannot be read as UTF-8 text: {error}") from error
    return parse(text, shape, name=shown)


def edition(path: Path) -> str | None:
    """The SHA-256 of a file's content, by which a version of it is known; None without the file."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def parse(text: str, shape: type[Checked], *, name: str) -> Checked:
    """YAML text as a checked value; raises ConfigError that names file, line and key."""
    data = parse_yaml(text, name=name)
    if not isinstance(data, Mapping):
        raise ConfigError(f"{name}:1: a mapping of keys is expected here; write `key: value` lines")
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        problems = [_sentence(name, data, dict(problem)) for problem in error.errors()]
        raise ConfigError("\n".join(dict.fromkeys(problems))) from error


def parse_yaml(text: str, *, name: str) -> object:
    """YAML text as plain data that remembers its lines; raises ConfigError."""
    yaml = YAML(typ="rt", pure=True)
    yaml.max_depth = _MAX_DEPTH
    try:
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        problem = str(error.problem).strip().splitlines()[0]
        raise ConfigError(f"{name}{line}: not valid YAML: {problem}") from error
    except (YAMLError, ValueError) as error:
        raise ConfigError(f"{name}: not valid YAML: {error}") from error


def line_of(data: object, keys: Sequence[str | int]) -> int:
    """The 1-based line on which the deepest of `keys` that exists begins."""
    line = 1
    for key in keys:
        position = getattr(data, "lc", None)
        if position is None or not isinstance(data, (Mapping, Sequence)):
            break
        try:
            where = position.item(key) if isinstance(key, int) else position.key(key)
            line, data = where[0] + 1, data[key]  # type: ignore[index]  # either kind
        except (KeyError, IndexError, TypeError):
            break
    return line


def _sentence(name: str, data: object, problem: dict[str, Any]) -> str:
    keys = [key for key in problem["loc"] if key != "[key]"]
    advice = "remove it, or check its spelling" if problem["type"] == "extra_forbidden" else ""
    what = "unknown key" if advice else problem["msg"][:1].lower() + problem["msg"][1:]
    where = ".".join(map(str, keys)) or "the file"
    return f"{name}:{line_of(data, keys)}: {where}: {what}{'; ' + advice if advice else ''}"
