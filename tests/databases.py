"""Databases for tests and benchmarks, on a server that runs already."""

from sqlalchemy import NullPool, create_engine
from sqlalchemy.engine import make_url


def create_database(url: str, name: str, template: str | None = None) -> str:
    """Makes a database on the server of `url`, a copy of `template` if named; returns its URL."""
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    quote = engine.dialect.identifier_preparer.quote_identifier
    with engine.connect() as connection:
        connection.exec_driver_sql(
            f"CREATE DATABASE {quote(name)} TEMPLATE {quote(template or 'template1')} "
            "STRATEGY file_copy"
        )
    return make_url(url).set(database=name).render_as_string(hide_password=False)
