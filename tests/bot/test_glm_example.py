"""The guide's own example on real evidence: glm-4.6 against glm-4.7, at one list price.

One board ran both in the same way, and it points both ways; so the answer is the use case's. The
copies of the boards may not be shipped: without them there is nothing to test.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from inline_snapshot import external_file
from sqlalchemy import Engine

from bot.pull_request.proposal import propose
from model_intelligence import recommendations
from model_intelligence.config import yaml_file
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.db import transaction
from model_intelligence.decision.values import Keep, Upgrade
from model_intelligence.evidence.load import load_evidence
from model_intelligence.ingest.benchmarks import ingest_results
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.recommender import recommend
from model_intelligence.records import Evidence
from model_intelligence.refresh import refresh_benchmarks, refresh_catalog
from model_intelligence.sources import registered
from tests.bot.conftest import CONFIG
from tests.model_intelligence.build import NOW, TODAY
from tests.model_intelligence.sources import measure

FILES = {
    "livebench": "livebench/table_2026_01_08.csv",
    "aider": "aider/polyglot_leaderboard.2025-10-04.cb6a152e5.yml",
    "bfcl": "bfcl/data_overall.2025-12-16.ea03bc8d.csv",
    "swe-bench": "swe-bench/leaderboards.2025-12-10.f1176b6.json.gz",
    "tau2-bench": "tau2-bench/submissions.2026-08-18.a2c0247.json",
}
BOT = """
defaults: {providers: [zai]}
use_cases:
  writer: {paths: [[models, writer]], task_types: [instruction_following, language]}
  coder: {paths: [[models, coder]], task_types: [code, agentic, tool_use]}
  thinker: {paths: [[models, thinker]], task_types: [reasoning, math]}
"""
MODELS = "models:\n  writer: glm-4.6\n  coder: glm-4.6\n  thinker: glm-4.6\n"
PAIR = ("glm-4.6", "glm-4.7")


@pytest.fixture(scope="module")
def config() -> BotConfig:
    return yaml_file.parse(BOT, BotConfig, name="bot.yaml")


@pytest.fixture
def known(engine: Engine) -> Evidence:
    """All that is known of the two models, from every board and price list at hand."""
    bodies = {name: measure.snapshot(path) for name, path in FILES.items()}
    with transaction(engine) as session:
        refresh_catalog(session, CONFIG, PAIR, NOW)
        refresh_benchmarks(session, CONFIG, NOW)
        for name, body in bodies.items():
            source = registered()[0][name].of_file(FILES[name])
            rows = list(of_the_pair(source.parse(body)))
            ingest_results(session, source, rows, NOW, measure.aliases())
    with transaction(engine) as session:
        found = load_evidence(session, NOW)
    return replace(found, models={name: found.models[name] for name in PAIR})


def of_the_pair(rows: Iterable[object]) -> Iterator[BenchmarkRow]:
    for row in rows:
        if isinstance(row, BenchmarkRow) and re.match(r"glm-4\.[67]\b", row.name.lower()):
            yield row


def test_their_list_price_is_one(known: Evidence) -> None:
    prices = [known.prices[name, "zai"] for name in PAIR]
    assert len({(price.input_per_1k, price.output_per_1k) for price in prices}) == 1


def test_one_board_ran_both_in_the_same_way(known: Evidence) -> None:
    mine, theirs = ({result.key for result in known.benchmarks[name]} for name in PAIR)
    shared = {key.benchmark_name for key in mine & theirs if key.unit == "percent"}
    assert {name.partition(" ")[0] for name in shared} == {"LiveBench"}
    assert len(shared) == 7
    assert {"BFCL", "SWE-bench Verified"} <= {key.benchmark_name for key in mine - theirs}


@pytest.mark.parametrize(
    ("use_case", "reason"),
    [
        (
            "coder",
            "is only 62 % likely to be better; a proposal needs 80 %",
        ),
        (
            "thinker",
            "is only 62 % likely to be better; a proposal needs 80 %",
        ),
    ],
)
def test_for_code_and_for_thinking_nothing_is_proposed(
    known: Evidence, config: BotConfig, use_case: str, reason: str
) -> None:
    decision = recommend(config.policy(use_case), "glm-4.6", known, TODAY)
    assert isinstance(decision, Keep)
    assert decision.reason.endswith(reason)


def test_for_writing_it_is_proposed_and_the_body_says_where_it_would_not_be(
    engine: Engine, known: Evidence, config: BotConfig
) -> None:
    decision = recommend(config.policy("writer"), "glm-4.6", known, TODAY)
    assert isinstance(decision, Upgrade)
    with transaction(engine) as session:
        [item] = recommendations.save(session, [decision])
        body = propose(item, config, MODELS).visible
    assert "\n".join(told(body)) == external_file("golden/glm_example.md", format=".txt")


def told(body: str) -> Iterator[str]:
    """What the body says of quality, without the numbers of its records."""
    opening, *sections = re.split(r"^(?=<details>)", body, flags=re.MULTILINE)
    yield opening.partition("\n\n| |")[0] + "\n"
    for section in sections:
        if re.match("<details><summary>(Benchmarks|The published score)", section):
            yield re.sub(r"benchmark:\d+(, benchmark:\d+)*", "…", section)
