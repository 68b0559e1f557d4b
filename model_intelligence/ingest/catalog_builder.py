"""Models and their offers, as several lists describe them together. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from model_intelligence.naming import resolve
from model_intelligence.naming.provider_prefixes import without_provider
from model_intelligence.naming.resolve import family_of
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
)


def enter(names: dict[str, str], spelled: Iterable[str]) -> None:
    """Adds to match key -> model id what no name in it means: such a name is a model's own."""
    for name in spelled:
        if resolve.resolve(name, names) is None:
            names[resolve.match_key(name)] = name.lower()


def creators_first(listings: Iterable[Listing]) -> list[Listing]:
    """Creators' own lists before resellers', so that a model is described by who made it."""
    creators = set(resolve.CREATORS.values())
    return sorted(listings, key=lambda listing: listing.provider not in creators)


def describe(listings: Iterable[Listing], names: Mapping[str, str]) -> dict[str, Model]:
    """model id -> what its listings say, the first that knows a thing winning."""
    models: dict[str, Model] = {}
    for listing in listings:
        model_id = id_of(listing.provider_model_id, names)
        said = Model(
            model_id=model_id,
            provider=listing.provider,
            family=family_of(model_id),
            display_name=listing.display_name,
            is_deprecated=listing.is_deprecated,
            **{name: getattr(listing, name) for name in KNOWN_OF_A_MODEL},
        )
        models[model_id] = completed(models.get(model_id, said), said)
    return models


def completed(model: Model, said: Model) -> Model:
    """What the model's own provider says besides; a reseller may offer a smaller window."""
    if said.provider != model.provider:
        return model
    named = model.display_name != model.model_id
    unknown = [name for name in KNOWN_OF_A_MODEL if getattr(model, name) is None]
    return replace(
        model,
        display_name=model.display_name if named else said.display_name,
        is_deprecated=model.is_deprecated or said.is_deprecated,
        **{name: getattr(said, name) for name in unknown},
    )


def unlisted(
    configured: Iterable[str], lifecycles: Iterable[Lifecycle], names: Mapping[str, str]
) -> dict[str, Model]:
    """model id -> each configured model that is not in `names`.

    Who announced its end sells it under that name; of any other nothing is known but the name,
    without the provider that may stand before it: as a list would write it.
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


def ends_of_makers(
    lifecycles: Iterable[Lifecycle], providers: Mapping[str, str], names: Mapping[str, str]
) -> dict[str, Lifecycle]:
    """model id -> its end as its own provider announced it; of two dates the earlier.

    `providers` is model id -> the provider that describes it. Where that is a reseller, for no
    other list has the model any more, its maker is who ended the very id.
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


def origins(
    listings: Sequence[Listing],
    models: Mapping[str, Model],
    names: Mapping[str, str],
    editions: Mapping[str, str],
) -> dict[str, Origin]:
    """model id -> the list that describes it; `editions` is source -> its version or digest."""
    found: dict[str, Origin] = {}
    for one in listings:
        model_id = id_of(one.provider_model_id, names)
        if model_id in models and models[model_id].provider == one.provider:
            origin = Origin(one.source, editions.get(one.source), one.source_url, one.raw)
            found.setdefault(model_id, origin)
    return found


def offered_prices(
    listings: Sequence[Listing], models: Mapping[str, Model], names: Mapping[str, str]
) -> dict[PriceKey, Listing]:
    """One listing for each model, provider and source; a reseller's deprecated ones left out."""
    offers: dict[PriceKey, Listing] = {}
    for listing in listings:
        model = models[id_of(listing.provider_model_id, names)]
        if not listing.is_deprecated or listing.provider == model.provider:
            offers.setdefault((model.model_id, listing.provider, listing.source), listing)
    return offers


def id_of(name: str, names: Mapping[str, str]) -> str:
    """The model id of a name that is known to be in `names`."""
    model_id = resolve.resolve(name, names)
    assert model_id is not None, name  # noqa: S101  # every name was entered before
    return model_id
