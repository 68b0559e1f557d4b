"""Of several editions of one benchmark, the newest: their tasks overlap, so they are no two boards.

Pure.
"""

import re
from collections.abc import Iterable

from model_intelligence.scoring import Pair


def newest_editions(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """The pairs without those of which a newer version was run in the same way, too."""
    newest: dict[tuple[str | None, ...], Pair] = {}
    for pair in pairs:
        key = pair[0].key
        known = newest.get(key._replace(dataset_version=None))
        if known is None or _edition(key.dataset_version) > _edition(known[0].key.dataset_version):
            newest[key._replace(dataset_version=None)] = pair
    return tuple(newest.values())


def _edition(version: str | None) -> tuple[tuple[int, str], ...]:
    """An order in which `V10` comes after `V9`, and an unnamed edition before any."""
    parts = re.findall(r"\d+|[^\W\d_]+", version or "")
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
