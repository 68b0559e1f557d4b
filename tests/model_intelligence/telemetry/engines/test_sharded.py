"""Three real servers, each with the calls of its models: every one folds its own, whole."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, make_url, text

from model_intelligence import db, embedded_postgres
from model_intelligence.models import LlmUsageEvent
from model_intelligence.telemetry.engines.fold_sql import FOLD, LOOK
from model_intelligence.telemetry.engines.postgres import TABLE, PostgresEvents
from model_intelligence.telemetry.engines.sharded import SPREAD
from tests.databases import create_database
from tests.model_intelligence.telemetry.engines.calls import DAY, SINCE, comparable, generated

CALLS = generated()
SERVERS = 3


@pytest.fixture(scope="module")
def coordinator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A database whose calls are foreign partitions by hash(model) on three servers."""
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("servers")
        urls = [
            stack.enter_context(
                embedded_postgres.running(Path(folder / str(number)), durable=False)
            )
            for number in range(SERVERS)
        ]
        own = stack.enter_context(db.open_database(create_database(urls[0], "own")))
        for url in urls:
            stack.enter_context(db.open_database(url)).dispose()
        connection = stack.enter_context(own.connect())
        spread(connection, urls)
        connection.execute(insert(LlmUsageEvent), CALLS)
        connection.commit()
        yield connection


def spread(connection: Connection, urls: list[str]) -> None:
    """Makes the table one whose partitions are the same table of other servers."""
    run = connection.exec_driver_sql
    run("CREATE EXTENSION postgres_fdw")
    run(f"ALTER TABLE {TABLE} RENAME TO flat")
    run(f"CREATE TABLE {TABLE} (LIKE flat INCLUDING DEFAULTS) PARTITION BY HASH (model)")
    for number, url in enumerate(urls):
        query = make_url(url).query
        run(
            f"CREATE SERVER shard_{number} FOREIGN DATA WRAPPER postgres_fdw OPTIONS "
            f"(host '{query['host']}', port '{query['port']}', dbname 'postgres')"
        )
        run(f"CREATE USER MAPPING FOR postgres SERVER shard_{number} OPTIONS (user 'postgres')")
        run(
            f"CREATE FOREIGN TABLE shard_{number} PARTITION OF {TABLE} FOR VALUES "
            f"WITH (MODULUS {SERVERS}, REMAINDER {number}) SERVER shard_{number} "
            f"OPTIONS (table_name '{TABLE}')"
        )


def plan(connection: Connection, statement: str, **settings: str) -> list[str]:
    """The lines of EXPLAIN (VERBOSE) under the engine's settings."""
    events = PostgresEvents(connection, {**SPREAD, **settings})
    return [row[0] for row in events.run(f"EXPLAIN (VERBOSE) {statement}", SINCE, SINCE + DAY)]


def remote(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines if "Remote SQL:" in line]


def test_every_aggregate_is_sent_whole_to_each_server(coordinator: Connection) -> None:
    lines = plan(coordinator, FOLD)
    sent = remote(lines)
    assert len(sent) == 4 * SERVERS  # the sums and three histograms
    assert all(" GROUP BY " in statement for statement in sent)
    assert all("count(*)" in statement and "created_at >= " in statement for statement in sent)
    for number in range(SERVERS):
        assert sum(f"Aggregate on (public.shard_{number}" in line for line in lines) == 4


def test_a_look_sends_counts_and_not_calls(coordinator: Connection) -> None:
    sent = remote(plan(coordinator, LOOK, enable_partitionwise_aggregate="on"))
    assert len(sent) == SERVERS


def test_without_the_setting_every_call_would_come_over_the_wire(coordinator: Connection) -> None:
    sent = remote(plan(coordinator, FOLD, enable_partitionwise_aggregate="off"))
    assert sent
    assert not any(" GROUP BY " in statement for statement in sent)


def test_the_servers_hold_different_models_and_together_all(coordinator: Connection) -> None:
    held: list[Any] = [
        set(coordinator.scalars(text(f"SELECT DISTINCT model FROM shard_{number}")))  # noqa: S608
        for number in range(SERVERS)
    ]
    assert sum(map(len, held)) == len(set.union(*held)) == 6
    assert sum(bool(models) for models in held) > 1


def test_the_groups_are_those_of_one_server(coordinator: Connection, engine: Engine) -> None:
    spread_out = comparable(PostgresEvents(coordinator, SPREAD).run(FOLD, SINCE, SINCE + 3 * DAY))
    with engine.begin() as connection:
        connection.execute(insert(LlmUsageEvent), CALLS)
        together = comparable(PostgresEvents(connection).run(FOLD, SINCE, SINCE + 3 * DAY))
    assert spread_out == together
