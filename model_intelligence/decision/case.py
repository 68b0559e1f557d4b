"""One model in one use case: whether it is permitted, what it costs and how it scores. Pure.

This runs for every model, so it puts nothing into words but the reason why one is left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from model_intelligence.config.bot_yaml import Policy
from model_intelligence.decision import score
from model_intelligence.decision.benchmarks.grade import Comparison
from model_intelligence.decision.deadline import advised_instead
from model_intelligence.decision.evidence_index import Lookup, lookup
from model_intelligence.decision.gates import Gatekeeper
from model_intelligence.decision.outlook import Outlooks
from model_intelligence.decision.score import NEUTRAL
from model_intelligence.decision.values import Excluded, RankedCandidate
from model_intelligence.naming import resolve
from model_intelligence.naming.lineage import maker_of
from model_intelligence.naming.name_parts import snapshot_of
from model_intelligence.naming.provider_prefixes import (
    names_provider,
    provider_of,
    without_provider,
)
from model_intelligence.pricing.call_cost import mix_of, usd_per_call
from model_intelligence.records import Evidence, Model, Price, RuntimeStats, TokenMix
from model_intelligence.stats.proportions import Verdict, judge


@dataclass(frozen=True, slots=True)
class Case:
    """One use case with what every candidate is compared with.

    `snapshot` is the dated id by which the config names the model, if it does; `advised` the model
    that its maker's notices lead to. `sellers` are who may be called: who is named before
    the model, `openrouter/…`, else all allowed providers. `seller` is who is called now, the only
    one who can be if the spelling `is_bound` to it, and `offered_now` its own id of the model.
    `offers` are the sellers' prices with what a call costs, by model; `traffic` our own calls.
    """

    policy: Policy
    spelling: str
    snapshot: str | None
    sellers: Sequence[str]
    seller: str | None
    is_bound: bool
    offered_now: str | None
    model: Model | None
    advised: str | None
    price: Price | None
    usd_per_call: Decimal | None
    runtime: RuntimeStats | None
    mix: TokenMix
    gates: Gatekeeper
    offers: Sequence[tuple[Mapping[str, Price], Mapping[str, Decimal]]]
    benchmarks: Comparison
    outlooks: Outlooks | None
    traffic: Mapping[str, RuntimeStats]
    evidence: Evidence
    lookup: Lookup
    today: date


def case_of(policy: Policy, current: str, evidence: Evidence, today: date) -> Case:
    """The use case of that policy, whose current model the config spells `current`."""
    tables = lookup(evidence, today)
    known = resolve.resolve(current, tables.names)
    model = evidence.models[known] if known else None
    runtime = evidence.traffic(known, policy.use_case, policy.role) if known else None
    snapshot = resolve.resolve(current, tables.dated)
    if known and snapshot_of(known):  # no list has it without its date
        snapshot = known
    named = provider_of(current)
    sellers = (named,) if named in policy.providers else policy.providers
    price = _price_of_current((*sellers, *policy.providers), model, snapshot, evidence)
    seller, mix = _seller_of(sellers, price, model), mix_of(runtime)
    results = tables.results.get(known or "", {}).values()
    counted = [result for result in results if result.task_type in policy.task_types]
    return Case(
        policy=policy,
        spelling=current,
        snapshot=snapshot,
        sellers=sellers,
        seller=seller,
        is_bound=names_provider(current),
        offered_now=_offered_now(current, snapshot, model, price, seller),
        model=model,
        advised=advised_instead(model, evidence.models, tables.names, today),
        price=price,
        usd_per_call=usd_per_call(price, mix) if price else None,
        runtime=runtime,
        mix=mix,
        gates=Gatekeeper(policy, tables.unfit(policy.limits)),
        offers=[
            (tables.prices.get(provider, {}), tables.costs(provider, mix)) for provider in sellers
        ],
        benchmarks=Comparison(counted, tables.figures),
        outlooks=_outlooks(policy, model, price, sellers, tables),
        traffic=_same_work(policy, runtime, tables),
        evidence=evidence,
        lookup=tables,
        today=today,
    )


def _outlooks(
    policy: Policy,
    current: Model | None,
    price: Price | None,
    sellers: Sequence[str],
    tables: Lookup,
) -> Outlooks | None:
    if current is None:
        return None
    seller = _called_now(current, price, sellers) if price else None
    return Outlooks(tables, current, seller, frozenset(policy.task_types))


def _called_now(current: Model, price: Price, sellers: Sequence[str]) -> str:
    """Who sells the current model: whom its price names, unless only its maker may be called."""
    maker = maker_of(current.model_id, current.provider)
    return maker if price.provider not in sellers and maker in sellers else price.provider


def _same_work(
    policy: Policy, mine: RuntimeStats | None, tables: Lookup
) -> Mapping[str, RuntimeStats]:
    """Calls to compare the current model's with: those of other use cases do other work."""
    if mine is not None and mine.use_case is not None:
        return tables.use_case_traffic.get(mine.use_case, {})
    return tables.traffic.get(policy.role, {})


