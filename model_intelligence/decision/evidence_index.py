"""What all use cases of a run look up in the same evidence, arranged once. Pure."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import NamedTuple, TypeVar

from model_intelligence.config.bot_yaml import Limits
from model_intelligence.decision import chances, score
from model_intelligence.decision.ability import Abilities, Chances, Lineage
from model_intelligence.decision.benchmarks.grade import figures_of
from model_intelligence.decision.gates import unfit_models
from model_intelligence.decision.values import Part
from model_intelligence.naming import resolve
from model_intelligence.naming.lineage import specialty_of
from model_intelligence.pricing.call_cost import ZERO, bill, rates_at, thousands_of
from model_intelligence.records import Evidence, Price, RuntimeStats, TokenMix

Work = TypeVar("Work")  # what a model is called for: a role, or a use case


class Profile(NamedTuple):
    """A model's lineage, and its row among the abilities."""

    row: int
    is_measured: bool
    released: date | None
    maker: str
    line: str
    tier: str
    specialty: str | None


class Lookup:
    """Evidence by what it is asked for.

    `names` is match key -> model, `dated` match key -> dated id, `snapshots` model -> dated id;
    `results` are each model's newest figures, `figures` the same by benchmark; `prices` those in
    dollars by provider and model; `opinions` the sentiment parts of the models that anybody spoke
    of; `traffic` our own calls by role and model, `use_case_traffic` by use case and model.
    """

    def __init__(self, evidence: Evidence, today: date) -> None:
        self.names = resolve.index(evidence.models, evidence.other_names)
        self.dated = resolve.index(evidence.snapshots)
        self.snapshots = {model_id: dated for dated, model_id in sorted(evidence.snapshots.items())}
        self.priced = frozenset(model_id for model_id, _ in evidence.prices)
        self.results = {
            model_id: score.newest_by_key(results)
            for model_id, results in evidence.benchmarks.items()
        }
        self.figures = figures_of(self.results)
        self.opinions: Mapping[str, Part] = {
            model_id: score.score_sentiment(signals, today)
            for model_id, signals in evidence.signals.items()
        }
        self.traffic = _by_work(evidence.runtime)
        self.use_case_traffic = _by_work(evidence.use_case_runtime)
        self.prices = _in_dollars(evidence)
        self._evidence, self._models, self._today = evidence, evidence.models, today
        self._rates = {
            provider: {model_id: rates_at(price, ZERO) for model_id, price in prices.items()}
            for provider, prices in self.prices.items()
        }
        self._costs: dict[tuple[str, TokenMix], Mapping[str, Decimal]] = {}
        self._unfit: dict[tuple[bool, int], Mapping[str, str]] = {}
        self._chances: dict[str, Chances] = {}

    def costs(self, provider: str, mix: TokenMix) -> Mapping[str, Decimal]:
        """US dollars for a call of that mix, of each model that the provider has for dollars."""
        known = self._costs.get((provider, mix))
        if known is None:
            prices, rates = self.prices.get(provider, {}), self._rates.get(provider, {})
            prompt, thousands = mix.prompt, thousands_of(mix)
            known = {
                name: bill(rates_at(price, prompt) if price.tiers else rates[name], thousands)
                for name, price in prices.items()
            }
            self._costs[provider, mix] = known
        return known

    @cached_property
    def same(self) -> Mapping[str, str]:
        """Other ids of a model -> its maker's own: a cloud's, a reseller's, and dated ones."""
        found = self._evidence
        served = resolve.served_by(self._models, self.names)
        known = {**served, **found.snapshots, **found.same}
        steps = {name: own for name, own in known.items() if own in self._models and own != name}
        return {name: _end_of(steps, name) for name in steps}

    @cached_property
    def _lineages(self) -> Mapping[str, Lineage]:
        """Of every model under its maker's own id."""
        return {
            name: chances.lineage_of(model, self._evidence)
            for name, model in self._models.items()
            if name not in self.same
        }

    @cached_property
    def abilities(self) -> Abilities:
        """Of all models, estimated once for all use cases."""
        return chances.estimate_abilities(self._evidence, self._lineages.values())

    @cached_property
    def profiles(self) -> Mapping[str, Profile]:
        """Of every model, whatever id a seller has for it."""
        rows, measured = self.abilities.models, self.abilities.measured
        own = {
            name: Profile(
                row=rows[name],
                is_measured=name in measured,
                released=lineage.released,
                maker=lineage.maker,
                line=lineage.line,
                tier=lineage.tier,
                specialty=specialty_of(name),
            )
            for name, lineage in self._lineages.items()
        }
        return {name: own[self.same.get(name, name)] for name in self._models}

    def chances(self, model_id: str) -> Chances:
        """All models against this one, each in the row of its profile."""
        own = self.same.get(model_id, model_id)
        if own not in self._chances:
            self._chances[own] = self.abilities.chances(own)
        return self._chances[own]

    def unfit(self, limits: Limits) -> Mapping[str, str]:
        """The models whose state bars them under such limits, each with the reason."""
        asked = limits.allow_previews, limits.minimum_remaining_days
        if asked not in self._unfit:
            self._unfit[asked] = unfit_models(self._models.values(), limits, self._today)
        return self._unfit[asked]


def _end_of(steps: Mapping[str, str], name: str) -> str:
    """A reseller's dated id leads to its undated one, and that to the maker's."""
    for _ in steps:
        if name not in steps:
            break
        name = steps[name]
    return name


def _in_dollars(evidence: Evidence) -> Mapping[str, Mapping[str, Price]]:
    prices: dict[str, dict[str, Price]] = defaultdict(dict)
    for (model_id, provider), price in evidence.prices.items():
        if price.currency == "USD":
            prices[provider][model_id] = price
    return prices


def _by_work(
    traffic: Mapping[tuple[str, Work], RuntimeStats],
) -> Mapping[Work, Mapping[str, RuntimeStats]]:
    """(model, work) -> calls, as work -> model -> calls."""
    found: dict[Work, dict[str, RuntimeStats]] = defaultdict(dict)
    for (model_id, work), stats in traffic.items():
        found[work][model_id] = stats
    return found


@lru_cache(maxsize=1)
def lookup(evidence: Evidence, today: date) -> Lookup:
    """The same for all use cases of a run, which share one Evidence."""
    return Lookup(evidence, today)
