"""Names to models, and a model's name in the spelling of the config."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_intelligence.naming import resolve

KNOWN = resolve.index(["glm-4.6", "claude-haiku-4-5", "gpt-oss-120b"])


@pytest.mark.parametrize(
    ("name", "model_id"),
    [
        ("glm-4.6", "glm-4.6"),
        ("GLM-4.6", "glm-4.6"),
        (" glm 4.6 ", "glm-4.6"),
        ("claude_haiku-4.5", "claude-haiku-4-5"),
        ("zai/glm-4.6", "glm-4.6"),
        ("z-ai/GLM-4.6", "glm-4.6"),
        ("openrouter/z-ai/glm-4.6", "glm-4.6"),
        ("openai/gpt-oss-120b", "gpt-oss-120b"),
        ("zai:glm-4.6", "glm-4.6"),
        ("anthropic:messages:claude-haiku-4-5", "claude-haiku-4-5"),
        ("OpenAI:Chat:gpt-oss-120b", "gpt-oss-120b"),
        ("openrouter:openai/gpt-oss-120b", "gpt-oss-120b"),
    ],
)
def test_spellings_of_one_model_reach_it(name: str, model_id: str) -> None:
    assert resolve.resolve(name, KNOWN) == model_id


def test_a_resellers_own_id_is_found_behind_its_name() -> None:
    known = resolve.index(["qwen/qwen3-max", "accounts/x/kimi-k2"])
    for name in ("openrouter/qwen/qwen3-max", "openrouter:qwen/Qwen3-Max", "qwen/qwen3-max"):
        assert resolve.resolve(name, known) == "qwen/qwen3-max"
    assert resolve.resolve("my-proxy/qwen/qwen3-max", known) is None
    assert resolve.resolve("openrouter/somebody/glm-4.6", KNOWN) is None


@pytest.mark.parametrize(
    "name",
    [
        "glm-4.6-20250930",
        "glm-4.6-latest",
        "glm-4.6v",
        "glm-46",
        "accounts/somebody/glm-4.6",
        "z-ai/glm-4.6:free",
        "glm-4.6:free",
        "openai:glm-4.6:free",
        "openai:assistant:glm-4.6",
        "azure:chat:glm-4.6",
        "ollama:glm-4.6",
        "file:glm-4.6",
        "zai:",
        "zai/",
        "",
    ],
)
def test_a_name_that_may_mean_something_else_is_not_guessed(name: str) -> None:
    assert resolve.resolve(name, KNOWN) is None


def test_a_whole_name_wins_over_what_is_behind_its_prefix() -> None:
    known = resolve.index(["openai/gpt-5", "gpt-5"])
    assert resolve.resolve("openai/gpt-5", known) == "openai/gpt-5"


def test_the_first_of_two_spellings_gives_the_id() -> None:
    assert resolve.index(["glm-4.6", "GLM-4-6"]) == {"glm-4-6": "glm-4.6"}


@pytest.mark.parametrize(
    ("offered", "like", "like_offered", "written"),
    [
        ("glm-4.7", "glm-4.6", "glm-4.6", "glm-4.7"),
        ("glm-4.7", "zai/glm-4.6", "glm-4.6", "zai/glm-4.7"),
        ("openai/gpt-5", "openrouter/z-ai/glm-4.6", "z-ai/glm-4.6", "openrouter/openai/gpt-5"),
        ("MiniMax-M2", "minimax-m1", "MiniMax-M1", "minimax-m2"),
        ("MiniMax-M2", "x/minimax-m1", "MiniMax-M1", "x/minimax-m2"),
        ("MiniMax-M2", "x/MiniMax-M1", "MiniMax-M1", "x/MiniMax-M2"),
        ("glm-4.7", "glm-4.6", None, "glm-4.7"),
        ("gpt-5", "openai:gpt-4.1", "gpt-4.1", "openai:gpt-5"),
        ("gpt-5", "openai:chat:gpt-4.1", "gpt-4.1", "openai:chat:gpt-5"),
        ("x/gpt-5", "openrouter:y/gpt-4.1", "y/gpt-4.1", "openrouter:x/gpt-5"),
    ],
)
def test_a_name_is_written_the_way_the_config_writes_the_current_one(
    offered: str, like: str, like_offered: str, written: str
) -> None:
    assert resolve.in_dialect(offered, like=like, like_offered=like_offered) == written


@pytest.mark.parametrize(
    ("like", "like_offered"),
    [
        ("zai/glm-4.6", None),
        ("zai/glm-4-6", "glm-4.6"),
        ("zai:glm-4.6", None),
        ("zai:assistant:glm-4.6", "glm-4.6"),
        ("elsewhere:glm-4.6", "glm-4.6"),
        ("myglm-4.6", "glm-4.6"),
        ("glm-4.6@eu", "glm-4.6"),
        ("GLM-4.6", "glm-4.6"),
    ],
)
def test_a_way_of_writing_that_cannot_be_carried_over_gives_nothing(
    like: str, like_offered: str | None
) -> None:
    assert resolve.in_dialect("glm-4.7", like=like, like_offered=like_offered) is None


parts = st.from_regex(r"[a-zA-Z0-9][a-zA-Z0-9._-]{0,10}", fullmatch=True)
offers = st.lists(parts, min_size=1, max_size=2).map("/".join)
colons = st.sampled_from(["openai:", "openai:chat:", "anthropic:messages:", "Google:"])
slashes = st.lists(parts, min_size=1, max_size=2).map(lambda p: "/".join(p) + "/")
prefixes = st.just("") | slashes | colons


@settings(deadline=None, max_examples=100)
@given(prefixes, offers, offers)
def test_the_way_to_another_model_and_back_ends_at_the_first_spelling(
    prefix: str, mine: str, theirs: str
) -> None:
    there = resolve.in_dialect(theirs, like=prefix + mine, like_offered=mine)
    assert there == prefix + theirs
    assert resolve.in_dialect(mine, like=there, like_offered=theirs) == prefix + mine


@settings(deadline=None, max_examples=100)
@given(prefixes, offers)
def test_the_current_model_is_written_as_it_stands(prefix: str, mine: str) -> None:
    for like in (prefix + mine, prefix + mine.lower()):
        assert resolve.in_dialect(mine, like=like, like_offered=mine) == like


@settings(deadline=None, max_examples=100)
@given(offers)
def test_a_match_key_is_its_own_match_key(name: str) -> None:
    assert resolve.match_key(resolve.match_key(name)) == resolve.match_key(name)
