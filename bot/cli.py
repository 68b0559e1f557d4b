"""`model-bot`: the scheduled job, and a demonstration of it, on the command line."""

import os
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands import setup, state
from bot.commands.shared import CONFIG, BotConfigDirectory, forge_of
from model_intelligence.commands import exit_codes, shared
from model_intelligence.commands.terminal import print_folded

app = typer.Typer(
    name="model-bot",
    help="Keeps the model names of a YAML file current, by draft pull request.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # boxes take longer to import than most commands to run
)


@app.callback()
def about() -> None:
    """Keeps the model names of a YAML file current, by draft pull request."""


# What job_summary.plan_text() prints of a use case: three columns, two blanks between them.
STATE = re.compile(r"[a-z ]+ {2,}\S+ {2,}\S.*")


def tell(line: str) -> None:
    """A line of a run. Only those on a use case's state are folded: others are to be copied."""
    if STATE.fullmatch(line):
        print_folded([line])
    else:
        typer.echo(line)


def main() -> None:
    """The entry point."""
    exit_codes.run(app)


def run(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; print what would be sent.")
    ] = False,
    use_case: Annotated[str | None, typer.Option(help="Only this use case.")] = None,
    config: BotConfigDirectory = CONFIG,
) -> None:
    """Ingest, recommend, and open or update one draft pull request per use case.

    Runs in a checkout of the repository, configured by GITHUB_TOKEN, GITHUB_REPOSITORY,
    GITHUB_API_URL, DATABASE_URL and config/bot.yaml.

    Example: DATABASE_URL=embedded: model-bot run --dry-run
    """
    from bot.run import run as run_job
    from bot.settings import from_environment

    settings = from_environment(
        os.environ, dry_run=dry_run, use_case=use_case, config_directory=config
    )
    run_job(settings, forge_of(settings), datetime.now(UTC), tell, time.sleep)


def demo(
    folder: Annotated[Path, typer.Option(help="Where the demonstration's files go.")] = Path(
        ".demo"
    ),
    config: BotConfigDirectory = CONFIG,
) -> None:
    """Run the job for real on this repository's config, into a scratch git repository."""
    from bot.demo import demonstrate

    demonstrate(folder.resolve(), config, datetime.now(UTC), tell)


def body(
    recommendation_id: Annotated[int, typer.Argument(metavar="ID", help="As its body names it.")],
    config: BotConfigDirectory = CONFIG,
) -> None:
    """Write a pull request's text again, from what is stored with the recommendation alone.

    A recommendation that was never proposed in a pull request is written for its file as it is now.

    Example: model-bot body 12
    """
    from bot.pull_request.body import write_body
    from bot.pull_request.change import Setting, change_of
    from model_intelligence import db, recommendations
    from model_intelligence.config.models_yaml import read_text

    with db.open_database() as engine, db.transaction(engine) as session:
        item = recommendations.get(session, recommendation_id)
    if item.setting is not None:
        setting = Setting.read(item.setting)
    else:
        settings = shared.bot_config(config)
        text = read_text(Path(settings.file_of(item.use_case)))
        setting = Setting(change_of(item, settings, text).shown)
    typer.echo(write_body(item, setting), nl=False)


shared.add(app, (run, demo, body, setup.init, setup.check, state.doctor, state.status))
