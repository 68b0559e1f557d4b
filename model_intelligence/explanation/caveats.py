"""Why not to merge: what speaks against it, what is unknown, the worst plausible case. Pure."""

from collections.abc import Iterator
from decimal import Decimal

from model_intelligence.decision.benchmarks.lead import ASSUMED_TASKS, lead, leads_by_type
from model_intelligence.decision.gates import ABILITIES
from model_intelligence.decision.judgement import (
    DOUBTED,
    is_measured,
    losses,
    objections,
    unconfirmed,
)
from model_intelligence.decision.replacement import DEAREST_PCT
from model_intelligence.decision.score import runs_by_board
from model_intelligence.decision.values import Assessment, Candidate, Upgrade
from model_intelligence.naming.makers import cites_a_maker
from model_intelligence.naming.name_parts import snapshot_of
from model_intelligence.observations.benchmark_status import status_of
from model_intelligence.pricing.call_cost import cost_in_words, usd_per_call
from model_intelligence.records import Price

SIZES = (("context_window_tokens", "context window"), ("max_output_tokens", "output limit"))
MORE_TOKENS = 2  # models differ that much, and more, in the tokens they use for the same work


def unknown(upgrade: Upgrade) -> Iterator[str]:
    """What the figures do not say."""
    assessment, best = upgrade.assessment, upgrade.candidate
    yield from _unknown_of_traffic(best)
    yield from _unknown_of_boards(best)
    yield from _stopped_benchmarks(upgrade)
    if upgrade.regression is not None:
        yield (
            "Calls before and after the merge were compared, not a random split of the same "
            "traffic: something else may have changed at the same time."
        )
    if assessment.mix.basis == "guide":
        yield (
            "Your mix of tokens is unknown: costs assume two prompt tokens per completion token "
            "and no caching."
        )
    if best.price.agreement == "single":
        yield f"The price was found in only one source ({best.price.source})."
    if assessment.current_price and assessment.current_price.provider != best.price.provider:
        yield "The provider changes: its terms, data handling and rate limits are not compared."
    if assessment.snapshot is not None and snapshot_of(best.spelling) is None:
        yield (
            f"Your config names a dated snapshot, {assessment.snapshot}. No dated snapshot of "
            f"{best.model.model_id} is known, so its maker may change what the name points to."
        )
    if best.model.context_window_tokens is None:
        yield "The context window of the proposed model is not published."


def _unknown_of_traffic(best: Candidate) -> Iterator[str]:
    if best.verdict is not None:
        yield (
            "The success rates are observational: traffic was not split at random, so the two "
            "models may have had different kinds of calls."
        )
    elif not best.score.runtime.record_ids:
        yield (
            "There is no telemetry of both models in this role, so how well the new model does "
            "your own work has not been measured."
        )


def _unknown_of_boards(best: Candidate) -> Iterator[str]:
    overall = lead(best.compared)
    if not best.compared:
        yield "No benchmark was run on both models in the same way."
    elif len(runs_by_board(best.compared)) == 1:
        yield "The quality figure comes from a single benchmark."
    elif len({pair[0].task_type for pair in best.compared}) == 1:
        yield f"All shared benchmarks test one kind of task ({best.compared[0][0].task_type})."
    if overall is not None and overall.assumed:
        yield (
            f"The number of tasks is not published for {overall.assumed} of the {overall.boards} "
            f"shared benchmarks; {ASSUMED_TASKS} each are assumed for the intervals."
        )


def _stopped_benchmarks(upgrade: Upgrade) -> Iterator[str]:
    """Every benchmark in the body that has stopped or is disputed, whether or not it counts."""
    pairs = (*upgrade.candidate.compared, *upgrade.other_work)
    names = {pair[0].key.benchmark_name for pair in pairs}
    names |= {entry.benchmark for entry in upgrade.not_comparable}
    for name in sorted(names):
        status = status_of(name)
        if status is not None:
            yield f"{name}: {status}."


def against(upgrade: Upgrade) -> Iterator[str]:
    """Figures that speak for keeping the current model, decisive or not."""
    assessment, best = upgrade.assessment, upgrade.candidate
    if upgrade.deadline and not is_measured(best) and upgrade.is_advised:
        notice = _recommended_by(upgrade.deadline.source_url)
        yield f"No measurement supports this choice; {notice}."
    if upgrade.reason_class in {
        "retirement",
        "regression",
        "requested",
    }:  # whatever speaks against it
        yield from (f"{_sentence(reason)}." for reason in objections(best))
        yield from (f"It {loss}." for loss in losses(best, assessment.policy.limits))
    for task_type, found in leads_by_type(best.compared).items():
        if found.points < 0 and found.kind != "worse":
            kind = f"shared {task_type}"
            yield f"It is behind, though perhaps by chance: {found.on(kind)}."
    yield from _behind_elsewhere(upgrade)
    yield from _costs_more(upgrade)
    yield from _lost_abilities(best, assessment)
    yield from _ends_too(best)
    yield from _named_by_the_provider(upgrade)
    yield from (f"{_capitalized(unconfirmed(price))}." for price in _doubted(best, assessment))


