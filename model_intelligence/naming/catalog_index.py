"""The catalog's ids by what a board's name may have in common with them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from model_intelligence.naming.name_parts import with_one_date_format
from model_intelligence.naming.resolve import CREATORS, is_rolling, match_key

# Who stands before a model's own id: its maker, or the service that it is called through.
_MAKERS = frozenset(
    {*CREATORS, "allenai", "ibm-granite", "meta", "microsoft", "nvidia", "qwen", "xiaomi"}
    | {"xiaomimimo", "arcee-ai", "amazon", "nousresearch", "all-hands"}
)
_SERVICES = frozenset(
    {"anthropic", "azure", "bedrock", "cohere", "deepseek", "gemini", "groq", "mistral", "openai"}
    | {"openrouter", "vertex_ai", "xai", "fireworks_ai/accounts/fireworks/models"}
    | {"accounts/fireworks/models"}
)
_BEDROCK = re.compile(r"(?:(?:global|regional|us|eu|apac)\.)?(?:anthropic|amazon|meta)\.(.+)")
# Only behind a full date: the `-v2` of other ids may be the model's own version.
_BEDROCK_REVISION = re.compile(r"(?<=-20\d{6})-v\d:\d$")


@dataclass(frozen=True, slots=True)
class Names:
    """The catalog's ids by what a name may have in common with them."""

    ids: frozenset[str]
    spelled: Mapping[str, str] = field(default_factory=dict)
    pinned: Mapping[str, str] = field(default_factory=dict)
    served: Mapping[str, str] = field(default_factory=dict)


def known_names(model_ids: Iterable[str], pinned: Mapping[str, str] | None = None) -> Names:
    """The catalog prepared for `identify`; `pinned` is dated id -> undated id."""
    known = (one for one in model_ids if not is_rolling(one))
    # Of several ids of one model, the one with the least before it.
    ids = sorted(known, key=lambda one: (one.count("/"), len(one), one))
    spelled: dict[str, str] = {}
    served: dict[str, str] = {}
    for model_id in ids:
        spelled.setdefault(key_of(model_id), model_id)
        own = without_server(model_id)
        if own != model_id:
            served.setdefault(key_of(own), model_id)
    names_of = {dated: spelled.get(key_of(name)) for dated, name in (pinned or {}).items()}
    snapshots = {key_of(dated): name for dated, name in names_of.items() if name is not None}
    return Names(frozenset(ids), spelled, snapshots, served)


def key_of(name: str) -> str:
    """What is left of a name when spellings of one name are made equal."""
    return with_one_date_format(match_key(name))


def without_server(name: str) -> str:
    """The model's own id behind a maker's or a service's prefix; the name itself if unsure."""
    bedrock = _BEDROCK.fullmatch(name)
    if bedrock:
        return _BEDROCK_REVISION.sub("", bedrock[1])
    prefix, _, own = name.lower().rpartition("/")
    maker = prefix.rpartition("/")[2]
    return own if maker in _MAKERS or prefix in _SERVICES else name
