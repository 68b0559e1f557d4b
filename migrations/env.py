"""Runs the migrations on the connection that `model_intelligence.db.migrate` hands over."""

from alembic import context

from model_intelligence.db import database_url, open_engine
from model_intelligence.models import Base


def run() -> None:
    """Uses the caller's connection, or DATABASE_URL when started by the `alembic` command."""
    connection = context.config.attributes.get("connection")
    if connection is not None:
        context.configure(connection=connection, target_metadata=Base.metadata)
        context.run_migrations()
        return
    with open_engine(database_url()) as engine, engine.begin() as own:
        context.configure(connection=own, target_metadata=Base.metadata)
        context.run_migrations()


run()
