"""When each model was released, by vote of the lists that state a day. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from model_intelligence.naming import resolve
from model_intelligence.naming.snapshots import pinned_names
from model_intelligence.naming.spellings import plain_key
from model_intelligence.observations.listing import Listing, Release

BUNDLED = " (bundled)"  # ends the name of a source whose snapshot comes with the program
StatedDates = Mapping[str, Mapping[str, str]]  # model id -> source -> the day, YYYY-MM-DD


def stated_dates(
    listings: Iterable[tuple[str, Listing]], releases: Iterable[Release], model_ids: Iterable[str]
) -> StatedDates:
    """What lists state of the catalog's models, one day for each list.

    `listings` come with their model ids, the makers' own first. A row of `releases` is of every id
    that is a spelling of its name, or the name of that one snapshot.
    """
    spelled: dict[str, list[str]] = defaultdict(list)
    for model_id in model_ids:
        spelled[plain_key(model_id)].append(model_id)
    for dated, undated in pinned_names().items():
        spelled[plain_key(dated)] += spelled.get(plain_key(undated), [])
    listed: dict[tuple[str, str], list[Listing]] = defaultdict(list)
    for model_id, listing in listings:
        if listing.released_at is not None:
            listed[model_id, listing.source].append(listing)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for (model_id, source), rows in listed.items():
        found[model_id][source] = _of_one_list(rows)
    for release in releases:
        for model_id in spelled.get(plain_key(release.model), ()):
            found[model_id].setdefault(release.source, release.released_on.isoformat())
    return found


def _of_one_list(rows: Iterable[Listing]) -> str:
    """The day at the model's maker, else the one that most sellers state, then the earliest."""
    makers, sellers = Counter[str](), Counter[str]()
    for row in rows:
        is_makers = row.provider in resolve.CREATORS.values()
        (makers if is_makers else sellers)[str(row.released_at)] += 1
    votes = makers or sellers
    return min(votes, key=lambda day: (-votes[day], day))


def agreed_date(stated: Mapping[str, str]) -> date | None:
    """The day that most lists state, of several the earliest; `stated` is source -> day."""
    # A list that is read live votes once: its bundled snapshot has no vote of its own.
    bundled_first = sorted(stated.items(), key=lambda each: not each[0].endswith(BUNDLED))
    votes = Counter({source.removesuffix(BUNDLED): day for source, day in bundled_first}.values())
    first = min(votes, key=lambda day: (-votes[day], day), default=None)
    return date.fromisoformat(first) if first else None
