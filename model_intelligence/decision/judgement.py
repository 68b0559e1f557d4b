"""Whether a candidate may be proposed, and why or why not: the chance of being right decides. Pure.

Own calls outrank everything where there are enough of them; then the benchmarks of the use case's
own kinds of work, where they show a lead or a loss beyond chance; then the estimated chance. The
published score is shown, and decides nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from model_intelligence.config.bot_yaml import Limits
from model_intelligence.decision.benchmarks.lead import Lead, lead, leads_by_type
from model_intelligence.decision.values import (
    Assessment,
    Candidate,
    Outlook,
    RankedCandidate,
    ReasonClass,
)
from model_intelligence.pricing.call_cost import cost_in_words
from model_intelligence.records import Price
from model_intelligence.stats.proportions import in_points

DOUBTED = ("unconfirmed", "stale")  # states of a price that no conclusion may rest on
VETO = 0.5  # below it the current model is the likelier to be better
MAX_INCREASE_PCT = Decimal(50)  # of a better model, where the policy sets no limit


@dataclass(frozen=True, slots=True)
class Judgement:
    """The reasons for and against a candidate, as sentences without a full stop.

    `reason_class` is the class in which it may be proposed and `gain` what it promises; both are
    None where nothing shows a gain, and `lacking` says what is missing. `against` is what forbids
    a proposal, whatever the gain.
    """

    reason_class: ReasonClass | None
    gain: str | None
    lacking: str
    against: tuple[str, ...]

    @property
    def may_be_proposed(self) -> bool:
        """Whether something shows a gain and nothing speaks against it."""
        return self.reason_class is not None and not self.against


def judge_candidate(candidate: Candidate, assessment: Assessment) -> Judgement:
    """The candidate against staying, under the policy's limits."""
    limits = assessment.policy.limits
    overall = lead(candidate.compared)
    against = tuple(_against(candidate, assessment))
    for reason_class, gain in _gains(candidate, overall, limits):
        return Judgement(reason_class, gain, "", against)
    return Judgement(None, None, _lacking(candidate, limits), against)


def has_enough_calls(candidate: Candidate | RankedCandidate) -> bool:
    """Whether our own calls of both models are enough to say anything."""
    return candidate.verdict is not None and candidate.verdict.kind != "no_evidence"


def has_decided(candidate: Candidate | RankedCandidate) -> bool:
    """Whether our own calls are so many that neither benchmarks nor chances add anything."""
    return has_enough_calls(candidate) and not (candidate.verdict and candidate.verdict.is_weak)


def is_shown_better(candidate: Candidate | RankedCandidate) -> bool:
    """Whether our own calls show it to be better."""
    return candidate.verdict is not None and candidate.verdict.kind == "better"


def is_measured(candidate: Candidate) -> bool:
    """Whether its quality was measured: by a shared benchmark, or by enough of our own calls."""
    return bool(candidate.score.benchmark.record_ids) or has_enough_calls(candidate)


def is_likely(chance: float | None, outlook: Outlook, limits: Limits) -> bool:
    """Whether a chance is enough; to move to another provider or maker takes more."""
    return chance is not None and chance >= _least(outlook, limits)


def _least(outlook: Outlook, limits: Limits) -> float:
    return limits.min_chance_to_move if outlook.moves else limits.min_chance


def may_be_considered(candidate: Candidate | RankedCandidate) -> bool:
    """Whether it is neither older, nor for other work, nor likelier to be worse than better."""
    if candidate.verdict is None:  # as of nearly all: without a sentence for each
        return not _rules_out(candidate.outlook)
    return next(objections(candidate), None) is None


def _rules_out(outlook: Outlook) -> bool:
    """Whether there is an objection where no calls of our own say anything."""
    return (
        outlook.better is None
        or outlook.better < VETO
        or outlook.released is None
        or outlook.is_older
        or not outlook.fits_the_work
    )


def _gains(
    candidate: Candidate, overall: Lead | None, limits: Limits
) -> Iterator[tuple[ReasonClass, str]]:
    if is_affordable(candidate, limits):
        quality = _quality(candidate, overall, limits)
        if quality is not None:
            yield "quality", quality
        elif _is_successor(candidate) and is_likely(
            candidate.outlook.better, candidate.outlook, limits
        ):
            yield "successor", f"{in_percent(candidate.outlook.better)} likely to be better"
    saving = _saving(candidate, overall, limits)
    if saving is not None:
        yield "cost", saving


def is_affordable(candidate: Candidate | RankedCandidate, limits: Limits) -> bool:
    """A limit of the policy was a gate already."""
    cost = candidate.cost_delta_pct
    return limits.max_cost_increase_pct is not None or (
        cost is not None and cost <= MAX_INCREASE_PCT
    )


