"""What the packages on this machine know of models, without a database or a network."""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from model_intelligence.config import yaml_file
from model_intelligence.config.pricing_yaml import PricingFile
from model_intelligence.ingest import catalog_builder
from model_intelligence.naming import bedrock, resolve
from model_intelligence.naming.catalog_index import Names, known_names
from model_intelligence.naming.provider_prefixes import without_provider
from model_intelligence.naming.snapshots import pinned_names
from model_intelligence.observations.listing import Lifecycle, Listing, PriceKey, PricePoint
from model_intelligence.records import Evidence, Model, Price
from model_intelligence.sources import bundled_ends, bundled_releases, genai_prices


@dataclass(frozen=True, slots=True)
class OfflineCatalog:
    """The models and prices of the bundled lists, also those that only the list of ends has.

    `names` and `ended` are match key -> id, of models with a price and of the others.
    """

    evidence: Evidence
    names: Mapping[str, str]
    ended: Mapping[str, str]
    providers: frozenset[str]

    def model_of(self, name: str) -> str | None:
        """The model that a name means, priced or not."""
        return self._listed(name) or self._served(name)

    def provider_of(self, model_id: str) -> str | None:
        """Whose API sells the model first-hand."""
        model = self.evidence.models.get(model_id)
        return model.provider if model else bedrock.seller_of(model_id)

    def catalog_names(self) -> Names:
        """The ids of all its models, prepared to identify names with."""
        return known_names(self.evidence.models, pinned_names())

    def _listed(self, name: str) -> str | None:
        return resolve.resolve(name, self.names) or resolve.resolve(name, self.ended)

    def _served(self, name: str) -> str | None:
        """Bedrock's id of a model that is known: live lists have it, the bundled ones do not."""
        own = without_provider(name)
        behind = bedrock.model_of(own)
        return own.lower() if behind and self._listed(behind) else None


def offline_catalog(config_directory: Path, now: datetime) -> OfflineCatalog:
    """The bundled lists and `pricing.yaml` (if there is one), as an ingest would take them."""
    own = config_directory / "pricing.yaml"
    priced = yaml_file.read(own, PricingFile).listings() if own.exists() else ()
    rows = [*priced, *genai_prices.listings()]
    listings = [row for row in rows if isinstance(row, Listing)]
    lists = bundled_ends()
    ended = [end.model for ends in lists.values() for end in ends if not end.is_living]
    built = catalog_builder.build(listings, lists, bundled_releases(), configured=ended)
    snapshots = resolve.snapshots_of(pinned_names(), resolve.index(built.listed))
    ends = dict(ChainMap(*map(dict, built.ends.values())))  # the first list that has one
    models = {id_: _with_end(model, ends.get(id_)) for id_, model in built.models.items()}
    return OfflineCatalog(
        evidence=Evidence(models=models, prices=_in_force(built.offers, now), snapshots=snapshots),
        names=resolve.index((id_ for id_ in models if id_ in built.listed), snapshots),
        ended=resolve.index(id_ for id_ in models if id_ not in built.listed),
        providers=frozenset({*(listing.provider for listing in listings), *bedrock.SELLERS}),
    )


def _with_end(model: Model, end: Lifecycle | None) -> Model:
    """The model with the retirement that its maker announced."""
    if end is None:
        return model
    return replace(
        model,
        retires_at=end.retires_at,
        retires_not_before=end.not_before,
        is_deprecated=model.is_deprecated or end.is_deprecated,
        retirement_source=end.source_url,
        replacement=end.replacement,
    )


def _in_force(offers: Mapping[PriceKey, Listing], now: datetime) -> dict[tuple[str, str], Price]:
    """The own price before a list's, and of several the latest that has begun."""
    found: dict[tuple[str, str], Price] = {}
    for number, ((model_id, provider, _), listing) in enumerate(offers.items(), 1):
        point = _latest(listing.prices, now)
        if point is not None:
            price = _price(number, model_id, listing, point, now)
            found.setdefault((model_id, provider), price)
    return found


def _latest(points: Iterable[PricePoint], now: datetime) -> PricePoint | None:
    begun = [point for point in points if point.effective_at <= now]
    return begun[-1] if begun else None


def _price(number: int, model_id: str, listing: Listing, point: PricePoint, now: datetime) -> Price:
    return Price(
        number,
        model_id,
        listing.provider,
        listing.provider_model_id,
        point.input_per_1k,
        point.output_per_1k,
        point.currency,
        point.effective_at,
        now,
        listing.source,
        listing.source_url,
    )
