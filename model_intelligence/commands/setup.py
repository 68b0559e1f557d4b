"""Commands about the database's tables and the configuration's shape."""

import json
from enum import StrEnum
from typing import Annotated

import typer


def migrate(
    to: Annotated[
        str, typer.Option(help="A revision, `head` or `base` (drops everything).")
    ] = "head",
) -> None:
    """Create or change the tables; every other command does this by itself.

    Example: DATABASE_URL=postgresql://… model-intel migrate
    """
    from model_intelligence import db

    with db.open_engine(db.database_url()) as engine:
        db.migrate(engine, to)
    typer.echo(f"✓ The database is at {to}")


class SchemaFormat(StrEnum):
    """How the shape of bot.yaml is written: for editors, or for people."""

    JSON = "json"
    MARKDOWN = "markdown"


def schema(
    output_format: Annotated[
        SchemaFormat, typer.Option("--format", help="json for editors, markdown for people.")
    ] = SchemaFormat.JSON,
) -> None:
    """Print the shape of bot.yaml: a JSON Schema, by which editors complete and check it.

    Example: model-intel schema > config/bot.schema.json
    """
    from model_intelligence.config.bot_yaml import json_schema
    from model_intelligence.config.reference import reference

    if output_format is SchemaFormat.MARKDOWN:
        typer.echo(reference(json_schema()), nl=False)
    else:
        typer.echo(json.dumps(json_schema(), indent=2))
