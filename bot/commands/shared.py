"""What the commands have in common: options."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

CONFIG = Path("config")
ConfigDirectory = Annotated[Path, typer.Option("--config", help="The directory of bot.yaml.")]


class Format(StrEnum):
    """How something is written: for people or for programs."""

    TEXT = "text"
    JSON = "json"


AsFormat = Annotated[Format, typer.Option("--format", help="text or json.")]


def top_folder(directory: Path) -> Path:
    """The top folder of the git repository around a directory; itself where there is none."""
    from bot.git import Git, GitError

    try:
        return Path(Git(directory).run("rev-parse", "--show-toplevel"))
    except GitError:
        return directory
