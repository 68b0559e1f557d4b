"""The user's YAML files as validated values; errors name the file, line and key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from model_intelligence.errors import ModelIntelligenceError

_MAX_DEPTH = 100  # the composer recurses: deeper nesting would end in a RecursionError
UNKNOWN_KEY = "unknown key"
_Checked = TypeVar("_Checked", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in a file: its 1-based place, the key, what is wrong, and what to do."""

    file: str
    line: int | None
    column: int | None
    keys: tuple[str | int, ...]
    message: str
    advice: str = ""

    def __str__(self) -> str:
        """One line of an error message."""
        line = f":{self.line}" if self.line else ""
        key = f"{'.'.join(map(str, self.keys))}: " if self.keys else ""
        advice = f"; {self.advice}" if self.advice else ""
        return f"{self.file}{line}: {key}{self.message}{advice}"


class ConfigError(ModelIntelligenceError):
    """A configuration file that cannot be used; the message has one line per problem.

    `faults` are the problems that have a place in the file.
    """

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)

    @classmethod
    def of(cls, faults: Sequence[Fault]) -> "ConfigError":
        """One line per fault."""
        return cls("\n".join(map(str, faults)), faults)


def read(path: Path, shape: type[_Checked], *, name: str | None = None) -> _Checked:
    """The file as a validated value; raises ConfigError. Messages call the file `name`."""
    shown = name or str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(f"{shown}: no such file; create it, or run this where it is") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{shown}: cannot be read as UTF-8 text: {error}") from error
    return parse(text, shape, name=shown)


def edition(path: Path) -> str | None:
    """The SHA-256 of a file's content, which identifies its version; None without the file."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def parse(text: str, shape: type[_Checked], *, name: str) -> _Checked:
    """YAML text as a validated value; raises ConfigError that names file, line and key."""
    data = parse_yaml(text, name=name)
    if not isinstance(data, Mapping):
        message, advice = "expected a mapping", "write `key: value` lines"
        raise ConfigError.of([Fault(name, 1, 1, (), message, advice)])
    try:
        return shape.model_validate(data)
    except ValidationError as error:
        found = [_fault(name, data, dict(problem)) for problem in error.errors()]
        raise ConfigError.of(list(dict.fromkeys(found))) from error


def parse_yaml(text: str, *, name: str) -> object:
    """YAML text as data with line numbers; raises ConfigError."""
    yaml = YAML(typ="rt", pure=True)
    yaml.max_depth = _MAX_DEPTH
    try:
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        problem = str(error.problem).strip().splitlines()[0]
        fault = Fault(name, line, column, (), f"not valid YAML: {problem}")
        raise ConfigError.of([fault]) from error
    except (YAMLError, ValueError) as error:
        raise ConfigError.of([Fault(name, None, None, (), f"not valid YAML: {error}")]) from error


def place_of(data: object, keys: Sequence[str | int]) -> tuple[int, int]:
    """The 1-based line and column at which the deepest of `keys` that exists begins."""
    line, column = 1, 1
    for key in keys:
        position = getattr(data, "lc", None)
        if position is None or not isinstance(data, (Mapping, Sequence)):
            break
        try:
            where = position.item(key) if isinstance(key, int) else position.key(key)
            line, column = where[0] + 1, where[1] + 1
            data = data[key]  # type: ignore[index]  # either kind
        except (KeyError, IndexError, TypeError):
            break
    return line, column


def _fault(name: str, data: object, problem: dict[str, Any]) -> Fault:
    # Pydantic writes "[key]" behind a key that is invalid itself.
    keys = tuple(key for key in problem["loc"] if key != "[key]")
    advice = "remove it, or check its spelling" if problem["type"] == "extra_forbidden" else ""
    what = UNKNOWN_KEY if advice else problem["msg"][:1].lower() + problem["msg"][1:]
    return Fault(name, *place_of(data, keys), keys or ("the file",), what, advice)
