"""The register of live sources: ours, those of other packages, and those that bot.yaml names."""

from collections.abc import Iterator
from datetime import timedelta
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import stamina
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from model_intelligence import refresh, sources
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.config.yaml_file import ConfigError
from model_intelligence.sources import http
from model_intelligence.sources.source import Source
from tests.model_intelligence.build import NOW
from tests.model_intelligence.observe import rows
from tests.model_intelligence.sources.data import fixture
from tests.model_intelligence.sources.server import Answer, serving

PLUGIN = Source("ours", "prices", "https://example.org", "MIT", lambda _: ())
TWIN = Source("litellm", "prices", "https://example.org", "MIT", lambda _: ())


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    with stamina.set_testing(True, attempts=http.ATTEMPTS):
        yield


def plugin(value: str, name: str = "ours") -> EntryPoint:
    return EntryPoint(name, value, sources.ENTRY_POINTS)


def config(*names: str) -> BotConfig:
    cases = {"tidy": {"paths": [["a"]]}}
    return BotConfig.model_validate({"sources": names, "use_cases": cases})


def test_our_sources_have_different_names_and_secure_addresses() -> None:
    names = [source.name for source in sources.SOURCES]
    assert len(set(names)) == len(names)
    assert all(source.url.startswith("https://") and source.licence for source in sources.SOURCES)


def test_a_package_adds_its_source() -> None:
    found, problems = sources.registered([plugin(f"{__name__}:PLUGIN")])
    assert found["ours"] == PLUGIN
    assert problems == ()


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("no_such_module:SOURCE", "ModuleNotFoundError: No module named 'no_such_module'"),
        (f"{__name__}:NOWHERE", "AttributeError: "),
        (f"{__name__}:NOW", "it is not a Source"),
        (f"{__name__}:TWIN", "there already is a source 'litellm'"),
    ],
)
def test_a_broken_plug_in_is_told_and_the_others_are_there(value: str, reason: str) -> None:
    found, [problem] = sources.registered([plugin(value), plugin(f"{__name__}:PLUGIN")])
    assert problem.startswith(f"the source 'ours' of {value} cannot be used: {reason}")
    assert found.keys() == {*(source.name for source in sources.SOURCES), "ours"}
    assert found["litellm"] == sources.SOURCES[0]


def test_bot_yaml_names_no_source_unless_somebody_does() -> None:
    assert refresh.live_sources(config()) == ((), ())


def test_a_new_bot_yaml_fetches_open_lists_without_a_key_that_are_kept_up_to_date() -> None:
    on = sources.on_by_default()
    assert {"litellm", "models.dev", "deprecations.info", "bfcl", "tau2-bench", "epoch"} <= set(on)
    terms = {"openrouter", "livebench", "swe-bench"}  # of service, none, non-commercial
    keys, opinions, stopped = {"artificial-analysis", "reddit"}, {"hacker-news"}, {"aider"}
    assert not set(on) & (terms | keys | opinions | stopped)


def test_the_named_sources_come_in_their_order_and_once() -> None:
    found, _ = refresh.live_sources(config("models.dev", "litellm", "models.dev"))
    assert [source.name for source in found] == ["models.dev", "litellm"]


def test_an_unknown_source_is_told_with_the_known_ones() -> None:
    with pytest.raises(ConfigError) as told:
        refresh.live_sources(config("litelm", "models.dev", "x"))
    known = ", ".join(source.name for source in sources.SOURCES)
    assert str(told.value) == f"bot.yaml: sources: 'litelm', 'x' is not a source; there are {known}"


def local(source: Source, url: str) -> Source:
    return Source(source.name, source.kind, url, source.licence, source.parse)


def test_one_source_that_is_down_keeps_no_other_from_being_stored(
    engine: Engine, tmp_path: Path
) -> None:
    lite, dev = sources.SOURCES[0], sources.SOURCES[2]
    body = Answer(body=fixture("models_dev.json"), headers={"ETag": '"1"'})
    with serving(Answer(503)) as down, serving(body, Answer(304)) as up:
        live = (local(lite, down.url), local(dev, up.url))
        reports = []
        for day in range(2):
            fetched = refresh.read_sources(engine, live, now=NOW)
            with Session(engine) as session, session.begin():
                now = NOW + timedelta(days=day)
                report = refresh.refresh_all(session, tmp_path, [], now, 30, fetched=fetched)
                reports.append([(one.source, one.status, one.rows) for one in report.sources])
    assert reports == [
        [("litellm", "skipped", 0), ("models.dev", "stored", 3)],
        [("litellm", "skipped", 0), ("models.dev", "unchanged", 3)],
    ]
    assert up.asked[1][1]["If-None-Match"] == '"1"'
    assert rows(engine, "SELECT count(*) FROM source_runs") == [(4,)]


def test_without_sources_nothing_is_fetched_or_recorded(engine: Engine, tmp_path: Path) -> None:
    with Session(engine) as session, session.begin():
        assert refresh.refresh_all(session, tmp_path, [], NOW, 30).sources == ()
    assert rows(engine, "SELECT count(*) FROM source_runs") == [(0,)]
