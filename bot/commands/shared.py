"""What several commands need: options, and the forge."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.forge.port import Forge
    from bot.settings import Settings

CONFIG = Path("config")
BotConfigDirectory = Annotated[Path, typer.Option("--config", help="The directory of bot.yaml.")]


def top_folder(directory: Path) -> Path:
    """The top folder of the git repository around a directory; itself where there is none."""
    from bot.forge.git import Git, GitError

    try:
        return Path(Git(directory).run("rev-parse", "--show-toplevel"))
    except GitError:
        return directory


def forge_of(settings: "Settings") -> "Forge":
    """GitHub where there is a token; without one (a dry run) the checkout itself is read."""
    if settings.repository and (settings.token or settings.app_id):
        from bot.forge.github import connect

        return connect(settings)
    from bot.forge.git import Git
    from bot.forge.local import LocalForge

    return LocalForge(Git(Path.cwd()))
