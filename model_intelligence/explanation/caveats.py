"""Why not to merge: what is unknown, what speaks against it, the worst plausible case. Pure."""

from collections.abc import Iterator
from decimal import Decimal

from model_intelligence.decision.benchmark_lead import lead, leads_by_type
from model_intelligence.decision.gates import ABILITIES
from model_intelligence.decision.judgement import (
    DOUBTED,
    MOST_DEARER,
    is_measured,
    judge_candidate,
    unconfirmed,
)
from model_intelligence.decision.values import Assessment, Candidate, Upgrade
from model_intelligence.naming.makers import cites_a_maker
from model_intelligence.naming.name_parts import snapshot_of
from model_intelligence.pricing.call_cost import usd_per_call
from model_intelligence.records import Price

SIZES = (("context_window_tokens", "context window"), ("max_output_tokens", "output limit"))
MORE_TOKENS = 2  # models differ that much, and more, in the tokens they use for the same work


def unknown(upgrade: Upgrade) -> Iterator[str]:
    """What the figures do not say."""
    seen, best = upgrade.assessment, upgrade.candidate
    yield from _unknown_of_traffic(best)
    yield from _unknown_of_boards(best)
    if upgrade.deadline and not is_measured(best) and upgrade.is_advised:
        notice = _notice(upgrade.deadline.source_url)
        yield f"Nothing measured speaks for it: it is what {notice} names."
    if upgrade.regression is not None:
        yield (
            "Before and after were compared, not a split of the same traffic: what else changed "
            "since the merge is not known."
        )
    if seen.mix.basis == "guide":
        yield (
            "Your mix of tokens is unknown: the cost of a call assumes two prompt tokens to one "
            "completion token, and no caching."
        )
    if best.price.agreement == "single":
        yield f"The price is told by one list only ({best.price.source})."
    if seen.current_price and seen.current_price.provider != best.price.provider:
        yield "Another provider: its terms, data handling and limits are not compared."
    if seen.snapshot is not None and snapshot_of(best.spelling) is None:
        yield (
            f"Your config names a dated snapshot, {seen.snapshot}; no dated name of "
            f"{best.model.model_id} is known, and its maker may point this one elsewhere."
        )
    if best.model.context_window_tokens is None:
        yield "The context window of the proposed model is not published."


def _unknown_of_traffic(best: Candidate) -> Iterator[str]:
    if best.verdict is not None:
        yield (
            "The success rates are observational: traffic was not split at random, so the calls "
            "may differ in kind."
        )
    elif not best.score.runtime.record_ids:
        yield (
            "Your own traffic says nothing yet: there is no telemetry of both models in this role, "
            "so whether the new one does your work as well is not measured."
        )


def _unknown_of_boards(best: Candidate) -> Iterator[str]:
    found = lead(best.compared)
    if not best.compared:
        yield "No benchmark was run on both models in the same way."
    elif len(best.compared) == 1:
        yield "The quality rests on a single benchmark."
    elif len({pair[0].task_type for pair in best.compared}) == 1:
        yield f"All shared benchmarks are of one kind ({best.compared[0][0].task_type})."
    if found is not None and found.assumed:
        yield (
            f"{found.assumed} of {found.boards} boards do not tell how many tasks they have; they "
            "are taken to be as noisy as one of 225."
        )


def against(upgrade: Upgrade) -> Iterator[str]:
    """Figures that speak for staying, decisive or not."""
    seen, best = upgrade.assessment, upgrade.candidate
    judged = judge_candidate(best, seen.current, seen.current_price, seen.policy.limits)
    yield from (f"It {loss}." for loss in judged.losses)
    for task_type, found in leads_by_type(best.compared).items():
        if found.points < 0 and found.kind != "worse":
            yield f"It is behind in {task_type}, though perhaps by chance: {found}."
    yield from _behind_elsewhere(upgrade)
    yield from _costs_more(upgrade)
    yield from _lost_abilities(best, seen)
    yield from _ends_too(best)
    yield from _named_by_the_provider(upgrade)
    yield from (f"{_capitalised(unconfirmed(price))}." for price in _doubted(best, seen))
    measured = sum(each.shared > 0 for each in seen.standings)
    if measured > 1 and upgrade.reason_class == "quality" and not best.verdict:
        yield (
            f"It was chosen from {measured} candidates with shared boards: the best of many owes "
            "part of its lead to chance."
        )


