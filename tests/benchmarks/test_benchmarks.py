"""Every benchmark runs, agrees with its reference, and reads in a constant number of queries."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine

from model_intelligence import db
from tests.benchmarks import __main__ as program
from tests.benchmarks import market, one_by_one, recommending
from tests.benchmarks.benchmark import FreshDatabase, WrongAnswer
from tests.benchmarks.clock import slope
from tests.benchmarks.registry import BENCHMARKS
from tests.benchmarks.row import Row, machine, table
from tests.databases import create_database
from tests.model_intelligence.observe import statements


@pytest.fixture
def fresh_database(postgres: str, template: str) -> FreshDatabase:
    @contextmanager
    def fresh() -> Iterator[Engine]:
        name = f"test_{uuid.uuid4().hex}"
        url = create_database(postgres, name, template)
        with db.open_engine(url) as engine:
            yield engine

    return fresh


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_runs_and_agrees_with_its_reference(
    name: str, fresh_database: FreshDatabase
) -> None:
    rows = BENCHMARKS[name](fresh_database, True)
    assert rows
    assert all(row.name.split(":")[0] == name for row in rows)


def test_a_reference_that_disagrees_is_told(
    fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_by_one.Asking, "_may_propose", lambda _self, _judged: False)
    with pytest.raises(WrongAnswer, match=r"use case \d"):
        recommending.rows(fresh_database, True)


def queries(engine: Engine, models: int, use_cases: int) -> int:
    market.fill(engine, models, 50)
    asked = [*enumerate(market.currents(models, 50))][:use_cases]
    with statements(engine) as sent:
        decisions = recommending.decide_all(engine, asked)
    assert [len(each.assessment.candidates) for each in decisions] == [models - 1] * use_cases
    return len(sent)


def test_the_number_of_queries_depends_on_neither_models_nor_use_cases(
    fresh_database: FreshDatabase,
) -> None:
    sizes = [(120, 1), (120, 50), (240, 1)]
    counts = []
    for models, use_cases in sizes:
        with fresh_database() as engine:
            counts.append(queries(engine, models, use_cases))
    assert len(set(counts)) == 1
    assert counts[0] <= 8


def test_no_two_use_cases_of_the_market_ask_alike() -> None:
    policies = [
        market.policy_of(number).model_copy(update={"use_case": ""}) for number in range(50)
    ]
    shared = {"use_case", "paths", "role"}
    assert len({each.model_dump_json(exclude=shared) for each in policies}) == 50
    assert len(set(market.currents(3_000, 50))) == 50


def test_growth_is_the_exponent() -> None:
    assert slope([10, 20, 40], [3.0, 12.0, 48.0]) == pytest.approx(2)
    assert slope([10, 20, 40], [3.0, 6.0, 12.0]) == pytest.approx(1)


def test_a_missed_limit_is_told_and_ends_with_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missed = Row("slow", "9 s", "a fast one: 1 s", 9, 3)
    met = Row("fast", "1 s", "a slow one: 90 s", 90, 50, at_least=True)
    told = Row("told", "2 s", "1 s", 2, None)
    registered = {
        "slow": lambda _fresh, _small: [missed],
        "fast": lambda _fresh, _small: [met, told],
    }
    monkeypatch.setattr(program, "BENCHMARKS", registered)
    assert program.main([]) == 1
    first, _, *lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "| benchmark | figure | against          | ratio | limit | verdict |",
        "| --------- | ------ | ---------------- | ----- | ----- | ------- |",
        "| slow      | 9 s    | a fast one: 1 s  | 9     | ≤ 3   | MISSED  |",
        "| fast      | 1 s    | a slow one: 90 s | 90    | ≥ 50  | met     |",
        "| told      | 2 s    | 1 s              | 2     | none  | told    |",
    ]
    assert "PostgreSQL 1" in first
    assert program.main(["fast"]) == 0


def test_an_unknown_benchmark_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert program.main(["speed"]) == 2
    known = ", ".join(BENCHMARKS)
    assert capsys.readouterr().err == f"bench: no benchmark 'speed'; there are {known}\n"


def test_the_machine_is_named_in_one_line() -> None:
    line = machine("18.1")
    assert line.endswith("PostgreSQL 18.1")
    assert "core" in line
    assert "\n" not in line
    assert table([]).count("\n") == 1
