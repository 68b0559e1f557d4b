"""PostgreSQL: the address, the engine, transactions and migrations."""

import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine, insert, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from model_intelligence import embedded_postgres
from model_intelligence.errors import ModelIntelligenceError, UsageError

EXAMPLE_URLS = "DATABASE_URL=postgresql://user:password@host:5432/name or DATABASE_URL=embedded:"
MIGRATION_LOCK = 0x6D6F64656C  # any numbers that only this project uses
WRITING_LOCK = MIGRATION_LOCK + 1


def database_url(environment: Mapping[str, str] = os.environ) -> str:
    """The explicit DATABASE_URL; raises UsageError with one line that says what to set."""
    url = environment.get("DATABASE_URL", "").strip()
    if not url:
        raise UsageError(f"DATABASE_URL is not set; set {EXAMPLE_URLS}")
    scheme = url.partition(":")[0].partition("+")[0].lower()
    if scheme == "sqlite":
        raise UsageError(
            "DATABASE_URL names SQLite, which has no exact NUMERIC, no time zones and no "
            f"percentile_cont; set {EXAMPLE_URLS}"
        )
    if scheme not in {"postgresql", "postgres", "embedded"}:
        raise UsageError(f"DATABASE_URL is not a PostgreSQL address; set {EXAMPLE_URLS}")
    return url


def embedded_directory(url: str, environment: Mapping[str, str] = os.environ) -> Path:
    """Where `embedded:` keeps its data: the directory after the colon, or the user's data home."""
    named = url.partition(":")[2].removeprefix("//")
    if named:
        return Path(named).expanduser().resolve()
    home = environment.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(home).expanduser() / "model-bot" / "postgres"


def engine_for(url: str) -> Engine:
    """An engine for a PostgreSQL URL, with psycopg2 named: a bare one would mean psycopg 3."""
    try:
        address = make_url(url.replace("postgres://", "postgresql://", 1))
    except ArgumentError as error:
        raise UsageError(f"DATABASE_URL cannot be read; set {EXAMPLE_URLS}") from error
    # A connection is idle while sources are read, and a server or a pooler may close it meanwhile.
    return create_engine(address.set(drivername="postgresql+psycopg2"), pool_pre_ping=True)


@contextmanager
def open_engine(url: str) -> Iterator[Engine]:
    """The engine of a DATABASE_URL; an embedded server runs for as long as the block does."""
    if url.startswith("embedded:"):
        with (
            embedded_postgres.running(embedded_directory(url)) as server_url,
            open_engine(server_url) as engine,
        ):
            yield engine
        return
    engine = engine_for(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def open_database(url: str | None = None) -> Iterator[Engine]:
    """The migrated database of `url`, or of DATABASE_URL: what every command works on."""
    with open_engine(url or database_url()) as engine:
        migrate(engine)
        yield engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session whose block is one transaction: committed whole, or not at all."""
    try:
        # Rows are used after the block, when their session can no longer load them again.
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
    except DataError as error:
        raise ModelIntelligenceError(f"the database refused a value: {_reason(error)}") from error


def take_turns(session: Session) -> None:
    """Makes this transaction wait for others that said the same; released at its end."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITING_LOCK})


# COPY's text format separates columns by tabs and rows by line breaks.
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def add_rows(
    session: Session, table: type[DeclarativeBase], rows: Sequence[Mapping[str, object]]
) -> None:
    """Adds rows that have the same keys; a default of the server is for keys that all leave out.

    Without the option, each run of rows whose NULLs stand alike would be a statement of its own.
    """
    if rows:
        session.execute(insert(table), rows, execution_options={"render_nulls": True})


def copy_rows(
    session: Session, table: str, columns: Iterable[str], rows: Iterable[Iterable[object]]
) -> None:
    """Adds rows by COPY; None is NULL, an array stands in PostgreSQL's own form."""
    text_of = (
        "\t".join(r"\N" if value is None else str(value).translate(_ESCAPES) for value in row)
        for row in rows
    )
    lines = io.StringIO("".join(f"{line}\n" for line in text_of))
    with closing(session.connection().connection.cursor()) as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", lines)


def _reason(error: DBAPIError) -> str:
    # Only the first line: the others repeat the statement, with values that a source chose.
    return str(error.orig).strip().splitlines()[0]


@contextmanager
def get_model_intelligence_session() -> Iterator[Session]:
    """A session on DATABASE_URL, committed at the end of the block, rolled back on an error."""
    with open_database() as engine, Session(engine) as session:
        yield session
        session.commit()


def migrations_directory() -> Path:
    """Inside the package once installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def alembic_config() -> Config:
    """Alembic's settings without a file, so that an installed wheel migrates as a checkout does."""
    config = Config()
    # Alembic's configuration is a ConfigParser, in which `%` starts an interpolation.
    config.set_main_option("script_location", str(migrations_directory()).replace("%", "%%"))
    return config


def revisions(engine: Engine) -> tuple[str | None, str | None]:
    """The schema's revision (None: no schema yet), and the newest that this program has.

    ModelIntelligenceError when the server cannot be reached.
    """
    wanted = ScriptDirectory.from_config(alembic_config()).get_current_head()
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision(), wanted
    except OperationalError as error:
        raise ModelIntelligenceError(f"PostgreSQL cannot be reached: {_reason(error)}") from error


def migrate(engine: Engine, revision: str = "head") -> None:
    """Brings the schema to `revision` ("head", "base" or an id); processes at once take turns.

    ModelIntelligenceError when the server cannot be reached, UsageError for an unknown revision.
    """
    config = alembic_config()
    heads = set(ScriptDirectory.from_config(config).get_heads())
    try:
        with engine.begin() as connection:
            # Looked at before the lock is taken: most runs find the schema up to date and need not
            # wait.
            at = set(MigrationContext.configure(connection).get_current_heads())
            if revision == "head" and at == heads:
                return
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            config.attributes["connection"] = connection
            (command.downgrade if revision == "base" else command.upgrade)(config, revision)
    except OperationalError as error:
        raise ModelIntelligenceError(
            f"cannot use the database of DATABASE_URL: {_reason(error)}; check host, name and "
            "password"
        ) from error
    except CommandError as error:
        raise UsageError(f"cannot migrate to {revision!r}: {error}") from error
