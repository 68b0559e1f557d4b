"""Which model a sentence is about, and when nobody can know."""

import pytest

from model_intelligence.config.aliases_yaml import Alias
from model_intelligence.naming.catalog_index import known_names
from model_intelligence.sentiment.mentions import known, mentions, sentences, subject

IDS = (
    *("glm-4.6", "glm-4.7", "claude-opus-4-6", "claude-sonnet-4-5-20250929", "gpt-5", "gpt-5-mini"),
    *("gpt-4o", "o3", "deepseek-chat", "z-ai/glm-5"),
)
OPUS = Alias(name="Opus 4.6", model="claude-opus-4-6", why="nobody else has an Opus")
AMONG = known(known_names(IDS), [OPUS])


def about(sentence: str) -> str | None:
    return subject(sentence, mentions(sentence, AMONG))


@pytest.mark.parametrize(
    ("sentence", "model"),
    [
        ("GLM-4.7 is fast.", "glm-4.7"),
        ("I like glm 4.7.", "glm-4.7"),
        ("Tried z-ai/GLM-5 and zai/glm_4.6?", None),
        ("Tried openrouter's z-ai/GLM-5.", "z-ai/glm-5"),
        ("Claude Opus 4.6, of all things, did it", "claude-opus-4-6"),
        ("claude-sonnet-4-5-20250929 it is", "claude-sonnet-4-5-20250929"),
        ("GPT-4o works.", "gpt-4o"),
        ("(gpt-5-mini)", "gpt-5-mini"),
        ("GPT-5 mini is cheap", "gpt-5-mini"),
        ("Opus 4.6 is a beast", "claude-opus-4-6"),
    ],
)
def test_a_name_is_found_in_any_of_its_spellings(sentence: str, model: str | None) -> None:
    assert about(sentence) == model


@pytest.mark.parametrize(
    "sentence",
    [
        "GPT-5-turbo is out",
        "GPT-5 nano is cheap",
        "GPT-5.9 soon?",
        "glm-4.7-air runs on a laptop",
        "GLM 4.7 Flash runs on a laptop",
        "mini-gpt-5 is a fork",
        "Claude Sonnet 4.5 has no date here",
        "Sonnet is nice",
        "deepseek-chat is whatever it is today",
        "An O3 sensor measures ozone.",
        "glm4.7 without its separator",
        "GPT-5  mini with a gap",
    ],
)
def test_what_may_be_another_model_is_nobody(sentence: str) -> None:
    assert about(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "model"),
    [
        ("GLM 4.7 is worse than Claude Opus 4.6", "glm-4.7"),
        ("Claude Opus 4.6 beats GLM 4.7", "claude-opus-4-6"),
        ("I prefer GLM 4.7 over GPT-5.", "glm-4.7"),
        ("Compared to GLM 4.6, GLM 4.7 is better", "glm-4.7"),
        ("Unlike GPT-5, GLM 4.6 listens", "glm-4.6"),
        ("GPT-5 and GLM 4.7 are great", None),
        ("I went from GPT-5 to GLM 4.7", None),
        ("GPT-5 is better than GPT-5 nano", "gpt-5"),
        ("GPT-5 nano is better than GPT-5", None),
        ("GPT-5 beats GLM 4.7 and GLM 4.6", None),
        ("GPT-5 is no GPT-5, said GPT-5", "gpt-5"),
    ],
)
def test_a_comparison_is_about_what_is_compared(sentence: str, model: str | None) -> None:
    assert about(sentence) == model


def test_a_text_is_taken_apart_where_its_sentences_end() -> None:
    assert sentences('GLM 4.7 is fast. It lies!\nWhy? "Because." e.g. this') == [
        "GLM 4.7 is fast.",
        "It lies!",
        "Why?",
        '"Because." e.g. this',
    ]