def _quality(candidate: Candidate, overall: Lead | None, limits: Limits) -> str | None:
    outlook, verdict = candidate.outlook, candidate.verdict
    if verdict is not None and is_shown_better(candidate):
        return f"succeeds more often in your own calls: {in_points(verdict)}"
    if has_decided(candidate) or not outlook.both_measured:
        return None
    if overall is not None and overall.kind == "better" and not outlook.moves:
        return str(overall)
    if is_likely(outlook.better, outlook, limits):
        return f"{in_percent(outlook.better)} likely to be better"
    return None


def _is_successor(candidate: Candidate) -> bool:
    """The maker's newer model of the same line or tier, where one of the two has no result."""
    outlook, cost = candidate.outlook, candidate.cost_delta_pct
    is_kin = outlook.moves is None and (outlook.same_line or outlook.same_tier)
    is_newer = outlook.age_days is not None and outlook.age_days > 0
    is_unmeasured = not outlook.both_measured and not has_decided(candidate)
    return is_kin and is_newer and is_unmeasured and cost is not None and cost <= 0


def _saving(candidate: Candidate, overall: Lead | None, limits: Limits) -> str | None:
    """A call that is cheaper by enough, from a model that is probably no worse."""
    cost, outlook = candidate.cost_delta_pct, candidate.outlook
    if cost is None or not _is_cheaper(candidate, limits):
        return None
    verdict = candidate.verdict
    if verdict is not None and (has_decided(candidate) or verdict.kind == "better"):
        is_no_worse = verdict.kind in {"better", "non_inferior"}
        return f"a call costs {cost_in_words(cost)}" if is_no_worse else None
    if not outlook.both_measured or not is_likely(outlook.not_worse, outlook, limits):
        return None
    chance = in_percent(outlook.not_worse)
    return f"a call costs {cost_in_words(cost)}; {chance} likely to be at most 2 points worse"


def _is_cheaper(candidate: Candidate, limits: Limits) -> bool:
    """By enough for a saving to be proposed."""
    cost = candidate.cost_delta_pct
    return cost is not None and cost <= -limits.min_saving_pct


def _against(candidate: Candidate, seen: Assessment) -> Iterator[str]:
    yield from objections(candidate)
    if not has_decided(candidate):
        yield from losses(candidate, seen.policy.limits)
    for price in (candidate.price, seen.current_price):
        if price is not None and price.agreement in DOUBTED:
            yield unconfirmed(price)


def objections(candidate: Candidate | RankedCandidate) -> Iterator[str]:
    """What rules a candidate out before any benchmark is read."""
    outlook, verdict = candidate.outlook, candidate.verdict
    if verdict is not None and verdict.kind == "worse":
        yield f"succeeds less often in your own calls: {in_points(verdict)}"
    if outlook.released is None:
        yield "no source states its release date; config/pricing.yaml can (released_at)"
    elif outlook.is_older:
        yield f"is older than the current model (released on {outlook.released})"
    if not outlook.fits_the_work:
        yield "is made for another kind of work"
    if has_decided(candidate):
        return
    if outlook.better is None and not has_enough_calls(candidate):
        yield "neither model has a result on any benchmark, so nothing is known"
    elif outlook.better is not None and outlook.better < VETO:
        yield f"is only {in_percent(outlook.better)} likely to be better"


def losses(candidate: Candidate, limits: Limits) -> Iterator[str]:
    """The kinds of work at which benchmarks show it to be worse, beyond chance and the limit."""
    tolerated, overall = -float(limits.max_quality_loss_points), lead(candidate.compared)
    for task_type, found in leads_by_type(candidate.compared).items():
        if found.high < tolerated:
            yield f"is behind: {found.on(f'shared {task_type}')}"
    if overall is not None and overall.high < tolerated and overall.boards > 1:
        yield f"is behind: {overall}"


def _lacking(candidate: Candidate, limits: Limits) -> str:
    """What a proposal would need, in the words of whatever it fails by least."""
    outlook = candidate.outlook
    if has_decided(candidate):
        return "your own calls do not show that it succeeds more often"
    if not is_affordable(candidate, limits):
        return f"a call costs {cost_in_words(candidate.cost_delta_pct or Decimal(0))}"
    if outlook.better is None:
        return "nothing is measured on both models"
    saves = _is_cheaper(candidate, limits)
    chance = outlook.not_worse if saves else outlook.better
    if is_likely(chance, outlook, limits):
        return "one of the two models has no result, and it is no successor at the same price"
    promise = "to be at most 2 points worse" if saves else "to be better"
    needed = f"to change the {outlook.moves} it needs" if outlook.moves else "a proposal needs"
    least = in_percent(_least(outlook, limits))
    return f"is only {in_percent(chance)} likely {promise}; {needed} {least}"


def in_percent(chance: float | None) -> str:
    """`94 %`: a chance as people read it."""
    return "unknown" if chance is None else f"{100 * chance:.0f} %"


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
