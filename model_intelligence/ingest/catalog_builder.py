"""Models and their offers, as several lists describe them together. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from model_intelligence.ingest.ends import ends_of_models
from model_intelligence.ingest.release_dates import StatedDates, agreed_date, stated_dates
from model_intelligence.ingest.retired_models import retired_snapshots
from model_intelligence.naming import bedrock, resolve
from model_intelligence.naming.catalog_index import known_names
from model_intelligence.naming.provider_prefixes import without_provider
from model_intelligence.naming.resolve import family_of, match_key
from model_intelligence.naming.snapshots import pinned_names
from model_intelligence.naming.spellings import is_snapshot, undated_key
from model_intelligence.observations.listing import Lifecycle, Listing, PriceKey, Release
from model_intelligence.observations.origin import Origin
from model_intelligence.records import UNKNOWN_PROVIDER, Model

KNOWN_OF_A_MODEL = (
    "context_window_tokens",
    "max_output_tokens",
    "supports_tools",
    "supports_structured_output",
    "supports_vision",
    "open_weights",
    "base_model",
)
EMPTY_CATALOG: Mapping[str, Model] = MappingProxyType({})
NO_EDITIONS: Mapping[str, str] = MappingProxyType({})
Lifecycles = Mapping[str, Sequence[Lifecycle]]
NO_LIFECYCLES: Lifecycles = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class BuiltCatalog:
    """What lists say together: models, prices and retirements by model id.

    `listed` are the ids that have a listing, `origins` who describes a model, `ends` what each list
    of retirements says of models, whatever their spelling: source -> model id -> end. `editions` is
    source -> the version or digest of its list.
    """

    models: Mapping[str, Model]
    listed: frozenset[str]
    origins: Mapping[str, Origin]
    ends: Mapping[str, Mapping[str, Lifecycle]]
    offers: Mapping[PriceKey, Listing]
    editions: Mapping[str, str]


def build(
    listings: Iterable[Listing],
    lifecycles: Lifecycles = NO_LIFECYCLES,
    releases: Iterable[Release] = (),
    *,
    configured: Iterable[str] = (),
    known: Mapping[str, Model] = EMPTY_CATALOG,
    known_wins: bool = False,
    retired_by: date | None = None,
    editions: Mapping[str, str] = NO_EDITIONS,
) -> BuiltCatalog:
    """The catalog of these lists beside what is `known` (model id -> model).

    A name that means no known model is a model of its own; so is a `configured` name that no list
    has (and what is advised instead of it), and, with `retired_by`, each snapshot that was retired
    by that day. With `known_wins` listings only fill in what is unknown of a known model; otherwise
    they describe it anew. `lifecycles` is source -> its list; release dates are voted on.
    """
    ordered = _creators_first(listings)
    ends = [end for list_ in lifecycles.values() for end in list_]
    names = resolve.index(known)
    register_names(names, (listing.provider_model_id for listing in ordered))
    described = _describe(ordered, names)
    listed = frozenset(described)
    before = known if known_wins else EMPTY_CATALOG
    models = {id_: _fill_in(before.get(id_), model) for id_, model in described.items()}
    # A pinned snapshot's dated name means the undated model: it is none of its own.
    snapshots = resolve.index(resolve.snapshots_of(pinned_names(), names))
    wanted = with_replacements(configured, ends)
    models |= configured_only(wanted, ends, {**names, **snapshots})
    register_names(names, models)
    if retired_by is not None:
        models |= retired_snapshots(ends, known_names(names.values(), pinned_names()), retired_by)
        register_names(names, models)
    described_by = [(_id_of(listing.provider_model_id, names), listing) for listing in ordered]
    stated = stated_dates(described_by, releases, {**known, **models})
    models |= dict(_with_dates({**known, **models}, stated, known))
    everything = {**known, **models}
    return BuiltCatalog(
        models,
        listed,
        _origins(ordered, models, names, editions),
        {source: ends_of_models(list_, everything) for source, list_ in lifecycles.items()},
        _offered_prices(ordered, models, names),
        editions,
    )


def register_names(names: dict[str, str], spelled: Iterable[str]) -> None:
    """Adds to `names` (match key -> model id) each name that means none of its models."""
    for name in spelled:
        if resolve.resolve(name, names) is None:
            names[resolve.match_key(name)] = name.lower()


def _creators_first(listings: Iterable[Listing]) -> list[Listing]:
    """Creators' own lists before resellers', so that a model is described by who made it."""
    creators = set(resolve.CREATORS.values())
    return sorted(listings, key=lambda listing: listing.provider not in creators)


def _describe(listings: Iterable[Listing], names: Mapping[str, str]) -> dict[str, Model]:
    """model id -> what its listings say; the first listing that states a property wins."""
    models: dict[str, Model] = {}
    for listing in listings:
        model_id = _id_of(listing.provider_model_id, names)
        stated = Model(
            model_id=model_id,
            provider=listing.provider,
            family=family_of(model_id),
            display_name=listing.display_name,
            is_deprecated=listing.is_deprecated,
            **{name: getattr(listing, name) for name in KNOWN_OF_A_MODEL},
        )
        models[model_id] = merge(models.get(model_id, stated), stated)
    return models


def _fill_in(known: Model | None, stated: Model) -> Model:
    """A known model with what it lacked; a model's maker describes it rather than others."""
    makers = resolve.CREATORS.values()
    if known is None or known.provider == UNKNOWN_PROVIDER:
        return stated
    if stated.provider in makers and known.provider not in makers:
        return stated
    return merge(known, stated)


