"""The whole job with live sources: one that is down is told, an unknown one refused."""

from dataclasses import replace
from pathlib import Path

import pytest
import stamina
from sqlalchemy import Engine, text

from model_intelligence import sources
from model_intelligence.config.yaml_file import ConfigError
from tests.bot.conftest import Run
from tests.fake_github import FakeGitHub
from tests.model_intelligence.sources.server import Answer, serving


def with_sources(config: Path, names: str) -> None:
    path = config / "bot.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\nsources: {names}\n", encoding="utf-8")


def test_a_source_that_is_down_changes_nothing_but_the_report(
    job: Run, hub: FakeGitHub, engine: Engine, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job()
    state = hub.snapshot()
    with_sources(config, "[models.dev]")
    said: list[str] = []
    with serving(Answer(503)) as down, stamina.set_testing(True, attempts=1):
        source = replace(sources.models_dev.SOURCE, url=down.url)
        monkeypatch.setattr(sources, "SOURCES", (source,))
        job(said=said)
    told = "models.dev: 127.0.0.1 answered 503 Service Unavailable; earlier data is kept"
    assert f"✗ {told}" in said
    assert hub.snapshot() == state
    with engine.connect() as connection:
        runs = connection.execute(text("SELECT source, status FROM source_runs")).all()
    assert [tuple(run) for run in runs] == [("models.dev", "skipped")]


def test_a_source_that_nobody_knows_is_an_issue_for_people(
    job: Run, hub: FakeGitHub, config: Path
) -> None:
    with_sources(config, "[litelm]")
    with pytest.raises(ConfigError, match="'litelm' is not a source; there are litellm, "):
        job()
    assert hub.state.pulls() == []
    [issue] = hub.state.threads.values()
    assert "'litelm' is not a source" in (issue.body or "")
