"""Commands that show the state of every use case, and check what a run needs."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import CONFIG, BotConfigDirectory, forge_of, top_folder
from model_intelligence.commands import exit_codes, shared
from model_intelligence.commands.shared import AsFormat, Format
from model_intelligence.commands.terminal import print_folded


def status(
    output_format: AsFormat = Format.TEXT,
    use_case: Annotated[str | None, typer.Option(help="Only this use case.")] = None,
    config: BotConfigDirectory = CONFIG,
) -> None:
    """Show the state of every use case, and why.

    Prints its model, state, deadline and pull request. Reads GitHub (or, without a token, the
    checkout) and the database; fetches no source and writes nothing.

    Example: DATABASE_URL=embedded: model-bot status
    """
    from bot import status as case_status
    from bot.apply import RunContext
    from bot.settings import from_environment
    from model_intelligence import db
    from model_intelligence.config import yaml_file
    from model_intelligence.config.bot_yaml import BotConfig

    settings = from_environment(
        os.environ, dry_run=True, use_case=use_case, config_directory=config
    )
    known = yaml_file.read(config / "bot.yaml", BotConfig)
    context = RunContext(known, forge_of(settings), datetime.now(UTC), lambda _: None, dry_run=True)
    with db.open_database(settings.database_url) as engine:
        decisions, items = case_status.read_status(engine, context)
    models = {name: found.assessment.current_spelling for name, found in decisions.items()}
    chosen = settings.chosen(models)
    items = [item for item in items if item.use_case in chosen]
    if output_format is Format.JSON:
        told = [case_status.as_json(decisions[item.use_case], item) for item in items]
        shared.print_json(use_cases=told)
        return
    print_folded(case_status.status_lines(decisions, items))


def doctor(output_format: AsFormat = Format.TEXT, config: BotConfigDirectory = CONFIG) -> None:
    """Check everything that a run needs, and print a fix for each problem.

    Checks configuration, token, permissions, clock, database and sources, and writes nothing:
    permissions are tested with requests that cannot succeed. Exits with 0 if a run can succeed,
    else with 1.

    Example: DATABASE_URL=embedded: model-bot doctor
    """
    from bot.setup.doctor import Patient, findings
    from bot.setup.doctor_finding import finding_lines, is_well

    top, now = top_folder(Path.cwd()), datetime.now(UTC)
    found = list(findings(Patient(top, config, dict(os.environ), now)))
    if output_format is Format.JSON:
        shared.print_json(ok=is_well(found), findings=[one.as_json() for one in found])
    else:
        print_folded(finding_lines(found))
    if not is_well(found):
        raise typer.Exit(exit_codes.FIXABLE)
