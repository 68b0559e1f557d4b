"""Names to models of the catalog: the rules, their order, and what is never matched."""

import random
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_intelligence.config.aliases_yaml import Alias, for_source
from model_intelligence.naming.catalog_index import known_names
from model_intelligence.naming.identify import NameMatch, NoMatch, identify
from model_intelligence.naming.review import near, resolution_lines
from model_intelligence.naming.snapshots import pinned_names
from tests.model_intelligence.sources import measure

IDS = (
    "glm-4.6",
    "claude-opus-4-5",
    "gpt-5",
    "gpt-4o",
    "grok-4-0709",
    "deepseek-chat",
    "deepseek-v3",
    "deepseek-v3-0324",
    "qwen/qwen3-14b",
    "claude-3-opus-latest",
    "regional.anthropic.claude-3-haiku-20240307-v1:0",
    "kimi-k2",
    "kimi-k2-thinking",
)
PINNED = {"claude-opus-4-5-20251101": "claude-opus-4-5", "gpt-5-2025-08-07": "gpt-5"}
NAMES = known_names(IDS, PINNED)
GROK = Alias(name="grok-4", model="grok-4-0709", why="its only snapshot")


@pytest.mark.parametrize(
    ("name", "match"),
    [
        ("glm-4.6", NameMatch("glm-4.6", "exact")),
        ("GLM 4.6 (high)", NameMatch("glm-4.6", "spelling", "high")),
        ("zai/glm-4.6", NameMatch("glm-4.6", "exact")),
        ("openrouter/z-ai/glm_4.6", NameMatch("glm-4.6", "spelling")),
        ("Qwen3-14B", NameMatch("qwen/qwen3-14b", "provider's prefix")),
        (
            "claude-3-haiku-20240307",
            NameMatch("regional.anthropic.claude-3-haiku-20240307-v1:0", "provider's prefix"),
        ),
        ("gpt-5-2025-08-07", NameMatch("gpt-5", "pinned snapshot")),
        ("GPT-5 (2025-08-07)", NameMatch("gpt-5", "pinned snapshot")),
        ("gpt-5-20250807", NameMatch("gpt-5", "pinned snapshot")),
        ("DeepSeek V3 (0324)", NameMatch("deepseek-v3-0324", "spelling")),
        ("kimi-k2-thinking", NameMatch("kimi-k2-thinking", "exact")),
        ("Grok 4 (high)", NameMatch("grok-4-0709", "reviewed alias", "high")),
    ],
)
def test_a_name_is_matched_by_the_first_rule_that_finds_it(name: str, match: NameMatch) -> None:
    assert identify(name, NAMES, aliases=[GROK]) == match


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        (
            "gpt-4o-2024-11-20",
            "the catalog knows gpt-4o, and nothing says that it is this snapshot",
        ),
        ("gpt-5-2025-08-08", "the catalog knows gpt-5, and nothing says that it is this snapshot"),
        ("gpt-5-20250931", "its date is no day of the calendar"),
        ("deepseek-chat", "a rolling alias, which means another model from time to time"),
        ("gpt-5-chat-latest", "a rolling alias, which means another model from time to time"),
        (
            "chatgpt-4o-latest (2025-03-29)",
            "a rolling alias, which means another model from time to time",
        ),
        ("gpt-5 (high) + glm-4.6", "several models in one result"),
        ("claude-3-opus", "no model of the catalog has this name"),
        ("somebody/gpt-5", "no model of the catalog has this name"),
        ("glm-4.6v", "no model of the catalog has this name"),
        ("grok-4", "no model of the catalog has this name"),
        ("", "no model of the catalog has this name"),
    ],
)
def test_whatever_might_be_another_model_is_refused_with_a_reason(name: str, reason: str) -> None:
    assert identify(name, NAMES) == NoMatch(reason)


def test_the_sources_own_map_comes_first() -> None:
    own = {"Big (FC)": ("glm-4.6",), "gpt-5": ("kimi-k2",)}
    assert identify("Big (FC)", NAMES, own) == NameMatch(
        "glm-4.6", "the source's own map", None, "function calling"
    )
    assert identify("gpt-5", NAMES, own) == NameMatch("kimi-k2", "the source's own map")


@pytest.mark.parametrize(
    "called",
    [
        ("deepseek-chat", "deepseek-v3"),
        ("deepseek/deepseek-chat",),
        ("glm-4.6", "kimi-k2"),
        ("unheard-of",),
    ],
)
def test_a_map_that_moves_or_contradicts_itself_is_not_believed(called: tuple[str, ...]) -> None:
    own = {"deepseek-v3-0324": called}
    assert identify("deepseek-v3-0324", NAMES, own) == NameMatch("deepseek-v3-0324", "exact")