def _costs_more(upgrade: Upgrade) -> Iterator[str]:
    """What is dearer, and why it is proposed all the same when it is much dearer."""
    change = upgrade.candidate.cost_delta_pct
    if change is None or change <= 0:
        return
    if change <= MOST_DEARER or upgrade.reason_class in {"cost", "quality"}:
        yield f"A call costs {change:.1f} % more."
        return
    yield (
        f"A call costs {change / 100 + 1:.1f} times as much. Of the candidates that cost at most "
        "twice as much, none was measured and is not behind."
    )


def _behind_elsewhere(upgrade: Upgrade) -> Iterator[str]:
    """The answer depends on the use case where other work goes the other way."""
    found = leads_by_type(upgrade.other_work)
    behind = [
        f"{task_type} {one}{'' if one.kind == 'worse' else ', perhaps by chance'}"
        for task_type, one in found.items()
        if one.points < 0
    ]
    if behind:
        counted = " and ".join(upgrade.assessment.policy.task_types)
        yield f"This holds for {counted} only. At other work it is behind: {'; '.join(behind)}."


def _doubted(best: Candidate, seen: Assessment) -> Iterator[Price]:
    for price in (best.price, seen.current_price):
        if price is not None and price.agreement in DOUBTED:
            yield price


def _lost_abilities(best: Candidate, seen: Assessment) -> Iterator[str]:
    now = seen.current
    if now is None:
        return
    for _, name, label in ABILITIES:
        if getattr(now, name) and not getattr(best.model, name):
            known = "no" if getattr(best.model, name) is False else "unknown"
            yield f"The current model has {label}; of the proposed one that is {known}."
    for name, label in (
        ("context_window_tokens", "context window"),
        ("max_output_tokens", "output"),
    ):
        before, after = getattr(now, name), getattr(best.model, name)
        if before is not None and after is not None and after < before:
            yield f"Its {label} is smaller: {after:,} tokens instead of {before:,}."


def _ends_too(best: Candidate) -> Iterator[str]:
    if best.model.retires_at is not None:
        yield f"It ends itself, on {best.model.retires_at}: by then it has to be changed again."


def _named_by_the_provider(upgrade: Upgrade) -> Iterator[str]:
    """What the provider of a retiring model advises, where that is not what is proposed."""
    seen, now = upgrade.assessment, upgrade.assessment.current
    if upgrade.deadline is None or now is None or now.replacement is None:
        return
    if not upgrade.is_advised:
        known = _known_of_the_advised(seen)
        notice = _capitalised(_notice(upgrade.deadline.source_url))
        yield f"{notice} names {now.replacement} as the replacement: {known}."


def _notice(url: str | None) -> str:
    """Who names the replacement: a list may pass on what a maker says, or know it by itself."""
    return "the provider's notice" if cites_a_maker(url) else "a list of ends"


def _known_of_the_advised(seen: Assessment) -> str:
    """Quality and cost of the replacement it names, or why that is no candidate."""
    other = next(seen.those(lambda each: each.model.model_id == seen.advised), None)
    if other is None:
        left = (each for each in seen.excluded if each.model_id == seen.advised)
        return next((f"left out ({each.reason})" for each in left), "no price list has it")
    found, cost = lead(other.compared), other.cost_delta_pct
    quality = f"{found} on shared boards" if found else "nothing measured on both models"
    return f"{quality}, {'cost not known' if cost is None else f'{cost:+.1f} % per call'}"


def worst_case(upgrade: Upgrade) -> Iterator[str]:
    """What it would mean if the figures err as far as is plausible. Never empty."""
    seen, best = upgrade.assessment, upgrade.candidate
    verdict = best.verdict
    if verdict is not None and verdict.kind != "no_evidence" and verdict.low < 0:
        yield (
            f"It fails {-verdict.low * 100:.1f} points more of your calls (the lower end of the "
            "interval)."
        )
    found = lead(best.compared)
    if found is not None and found.low < 0 and not (verdict and verdict.kind == "better"):
        yield f"It solves {-found.low:.1f} points fewer tasks (the lower end of the interval)."
    elif found is None and verdict is None:
        yield "It does your work much worse: nothing measured says otherwise."
    yield _dearer(best, seen)


def _dearer(best: Candidate, seen: Assessment) -> str:
    """The same work may take more tokens, which no list price shows."""
    then = usd_per_call(best.price, seen.mix) * MORE_TOKENS
    beginning = f"It uses {MORE_TOKENS} times as many tokens for the same work"
    if seen.current_price is None:
        return f"{beginning}, and costs {MORE_TOKENS} times what is shown."
    now = usd_per_call(seen.current_price, seen.mix)
    change = (then - now) / now * 100 if now else Decimal(0)
    return f"{beginning}: then a call costs {change:+.0f} % instead of what is shown."


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
