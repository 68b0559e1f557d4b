"""What is demonstrably better about a candidate, and what is demonstrably worse. Pure.

The published score orders candidates; this decides whether one may be proposed at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from model_intelligence.config.bot_yaml import Limits
from model_intelligence.decision.benchmark_lead import Lead, lead, leads_by_type
from model_intelligence.decision.values import Candidate
from model_intelligence.naming.lineage import maker_of
from model_intelligence.pricing.call_cost import cost_in_words
from model_intelligence.records import Model, Price
from model_intelligence.stats.proportions import in_points

DOUBTED = ("unconfirmed", "stale")  # states of a price that no conclusion may rest on
MAX_INCREASE_PCT = Decimal(100)  # the tier of the current model was chosen for its price, too
SIMILAR_COST_PCT = Decimal(20)  # about the same price
PUBLISHERS_TO_MOVE = 2  # to another provider or maker: one publisher may favour a kind of model


@dataclass(frozen=True, slots=True)
class Judgement:
    """What speaks for and against a candidate, as sentences without a full stop.

    `quality` and `saving` are what is demonstrably better, `losses` what is demonstrably worse,
    `doubts` what forbids a conclusion. All None or empty: nothing is demonstrated either way.
    """

    quality: str | None
    saving: str | None
    losses: tuple[str, ...]
    doubts: tuple[str, ...]

    @property
    def is_clear(self) -> bool:
        """Whether nothing speaks against the candidate."""
        return not self.losses and not self.doubts


def judge_candidate(
    candidate: Candidate, current: Model | None, now: Price | None, limits: Limits
) -> Judgement:
    """Own traffic where there is enough of it, the leaderboards else; `now` is today's price."""
    overall = lead(candidate.compared)
    return Judgement(
        quality=_quality(candidate, overall),
        saving=_saving(candidate, overall, limits.min_saving_pct),
        losses=tuple(_losses(candidate, overall, limits.max_quality_loss_points)),
        doubts=tuple(_doubts(candidate, current, now)),
    )


def has_enough_calls(candidate: Candidate) -> bool:
    """Whether our own calls of both models are enough to say anything."""
    return candidate.verdict is not None and candidate.verdict.kind != "no_evidence"


def has_decided(candidate: Candidate) -> bool:
    """Whether our own calls are so many that leaderboards have nothing to add."""
    return has_enough_calls(candidate) and not (candidate.verdict and candidate.verdict.is_weak)


def is_measured(candidate: Candidate) -> bool:
    """Whether its quality was measured: by a shared benchmark, or by enough of our own calls."""
    return bool(candidate.score.benchmark.record_ids) or has_enough_calls(candidate)


def _quality(candidate: Candidate, overall: Lead | None) -> str | None:
    verdict = candidate.verdict
    if verdict is not None and verdict.kind == "better":
        return f"succeeds more often in your own calls: {in_points(verdict)}"
    if has_decided(candidate):
        return None
    if overall is not None and overall.kind == "better":
        return str(overall)
    return None


def _saving(candidate: Candidate, overall: Lead | None, least: Decimal) -> str | None:
    """A call that is cheaper by enough, from a model that is demonstrably no worse."""
    cost = candidate.cost_delta_pct
    if cost is None or cost > -least or not _is_no_worse(candidate, overall):
        return None
    return f"a call costs {cost_in_words(cost)}"


def _is_no_worse(candidate: Candidate, overall: Lead | None) -> bool:
    verdict = candidate.verdict
    if verdict is not None and (has_decided(candidate) or verdict.kind == "better"):
        return verdict.kind in {"better", "non_inferior"}
    return overall is not None and overall.kind in {"better", "non_inferior"}


def _losses(candidate: Candidate, overall: Lead | None, tolerated: Decimal) -> Iterator[str]:
    verdict = candidate.verdict
    if verdict is not None and verdict.kind == "worse":
        yield f"succeeds less often in your own calls: {in_points(verdict)}"
    most = -float(tolerated)
    for task_type, found in leads_by_type(candidate.compared).items():
        if found.high < most:
            yield f"is behind: {found.on(f'shared {task_type}')}"
    if overall is not None and overall.high < most and overall.boards > 1:
        yield f"is behind: {overall}"


def _doubts(candidate: Candidate, current: Model | None, now: Price | None) -> Iterator[str]:
    changed = _what_changes(candidate, current, now)
    publishers = {ours.source for ours, _ in candidate.compared}
    if changed and len(publishers) < PUBLISHERS_TO_MOVE and not has_enough_calls(candidate):
        yield (
            f"results from one benchmark publisher are not enough to justify switching {changed}"
        )
    for price in (candidate.price, now):
        if price is not None and price.agreement in DOUBTED:
            yield unconfirmed(price)


def _what_changes(candidate: Candidate, current: Model | None, now: Price | None) -> str | None:
    """Provider or maker, if that changes: such a move costs people work that no score shows."""
    other = candidate.model
    if now is not None and now.provider != candidate.price.provider:
        return "provider"
    makers = [maker_of(each.model_id, each.provider) for each in (current or other, other)]
    return "maker" if makers[0] != makers[1] else None


def unconfirmed(price: Price) -> str:
    """Why a price is not trusted, and what would settle it."""
    offer = f"the price of {price.provider_model_id} at {price.provider}"
    settle = "put the correct price in config/pricing.yaml"
    if price.agreement == "stale":
        gone = "has not been read for weeks or no longer lists it"
        return f"the only source of {offer} ({price.source}) {gone}; {settle}"
    if not price.others:
        return f"the only source of {offer} changed it a few days ago; wait, or {settle}"
    listed = "; ".join(
        f"{source} lists {_usd(input_)} and {_usd(output)}"
        for source, input_, output in (
            (price.source, price.input_per_1k, price.output_per_1k),
            *((other.source, other.input_per_1k, other.output_per_1k) for other in price.others),
        )
    )
    unit = "prompt and completion, per million tokens"
    return f"sources disagree on {offer}: {listed} ({unit}); {settle}"


def _usd(per_1k: Decimal) -> str:
    return f"${(per_1k * 1000).normalize():f}"
