"""What a body says can be looked up, and stays as it was said."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from bot import cli
from model_intelligence.db import transaction
from model_intelligence.ledger.record_lookup import RECORDS, Record, record
from tests.bot.conftest import NOW, Run
from tests.bot.test_run_telemetry import NEW, OLD, traffic
from tests.fake_github import FakeGitHub
from tests.model_intelligence.test_runtime_stats import record as store

NAMED = re.compile(rf"\b({'|'.join(RECORDS)}):(\d+)")
OPINION = """
INSERT INTO model_sentiment_signals
    (model_id, sentiment, source, source_url, snippet, observed_at, author)
VALUES ('glm-5', 'positive', 'hn', 'https://news.example/1', 'It fixed our parser.', %s, 'ann')
"""


def bodies(hub: FakeGitHub) -> dict[int, str]:
    return {pull.number: pull.body or "" for pull in hub.state.pulls()}


def rows_with(body: str, kind: str) -> Iterator[tuple[list[str], list[int]]]:
    """The cells of each table row that names records of that kind, and their ids."""
    for line in body.splitlines():
        ids = [int(each) for found, each in NAMED.findall(line) if found == kind]
        if line.startswith("| ") and ids:
            yield line.strip("| ").split(" | "), ids


@pytest.fixture
def written(job: Run, hub: FakeGitHub, engine: Engine) -> dict[int, str]:
    """The bodies of a whole run on real lists, telemetry and an opinion."""
    store(engine, *traffic(OLD, 60, 40), *traffic(NEW, 15, 20))
    job()
    with engine.begin() as connection:
        connection.exec_driver_sql(OPINION, (NOW,))
    job()
    return bodies(hub)


def test_every_record_that_a_body_names_is_there(written: dict[int, str], engine: Engine) -> None:
    named = Counter(found for body in written.values() for found in NAMED.findall(body))
    with transaction(engine) as session:
        for kind, number in named:
            assert record(session, kind, int(number)).id == int(number)
    kinds = Counter(kind for kind, _ in named)
    assert kinds.keys() >= {"price", "benchmark", "runtime", "fact", "lifecycle", "sentiment"}
    assert len(named) >= 35, named


def test_a_figure_beside_a_record_is_the_records(written: dict[int, str], engine: Engine) -> None:
    compared = 0
    with transaction(engine) as session:
        for body in written.values():
            for cells, ids in rows_with(body, "price"):
                if len(ids) == 1 and len(cells) == 8:
                    compared += _is_price(cells, record(session, "price", ids[0]))
            for cells, ids in rows_with(body, "benchmark"):
                if len(ids) == 2:
                    scores = [record(session, "benchmark", each).columns["score"] for each in ids]
                    assert [f"{score:.2f}" for score in scores] == cells[1:3]
                    compared += 1
    assert compared >= 12


def _is_price(cells: list[str], found: Record) -> bool:
    asked = [found.columns[f"{kind}_per_1k"] * 1000 for kind in ("input", "output")]
    shown = [Decimal(cell.replace("$", "").replace(",", "")) for cell in cells[2:4]]
    assert [abs(a - b) < Decimal("0.006") for a, b in zip(asked, shown, strict=True)] == [True] * 2
    assert found.columns["source"] in cells[6]
    return True


def test_a_body_is_written_again_byte_for_byte_after_everything_has_changed(
    written: dict[int, str],
    job: Run,
    hub: FakeGitHub,
    engine: Engine,
    config: Path,
) -> None:
    with transaction(engine) as session:
        changed = (
            "INSERT INTO model_pricing (model_id, provider, provider_model_id, input_per_1k, "
            "output_per_1k, currency, effective_at, observed_at, source, revision, tiers) "
            "SELECT DISTINCT ON (model_id, provider, source, currency) model_id, provider, "
            "provider_model_id, input_per_1k * 3, output_per_1k * 3, currency, effective_at, "
            "observed_at + interval '1 day', source, revision + 1, tiers FROM model_pricing "
            "ORDER BY model_id, provider, source, currency, revision DESC"
        )
        connection = session.connection()
        connection.exec_driver_sql(changed)
        connection.exec_driver_sql("UPDATE models_catalog SET display_name = 'Another name'")
    settings = (config / "bot.yaml").read_text()
    (config / "bot.yaml").write_text(settings.replace("role: builder", "role: builders"))
    models = hub.read("config/models.yaml")
    hub.person_pushes("main", {"config/models.yaml": "# Another line.\n" + models}, login="maria")
    job(now=NOW + timedelta(days=40))
    assert bodies(hub) != written
    here = {"DATABASE_URL": engine.url.render_as_string(hide_password=False)}
    for body in written.values():
        number = re.search(r"`model-bot body (\d+)`", body)
        assert number
        done = CliRunner(env=here).invoke(cli.app, ["body", number[1]])
        assert done.output == body
