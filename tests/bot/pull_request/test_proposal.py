"""A recommendation as a pull request: its whole text, from the stored copy of the decision."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import external_file
from markdown_it import MarkdownIt
from markdown_it.token import Token
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot.pull_request import body, templating
from bot.pull_request.marker import Marker
from bot.pull_request.proposal import Proposal, propose
from model_intelligence import recommendations
from model_intelligence.config import yaml_file
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.db import transaction
from model_intelligence.decision.values import Upgrade
from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.explanation.dossier import compile_dossier, digest, evidence_ids
from model_intelligence.explanation.recommendation import Recommendation
from model_intelligence.patcher import unified_diff
from model_intelligence.recommender import recommend
from model_intelligence.records import Evidence
from tests.bot.pull_request.test_markdown import HOSTILE
from tests.model_intelligence.build import (
    CURRENT,
    NOW,
    OTHER,
    TODAY,
    evidence,
    key,
    model,
    price,
    result,
    signal,
    stats,
)

BOT_YAML = """
defaults:
  providers: [zai, openai]
  task_types: [code, agentic]
  limits: {min_chance_to_move: 0.6}
use_cases:
  builder:
    paths: [[models, builder], [models, fallback]]
    role: builder
"""
# The line after the last change is blank: as context of a diff it is one space.
MODELS_YAML = f"""models:
  builder: {CURRENT} # the work itself

  fallback: "{CURRENT}"
  auditor: gpt-5

