"""Models and prices into the catalog: from config/models.yaml, config/pricing.yaml and price lists.

Prices are appended when they change. A price that names no start date holds from the beginning of
time when first seen; a later change of it holds from when we saw the change.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, RootModel
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from model_intelligence.departed import departed
from model_intelligence.ending import BUNDLED
from model_intelligence.ledgers.facts import keep_facts
from model_intelligence.ledgers.lifecycles import Said, store_ends
from model_intelligence.ledgers.raw_value import Origin, as_written
from model_intelligence.listing import Dropped, Lifecycle, Listing, PricePoint
from model_intelligence.models import ModelCatalog, ModelPricing
from model_intelligence.naming import identity
from model_intelligence.naming.catalog_names import known_names
from model_intelligence.naming.dialects import without_provider
from model_intelligence.naming.identity import family_of
from model_intelligence.records import OWN_PRICES, UNDATED, Model
from model_intelligence.sources.pinned_names import pinned_names

UNKNOWN_PROVIDER = "unknown"
NO_EDITIONS: Mapping[str, str] = {}

UNIT_ERROR_RATIO = Decimal(300)  # a price per million taken for one per thousand is 1,000 times off
UNIT_ERROR = "a price hundreds of times off the last one, which looks like another unit"

Amount = Annotated[Decimal, Field(gt=0, lt=1_000_000, allow_inf_nan=False)]
AMOUNTS = (
    "currency",
    "input_per_1k",
    "output_per_1k",
    "cache_read_per_1k",
    "cache_write_per_1k",
    "reasoning_per_1k",
    "hour_utc",
)
KNOWN_OF_A_MODEL = (
    "context_window_tokens",
    "max_output_tokens",
    "released_at",
    "supports_tools",
    "supports_structured_output",
    "supports_vision",
    "open_weights",
)
PriceKey = tuple[str, str, str]  # model, provider, source


class OwnPrice(BaseModel):
    """One entry of config/pricing.yaml: USD per 1,000 tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input_per_1k: Amount
    output_per_1k: Amount


class PricingFile(RootModel[dict[str, dict[str, OwnPrice]]]):
    """config/pricing.yaml: provider -> model -> price."""

    def listings(self) -> tuple[Listing, ...]:
        """The file's prices as listings; the file names no dates."""
        return tuple(
            Listing(
                provider=provider,
                provider_model_id=name,
                display_name=name,
                source=OWN_PRICES,
                source_url=None,
                prices=(PricePoint(UNDATED, price.input_per_1k, price.output_per_1k),),
                raw=as_written({provider: {name: price.model_dump(exclude_unset=True)}}),
            )
            for provider, models in self.root.items()
            for name, price in models.items()
        )


@dataclass(frozen=True, slots=True)
class CatalogReport:
    """What an ingest did; `seen` counts what the inputs held, `new` what the database lacked."""

    models_seen: int
    models_new: int
    models_changed: int
    prices_seen: int
    prices_new: int
    dropped: Mapping[str, int] = field(default_factory=dict)


def ingest_catalog(
    session: Session,
    *,
    configured: Iterable[str],
    rows: Iterable[Listing | Dropped],
    now: datetime,
    lifecycles: Iterable[Lifecycle] = (),
    editions: Mapping[str, str] = NO_EDITIONS,
) -> CatalogReport:
    """Stores models and prices; a second run with the same input changes no row.

    `configured` are the names that config/models.yaml uses, as written there; `rows` come from
    config/pricing.yaml and the price lists, `lifecycles` from the bundled list of ends. `editions`
    is source -> the version or digest of its list.
    """
    taken = list(rows)
    dropped = Counter(row.reason for row in taken if isinstance(row, Dropped))
    listings = creators_first(row for row in taken if isinstance(row, Listing))
    known = {row.model_id: row for row in session.scalars(select(ModelCatalog))}
    names = identity.index(known)
    enter(names, (listing.provider_model_id for listing in listings))
    dated = identity.index(identity.snapshots_of(pinned_names(), names))
    asked = [name for name in configured if identity.resolve(name, dated) is None]
    told = tuple(lifecycles)
    models = describe(listings, names) | unlisted(asked, told, names)
    enter(names, models)
    listed = known_names(names.values(), pinned_names())
    models |= departed(told, listed, now.date())
    enter(names, models)
    new, changed = store_models(session, known, models, now)
    keep_facts(session, origins(listings, models, names, editions), now)
    providers = {model_id: row.provider for model_id, row in known.items()}
    providers |= {model.model_id: model.provider for model in models.values()}
    ends = ends_of_makers(told, providers, names)
    bundled = Origin(BUNDLED, editions.get(BUNDLED))
    ended = store_ends(session, bundled, Said(ends, is_whole=bool(ends)), now)
    offers = offered_prices(listings, models, names)
    prices_new, quarantined, history = store_prices(session, offers, now, editions)
    dropped.update({UNIT_ERROR: quarantined} if quarantined else {})
    withdraw(session, history, offers, {OWN_PRICES, *(one.source for one in listings)}, now)
    prices_seen = sum(len(listing.prices) for listing in offers.values())
    changed += len(ended & known.keys())
    return CatalogReport(len(models), new, changed, prices_seen, prices_new, dict(dropped))


