"""A model's maker, line, tier and specialty, as its name tells them. Pure.

A line is what a maker renews from release to release (`openai/gpt-mini`); a tier is how large and
expensive a model is among those of its time. Names follow habits, not standards: a word for the
tier comes first, then the number of parameters, and a name with neither is of the middle.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from model_intelligence.naming import bedrock
from model_intelligence.naming.resolve import CREATORS

Tier = Literal["nano", "mini", "mid", "large"]

# First letters of a model's own name -> who made it. A name that is not here belongs to whoever
# its id or its provider names.
FAMILIES = {
    **dict.fromkeys(("chatgpt", "codex", "davinci", "gpt", "o"), "openai"),
    "claude": "anthropic",
    **dict.fromkeys(("gemini", "gemma", "learnlm", "palm"), "google"),
    "grok": "x-ai",
    **dict.fromkeys(("codestral", "devstral", "magistral", "mathstral", "ministral"), "mistral"),
    **dict.fromkeys(("mistral", "mixtral", "pixtral", "voxtral"), "mistral"),
    "deepseek": "deepseek",
    **dict.fromkeys(("qwen", "qwq", "qvq"), "alibaba"),
    **dict.fromkeys(("chatglm", "glm"), "zai"),
    **dict.fromkeys(("kimi", "moonshot"), "moonshotai"),
    **dict.fromkeys(("llama", "muse"), "meta"),
    **dict.fromkeys(("aya", "command", "north"), "cohere"),
    **dict.fromkeys(("nova", "titan"), "amazon"),
    **dict.fromkeys(("abab", "minimax"), "minimax"),
    "nemotron": "nvidia",
    **dict.fromkeys(("mai", "phi", "wizardlm"), "microsoft"),
    **dict.fromkeys(("jamba", "jurassic"), "ai21"),
    "ernie": "baidu",
    **dict.fromkeys(("doubao", "seed"), "bytedance"),
    "granite": "ibm",
    "hunyuan": "tencent",
    "mercury": "inception",
    "mimo": "xiaomi",
    "olmo": "allenai",
    "palmyra": "writer",
    "sonar": "perplexity",
    "step": "stepfun",
    "yi": "01-ai",
}
_MAKERS = {"alibaba": "alibaba", "meta": "meta", "microsoft": "microsoft", "nvidia": "nvidia"} | {
    **dict.fromkeys(("qwen", "tongyi"), "alibaba"),
    **dict.fromkeys(("amazon", "aws"), "amazon"),
    "moonshot": "moonshotai",
    "ai21": "ai21",
    "writer": "writer",
}
TIER_WORDS: dict[str, Tier] = {
    **dict.fromkeys(("edge", "luna", "micro", "nano", "tiny"), "nano"),
    **dict.fromkeys(("air", "airx", "fast", "flash", "flashx", "haiku"), "mini"),
    **dict.fromkeys(("instant", "light", "lite", "mini", "nemo", "scout"), "mini"),
    **dict.fromkeys(("small", "terra"), "mini"),
    **dict.fromkeys(("maverick", "medium", "sol", "sonnet"), "mid"),
    **dict.fromkeys(("argon", "astra", "behemoth", "fable", "heavy", "large"), "large"),
    **dict.fromkeys(("max", "mythos", "opus", "premier", "pro", "ultra"), "large"),
}
_SMALLEST_FIRST: tuple[Tier, ...] = ("nano", "mini", "mid", "large")
_SIZES: tuple[tuple[float, Tier], ...] = ((10, "nano"), (40, "mini"), (300, "mid"))  # up to, in 1e9
# Words of models that are made for one kind of work, which general work should not be moved to.
SPECIALTIES = {
    **dict.fromkeys(("code", "coder", "codestral", "codex", "devstral"), "code"),
    **dict.fromkeys(("math", "mathstral"), "math"),
    **dict.fromkeys(("pixtral", "vision", "vl"), "vision"),
    **dict.fromkeys(("research", "search"), "search"),
}
# What is no part of a line: how a model was packed, which stage it is in, who tuned it to chat.
_NOT_THE_LINE = frozenset(
    {"base", "beta", "chat", "exp", "experimental", "fp", "free", "hf", "highspeed", "instruct"}
    | {"it", "latest", "maas", "preview", "speciale", "terminus", "turbo", "versatile"}
)
_BEFORE_THE_FAMILY = frozenset({"c4ai", "labs", "open", *CREATORS, *_MAKERS} - FAMILIES.keys())
_SIZE = re.compile(r"(?:[er]|(?P<times>\d+)x)?(?P<amount>\d+(?:\.\d+)?)(?P<unit>[bt])")
_BILLIONS = {"b": 1, "t": 1000}
_FAMILY = re.compile(r"[a-z]+")
_SPELLINGS = {"chatgpt": "gpt"}


def maker_of(model_id: str, provider: str) -> str:
    """Who made the model, whoever sells it; its provider if neither name nor id tells."""
    family = _family(_words(model_id))
    if family in FAMILIES:
        return FAMILIES[family]
    owner = model_id.rpartition("/")[0].rpartition("/")[2].lower() or bedrock.maker_of(model_id)
    named = owner or provider
    return CREATORS.get(named) or _MAKERS.get(named, named)


def line_of(model_id: str, provider: str) -> str:
    """The maker and the words of the name: `anthropic/claude-sonnet`, `openai/gpt-mini`."""
    words = _words(model_id)
    family = _family(words)
    kept = dict.fromkeys([family, *filter(None, map(_word_of_line, words[1:]))])
    return f"{maker_of(model_id, provider)}/{'-'.join(kept)}"


def tier_of(model_id: str) -> Tier:
    """How large the model is among those of its time."""
    words = _words(model_id)
    if {"flash", "lite"} <= set(words):
        return "nano"
    tiers = {TIER_WORDS[word] for word in words if word in TIER_WORDS}
    return min(tiers, key=_SMALLEST_FIRST.index) if tiers else _tier_by_size(words)


def specialty_of(model_id: str) -> str | None:
    """The one kind of work that the model is made for; None for a model for any work."""
    words = _words(model_id)
    found = (SPECIALTIES.get(word) for word in (_family(words), *words[1:]))
    return next(filter(None, found), None)


def _tier_by_size(words: Sequence[str]) -> Tier:
    sizes = [
        int(size["times"] or 1) * float(size["amount"]) * _BILLIONS[size["unit"]]
        for size in map(_SIZE.fullmatch, words)
        if size
    ]
    if not sizes:
        return "mid"
    return next((tier for most, tier in _SIZES if max(sizes) <= most), "large")


@lru_cache(maxsize=10_000)  # all models, each of which is asked for its maker, line, tier and work
def _words(model_id: str) -> tuple[str, ...]:
    """The words of the model's own name, from its family on."""
    own = bedrock.model_of(model_id) or model_id.rpartition("/")[2]
    words = re.split(r"[-_: @]+", own.strip().lower())
    if "nemotron" in words:  # tuned from another maker's weights, which its name may put first
        return (
            "nemotron",
            *(word for word in words if word not in {"nemotron", "llama", "nvidia"}),
        )
    while len(words) > 1 and words[0] in _BEFORE_THE_FAMILY:
        words = words[1:]
    return tuple(words)


def _family(words: Sequence[str]) -> str:
    letters = _FAMILY.match(words[0])
    family = letters.group() if letters else words[0]
    return _SPELLINGS.get(family, family)


def _word_of_line(word: str) -> str | None:
    if re.fullmatch(r"r\d+b?", word):  # DeepSeek's and Cohere's reasoners: r1, r7b
        return "r"
    return word if word.isalpha() and word not in _NOT_THE_LINE else None
