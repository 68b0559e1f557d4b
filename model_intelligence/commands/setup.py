"""Commands about the database's tables and the configuration's shape."""

import json
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


def schema() -> None:
    """Print the JSON Schema of bot.yaml, by which editors complete and check it.

    Example: model-intel schema > config/bot.schema.json
    """
    from model_intelligence.policy import json_schema

    typer.echo(json.dumps(json_schema(), indent=2))
