"""How well opinions are read, on sentences labelled by hand: what the documentation says of it.

`tuning.tsv` was looked at sentence by sentence while the word list was written, of `held_out.tsv`
the totals alone. Of two models that a sentence compares, the label of the second is `neutral`: an
opinion of the first is none of it.
"""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from model_intelligence.naming.catalog_index import known_names
from model_intelligence.sentiment.mentions import known
from model_intelligence.sentiment.read_post import read
from tests.conftest import ROOT

HERE = Path(__file__).parent
IDS = (
    *("glm-4.6", "glm-4.7", "claude-opus-4-6", "claude-sonnet-4-5", "claude-haiku-4-5", "gpt-5"),
    *("gpt-5-mini", "gpt-5.4", "gemini-2.5-pro", "gemini-2.5-flash"),
)
LABELS = ("positive", "neutral", "negative", "mixed")
READ_AS = (*LABELS, "left out")
FLOOR = 0.75  # of what is read as positive or negative, how much is
Matrix = Counter[tuple[str, str]]


def labelled(name: str) -> list[tuple[str, str, str]]:
    """(model, label, sentence)."""
    lines = (HERE / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [(model, label, sentence) for model, label, sentence in (x.split("\t") for x in lines)]


@cache
def matrix(name: str) -> Matrix:
    """(label, what it is read as) -> how many sentences."""
    among, found = known(known_names(IDS)), Counter[tuple[str, str]]()
    for model, label, sentence in labelled(name):
        said = read(sentence, among).get(model)
        found[label, said.sentiment if said else "left out"] += 1
    return found


def precision(found: Matrix, side: str) -> float:
    return found[side, side] / sum(found[label, side] for label in LABELS)


def recall(found: Matrix, side: str) -> float:
    return found[side, side] / sum(found[side, read_as] for read_as in READ_AS)


def table(found: Matrix) -> str:
    """The matrix as the documentation has it."""
    rows = ([label, *(str(found[label, one]) for one in READ_AS)] for label in LABELS)
    head = (["labelled", *READ_AS], ["---"] * (1 + len(READ_AS)))
    lines = [f"| {' | '.join(row)} |" for row in (*head, *rows)]
    figures = (
        f"{side}: precision {precision(found, side):.0%}, recall {recall(found, side):.0%}"
        for side in ("positive", "negative")
    )
    return "\n".join([*lines, "", *(f"- {one}" for one in figures)])


def test_there_are_enough_sentences_and_each_once() -> None:
    every = labelled("tuning") + labelled("held_out")
    assert len(every) >= 120
    assert len(set(every)) == len(every)
    assert min(Counter(label for _, label, _ in every).values()) >= 12
    assert not {s for *_, s in labelled("tuning")} & {s for *_, s in labelled("held_out")}


@pytest.mark.parametrize("side", ["positive", "negative"])
def test_an_opinion_that_is_taken_is_mostly_one(side: str) -> None:
    assert precision(matrix("held_out"), side) >= FLOOR


@pytest.mark.parametrize("name", ["tuning", "held_out"])
def test_the_documentation_shows_what_is_measured(name: str) -> None:
    text = (ROOT / "docs" / "sentiment.md").read_text(encoding="utf-8")
    assert table(matrix(name)) in text, table(matrix(name))


@pytest.mark.parametrize("name", ["tuning", "held_out"])
def test_what_is_compared_with_is_given_no_opinion(name: str) -> None:
    every = labelled(name)
    twice = Counter(sentence for *_, sentence in every)
    seconds = [(m, s) for m, label, s in every if twice[s] == 2 and label == "neutral"]
    assert seconds
    assert [s for m, s in seconds if m in read(s, known(known_names(IDS)))] == []
