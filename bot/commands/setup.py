"""Commands that set the bot up in a repository and check its configuration."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import CONFIG, BotConfigDirectory, top_folder
from model_intelligence.commands import exit_codes, shared
from model_intelligence.commands.shared import AsFormat, Format


def init(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; print the files.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace existing files.")] = False,
    bot: Annotated[
        str | None, typer.Option(help="The bot's own repository, owner/name, for the workflow.")
    ] = None,
    config: BotConfigDirectory = CONFIG,
) -> None:
    """Find the model names in this repository's YAML files and set the bot up for them.

    Writes config/bot.yaml and .github/workflows/models.yml; needs no token, database or network.

    Example: model-bot init --dry-run
    """
    from bot.setup.init import bot_repository, initialise

    initialise(
        Path.cwd(),
        config,
        datetime.now(UTC),
        typer.echo,
        bot=bot or bot_repository(),
        force=force,
        dry_run=dry_run,
    )


def check(output_format: AsFormat = Format.TEXT, config: BotConfigDirectory = CONFIG) -> None:
    """Find mistakes in bot.yaml and the files it names, with line numbers and suggestions.

    Needs no token, database or network, so it can run before every commit. Exits with 0 if a run
    would accept the configuration, else with 1.

    Example: model-bot check --format json
    """
    from bot.setup import check as checking
    from model_intelligence.config.yaml_file import ConfigError
    from model_intelligence.evidence.offline_catalog import offline_catalog

    top, now = top_folder(Path.cwd()), datetime.now(UTC)
    try:
        catalog = offline_catalog(top / config, now)
    except ConfigError:  # reported below, with the rest
        catalog = offline_catalog(top, now)
    report = checking.check(top, config, catalog)
    if output_format is Format.JSON:
        problems = [problem.as_json() for problem in report.problems]
        counts = {"use_cases": report.use_cases, "files": report.files}
        shared.print_json(ok=report.is_clean, **counts, problems=problems)
    else:
        for line in checking.report_lines(report):
            typer.echo(line)
    if not report.is_clean:
        raise typer.Exit(exit_codes.FIXABLE)
