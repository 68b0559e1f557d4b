"""The user's own prices: config/pricing.yaml, US dollars per 1,000 tokens. Pure."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

from model_intelligence.observations.listing import Listing, PricePoint
from model_intelligence.observations.origin import as_written
from model_intelligence.records import OWN_PRICES, UNDATED

# A price of zero would win every comparison of costs.
_Amount = Annotated[Decimal, Field(gt=0, lt=1_000_000, allow_inf_nan=False)]


class OwnPrice(BaseModel):
    """One entry of config/pricing.yaml: USD per 1,000 tokens.

    `released_at` is for a model that no public list has: one of unknown age is never proposed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    input_per_1k: _Amount
    output_per_1k: _Amount
    released_at: date | None = None


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
                released_at=price.released_at,
                raw=as_written({provider: {name: price.model_dump(exclude_unset=True)}}),
            )
            for provider, models in self.root.items()
            for name, price in models.items()
        )
