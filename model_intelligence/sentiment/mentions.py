"""Which model a sentence speaks of: by the rules that resolve names, and no sentence is forced.

A name counts only whole: `GPT-5` in `GPT-5 mini` or in `gpt-5-turbo` is none. A sentence with one
model is about that model; one that compares two is about the one that is compared; any other with
several is about nobody, since who is meant would be a guess.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from model_intelligence.config.aliases_yaml import Alias
from model_intelligence.naming.catalog_index import Names, key_of
from model_intelligence.naming.identify import NameMatch, identify
from model_intelligence.naming.resolve import is_rolling

LONGEST_WORDS = 8
SHORTEST_KEY = 4  # `o3` is also a gas, and `r1` a camera
_WORD = re.compile(r"[A-Za-z0-9]+")
_JOINED = re.compile(r"[-._/:@+]")
# What makes another model of the one before it.
_VARIANTS = frozenset(
    {"air", "base", "chat", "codex", "coder", "deep", "distill", "experimental", "fast", "flash"}
    | {"high", "instant", "instruct", "large", "lite", "live", "low", "max", "medium", "micro"}
    | {"mini", "nano", "next", "omni", "plus", "preview", "pro", "reasoning", "search", "small"}
    | {"thinking", "tiny", "turbo", "ultra", "v", "vision", "xhigh"}
)
_SENTENCE_END = re.compile(r"(?<=[.!?])(?:[\"')]*)\s+(?=[A-Z0-9\"'(])|\n+")
_COMPARES = re.compile(
    r"\b(?:than|over|beats?|beat|outperforms?|outclasses|behind|lost to|loses to"
    r"|compared (?:to|with)|unlike|as (?:good|bad) as|instead of|comes close to)\b",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"\b(?:compared (?:to|with)|unlike|next to|coming from|instead of|as opposed to)\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a sentence, and the model that it means (None: nobody knows)."""

    start: int
    end: int
    model_id: str | None


@dataclass(frozen=True, slots=True)
class Known:
    """The catalog's names and the reviewed ones, prepared to be found in running text."""

    names: Names
    aliases: tuple[Alias, ...]
    keys: frozenset[str]


def known(names: Names, aliases: Iterable[Alias] = ()) -> Known:
    """The names that may be found: those with a letter and a digit, and long enough to be one."""
    given = tuple(aliases)
    spelled = {*names.spelled, *names.served, *names.pinned, *(key_of(one.name) for one in given)}
    return Known(names, given, frozenset(filter(_tells, spelled)))


def sentences(text: str) -> list[str]:
    """The sentences of a text, a line each at the least."""
    return [part for part in map(str.strip, _SENTENCE_END.split(text)) if part]


def mentions(sentence: str, among: Known) -> list[Mention]:
    """Every name of a model in a sentence, the longest first at each place."""
    words = list(_WORD.finditer(sentence))
    found, at = [], 0
    while at < len(words):
        length = next(_lengths(sentence, words, at, among), 0)
        if length:
            found.append(_mention(sentence, words, at, length, among))
        at += length or 1
    return found


def subject(sentence: str, found: list[Mention]) -> str | None:
    """The model that a sentence is about; None for none, for an unknown one and for several."""
    models = list(dict.fromkeys(mention.model_id for mention in found))
    if len(models) == 1:
        return models[0]
    if len(found) != 2:
        return None
    first, second = found
    if _LEADS.search(sentence[: first.start]):
        return second.model_id
    between = sentence[first.end : second.start]
    return first.model_id if _COMPARES.search(between) else None


def _lengths(sentence: str, words: list[re.Match[str]], at: int, among: Known) -> Iterator[int]:
    """How many words from here are a name, the most first; one separator stands between two."""
    for length in range(min(LONGEST_WORDS, len(words) - at), 0, -1):
        span = sentence[words[at].start() : words[at + length - 1].end()]
        if key_of(span) in among.keys and "  " not in span and "\n" not in span:
            yield length


def _mention(
    sentence: str, words: list[re.Match[str]], at: int, length: int, among: Known
) -> Mention:
    start, end = words[at].start(), words[at + length - 1].end()
    if _goes_on(sentence, words, at, length):
        return Mention(start, end, None)
    match = identify(sentence[start:end], among.names, aliases=among.aliases)
    return Mention(start, end, match.model_id if isinstance(match, NameMatch) else None)


def _goes_on(sentence: str, words: list[re.Match[str]], at: int, length: int) -> bool:
    """Whether the name is only a part of a longer one, which would be another model's."""
    before, after = at - 1, at + length
    if before >= 0 and _gap(sentence, words, before) in {"-", ".", "_"}:
        return True
    if after >= len(words):
        return False
    gap, following = _gap(sentence, words, after - 1), words[after][0].lower()
    if _JOINED.fullmatch(gap):
        return True
    return gap.isspace() and (following in _VARIANTS or following[0].isdigit())


def _gap(sentence: str, words: list[re.Match[str]], at: int) -> str:
    return sentence[words[at].end() : words[at + 1].start()]


def _tells(key: str) -> bool:
    return (
        len(key) >= SHORTEST_KEY
        and any(map(str.isdigit, key))
        and any(map(str.isalpha, key))
        and not is_rolling(key)
    )