def test_a_map_to_another_date_is_not_believed() -> None:
    own = {"Big (2025-01-01)": ("gpt-5-2025-08-07",)}
    assert isinstance(identify("Big (2025-01-01)", NAMES, own), NoMatch)


def test_thinking_is_an_effort_unless_the_model_is_named_so() -> None:
    own = {"glm-4.6-thinking": ("glm-4.6",)}
    assert identify("glm-4.6-thinking", NAMES, own) == NameMatch(
        "glm-4.6", "the source's own map", "thinking"
    )
    assert identify("glm-4.6-thinking", NAMES) == NoMatch("no model of the catalog has this name")


def test_an_alias_of_a_source_holds_there_only_and_before_a_general_one() -> None:
    own = Alias(name="Big", source="board", model="glm-4.6", effort="none", why="looked up")
    everywhere = Alias(name="Big", model="gpt-5", why="looked up")
    both = [everywhere, own]
    assert identify("big", NAMES, aliases=for_source(both, "board")) == NameMatch(
        "glm-4.6", "reviewed alias", "none"
    )
    assert identify("big", NAMES, aliases=for_source(both, "other")) == NameMatch(
        "gpt-5", "reviewed alias"
    )


def test_an_alias_cannot_override_what_a_name_says() -> None:
    wrong = Alias(name="glm-4.6", model="gpt-5", why="a mistake")
    assert identify("glm-4.6", NAMES, aliases=[wrong]) == NameMatch("glm-4.6", "exact")


def test_the_shipped_aliases_name_models_and_each_name_once() -> None:
    shipped = measure.aliases()
    assert len({(alias.source, alias.name.lower()) for alias in shipped}) == len(shipped)
    sold = measure.every_seller()
    assert [one.model for one in shipped if one.model not in sold.ids] == []


def test_undated_names_of_one_snapshot_are_facts_of_the_packages() -> None:
    pinned = pinned_names()
    assert pinned["claude-opus-4-5-20251101"] == "claude-opus-4-5"
    assert pinned["gpt-4o-2024-08-06"] == "gpt-4o"
    assert "gpt-4o-2024-11-20" not in pinned  # the same price, but not the same snapshot
    assert not {"command-r-08-2024", "command-r-03-2024"} & pinned.keys()  # contradicting facts
    assert not [name for name in pinned.values() if "latest" in name]
    assert all(any(letter.isdigit() for letter in dated[-4:]) for dated in pinned)


def test_people_are_told_what_was_found_and_by_which_rule() -> None:
    found = identify("GLM-4.6 (FC thinking)", NAMES)
    assert list(resolution_lines("GLM-4.6 (FC thinking)", found, NAMES)) == [
        "GLM-4.6 (FC thinking) -> glm-4.6",
        "  by: spelling",
        "  effort: thinking",
        "  mode: function calling",
    ]


def test_what_is_near_is_of_the_catalog_and_never_more_than_asked_for() -> None:
    assert near("deepseek-v3-0325", NAMES, limit=1) == ("deepseek-v3-0324",)
    assert near("zzz", NAMES) == ()


# Properties, on the real catalog

real = st.sampled_from(sorted(measure.bundled().ids))
DAYS = st.integers(0, 3000).map(lambda days: date(2023, 1, 1) + timedelta(days))


@settings(deadline=None, max_examples=300)
@given(st.one_of(st.text(max_size=30), real.map(lambda one: one[:-1]), real.map(str.title)))
def test_nothing_is_invented(name: str) -> None:
    found = identify(name, measure.bundled())
    if isinstance(found, NameMatch):
        assert found.model_id in measure.bundled().ids
        assert _letters(found.model_id).endswith(_letters(name.rpartition("/")[2])) or (
            found.effort or found.mode or found.rule in {"pinned snapshot", "provider's prefix"}
        )


def _letters(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


@settings(deadline=None, max_examples=300)
@given(real, DAYS)
def test_a_date_is_never_dropped(model_id: str, day: date) -> None:
    dated = f"{model_id}-{day:%Y%m%d}"
    found = identify(dated, measure.bundled())
    if isinstance(found, NameMatch):
        known = found.rule == "pinned snapshot"
        assert known or f"{day:%Y%m%d}" in found.model_id.replace("-", "")


@settings(deadline=None, max_examples=50)
@given(real, st.randoms(use_true_random=False))
def test_the_order_of_the_catalog_makes_no_difference(name: str, dice: random.Random) -> None:
    ids = sorted(measure.bundled().ids)
    dice.shuffle(ids)
    shuffled = known_names(ids, pinned_names())
    assert identify(name.upper(), shuffled) == identify(name.upper(), measure.bundled())
