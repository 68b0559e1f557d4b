"""Scoring a whole market for many use cases against the least that any scoring must do."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from sqlalchemy.orm import Session

from model_intelligence.evidence.load import load_evidence
from model_intelligence.recommender import recommend
from model_intelligence.records import BenchmarkKey, Evidence
from tests.benchmarks import market
from tests.benchmarks.benchmark import FreshDatabase, WrongAnswer
from tests.benchmarks.clock import best, processor_seconds
from tests.benchmarks.row import Row


def rows(fresh_database: FreshDatabase, small: bool) -> list[Row]:
    """Fifty use cases over 3,000 models, all of them candidates; one in three has 8 results."""
    models, use_cases = (30, 3) if small else (3_000, 50)
    currents = market.currents(models, use_cases)
    with fresh_database() as engine:
        market.fill(engine, models, use_cases)
        with Session(engine) as session:
            evidence = load_evidence(session, market.NOW)
    figures = [_figures(evidence, number) for number in range(models)]
    ours, anew, least = best(
        1 if small else 3,
        processor_seconds,
        lambda: _candidates(evidence, currents),
        lambda: _candidates(replace(evidence), currents),  # of which nothing is known from before
        lambda: [_bare(figures, use_case) for use_case in range(use_cases)],
    )
    if _candidates(evidence, currents) != use_cases * (models - 1):
        raise WrongAnswer("not every model is a candidate of every use case")
    size = f"{models:,} models × {use_cases} use cases"
    against = f"a bare sum of {market.BOARDS} differences for each candidate: {least:.2f} s"
    return [
        Row("scale", f"{size}: {ours:.2f} s", against, ours / least, 8),
        Row("scale: anew", f"with index and estimate: {anew:.2f} s", against, anew / least, None),
    ]


def _candidates(evidence: Evidence, currents: Sequence[str]) -> int:
    """Decides for every use case; how many candidates that were."""
    decisions = [
        recommend(market.policy_of(number), current, evidence, market.TODAY)
        for number, current in enumerate(currents)
    ]
    return sum(len(decision.assessment.candidates) for decision in decisions)


def _figures(evidence: Evidence, number: int) -> Mapping[BenchmarkKey, Decimal]:
    """A model's figures; where it has none, a copy of a neighbour's: the sums are of all models."""
    measured = number - number % market.MEASURED_ONE_IN
    results = evidence.benchmarks[market.name_of(measured)]
    return {BenchmarkKey(*each.key): +each.score for each in results}


def _bare(figures: Sequence[Mapping[BenchmarkKey, Decimal]], current: int) -> Decimal:
    """The best mean of differences to one of the models, in a plain loop over the evidence."""
    mine = figures[current]
    sums = (sum([theirs[key] - mine[key] for key in mine], Decimal(0)) for theirs in figures)
    return max(sums) / len(mine)
