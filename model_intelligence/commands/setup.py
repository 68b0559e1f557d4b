"""Commands for the database schema and the schema of bot.yaml."""

import json
from enum import StrEnum
from typing import Annotated

import typer


def migrate(
    to: Annotated[
        str, typer.Option(help="A revision, `head` or `base` (deletes all data).")
    ] = "head",
) -> None:
    """Create or change the tables; every other command does this automatically.

    Example: DATABASE_URL=postgresql://… model-intel migrate
    """
    from model_intelligence import db

    with db.open_engine(db.database_url()) as engine:
        db.migrate(engine, to)
    typer.echo(f"✓ The database is at {to}")


class SchemaFormat(StrEnum):
    """The format of the schema: for editors, or for people."""

    JSON = "json"
    MARKDOWN = "markdown"


def schema(
    output_format: Annotated[
        SchemaFormat, typer.Option("--format", help="json for editors, markdown for people.")
    ] = SchemaFormat.JSON,
) -> None:
    """Print the schema of bot.yaml: a JSON Schema, with which editors complete and validate it.

    Example: model-intel schema > config/bot.schema.json
    """
    from model_intelligence.config.bot_yaml import json_schema
    from model_intelligence.config.reference import reference

    if output_format is SchemaFormat.MARKDOWN:
        typer.echo(reference(json_schema()), nl=False)
    else:
        typer.echo(json.dumps(json_schema(), indent=2))