def merge(model: Model, stated: Model) -> Model:
    """The model with what its own provider states besides; a reseller's window may be smaller."""
    if stated.provider != model.provider:
        return model
    named = model.display_name != model.model_id
    unknown = [name for name in KNOWN_OF_A_MODEL if getattr(model, name) is None]
    return replace(
        model,
        display_name=model.display_name if named else stated.display_name,
        is_deprecated=model.is_deprecated or stated.is_deprecated,
        **{name: getattr(stated, name) for name in unknown},
    )


def configured_only(
    configured: Iterable[str], lifecycles: Iterable[Lifecycle], names: Mapping[str, str]
) -> dict[str, Model]:
    """model id -> each configured model that is not in `names`.

    Whoever announced its retirement sells it under that name, or sold its snapshots. Of any other
    only the name is known, without the provider prefix that may precede it: as a list would write
    it.
    """
    ends = list(lifecycles)
    sellers = {end.model: end.provider for end in ends}
    snapshots = {undated_key(end.model): end.provider for end in ends if is_snapshot(end.model)}
    ended = resolve.index(sellers)
    found = {}
    for name in configured:
        if resolve.resolve(name, names) is None:
            own = resolve.resolve(name, ended) or without_provider(name)
            of_snapshots = None if bedrock.model_of(own) else snapshots.get(undated_key(own))
            provider, model_id = sellers.get(own) or of_snapshots or UNKNOWN_PROVIDER, own.lower()
            found[model_id] = Model(model_id, provider, family_of(model_id), own)
    return found


def with_replacements(configured: Iterable[str], lifecycles: Iterable[Lifecycle]) -> list[str]:
    """The configured names, and what lists of ends advise instead of them, one after another."""
    advised = {match_key(end.model): end.replacement for end in lifecycles}
    names = dict.fromkeys(configured)
    waiting = list(names)
    while waiting:
        found = advised.get(match_key(without_provider(waiting.pop())))
        if found is not None and found not in names:
            names[found] = None
            waiting.append(found)
    return list(names)


def _with_dates(
    models: Mapping[str, Model], stated: StatedDates, known: Mapping[str, Model]
) -> Iterator[tuple[str, Model]]:
    """The models of which a list states another release date than before, with all that is known.

    A list that states nothing any more keeps the day that it stated.
    """
    for model_id, days in stated.items():
        before = known[model_id].release_dates or {} if model_id in known else {}
        dates = {**before, **days}
        if dates != before or models[model_id] is not known.get(model_id):
            released = agreed_date(dates)
            yield model_id, replace(models[model_id], release_dates=dates, released_at=released)


def _origins(
    listings: Sequence[Listing],
    models: Mapping[str, Model],
    names: Mapping[str, str],
    editions: Mapping[str, str],
) -> dict[str, Origin]:
    """model id -> the list that describes it; `editions` is source -> its version or digest."""
    found: dict[str, Origin] = {}
    for listing in listings:
        model_id, source = _id_of(listing.provider_model_id, names), listing.source
        if models[model_id].provider == listing.provider:
            origin = Origin(source, editions.get(source), listing.source_url, listing.raw)
            found.setdefault(model_id, origin)
    return found


def _offered_prices(
    listings: Sequence[Listing], models: Mapping[str, Model], names: Mapping[str, str]
) -> dict[PriceKey, Listing]:
    """One listing for each model, provider and source; a reseller's deprecated ones left out."""
    offers: dict[PriceKey, Listing] = {}
    for listing in listings:
        model = models[_id_of(listing.provider_model_id, names)]
        if not listing.is_deprecated or listing.provider == model.provider:
            offers.setdefault((model.model_id, listing.provider, listing.source), listing)
    return offers


def _id_of(name: str, names: Mapping[str, str]) -> str:
    """The model id of a name that is known to be in `names`."""
    model_id = resolve.resolve(name, names)
    assert model_id is not None, name  # noqa: S101  # every name was registered before
    return model_id
