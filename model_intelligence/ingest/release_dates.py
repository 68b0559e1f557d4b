"""When each model was released, by vote of the lists that state a day. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from model_intelligence.naming.snapshots import pinned_names
from model_intelligence.naming.spellings import plain_key
from model_intelligence.observations.listing import Listing, Release

BUNDLED = " (bundled)"  # ends the name of a source whose snapshot comes with the program
StatedDates = Mapping[str, Mapping[str, str]]  # model id -> source -> the day, YYYY-MM-DD


def stated_dates(
    listings: Iterable[tuple[str, Listing]], releases: Iterable[Release], model_ids: Iterable[str]
) -> StatedDates:
    """What lists state of the catalog's models; of several days of one list the first.

    `listings` come with their model ids, the makers' own first. A row of `releases` is of every id
    that is a spelling of its name, or the name of that one snapshot.
    """
    spelled: dict[str, list[str]] = defaultdict(list)
    for model_id in model_ids:
        spelled[plain_key(model_id)].append(model_id)
    for dated, undated in pinned_names().items():
        spelled[plain_key(dated)] += spelled.get(plain_key(undated), [])
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for model_id, listing in listings:
        if listing.released_at is not None:
            found[model_id].setdefault(listing.source, listing.released_at.isoformat())
    for release in releases:
        for model_id in spelled.get(plain_key(release.model), ()):
            found[model_id].setdefault(release.source, release.released_on.isoformat())
    return found


def agreed_date(stated: Mapping[str, str]) -> date | None:
    """The day that most lists state, of several the earliest; `stated` is source -> day."""
    # A list that is read live speaks for itself: its bundled snapshot has no vote of its own.
    bundled_first = sorted(stated.items(), key=lambda each: not each[0].endswith(BUNDLED))
    votes = Counter({source.removesuffix(BUNDLED): day for source, day in bundled_first}.values())
    first = min(votes, key=lambda day: (-votes[day], day), default=None)
    return date.fromisoformat(first) if first else None
