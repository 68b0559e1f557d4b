"""Models and their offers, as several lists describe them together. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from model_intelligence.ingest.retired_models import retired_snapshots
from model_intelligence.naming import resolve
from model_intelligence.naming.catalog_index import known_names
from model_intelligence.naming.provider_prefixes import without_provider
from model_intelligence.naming.resolve import family_of
from model_intelligence.naming.snapshots import pinned_names
from model_intelligence.observations.listing import Lifecycle, Listing, PriceKey
from model_intelligence.observations.origin import Origin
from model_intelligence.records import UNKNOWN_PROVIDER, Model

KNOWN_OF_A_MODEL = (
    "context_window_tokens",
    "max_output_tokens",
    "released_at",
    "supports_tools",
    "supports_structured_output",
    "supports_vision",
    "open_weights",
    "base_model",
)
EMPTY_CATALOG: Mapping[str, Model] = MappingProxyType({})
NO_EDITIONS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class BuiltCatalog:
    """What lists say together: models, prices and retirements by model id.

    `listed` are the ids that have a listing, `origins` who describes a model, `ends` each
    retirement that the model's own provider announced. `editions` is source -> the version or
    digest of its list.
    """

    models: Mapping[str, Model]
    listed: frozenset[str]
    origins: Mapping[str, Origin]
    ends: Mapping[str, Lifecycle]
    offers: Mapping[PriceKey, Listing]
    editions: Mapping[str, str]


def build(
    listings: Iterable[Listing],
    lifecycles: Iterable[Lifecycle] = (),
    *,
    configured: Iterable[str] = (),
    known: Mapping[str, Model] = EMPTY_CATALOG,
    known_wins: bool = False,
    retired_by: date | None = None,
    editions: Mapping[str, str] = NO_EDITIONS,
) -> BuiltCatalog:
    """The catalog of these lists beside what is `known` (model id -> model).

    A name that means no known model is a model of its own; so is a `configured` name that no list
    has, and, with `retired_by`, each snapshot that was retired by that day. With `known_wins`
    listings only fill in what is unknown of a known model; otherwise they describe it anew.
    """
    ordered, ends = _creators_first(listings), tuple(lifecycles)
    names = resolve.index(known)
    register_names(names, (listing.provider_model_id for listing in ordered))
    described = _describe(ordered, names)
    listed = frozenset(described)
    before = known if known_wins else EMPTY_CATALOG
    models = {id_: _fill_in(before.get(id_), model) for id_, model in described.items()}
    # A pinned snapshot's dated name means the undated model: it is none of its own.
    snapshots = resolve.index(resolve.snapshots_of(pinned_names(), names))
    models |= configured_only(configured, ends, {**names, **snapshots})
    register_names(names, models)
    if retired_by is not None:
        models |= retired_snapshots(ends, known_names(names.values(), pinned_names()), retired_by)
        register_names(names, models)
    providers = {id_: model.provider for id_, model in {**known, **models}.items()}
    return BuiltCatalog(
        models,
        listed,
        _origins(ordered, models, names, editions),
        _ends_of_makers(ends, providers, names),
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

    Whoever announced its retirement sells it under that name. Of any other only the name is known,
    without the provider prefix that may precede it: as a list would write it.
    """
    sellers = {end.model: end.provider for end in lifecycles}
    ended = resolve.index(sellers)
    found = {}
    for name in configured:
        if resolve.resolve(name, names) is None:
            own = resolve.resolve(name, ended) or without_provider(name)
            provider, model_id = sellers.get(own, UNKNOWN_PROVIDER), own.lower()
            found[model_id] = Model(model_id, provider, family_of(model_id), own)
    return found


def _ends_of_makers(
    lifecycles: Iterable[Lifecycle], providers: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, Lifecycle]:
    """model id -> its retirement as its own provider announced it; of two dates the earlier.

    `providers` is model id -> the provider that describes it. Where that is a reseller, because no
    other list has the model any more, the maker's announcement for exactly this id counts.
    """
    makers = set(resolve.CREATORS.values())
    found: dict[str, Lifecycle] = {}
    # By date, so that setdefault() keeps the earlier of two.
    for end in sorted(lifecycles, key=lambda end: end.retires_at):
        model_id = resolve.resolve(end.model, names)
        if model_id is None:
            continue
        seller, is_its_id = providers.get(model_id), model_id == end.model.lower()
        is_left = is_its_id and end.provider in makers and seller not in makers
        if seller == end.provider or is_left:
            found.setdefault(model_id, end)
    return found


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
