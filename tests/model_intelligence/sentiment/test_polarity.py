"""What one sentence thinks, and that an unsure one thinks nothing."""

import pytest

from model_intelligence.naming.catalog_index import known_names
from model_intelligence.sentiment.mentions import known
from model_intelligence.sentiment.polarity import polarity, words
from model_intelligence.sentiment.read_post import LONGEST_QUOTE, PostOpinion, read

AMONG = known(known_names(["glm-4.7", "gpt-5"]))


@pytest.mark.parametrize(
    ("sentence", "thinks"),
    [
        ("it is SOTA", "positive"),
        ("it is state of the art", "positive"),
        ("it is not reliable", "negative"),
        ("it was nerfed", "negative"),
        ("it is fast but it hallucinates", "mixed"),
        ("is it faster?", "neutral"),
        ("if it were cheaper I would be happy", "neutral"),
        ("I hope it gets better", "neutral"),
        ("it is so good /s", "neutral"),
        ("yeah right, it is amazing", "neutral"),
        ("it has the weights of its intelligence, like others", "neutral"),
        ("", "neutral"),
    ],
)
def test_a_sentence_thinks_what_it_says_and_nothing_when_unsure(sentence: str, thinks: str) -> None:
    assert polarity(sentence) == thinks


def test_the_word_list_stays_within_its_scale() -> None:
    assert all(-4 <= value <= 4 for value in words().values())
    assert all(word == word.lower() for word in words())


def test_each_model_is_given_its_own_sentences() -> None:
    text = "GLM 4.7 is great. GPT-5 hallucinates. What a day. GLM 4.7 has 200k tokens."
    assert read(text, AMONG) == {
        "glm-4.7": PostOpinion("positive", "GLM 4.7 is great."),
        "gpt-5": PostOpinion("negative", "GPT-5 hallucinates."),
    }


def test_praise_and_blame_in_one_text_are_mixed() -> None:
    assert read("GLM 4.7 is great.\nGLM 4.7 is broken.", AMONG)["glm-4.7"].sentiment == "mixed"


def test_a_quotation_is_short() -> None:
    said = read("GLM 4.7 is great, " + "really " * 500 + "it is", AMONG)["glm-4.7"]
    assert len(said.quote) == LONGEST_QUOTE
    assert said.quote.endswith("…")


def test_a_name_in_capitals_is_no_shouting() -> None:
    assert polarity("it was released") == "neutral"
    assert read("GPT-5 was released.", AMONG)["gpt-5"].sentiment == "neutral"