def enter(names: dict[str, str], spelled: Iterable[str]) -> None:
    """Adds to match key -> model id what no name in it means: such a name is a model's own."""
    for name in spelled:
        if identity.resolve(name, names) is None:
            names[identity.match_key(name)] = name.lower()


def creators_first(listings: Iterable[Listing]) -> list[Listing]:
    """Creators' own lists before resellers', so that a model is described by who made it."""
    creators = set(identity.CREATORS.values())
    return sorted(listings, key=lambda listing: listing.provider not in creators)


def describe(listings: Iterable[Listing], names: Mapping[str, str]) -> dict[str, Model]:
    """model id -> what its listings say, the first that knows a thing winning."""
    models: dict[str, Model] = {}
    for listing in listings:
        model_id = names_of(listing.provider_model_id, names)
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


def unlisted(
    configured: Iterable[str], lifecycles: Iterable[Lifecycle], names: Mapping[str, str]
) -> dict[str, Model]:
    """model id -> each configured model that is not in `names`.

    Who announced its end sells it under that name; of any other nothing is known but the name,
    without the provider that may stand before it: as a list would write it.
    """
    sellers = {end.model: end.provider for end in lifecycles}
    ended = identity.index(sellers)
    found = {}
    for name in configured:
        if identity.resolve(name, names) is None:
            own = identity.resolve(name, ended) or without_provider(name)
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
    makers = set(identity.CREATORS.values())
    found: dict[str, Lifecycle] = {}
    for end in sorted(lifecycles, key=lambda end: end.retires_at):
        model_id = identity.resolve(end.model, names)
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
        model_id = names_of(one.provider_model_id, names)
        if model_id in models and models[model_id].provider == one.provider:
            origin = Origin(one.source, editions.get(one.source), one.source_url, one.raw)
            found.setdefault(model_id, origin)
    return found


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


def names_of(name: str, names: Mapping[str, str]) -> str:
    """The model id of a name that is known to be in `names`."""
    model_id = identity.resolve(name, names)
    assert model_id is not None, name  # noqa: S101  # every name was entered before
    return model_id


def offered_prices(
    listings: Sequence[Listing], models: Mapping[str, Model], names: Mapping[str, str]
) -> dict[PriceKey, Listing]:
    """One listing for each model, provider and source; a reseller's deprecated ones left out."""
    offers: dict[PriceKey, Listing] = {}
    for listing in listings:
        model = models[names_of(listing.provider_model_id, names)]
        if not listing.is_deprecated or listing.provider == model.provider:
            offers.setdefault((model.model_id, listing.provider, listing.source), listing)
    return offers


def store_models(
    session: Session, known: Mapping[str, ModelCatalog], models: Mapping[str, Model], now: datetime
) -> tuple[int, int]:
    """Inserts or updates models; how many were new, and how many changed."""
    new = [model for model in models.values() if model.model_id not in known]
    if new:
        session.execute(insert(ModelCatalog), [_columns(model) for model in new])
    changed = 0
    for model_id, row in known.items():
        model = models.get(model_id)
        wanted = _wanted(row, model) if model else {}
        differing = {k: v for k, v in wanted.items() if v != getattr(row, k)}
        if differing:
            session.execute(
                update(ModelCatalog)
                .where(ModelCatalog.model_id == model_id)
                .values(**differing, updated_at=now)
            )
            changed += 1
    return len(new), changed


def _wanted(row: ModelCatalog, model: Model) -> dict[str, object]:
    """What the row should hold by what is said of its model; sources must not take turns at it."""
    creators = identity.CREATORS.values()
    if model.provider == UNKNOWN_PROVIDER or (
        row.provider in creators and model.provider not in creators
    ):
        return {}
    # What only some inputs know (a release date, say) is not erased by one that does not.
    wanted = {name: value for name, value in _columns(model).items() if value is not None}
    kept = {
        "display_name": model.display_name == model.model_id,
        "is_deprecated": row.is_deprecated,
    }
    return {name: value for name, value in wanted.items() if not kept.get(name)}


