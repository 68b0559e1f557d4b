"""What a sentence thinks of what it speaks of: VADER with a word list of the domain.

It says `neutral` when unsure: for a question, a wish, a condition, for irony that shows itself, and
for whatever lies between the thresholds. VADER (Hutto and Gilbert 2014, MIT) is a word list with
rules for negation and degree, frozen since 2020: what it says of a sentence stays.
"""

import re
import warnings
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

Sentiment = Literal["positive", "neutral", "negative", "mixed"]
SURE = 0.34  # of VADER's compound score, -1 to 1; its authors use 0.05, which is a guess for us
SURE_OF_A_CLAUSE = 0.30
NAME = "it"  # stands for a model's name, which is neither good nor bad
# A sentence can praise in one half and blame in the other; the halves are weighed by themselves.
_TURNS = re.compile(r"[,;:]?\s+\b(?:but|although|though|however|yet|except)\b,?\s+|[;:]\s+")
_UNSURE = re.compile(
    r"\?\s*[\"')]*$|^(?:if|would|could|should|maybe|perhaps|hopefully)\b(?!.*\brecommend\b)"
    r"|\b(?:if|wish|wonder|wondering|hope|hoping)\b",
    re.IGNORECASE,
)
_IRONY = re.compile(
    r"(?:^|\s)/s\b|\byeah,? right\b|^(?:oh|ah),? great\b|^(?:wow|great|nice|brilliant),.*"
    r"\b(?:again|amazing|wow|great)\b",
    re.IGNORECASE,
)


class Words(BaseModel):
    """words.yaml: word or phrase -> how good it is, from -4 to 4; 0 for one that says nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: dict[str, float] = Field(min_length=1)


def polarity(sentence: str) -> Sentiment:
    """What one sentence thinks; the names of models in it are to be replaced by NAME."""
    if _UNSURE.search(sentence) or _IRONY.search(sentence):
        return "neutral"
    clauses = {_side(_compound(clause), SURE_OF_A_CLAUSE) for clause in _TURNS.split(sentence)}
    if clauses >= {1, -1}:
        return "mixed"
    side = _side(_compound(sentence), SURE)
    return "positive" if side > 0 else "negative" if side < 0 else "neutral"


def together(said: list[Sentiment]) -> Sentiment:
    """What several sentences think of one model."""
    sides = set(said) - {"neutral"}
    if not sides:
        return "neutral"
    return sides.pop() if len(sides) == 1 else "mixed"


def _side(compound: float, sure: float) -> int:
    return (compound >= sure) - (compound <= -sure)


def _compound(text: str) -> float:
    return _score(_phrases().sub(lambda found: _as_word(found[0]), text))


@cache
def words() -> Mapping[str, float]:
    """The reviewed word list of the domain."""
    text = resources.files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    return Words.model_validate(YAML(typ="safe").load(text)).words


@cache
def _phrases() -> re.Pattern[str]:
    """The entries of more than one word, the longest first."""
    several = sorted((one for one in words() if not one.isalpha()), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, several))})\b", re.IGNORECASE)


def _as_word(phrase: str) -> str:
    return re.sub(r"\W+", "_", phrase.lower())


def _score(text: str) -> float:
    scores: dict[str, float] = _analyzer().polarity_scores(text)
    return scores["compound"]


@cache
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # noqa: PLC0415  # 20 ms

    with warnings.catch_warnings(action="ignore"):  # it opens its list as people did in 2014
        analyzer = SentimentIntensityAnalyzer()
    analyzer.lexicon.update({_as_word(word): value for word, value in words().items()})
    return analyzer
