"""Commands that set the bot up in a repository and check its configuration."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import CONFIG, ConfigDirectory


def init(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; print the files.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    bot: Annotated[
        str | None, typer.Option(help="The bot's own repository, owner/name, for the workflow.")
    ] = None,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Find the model names in this repository's YAML files and set the bot up for them.

    Writes config/bot.yaml and .github/workflows/models.yml; needs no token, database or network.

    Example: model-bot init --dry-run
    """
    from bot.init import bot_repository, initialise

    initialise(
        Path.cwd(),
        config,
        datetime.now(UTC),
        typer.echo,
        bot=bot or bot_repository(),
        force=force,
        dry_run=dry_run,
    )