def _sentence(reason: str) -> str:
    return f"It {reason}" if reason.startswith(("is ", "succeeds ")) else _capitalized(reason)


def _costs_more(upgrade: Upgrade) -> Iterator[str]:
    """Why a replacement is proposed although it costs a lot more."""
    change = upgrade.candidate.cost_delta_pct or 0
    if change > DEAREST_PCT and upgrade.reason_class == "retirement":
        yield "It is expensive: no better candidate at up to twice the current cost may be called."


def _behind_elsewhere(upgrade: Upgrade) -> Iterator[str]:
    """Kinds of task that do not count here, in case the use case does them after all."""
    behind = [
        f"{found.on(task_type)}{'' if found.kind == 'worse' else ', perhaps by chance'}"
        for task_type, found in leads_by_type(upgrade.other_work).items()
        if found.points < 0
    ]
    if behind:
        counted = " and ".join(upgrade.assessment.policy.task_types)
        yield f"This compares {counted} tasks only. At others it is behind: {'; '.join(behind)}."


def _doubted(best: Candidate, assessment: Assessment) -> Iterator[Price]:
    for price in (best.price, assessment.current_price):
        if price is not None and price.agreement in DOUBTED:
            yield price


def _lost_abilities(best: Candidate, assessment: Assessment) -> Iterator[str]:
    now = assessment.current
    if now is None:
        return
    for _, name, label in ABILITIES:
        if getattr(now, name) and not getattr(best.model, name):
            is_missing = getattr(best.model, name) is False
            known = (
                "the proposed one does not"
                if is_missing
                else "whether the proposed one does is unknown"
            )
            yield f"The current model has {label}; {known}."
    for name, label in (
        ("context_window_tokens", "context window"),
        ("max_output_tokens", "output limit"),
    ):
        before, after = getattr(now, name), getattr(best.model, name)
        if before is not None and after is not None and after < before:
            yield f"Its {label} is smaller: {after:,} tokens instead of {before:,}."


def _ends_too(best: Candidate) -> Iterator[str]:
    if best.model.retires_at is not None:
        yield (
            f"It is due to be retired itself on {best.model.retires_at}, so this will need "
            "changing again by then."
        )


def _named_by_the_provider(upgrade: Upgrade) -> Iterator[str]:
    """What the provider of a retiring model recommends, where that is not what is proposed."""
    assessment, now = upgrade.assessment, upgrade.assessment.current
    if upgrade.deadline is None or now is None or now.replacement is None:
        return
    if not upgrade.is_advised:
        known = _known_of_the_advised(assessment)
        notice = _capitalized(_notice(upgrade.deadline.source_url))
        yield f"{notice} names {now.replacement} as the replacement: {known}."


def _notice(url: str | None) -> str:
    """Who names the replacement: not every list cites the notice of the model's maker."""
    return "the provider's notice" if cites_a_maker(url) else "a retirement list"


def _recommended_by(url: str | None) -> str:
    if cites_a_maker(url):
        return "it is the provider's recommended replacement"
    return "it is the replacement that a retirement list names"


def _known_of_the_advised(assessment: Assessment) -> str:
    """Quality and cost of the replacement it names, or why that is no candidate."""
    other = next(assessment.those(lambda each: each.model.model_id == assessment.advised), None)
    if other is None:
        left = (each for each in assessment.excluded if each.model_id == assessment.advised)
        return next((f"left out ({each.reason})" for each in left), "no source lists a price")
    shared, cost = lead(other.compared), other.cost_delta_pct
    quality = str(shared) if shared else "no benchmark in common"
    price = "cost unknown" if cost is None else f"a call costs {cost_in_words(cost)}"
    return f"{quality}, {price}"


def worst_case(upgrade: Upgrade) -> Iterator[str]:
    """What happens if the figures err as far as is plausible. Never empty."""
    assessment, best = upgrade.assessment, upgrade.candidate
    verdict = best.verdict
    if verdict is not None and verdict.kind != "no_evidence" and verdict.low < 0:
        yield (
            f"Its success rate in your calls is {-verdict.low * 100:.1f} percentage points lower "
            "(the lower end of the interval)."
        )
    shared = lead(best.compared)
    if shared is not None and shared.low < 0 and not (verdict and verdict.kind == "better"):
        yield (
            f"It solves {-shared.low:.1f} percentage points fewer tasks (the lower end of the "
            "interval)."
        )
    elif shared is None and verdict is None:
        yield "It does your work much worse: no measurement shows otherwise."
    yield _more_tokens(best, assessment)


def _more_tokens(best: Candidate, assessment: Assessment) -> str:
    """The same work may take more tokens, which no list price shows."""
    then = usd_per_call(best.price, assessment.mix) * MORE_TOKENS
    beginning = f"It uses {MORE_TOKENS}× as many tokens for the same work"
    if assessment.current_price is None:
        return f"{beginning}, and costs {MORE_TOKENS}× what is shown."
    now = usd_per_call(assessment.current_price, assessment.mix)
    change = (then - now) / now * 100 if now else Decimal(0)
    same = "" if cost_in_words(change) == "the same" else " than now" if change < 100 else " as now"
    return f"{beginning}: a call then costs {cost_in_words(change)}{same}."


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]
