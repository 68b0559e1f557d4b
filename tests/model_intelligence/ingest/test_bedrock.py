"""A model that Amazon Bedrock serves: its own id, price and end, and what is known of the model."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.config.benchmarks_yaml import BenchmarksFile
from model_intelligence.db import transaction
from model_intelligence.decision.values import Decision, Keep, Upgrade
from model_intelligence.evidence.load import load_evidence
from model_intelligence.ingest.benchmarks import ingest_benchmarks
from model_intelligence.ingest.price_list import ingest_listings
from model_intelligence.observations.listing import Lifecycle, Listing
from model_intelligence.recommender import recommend
from model_intelligence.records import Evidence
from tests.model_intelligence.build import NOW, TODAY, listing, point, policy

OLD, NEW = "us.anthropic.claude-old-4", "us.anthropic.claude-new-4"
SOON = TODAY + timedelta(days=20)


def sold(name: str, usd: str = "0.001", provider: str = "aws-us") -> Listing:
    return listing(name, point(usd), provider=provider, source="litellm")


def known(
    engine: Engine,
    *live: Listing | Lifecycle,
    configured: tuple[str, ...] = (),
    ended: tuple[Lifecycle, ...] = (),
) -> Evidence:
    """A run: the makers' own lists and a board that knows their models, then a live list."""
    makers = [listing(name, provider="anthropic") for name in ("claude-old-4", "claude-new-4")]
    scores = {"claude-old-4": 40, "claude-new-4": 60}
    group = {
        "benchmark_name": "SWE-bench Verified",
        "unit": "percent",
        "task_type": "code",
        "source": "board",
        "source_url": "https://example.org/board",
        "task_count": 500,
        "results": [{"model": name, "score": score} for name, score in scores.items()],
    }
    file = BenchmarksFile.model_validate({"benchmarks": [group]})
    with transaction(engine) as session:
        ingest_catalog(
            session, configured=configured, rows=makers, now=NOW, lifecycles={"llmshift": ended}
        )
        ingest_benchmarks(session, file, NOW)
        ingest_listings(session, "litellm", live, NOW)
        return load_evidence(session, NOW)


def decided(current: str, evidence: Evidence) -> Decision:
    return recommend(policy(providers=("aws-us",)), current, evidence, TODAY)


@pytest.mark.parametrize("prefix", ["", "bedrock/", "bedrock:"])
def test_what_boards_say_of_a_model_counts_for_the_id_that_serves_it(
    engine: Engine, prefix: str
) -> None:
    evidence = known(engine, sold(OLD), sold(NEW), configured=(f"{prefix}{OLD}",))
    found = decided(f"{prefix}{OLD}", evidence)
    assert isinstance(found, Upgrade)
    assert found.candidate.spelling == f"{prefix}{NEW}"
    assert [each.model_id for pair in found.candidate.compared for each in pair] == [
        *("claude-old-4", "claude-new-4")
    ]


def test_another_area_is_another_seller(engine: Engine) -> None:
    elsewhere = sold("eu.anthropic.claude-new-4", provider="aws-eu")
    found = decided(OLD, known(engine, sold(OLD), elsewhere))
    assert isinstance(found, Keep)
    reasons = {one.model_id: one.reason for one in found.assessment.excluded}
    assert reasons["eu.anthropic.claude-new-4"] == "not offered by aws-us"


def test_an_end_at_its_maker_is_none_here_and_an_end_here_is(engine: Engine) -> None:
    ended = Lifecycle("anthropic", "claude-old-4", SOON, None, None)
    stays = decided(OLD, known(engine, sold(OLD), ended=(ended,)))
    assert stays.deadline is None
    here = Lifecycle("aws-us", OLD, SOON, None, None)
    goes = decided(OLD, known(engine, sold(OLD), sold(NEW), here, ended=(ended,)))
    assert goes.deadline is not None
    assert (goes.deadline.model_id, goes.deadline.retires_at) == (OLD, SOON)


def test_what_its_maker_names_instead_is_the_entry_of_the_same_area(engine: Engine) -> None:
    advice = Lifecycle("anthropic", "claude-old-4", SOON, "claude-newest-5", None)
    newest = [
        listing("claude-newest-5", provider="anthropic"),
        sold("us.anthropic.claude-newest-5"),
        sold("eu.anthropic.claude-newest-5", provider="aws-eu"),
    ]
    here = Lifecycle("aws-us", OLD, SOON, None, None)
    found = decided(OLD, known(engine, sold(OLD), *newest, here, ended=(advice,)))
    assert isinstance(found, Upgrade)
    assert found.candidate.spelling == "us.anthropic.claude-newest-5"
    assert found.assessment.advised == "us.anthropic.claude-newest-5"


@pytest.mark.parametrize(
    ("here", "reason"),
    [
        (None, "marked as deprecated by its maker or a provider"),
        (date(2026, 12, 24), "retires on 2026-12-24; more than 90 days must be left"),
        (date(2028, 1, 1), None),
    ],
)
def test_what_its_maker_ends_is_proposed_only_if_it_is_known_to_stay_here(
    engine: Engine, here: date | None, reason: str | None
) -> None:
    ended = Lifecycle("anthropic", "claude-new-4", date(2027, 11, 1), None, None)
    own = () if here is None else (Lifecycle("aws-us", NEW, here, None, None),)
    found = decided(OLD, known(engine, sold(OLD), sold(NEW), *own, ended=(ended,)))
    assert isinstance(found, Keep if reason else Upgrade)
    reasons = {one.model_id: one.reason for one in found.assessment.excluded}
    assert reasons.get(NEW) == reason