def _price_of_current(
    sellers: Sequence[str], model: Model | None, snapshot: str | None, evidence: Evidence
) -> Price | None:
    """The price at the first of the sellers that has one, else at the model's; dollars only.

    A price of our own for the dated id that the config names comes before that of the model.
    """
    if model is None:
        return None
    for provider in (*sellers, model.provider):
        dated = evidence.prices.get((snapshot, provider)) if snapshot else None
        undated = evidence.prices.get((model.model_id, provider))
        price = dated if undated is None or (dated and dated.agreement == "own") else undated
        if price is not None and price.currency == "USD":
            return price
    return None


def consider(case: Case, other: Model) -> RankedCandidate | Excluded:
    """What decides about a model, or why it may not be proposed."""
    undated = case.evidence.snapshots.get(other.model_id)
    if undated is not None:
        return Excluded(other.model_id, f"a dated snapshot of {undated}")
    if case.model and case.evidence.is_same(other.model_id, case.model.model_id):
        return Excluded(other.model_id, f"{case.model.model_id} itself, under another id")
    price, usd = _cheapest(case, other.model_id)
    if price is None or usd is None:
        return Excluded(other.model_id, _why_no_price(case, other.model_id))
    spelling = _spelled(case, other, price)
    if spelling is None:
        reason = f"its name at {price.provider} cannot be written in the form of {case.spelling}"
        return Excluded(other.model_id, reason)
    cost = score.cost_change_pct(case.usd_per_call, usd)
    reason_against = case.gates.reason_against(other, price, cost)
    if reason_against is not None:
        return Excluded(other.model_id, reason_against)
    return _ranked_candidate(case, other, price, usd, spelling=spelling, cost=cost)


def _cheapest(case: Case, model_id: str) -> tuple[Price | None, Decimal | None]:
    """The cheapest price in dollars at an allowed provider; of equals the first provider's."""
    price = least = None
    for prices, costs in case.offers:
        usd = costs.get(model_id)
        if usd is not None and (least is None or usd < least):
            price, least = prices[model_id], usd
    return price, least


def _why_no_price(case: Case, model_id: str) -> str:
    keys = [(model_id, provider) for provider in case.sellers]
    other_money = next((key for key in keys if key in case.evidence.prices), None)
    if other_money is not None:
        currency = case.evidence.prices[other_money].currency
        return f"priced only in {currency}; only prices in USD are compared"
    if any(key in case.evidence.later_prices for key in keys):
        return "its price is not yet in effect"
    if model_id in case.lookup.priced:
        return f"not offered by {', '.join(case.sellers)}"
    return "no source lists a price"


def _spelled(case: Case, other: Model, price: Price) -> str | None:
    """The offered name in the config's dialect; a prefix names a provider, so it stays with it.

    Where the config names a dated id the proposal does, too, if its maker sells one.
    """
    if case.is_bound and price.provider != case.seller:
        return None
    offered = price.provider_model_id
    if case.snapshot is not None and price.provider == other.provider:
        offered = case.lookup.snapshots.get(other.model_id, offered)
    return resolve.in_dialect(offered, like=case.spelling, like_offered=case.offered_now)


def _seller_of(sellers: Sequence[str], price: Price | None, model: Model | None) -> str | None:
    """Whom the config calls: the only one who may be, else who has the price, or the model."""
    if len(sellers) == 1:
        return sellers[0]
    holder = price or model
    return holder.provider if holder and holder.provider in sellers else None


def _offered_now(
    spelling: str,
    snapshot: str | None,
    model: Model | None,
    price: Price | None,
    seller: str | None,
) -> str | None:
    """The seller's own id of the current model; None where it is not known."""
    if price is None or price.provider != seller:
        own = without_provider(spelling)
        is_its_id = model and own != spelling and own.lower() == model.model_id
        return own if is_its_id else None
    if model and price.provider == model.provider and snapshot not in {None, model.model_id}:
        return snapshot
    return price.provider_model_id


def _ranked_candidate(
    case: Case, other: Model, price: Price, usd: Decimal, *, spelling: str, cost: Decimal | None
) -> RankedCandidate:
    """The values of the four parts, weighed."""
    grade, shared = case.benchmarks.grade(other.model_id)
    theirs = case.traffic.get(other.model_id)
    opinion = case.lookup.opinions.get(other.model_id)
    total, settled = score.weigh(
        NEUTRAL if cost is None else score.grade_cost(cost).value,
        NEUTRAL if grade is None else grade.value,
        NEUTRAL if theirs is None else score.score_runtime(case.runtime, theirs).value,
        NEUTRAL if opinion is None else opinion.value,
    )
    verdict = _verdict(case.runtime, theirs)
    is_measured = grade is not None or (verdict is not None and verdict.kind != "no_evidence")
    return RankedCandidate(
        model=other,
        price=price,
        spelling=spelling,
        usd_per_call=usd,
        cost_delta_pct=cost,
        total=total,
        settled=settled,
        shared=shared,
        is_measured=is_measured,
        runtime=theirs,
        verdict=verdict,
        outlooks=case.outlooks,
    )


def _verdict(mine: RuntimeStats | None, theirs: RuntimeStats | None) -> Verdict | None:
    """What our own traffic of the same days shows of task success, where both models have any."""
    if mine is None or theirs is None or not (mine.outcomes and theirs.outcomes):
        return None
    if (mine.window_start, mine.window_end) != (theirs.window_start, theirs.window_end):
        return None
    return judge(mine.successes, theirs.successes)
