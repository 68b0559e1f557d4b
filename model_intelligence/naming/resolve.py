"""Names to models, and back into the spelling a config uses. Nothing is guessed."""

import re
from collections.abc import Iterable, Mapping

from model_intelligence.naming import bedrock
from model_intelligence.naming.provider_prefixes import (
    behind_colons,
    names_provider,
    without_provider,
)

# Organisation prefixes that resellers put before a creator's own model id.
CREATORS = {
    "anthropic": "anthropic",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "deepseek-ai": "deepseek",
    "google": "google",
    "meta-llama": "meta",
    "minimax": "minimax",
    "minimaxai": "minimax",
    "mistral": "mistral",
    "mistralai": "mistral",
    "moonshotai": "moonshotai",
    "openai": "openai",
    "perplexity": "perplexity",
    "x-ai": "x-ai",
    "xai": "x-ai",
    "z-ai": "zai",
    "zai": "zai",
    "zai-org": "zai",
}
NO_SNAPSHOTS: Mapping[str, str] = {}
_SEPARATORS = str.maketrans("._ ", "---")
# Names that a provider points at another model whenever it likes, or has pointed at several.
_ROLLING = re.compile(
    r"(?:.*[-/:@])?latest(?:-.*)?"
    r"|(?:.*/)?(?:deepseek-(?:chat|reasoner|flash|pro)|gpt-5-chat|gpt-chat|codestral|grok-2"
    r"|command-r(?:-plus)?|mistral-(?:large|medium|small)|qwen-(?:flash|max|plus|turbo))"
)


def match_key(name: str) -> str:
    """The name without what never tells two models apart: case, and which separator is used."""
    return name.strip().lower().translate(_SEPARATORS)


def is_rolling(name: str) -> bool:
    """Whether the name means one model today and may mean another tomorrow."""
    return _ROLLING.fullmatch(match_key(name)) is not None


def family_of(model_id: str) -> str:
    """The leading letters of a model's own name: `claude`, `gpt`, `glm`."""
    own = bedrock.model_of(model_id) or model_id.rpartition("/")[2]
    found = re.match(r"[a-z]+", own)
    return found.group() if found else model_id


def index(model_ids: Iterable[str], snapshots: Mapping[str, str] = NO_SNAPSHOTS) -> dict[str, str]:
    """match key -> model id, the first spelling winning.

    `snapshots` is dated id -> model id; it comes first, for a list may hold the dated id as well.
    """
    known = {match_key(dated): model_id for dated, model_id in snapshots.items()}
    for model_id in model_ids:
        known.setdefault(match_key(model_id), model_id)
    return known


def snapshots_of(pinned: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """dated id -> model id, of what is `known` (match key -> id); `pinned` is dated -> undated."""
    found = {dated: known.get(match_key(undated)) for dated, undated in pinned.items()}
    return {dated: model_id for dated, model_id in found.items() if model_id is not None}


def served_by(model_ids: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """A cloud's id -> the model of its maker that it serves, where that is `known`."""
    found = {one: resolve(own, known) for one in model_ids if (own := bedrock.model_of(one))}
    return {one: model_id for one, model_id in found.items() if model_id is not None}


def resolve(name: str, known: Mapping[str, str]) -> str | None:
    """The model id that `name` means, or None: whole, or behind provider and creator prefixes."""
    own = without_provider(name)
    whole = known.get(match_key(name)) or known.get(match_key(own))
    before, slash, last = own.rpartition("/")
    if whole is not None or not slash:
        return whole
    # One unknown part before the name may be anything (`team/gpt-5`); behind a known provider, only
    # a maker's name is dropped.
    is_creators = before.rpartition("/")[2].lower() in CREATORS
    is_anybodys = own == name and "/" not in before
    return known.get(match_key(last)) if is_creators or is_anybodys else None


def in_dialect(offered: str, *, like: str, like_offered: str | None) -> str | None:
    """`offered`, a provider's own id, in the spelling in which the config has the current model.

    `like` is the current spelling and `like_offered` the provider's own id of that same model
    (None: unknown). None when the config's way of writing cannot be carried over.
    """
    if like_offered is None:
        return None if names_provider(like) else offered
    if like == like_offered:
        return offered
    if like == like_offered.lower():
        return offered.lower()
    prefix, own = like[: -len(like_offered)], like[-len(like_offered) :]
    if _is_prefix(prefix) and own.lower() == like_offered.lower():
        return prefix + (offered if own == like_offered else offered.lower())
    return None


def _is_prefix(text: str) -> bool:
    """Whether a model's own id may follow: `openrouter/`, `openai:chat:`."""
    return text.endswith("/") or behind_colons(f"{text}x") == "x"
