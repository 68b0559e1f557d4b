"""Past decisions against what came to light later: the figures that docs/track-record.md shows.

Pure. A pack's README defines each figure; `tests/model_intelligence/backtest` compares them with
those of the packs' own judge.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

from model_intelligence.backtest.decide import SCOPES, PastDecision, Scope
from model_intelligence.backtest.hindsight import (
    Hindsight,
    Leads,
    Turnout,
    is_ahead,
    is_clearly_better,
    turnout,
)
from model_intelligence.backtest.pack import PackOffer, PackTruth
from model_intelligence.backtest.reliability import Reliability, Stated, brier, reliability
from model_intelligence.stats.proportions import Rate, wilson

EVERY_CLASS = "(all)"
MAX_PRICE_RATIO = 1.05  # up to which a model was no more expensive
FLIP_BACK_DAYS = 90
# Intervals span 1.96 standard errors to either side, as the packs' own judge rounds it.
_CONFIDENCE = 2 * NormalDist().cdf(1.96) - 1


@dataclass(frozen=True, slots=True)
class JudgedDecision:
    """A decision and what came to light later of its target."""

    decision: PastDecision
    leads: Leads

    @property
    def turnout(self) -> Turnout | None:
        """How the target turned out; None where that is not known."""
        return turnout(self.leads)

    @property
    def reason_class(self) -> str:
        """The class of a proposal."""
        return self.decision.reason_class or "(none)"


@dataclass(frozen=True, slots=True)
class KeptPromises:
    """How many proposals kept what their class promises.

    That is a clearly better model for the class quality, and one that is not clearly worse for all
    others.
    """

    n: int
    kept: float
    brier: float


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """Proposals of one class. All but `proposals` counts unique ones.

    `by_source` is source -> (how many it puts below, of how many it knows).
    """

    proposals: int
    unique: int
    judged: int
    clearly_worse: int
    better: int
    same: int
    coverage: float
    reliability: Reliability | None
    promise: KeptPromises | None
    by_source: Mapping[str, tuple[int, int]]

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share that turned out clearly worse."""
        return wilson(Rate(self.clearly_worse, self.judged), _CONFIDENCE)


@dataclass(frozen=True, slots=True)
class Missed:
    """Of `judged` kept decisions, how many had a clearly better model on offer.

    It was at most 5 % more expensive. A kept decision is judged if later figures know a candidate.
    """

    missed: int
    judged: int


@dataclass(frozen=True, slots=True)
class ScopeFigures:
    """What came of the decisions of one scope.

    `by_day` is day -> (proposals, decisions). `flip_backs` are proposals that were taken back
    within 90 days, of `reconsidered` whose target was itself decided about in that time.
    """

    decisions: int
    asked_for: int
    answered: int
    proposals: int
    by_day: Mapping[date, tuple[int, int]]
    classes: Mapping[str, ClassFigures]
    flip_backs: int
    reconsidered: int
    missed: Missed
    of_unique: Reliability | None
    unique_promise: KeptPromises | None
    of_targets: Reliability | None
    targets_promise: KeptPromises | None

    @property
    def coverage(self) -> float:
        """The share of decisions that propose something."""
        return self.proposals / self.decisions


def judge(
    decisions: Iterable[PastDecision], truth: PackTruth, without: Collection[str] = ()
) -> dict[Scope, ScopeFigures]:
    """The figures of each scope that decisions were made for.

    `without` names sources and kinds of the truth that are left out.
    """
    hindsight, days = Hindsight(truth, without), {each.observed_at for each in truth.currents}
    by_scope: dict[Scope, list[JudgedDecision]] = defaultdict(list)
    for decision in decisions:
        if decision.observed_at in days:
            by_scope[decision.scope].append(JudgedDecision(decision, _leads(hindsight, decision)))
    return {
        scope: _figures(by_scope[scope], hindsight, truth) for scope in SCOPES if by_scope[scope]
    }


def _leads(hindsight: Hindsight, decision: PastDecision) -> Leads:
    if decision.target is None:
        return {}
    day = decision.observed_at
    return hindsight.leads(decision.current, decision.target, decision.kind, day)


def _figures(
    judged: Sequence[JudgedDecision], hindsight: Hindsight, truth: PackTruth
) -> ScopeFigures:
    decisions = [each.decision for each in judged]
    asked_for = {(c.observed_at, c.model, kind) for c in truth.currents for kind in c.kinds}
    proposed = [each for each in judged if each.decision.decision == "propose"]
    unique, names = first_of_each(proposed), sorted({each.reason_class for each in proposed})
    flip_backs, reconsidered = flips(decisions)
    with_target = [each for each in judged if each.decision.target]
    return ScopeFigures(
        decisions=len(decisions),
        asked_for=len(asked_for),
        answered=len(asked_for & {(d.observed_at, d.current, d.kind) for d in decisions}),
        proposals=len(proposed),
        by_day=_by_day(decisions),
        classes={
            name: _class_figures(
                [each for each in proposed if name in {EVERY_CLASS, each.reason_class}],
                [each for each in unique if name in {EVERY_CLASS, each.reason_class}],
                len(decisions),
            )
            for name in (*names, EVERY_CLASS)
        },
        flip_backs=flip_backs,
        reconsidered=reconsidered,
        missed=missed(decisions, hindsight, truth),
        of_unique=reliability(_stated(unique)),
        unique_promise=_promise(unique),
        of_targets=reliability(_stated(with_target)),
        targets_promise=_promise(with_target),
    )