def _columns(model: Model) -> dict[str, object]:
    return {name: getattr(model, name) for name in Model.__slots__}


def store_prices(
    session: Session,
    offers: Mapping[PriceKey, Listing],
    now: datetime,
    editions: Mapping[str, str] = NO_EDITIONS,
) -> tuple[int, int, Mapping[PriceKey, list[ModelPricing]]]:
    """Appends the prices that are new, but none that looks like another unit.

    How many were appended, how many were not, and all that was stored before.
    """
    history: dict[PriceKey, list[ModelPricing]] = {}
    ordered = select(ModelPricing).order_by(ModelPricing.effective_at, ModelPricing.revision)
    for row in session.scalars(ordered):
        history.setdefault((row.model_id, row.provider, row.source), []).append(row)
    found = [
        _price_columns(key, listing, point, revision, now)
        | {"source_version": editions.get(key[2]), "raw": listing.raw}
        for key, listing in offers.items()
        for point, revision in new_points(listing.prices, history.get(key, []), now)
    ]
    listed = {key: rows for key, rows in history.items() if key[2] != OWN_PRICES}
    known = {key[:2]: rows[-1] for key, rows in listed.items()}
    rows = [row for row in found if not _is_unit_error(row, known)]
    if rows:
        session.execute(insert(ModelPricing), rows)
    return len(rows), len(found) - len(rows), history


def _is_unit_error(row: Mapping[str, Any], known: Mapping[tuple[str, str], ModelPricing]) -> bool:
    """Whether a list's price is hundreds of times off what some list said of the same model there.

    A price of config/pricing.yaml is what a person said, and may put right what was wrong before.
    """
    before = known.get((row["model_id"], row["provider"]))
    if row["source"] == OWN_PRICES or before is None:
        return False
    pairs = [(row[name], getattr(before, name)) for name in ("input_per_1k", "output_per_1k")]
    return any(max(pair) >= UNIT_ERROR_RATIO * min(pair) > 0 for pair in pairs)


def withdraw(
    session: Session,
    history: Mapping[PriceKey, Iterable[ModelPricing]],
    offers: Mapping[PriceKey, Listing],
    sources: Collection[str],
    now: datetime,
) -> None:
    """Notes on stored prices that their list, one of `sources`, no longer holds them.

    Lists lose keys by the hundred; such a price confirms nothing and contradicts nobody.
    """
    gone = [
        row.id
        for key, rows in history.items()
        if key[2] in sources and key not in offers
        for row in rows
        if row.withdrawn_at is None
    ]
    if gone:
        session.execute(
            update(ModelPricing).where(ModelPricing.id.in_(gone)).values(withdrawn_at=now)
        )


def new_points(
    points: Sequence[PricePoint], history: Sequence[ModelPricing], now: datetime
) -> list[tuple[PricePoint, int]]:
    """The points that the history (oldest first) lacks, each with its revision number."""
    if not history:
        return [(point, 1) for point in points]
    if len(points) == 1 and points[0].effective_at == UNDATED:
        begun = [row for row in history if row.effective_at <= now]
        if begun and same_price(points[0], begun[-1]):
            return []
        points = [replace(points[0], effective_at=now)]
    latest = {row.effective_at: row for row in history}
    return [
        (point, latest[point.effective_at].revision + 1 if point.effective_at in latest else 1)
        for point in points
        if point.effective_at not in latest or not same_price(point, latest[point.effective_at])
    ]


def same_price(point: PricePoint, row: ModelPricing) -> bool:
    """Whether the row says what the list says, and still holds."""
    return (
        row.withdrawn_at is None
        and all(getattr(point, name) == getattr(row, name) for name in AMOUNTS)
        and stored_tiers(point) == row.tiers
    )


def stored_tiers(point: PricePoint) -> list[list[int | str | None]]:
    """The tiers as JSON: the threshold, then the amounts in the order of PriceTier, as text."""
    return [
        [
            tier.above_prompt_tokens,
            *(None if usd is None else f"{usd.normalize():f}" for usd in tier[1:]),
        ]
        for tier in point.tiers
    ]


def _price_columns(
    key: PriceKey, listing: Listing, point: PricePoint, revision: int, now: datetime
) -> dict[str, Any]:
    model_id, provider, source = key
    return {
        "model_id": model_id,
        "provider": provider,
        "provider_model_id": listing.provider_model_id,
        "source": source,
        "source_url": listing.source_url,
        "effective_at": point.effective_at,
        "revision": revision,
        "observed_at": now,
        "region": listing.region,
        "tiers": stored_tiers(point),
        **{name: getattr(point, name) for name in AMOUNTS},
    }