"""
TAU = key(benchmark_name="tau2", dataset_version="1.0", harness="official", effort="high")

STORABLE = [text for text in HOSTILE if text and "\ud800" not in text]


@pytest.fixture(scope="module")
def config() -> BotConfig:
    return yaml_file.parse(BOT_YAML, BotConfig, name="bot.yaml")


def costing(usd: str) -> dict[str, Any]:
    """What a hundred calls in the role of the use case cost together."""
    return {"role": "builder", "est_cost_usd": Decimal(usd), "priced_calls": 100}


def rich_evidence(other_usd: str = "0.0008") -> Evidence:
    """Everything a body can show: telemetry, all kinds of benchmark, opinions, a runner-up."""
    return evidence(
        model(CURRENT, context_window_tokens=200_000, fact_id=51),
        model(OTHER, context_window_tokens=202_752, fact_id=52),
        model("gpt-9", provider="openai", family="gpt"),
        model("old", is_deprecated=True),
        price(CURRENT, "0.001", id=11, source_url="https://example.org/prices"),
        price(
            OTHER, other_usd, id=12, effective_at=NOW, source_url="https://github.com/zai/prices"
        ),
        price("gpt-9", "0.004", id=13, provider="openai"),
        price("old", "0.0001", id=14),
        result(CURRENT, "48.5", id=21, source_url="https://example.org/board", task_count=500),
        result(OTHER, "66.9", id=22, source_url="https://example.org/board", task_count=500),
        result(
            CURRENT,
            "81.25",
            id=23,
            key=key(
                benchmark_name="tau2", dataset_version="1.0", harness="official", effort="high"
            ),
            task_type="agentic",
            measured_at=date(2026, 4, 1),
        ),
        result(
            OTHER,
            "80",
            id=24,
            key=key(
                benchmark_name="tau2", dataset_version="1.0", harness="official", effort="high"
            ),
            task_type="agentic",
            measured_at=date(2026, 5, 2),
        ),
        result("gpt-9", "70", id=25),
        result(CURRENT, "81.1", id=26, key=key(benchmark_name="Sums"), task_type="math"),
        result(OTHER, "76", id=27, key=key(benchmark_name="Sums"), task_type="math"),
        result(CURRENT, "50", id=28, key=key(benchmark_name="Kata", effort="high")),
        result(OTHER, "90", id=29, key=key(benchmark_name="Kata")),
        stats(
            CURRENT, "0.90", id=31, role="builder", est_cost_usd=Decimal("0.5"), priced_calls=100
        ),
        stats(OTHER, "0.95", id=32, role="builder", est_cost_usd=Decimal("0.4"), priced_calls=100),
        signal(OTHER, "positive", id=41, snippet="Faster | and it follows @instructions"),
        signal(OTHER, "mixed", id=42, source="blog", source_url="https://github.com/a/b/issues/1"),
    )


def poor_evidence() -> Evidence:
    """As little as a proposal can rest on."""
    second = key(benchmark_name="LiveCodeBench")
    return evidence(
        model(CURRENT),
        model(OTHER),
        price(CURRENT, "0.001", id=1),
        price(OTHER, "0.001", id=2, provider="openai"),
        result(CURRENT, "40", id=3),
        result(OTHER, "60", id=4),
        result(CURRENT, "40", id=5, key=second, source="another board"),
        result(OTHER, "50", id=6, key=second, source="another board"),
    )


def upgrade(known: Evidence, config: BotConfig) -> Upgrade:
    decision = recommend(config.policy("builder"), CURRENT, known, TODAY)
    assert isinstance(decision, Upgrade), decision
    return decision


def stored(engine: Engine, decision: Upgrade) -> Recommendation:
    """Saved, and read again by another session."""
    with transaction(engine) as session:
        [saved] = recommendations.save(session, [decision])
    with Session(engine) as session:
        return recommendations.get(session, saved.id)


def unstored(decision: Upgrade) -> Recommendation:
    """For text that PostgreSQL would refuse before it could do harm."""
    dossier = compile_dossier(decision)
    candidate = decision.candidate
    return Recommendation(
        id=7,
        created_at=NOW,
        status="proposed",
        use_case=decision.assessment.use_case,
        current_model=decision.assessment.current_spelling,
        recommended_model=candidate.spelling,
        reasoning=decision.reasoning,
        composite_score=candidate.score.total,
        expected_cost_delta_pct=candidate.cost_delta_pct,
        expected_quality_delta_pct=candidate.quality_delta_pct,
        confidence=candidate.score.confidence,
        evidence=evidence_ids(dossier),
        decision=dossier,
        evidence_digest=digest(dossier),
        pull_request_url=None,
    )


def tokens(text: str) -> Iterator[Token]:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for token in parser.parse(text):
        yield token
        yield from token.children or ()


def diff_in(text: str) -> str:
    [block] = [each for each in tokens(text) if each.type == "fence" and each.info == "diff"]
    return block.content


def test_a_body_that_shows_everything(engine: Engine, config: BotConfig) -> None:
    item = stored(engine, upgrade(rich_evidence(), config))
    made = propose(item, config, MODELS_YAML)
    assert made.title == "builder: glm-4.6 → glm-4.7"
    assert made.branch == "model-bot/builder"
    assert made.body == external_file("golden/everything.md", format=".txt")


def test_a_body_that_knows_little(engine: Engine, config: BotConfig) -> None:
    item = stored(engine, upgrade(poor_evidence(), config))
    assert propose(item, config, MODELS_YAML).body == external_file(
        "golden/little.md", format=".txt"
    )


def test_a_body_is_the_same_from_the_stored_copy(engine: Engine, config: BotConfig) -> None:
    decision = upgrade(rich_evidence(), config)
    item = stored(engine, decision)
    assert item.decision == compile_dossier(decision)
    first, again = (propose(each, config, MODELS_YAML) for each in (item, stored(engine, decision)))
    assert again == first
    fresh = replace(unstored(decision), id=item.id)
    assert propose(fresh, config, MODELS_YAML).body == first.body


def test_the_body_is_the_marker_and_what_people_read(config: BotConfig) -> None:
    made = propose(unstored(upgrade(rich_evidence(), config)), config, MODELS_YAML)
    marker = Marker.read(made.body)
    assert marker == made.marker
    assert (marker.use_case, marker.from_model, marker.to_model) == ("builder", CURRENT, OTHER)
    assert marker.recommendation == 7


def test_the_digest_is_that_of_what_shows(config: BotConfig) -> None:
    item = unstored(upgrade(rich_evidence(), config))
    cheaper = unstored(upgrade(rich_evidence(other_usd="0.0007"), config))
    comment = MODELS_YAML.replace("# the work", "# The work")
    digests = {
        propose(item, config, MODELS_YAML).marker.digest,
        propose(cheaper, config, MODELS_YAML).marker.digest,
        propose(item, config, comment).marker.digest,
    }
    assert len(digests) == 3


def test_both_paths_are_changed_and_nothing_else(config: BotConfig) -> None:
    made = propose(unstored(upgrade(rich_evidence(), config)), config, MODELS_YAML)
    assert made.change.before == MODELS_YAML
    assert made.change.after == MODELS_YAML.replace(CURRENT, OTHER)


@pytest.mark.parametrize(
    "text",
    [
        MODELS_YAML,
        MODELS_YAML.rstrip("\n"),
        MODELS_YAML + "last: 1",
        MODELS_YAML.replace("\n\n", "\n   \n"),
        "# ```\n" + MODELS_YAML + "# ~~~\n# ````\n",
    ],
)
def test_the_diff_in_the_body_undoes_it(text: str, config: BotConfig, tmp_path: Path) -> None:
    made = propose(unstored(upgrade(rich_evidence(), config)), config, text)
    file = tmp_path / made.change.shown.file
    file.parent.mkdir()
    file.write_text(made.change.after, encoding="utf-8", newline="")
    patch = diff_in(made.body)
    done = subprocess.run(
        ["git", "apply", "-"],
        cwd=tmp_path,
        input=patch,
        text=True,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert file.read_text(encoding="utf-8") == text


def test_a_body_names_the_file_and_the_lines_that_change(config: BotConfig) -> None:
    made = propose(unstored(upgrade(rich_evidence(), config)), config, MODELS_YAML)
    first = made.visible.partition("\n")[0]
    assert first.endswith("for `builder` (`config/models.yaml`, lines 2 and 4).")


@pytest.mark.parametrize("above", [0, 1, 40])
def test_changed_lines_are_those_of_the_file_before(above: int) -> None:
    lines = [f"{n}: -+@@" for n in range(above)]
    before = "\n".join([*lines, "a", "b", *lines, "c"])
    after = "\n".join([*lines, "a", "B", *lines, "C"])
    wanted = [above + 2, 2 * above + 3]
    assert body.changed_lines(unified_diff("f", before, after)) == wanted


@pytest.mark.parametrize("known", [rich_evidence(), poor_evidence()], ids=["rich", "poor"])
def test_there_is_always_a_reason_not_to_merge(known: Evidence, config: BotConfig) -> None:
    text = propose(unstored(upgrade(known, config)), config, MODELS_YAML).body
    first_screen, _, _ = text.partition("\n| |")
    assert "- **At worst:** " in first_screen


def test_every_record_that_the_score_rests_on_is_named(config: BotConfig) -> None:
    item = unstored(upgrade(rich_evidence(), config))
    text = propose(item, config, MODELS_YAML).body
    cells = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    rows = {row[0]: row[-1] for row in cells}
    assert rows["Price"] == "price:11, price:12"
    assert rows["Benchmarks"] == "benchmark:21, benchmark:22, benchmark:23, benchmark:24"
    assert rows["Own telemetry"] == "runtime:31, runtime:32"
    assert rows["Sentiment"] == "sentiment:41, sentiment:42"


def hostile(text: str) -> Evidence:
    """The rich evidence with `text` wherever somebody else chooses what stands there."""
    benchmark = key(benchmark_name=text, dataset_version=text, harness=text, effort=text)
    return evidence(
        model(CURRENT, display_name=text),
        model(OTHER, display_name=text, family=text),
        model("gpt-9", provider="openai"),
        price(CURRENT, id=11, source=text, source_url=text),
        price(
            OTHER,
            "0.0008",
            id=12,
            provider_model_id=f"new{text}",
            source=text,
            source_url=f"https://{text}",
        ),
        price("gpt-9", id=13, provider_model_id=f"next{text}", provider="openai"),
        result(CURRENT, "40", id=21, key=benchmark, source=text, source_url=text),
        result(OTHER, "60", id=22, key=benchmark, source=text, source_url=f"https://e/{text}"),
        signal(OTHER, id=41, snippet=text, source=text, source_url=f"http://{text}", title=text),
    )


def proposed(known: Evidence, config: BotConfig) -> Proposal:
    """The proposal for a decision whose new name the config can hold."""
    item = unstored(upgrade(known, config))
    return propose(replace(item, recommended_model=OTHER), config, MODELS_YAML)


@pytest.mark.parametrize("text", STORABLE, ids=lambda text: ascii(text[:20]))
def test_outside_text_does_no_harm(text: str, config: BotConfig) -> None:
    harmless, made = proposed(hostile("x.example"), config), proposed(hostile(text), config)
    assert _kinds(made.body) == _kinds(harmless.body)
    assert _html(made.body)[1:] == _html(harmless.body)[1:]
    assert Marker.read(made.body) == made.marker
    for token in tokens(made.body):
        if token.type == "link_open":
            assert re.match(r"https?://(?!github\.com)", str(token.attrs["href"]))
        elif token.type == "text":
            assert not re.search(r"@(?!\u200b)", token.content)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_a_hostile_name_does_no_harm_in_a_title(text: str, config: BotConfig) -> None:
    item = replace(unstored(upgrade(poor_evidence(), config)), current_model=f"glm{text}")
    made = propose(item, config, MODELS_YAML)
    assert "\n" not in made.title
    assert "@user" not in made.title + made.commit_message
    assert "#1" not in made.title + made.commit_message


def _kinds(text: str) -> list[str]:
    """What a body consists of, links aside: those may be left out."""
    return [token.type for token in tokens(text) if not token.type.startswith("link_")]


def _html(text: str) -> list[str]:
    return [token.content for token in tokens(text) if token.type.startswith("html_")]


@pytest.fixture
def older_shape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A release that knows one more version of stored decisions, with a template of its own."""
    (tmp_path / "older.md.j2").write_text("{{ item.use_case }}, as it was then.\n")
    monkeypatch.setattr(templating, "templates_directory", lambda: tmp_path)
    monkeypatch.setattr(body, "SHAPES", {2: ("older.md.j2", ()), **body.SHAPES})
    templating._environment.cache_clear()
    yield
    templating._environment.cache_clear()


def with_version(item: Recommendation, version: int) -> Recommendation:
    return replace(item, decision={**item.decision, "version": version})


@pytest.mark.usefixtures("older_shape")
def test_a_stored_decision_is_written_by_the_template_of_its_version(config: BotConfig) -> None:
    item = with_version(unstored(upgrade(rich_evidence(), config)), 2)
    assert propose(item, config, MODELS_YAML).visible == "builder, as it was then.\n"


def test_a_version_that_is_not_known_is_an_error_that_says_so(config: BotConfig) -> None:
    item = with_version(unstored(upgrade(rich_evidence(), config)), 999)
    with pytest.raises(ModelIntelligenceError, match="recommendation 7 was stored in format 999"):
        propose(item, config, MODELS_YAML)