def first_of_each(proposed: Iterable[JudgedDecision]) -> list[JudgedDecision]:
    """The first of each kind, models and class: the same advice again is no new evidence."""
    first: dict[tuple[str, str, str | None, str], JudgedDecision] = {}
    for each in sorted(proposed, key=lambda each: each.decision.observed_at):
        decision = each.decision
        key = decision.kind, decision.current, decision.target, each.reason_class
        first.setdefault(key, each)
    return list(first.values())


def _by_day(decisions: Iterable[PastDecision]) -> dict[date, tuple[int, int]]:
    counts: dict[date, tuple[int, int]] = {}
    for decision in decisions:
        proposals, every = counts.get(decision.observed_at, (0, 0))
        is_proposal = decision.decision == "propose"
        counts[decision.observed_at] = proposals + is_proposal, every + 1
    return dict(sorted(counts.items()))


def _class_figures(
    proposed: Sequence[JudgedDecision], unique: Sequence[JudgedDecision], decisions: int
) -> ClassFigures:
    turnouts = Counter(each.turnout for each in unique)
    below, known = Counter[str](), Counter[str]()
    for each in unique:
        known.update(each.leads.keys())
        below.update(source for source, lead in each.leads.items() if lead.vote == -1)
    return ClassFigures(
        proposals=len(proposed),
        unique=len(unique),
        judged=len(unique) - turnouts[None],
        clearly_worse=turnouts["worse"],
        better=turnouts["better"],
        same=turnouts["same"],
        coverage=len(proposed) / decisions,
        reliability=reliability(_stated(unique)),
        promise=_promise(unique),
        by_source={source: (below[source], known[source]) for source in sorted(known)},
    )


def flips(decisions: Sequence[PastDecision]) -> tuple[int, int]:
    """How many proposals were reversed within 90 days, of how many that could have been."""
    about: dict[tuple[str, str | None], list[PastDecision]] = defaultdict(list)
    for decision in decisions:
        about[decision.kind, decision.current].append(decision)
    flip_backs = reconsidered = 0
    for decision in decisions:
        if decision.decision != "propose":
            continue
        later = [
            each
            for each in about.get((decision.kind, decision.target), ())
            if 0 <= (each.observed_at - decision.observed_at).days <= FLIP_BACK_DAYS
        ]
        reconsidered += bool(later)
        flip_backs += any(
            each.decision == "propose" and each.target == decision.current for each in later
        )
    return flip_backs, reconsidered


def missed(decisions: Iterable[PastDecision], hindsight: Hindsight, truth: PackTruth) -> Missed:
    """How often a clearly better model at about the same price was on offer, and none proposed."""
    offers: dict[date, list[PackOffer]] = defaultdict(list)
    for offer in truth.offers:
        offers[offer.observed_at].append(offer)
    homes = {(each.observed_at, each.model): each.provider for each in truth.currents}
    count = judged = 0
    for decision in decisions:
        if decision.decision != "keep":
            continue
        home = homes.get((decision.observed_at, decision.current))
        leads = [
            found
            for offer in _affordable(offers[decision.observed_at], decision, home)
            if (
                found := hindsight.leads(
                    decision.current, offer.model, decision.kind, decision.observed_at
                )
            )
        ]
        judged += bool(leads)
        count += any(map(is_clearly_better, leads))
    return Missed(count, judged)


def _affordable(
    offers: Sequence[PackOffer], decision: PastDecision, home: str | None
) -> list[PackOffer]:
    """The offers of the decision's scope at no more than about the current model's price."""
    paid = (
        offer.usd for offer in offers if (offer.model, offer.provider) == (decision.current, home)
    )
    price = next(paid, None)
    if price is None:
        return []
    return [
        offer
        for offer in offers
        if offer.usd <= MAX_PRICE_RATIO * price
        and (decision.scope == "all" or offer.provider == home)
    ]


def _stated(judged: Iterable[JudgedDecision]) -> list[Stated]:
    """The chances of being better at all that were stated and can be judged."""
    return [
        Stated(each.decision.probability, ahead)
        for each in judged
        if each.decision.probability is not None and (ahead := is_ahead(each.leads)) is not None
    ]


def _promise(judged: Iterable[JudgedDecision]) -> KeptPromises | None:
    stated = [
        Stated(each.decision.probability, _is_kept(each))
        for each in judged
        if each.decision.probability is not None and each.turnout is not None
    ]
    if not stated:
        return None
    kept = sum(came_true for _, came_true in stated) / len(stated)
    return KeptPromises(len(stated), kept, brier(stated))


def _is_kept(judged: JudgedDecision) -> bool:
    if judged.reason_class == "quality":
        return judged.turnout == "better"
    return judged.turnout != "worse"
