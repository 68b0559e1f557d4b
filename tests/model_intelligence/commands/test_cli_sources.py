"""`model-intel ingest-sources` and `model-intel sources` as people use them."""

import gzip
import os
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from model_intelligence.cli import app
from model_intelligence.errors import ModelIntelligenceError
from tests.conftest import ROOT
from tests.model_intelligence.observe import rows
from tests.model_intelligence.sources.data import FIXTURES

MODELS_DEV = FIXTURES / "models_dev.json"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").symlink_to(ROOT / "config")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", database_url)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def done(*arguments: object) -> str:
    result = run(*arguments)
    assert result.exception is None, result.exception
    return result.stdout


def refused(*arguments: object) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, ModelIntelligenceError), result.exception
    return str(result.exception)


def test_a_file_is_read_instead_of_the_network_and_only_once(
    engine: Engine, tmp_path: Path
) -> None:
    packed = tmp_path / "api.json.gz"
    packed.write_bytes(gzip.compress(MODELS_DEV.read_bytes()))
    assert done("ingest-sources", "--source", "models.dev", "--file", packed) == (
        "✓ models.dev: 3 rows (6 new or changed)\n"
        "  - Left out: 1 with no price for prompt and completion tokens\n"
        "  - Left out: 1 with a price of zero, which means unknown or free of charge for a while\n"
        "  - Left out: 1 with a row that is not of the list's documented shape\n"
        "  - Left out: 1 with a provider that is not followed in this list\n"
    )
    again = done("ingest-sources", "--source", "models.dev", "--file", MODELS_DEV)
    assert again == "✓ models.dev: unchanged, 3 rows\n"
    assert rows(engine, "SELECT count(*) FROM model_pricing") == [(3,)]


def test_a_file_of_another_shape_is_told_and_stores_nothing(engine: Engine) -> None:
    other = FIXTURES / "openrouter.json"
    assert done("ingest-sources", "--source", "deprecations.info", "--file", other) == (
        "✗ deprecations.info: it has a new shape: a list of deprecations was expected; "
        "earlier data is kept\n"
    )
    assert rows(engine, "SELECT count(*) FROM models_catalog") == [(0,)]


def test_the_sources_are_listed_with_what_came_of_the_last_look() -> None:
    done("ingest-sources", "--source", "models.dev", "--file", MODELS_DEV)
    done("ingest-sources", "--source", "litellm", "--file", FIXTURES / "openrouter.json")
    lines = {line.split()[0]: line for line in done("sources").splitlines()}
    assert lines["genai-prices"].endswith("MIT; bundled, read in every run")
    assert lines["release-dates"].split()[1:3] == ["releases", "MIT;"]
    assert lines["openrouter"].endswith("never read")
    assert lines["models.dev"].endswith("; 3 rows, 0 days old")
    assert "MIT; stored on 2" in lines["models.dev"]
    assert lines["litellm"].endswith("(it has a new shape: no row could be read); no rows yet")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "no source is named: give --source, or list `sources` in bot.yaml"),
        (("--source", "x"), "--source: 'x' is not a source; there are litellm, "),
        (
            ("--source", "litellm", "--source", "models.dev", "--file", "a"),
            "--file holds the list of one source: give one --source with it",
        ),
        (("--source", "litellm", "--file", "a"), "a: cannot be read: No such file or directory"),
    ],
)
def test_what_cannot_be_done_is_told(arguments: tuple[str, ...], told: str) -> None:
    assert refused("ingest-sources", *arguments).startswith(told)


def test_an_unknown_source_in_bot_yaml_stops_before_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "config" / "bot.yaml").read_text(encoding="utf-8")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "bot.yaml").write_text(f"{text}\nsources: [litelm]\n", encoding="utf-8")
    monkeypatch.delenv("DATABASE_URL")
    assert "DATABASE_URL" not in os.environ
    told = refused("refresh-all", "--config", "other")
    assert told.startswith("bot.yaml: sources: 'litelm' is not a source; there are litellm, ")
