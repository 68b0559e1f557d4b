"""Of which models people's opinions are looked for: those in use, and what may follow them.

A search takes a request a name, so there are few: the configured models, then the newest of each
family that an allowed provider makes, a family at a time, until there are MOST_NAMES.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, zip_longest

from model_intelligence.naming.name_parts import snapshot_of
from model_intelligence.naming.resolve import is_rolling, match_key
from model_intelligence.records import Model

MOST_NAMES = 20
NOT_ASKED = f"a model that nobody is asked about: searches are for {MOST_NAMES} names at most"
_NUMBERS = re.compile(r"\d+")
# Names of what is no successor of a text model in use, or may be withdrawn any day.
_APART = re.compile(
    r"preview|exp\b|beta|image|audio|tts|live|realtime|transcribe|whisper|embed|vision|video|search"
    r"|moderation|guard|:|/|-00\d\b|base\b"
)


@dataclass(frozen=True, slots=True)
class Followed:
    """The names to search for, and how many more there would be."""

    names: tuple[str, ...]
    left_out: int


def followed(
    configured: Iterable[str], models: Iterable[Model], providers: Collection[str], today: date
) -> Followed:
    """The configured names as they are written, then candidates' ids; each name once."""
    families = defaultdict(list)
    for model in models:
        if _may_follow(model, providers, today):
            families[model.provider, model.family].append(model)
    ranked = [sorted(family, key=_newest, reverse=True) for family in families.values()]
    ranked.sort(key=lambda family: _newest(family[0]), reverse=True)
    turns = chain.from_iterable(zip_longest(*ranked))
    candidates = [model.model_id for model in turns if model is not None]
    # Reversed, so that of several spellings the first one stays: the configured before a
    # candidate's.
    names: Mapping[str, str] = {match_key(n): n for n in reversed([*_own(configured), *candidates])}
    wanted = list(dict.fromkeys(names[match_key(n)] for n in [*_own(configured), *candidates]))
    return Followed(tuple(wanted[:MOST_NAMES]), max(0, len(wanted) - MOST_NAMES))


def _own(configured: Iterable[str]) -> list[str]:
    """The models' own names: nobody writes the provider's prefix before them."""
    return [name.rpartition("/")[2] for name in configured]


def _may_follow(model: Model, providers: Collection[str], today: date) -> bool:
    name = model.model_id
    ended = model.is_deprecated or (model.retires_at is not None and model.retires_at <= today)
    dated = snapshot_of(name) is not None or is_rolling(name) or _APART.search(name) is not None
    numbered = _NUMBERS.search(name) is not None
    return model.provider in providers and numbered and not ended and not dated


def _newest(model: Model) -> tuple[date, tuple[int, ...]]:
    """By the day of its release; where that is not known, by the numbers in its name."""
    numbers = tuple(int(one) for one in _NUMBERS.findall(model.model_id))
    return model.released_at or date.min, numbers
