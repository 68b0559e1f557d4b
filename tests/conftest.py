"""A real PostgreSQL for every test that asks for one: a clone of a migrated template."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from model_intelligence import db, embedded_postgres
from tests.databases import create_database

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of this worker's own server, which is thrown away at the end."""
    directory = tmp_path_factory.mktemp("postgres") / "data"
    with embedded_postgres.running(directory, durable=False) as url:
        yield url


@pytest.fixture(scope="session")
def template(postgres: str) -> str:
    """The name of a migrated, empty database to clone."""
    url = create_database(postgres, "template_migrated")
    with db.open_engine(url) as engine:
        db.migrate(engine)
    return "template_migrated"


@pytest.fixture
def empty_database_url(postgres: str) -> str:
    """A database of the test's own without any table."""
    return create_database(postgres, f"test_{uuid.uuid4().hex}")


@pytest.fixture
def database_url(postgres: str, template: str) -> str:
    """A migrated database of the test's own."""
    return create_database(postgres, f"test_{uuid.uuid4().hex}", template)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a migrated database of the test's own."""
    with db.open_engine(database_url) as engine:
        yield engine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose work is rolled back unless the test commits it."""
    with Session(engine) as session:
        yield session
