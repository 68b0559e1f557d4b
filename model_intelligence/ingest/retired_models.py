"""Models that are no longer offered: known, so that what was measured of them has a place. Pure.

A price list forgets a model when its maker ends it; a list of ends remembers it. Such an entry has
no price and is deprecated, so it is never a candidate.
"""

import re
from collections.abc import Iterable
from datetime import date

from model_intelligence.naming.catalog_index import Names, key_of
from model_intelligence.naming.resolve import family_of, is_rolling
from model_intelligence.observations.listing import Lifecycle
from model_intelligence.records import Model

# Only an id with its own date or version: an undated one was pointed at whatever was newest. Some
# lists also hold the ends of endpoints ("/v1/edits", "Assistants API"), which are no models.
_SNAPSHOT = re.compile(
    r"[\w.-]+-(?:20\d{2}-?\d{2}-?\d{2}|\d{2}-(?:\d{2}|20\d{2})|\d{3,4})(?:-preview)?"
)


def retired_snapshots(
    lifecycles: Iterable[Lifecycle], names: Names, today: date
) -> dict[str, Model]:
    """model id -> each snapshot whose end has come and that the catalog does not know."""
    ended = {
        end.model.lower(): end
        for end in lifecycles
        if end.retires_at is not None and end.retires_at <= today
    }
    return {
        name: _model(name, end)
        for name, end in ended.items()
        if _SNAPSHOT.fullmatch(name) and not is_rolling(name) and not _is_known(name, names)
    }


def _is_known(name: str, names: Names) -> bool:
    key = key_of(name)
    return key in names.spelled or key in names.served or key in names.pinned


def _model(name: str, end: Lifecycle) -> Model:
    return Model(
        model_id=name,
        provider=end.provider,
        family=family_of(name),
        display_name=end.model,
        retires_at=end.retires_at,
        retirement_source=end.source_url,
        replacement=end.replacement,
        is_deprecated=True,
    )
