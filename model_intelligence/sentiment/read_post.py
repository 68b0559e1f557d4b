"""What one post says of each model that it clearly speaks of: an opinion, and a short quotation."""

from collections import defaultdict
from dataclasses import dataclass

from model_intelligence.sentiment.mentions import Known, Mention, mentions, sentences, subject
from model_intelligence.sentiment.polarity import NAME, Sentiment, polarity, together

LONGEST_QUOTE = 500  # characters; a signal may hold 2,000, but we quote no more than is needed
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class PostOpinion:
    """Of one model: what is thought of it, and the sentences that say so."""

    sentiment: Sentiment
    quote: str


def read(text: str, among: Known) -> dict[str, PostOpinion]:
    """model id -> what the text says of it; a model only named beside others is left out."""
    found: dict[str, list[tuple[Sentiment, str]]] = defaultdict(list)
    for sentence in sentences(text[:LONGEST_TEXT]):
        named = mentions(sentence, among)
        model_id = subject(sentence, named) if named else None
        if model_id is not None:
            found[model_id].append((polarity(_without_names(sentence, named)), sentence))
    return {model_id: _said(parts) for model_id, parts in found.items()}


def _said(parts: list[tuple[Sentiment, str]]) -> PostOpinion:
    """The sentences that take a side are quoted first: they are why the opinion is what it is."""
    opinion = together([sentiment for sentiment, _ in parts])
    telling = [sentence for sentiment, sentence in parts if sentiment != "neutral"]
    quote = " ".join(telling or [sentence for _, sentence in parts])
    return PostOpinion(
        opinion, quote if len(quote) <= LONGEST_QUOTE else quote[: LONGEST_QUOTE - 1] + "…"
    )


def _without_names(sentence: str, named: list[Mention]) -> str:
    for mention in reversed(named):
        sentence = sentence[: mention.start] + NAME + sentence[mention.end :]
    return sentence
