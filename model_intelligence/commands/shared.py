"""What several commands need: options, files, and the time."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from model_intelligence.errors import UsageError

if TYPE_CHECKING:
    from model_intelligence.config.bot_yaml import BotConfig

CONFIG = Path("config")
SHAPE_VERSION = 1  # of the JSON output: raised when a field is removed or changes
ConfigDirectory = Annotated[
    Path, typer.Option("--config", help="The directory of models.yaml, bot.yaml and the others.")
]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        "--as-of",
        metavar="TIME",
        formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"],
        help="Use only what had been observed by this time, e.g. 2026-11-23 or "
        "2026-11-23T06:00:00+01:00; UTC if it has no offset.",
    ),
]
WindowDays = Annotated[int, typer.Option(min=1, max=3660, help="Days, today included.")]


class Format(StrEnum):
    """The output format."""

    TEXT = "text"
    JSON = "json"


AsFormat = Annotated[
    Format, typer.Option("--format", help="text, or json as documented in docs/command-line.md.")
]


def add(app: typer.Typer, commands: Iterable[Callable[..., None]]) -> None:
    """Registers functions as commands, with the first docstring line as the summary."""
    for command in commands:
        # Without a short help Typer cuts the line to 45 characters.
        first_line = (command.__doc__ or "").partition("\n")[0]
        app.command(short_help=first_line)(command)


def json_text(**fields: Any) -> str:
    """The fields as JSON, with the version of the format."""
    return json.dumps({"version": SHAPE_VERSION, **fields}, indent=2, ensure_ascii=False)


def print_json(**fields: Any) -> None:
    """The same to standard output."""
    typer.echo(json_text(**fields))


def print_lines(lines: Iterable[str]) -> None:
    """Each line to standard output."""
    for line in lines:
        typer.echo(line)


def write(path: Path, text: str) -> None:
    """Writes a file; UsageError where that is not possible."""
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written: {error.strerror}; name another path"
        ) from error


def read_bytes(path: Path) -> bytes:
    """A file's content; UsageError where that is not possible."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}; name another path") from error


def now() -> datetime:
    """The time, aware UTC."""
    return datetime.now(UTC)


def moment(as_of: datetime | None) -> datetime | None:
    """The option as an aware time; a time without an offset is UTC."""
    return as_of.replace(tzinfo=UTC) if as_of is not None and as_of.tzinfo is None else as_of


def bot_config(directory: Path) -> "BotConfig":
    """bot.yaml of that directory; ConfigError says what is wrong with it."""
    from model_intelligence.config import yaml_file
    from model_intelligence.config.bot_yaml import BotConfig

    return yaml_file.read(directory / "bot.yaml", BotConfig)


def current_models(config: "BotConfig") -> dict[str, str]:
    """use case -> the model that its YAML file names today."""
    from model_intelligence.config.models_yaml import current_models as find
    from model_intelligence.config.models_yaml import read_files

    return find(read_files(config), config)
