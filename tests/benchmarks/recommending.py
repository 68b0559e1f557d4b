"""A run's reading and deciding against asking the database about one candidate after the other."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from model_intelligence.decision.values import Candidate, Decision, Upgrade
from model_intelligence.evidence.load import load_evidence
from model_intelligence.recommender import recommend
from tests.benchmarks import market
from tests.benchmarks.benchmark import FreshDatabase, WrongAnswer
from tests.benchmarks.clock import best, seconds
from tests.benchmarks.one_by_one import Asking
from tests.benchmarks.row import Row
from tests.model_intelligence.observe import statements

Answer = tuple[str | None, list[tuple[object, ...]]]  # what is proposed, and the whole ranking
Found = TypeVar("Found")


def rows(fresh_database: FreshDatabase, small: bool) -> list[Row]:
    """Nine use cases over 1,000 models, of which one in three has 8 results."""
    models, use_cases = (30, 3) if small else (1_000, 9)
    with fresh_database() as engine:
        market.fill(engine, models, use_cases)
        asked = [*enumerate(market.currents(models, use_cases))]
        theirs, reference, their_queries = _counted(engine, lambda: _one_by_one(engine, asked))
        _, _, queries = _counted(engine, lambda: decide_all(engine, asked))
        [ours] = best(1 if small else 3, seconds, lambda: decide_all(engine, asked))
        decided = [_answer(each) for each in decide_all(engine, asked)]
    for number, (mine, other) in enumerate(zip(decided, theirs, strict=True)):
        if mine != other:
            raise WrongAnswer(
                f"use case {number}: {mine[0]} and {other[0]}, or the ranking differs"
            )
    figure = f"{models:,} models × {use_cases} use cases: {ours:.2f} s, {queries} queries"
    against = f"a query per candidate and kind: {reference:.1f} s, {their_queries:,} queries"
    return [Row("recommend", figure, against, reference / ours, 50, at_least=True)]


def decide_all(engine: Engine, asked: list[tuple[int, str]]) -> list[Decision]:
    """What the scheduled job does: reads the evidence once and decides for every use case."""
    with Session(engine) as session:
        evidence = load_evidence(session, market.NOW)
    return [
        recommend(market.policy_of(number), current, evidence, market.TODAY)
        for number, current in asked
    ]


def _one_by_one(engine: Engine, asked: list[tuple[int, str]]) -> list[Answer]:
    answers = []
    for number, current in asked:
        with Session(engine) as session:
            asking = Asking(session, market.policy_of(number), current, market.NOW)
            proposed, ranked = asking.decide()
        name = proposed.spelling if proposed else None
        answers.append((name, [_line(each) for each in ranked]))
    return answers


def _answer(decision: Decision) -> Answer:
    name = decision.candidate.spelling if isinstance(decision, Upgrade) else None
    return name, [_line(each) for each in decision.assessment.candidates]


def _line(each: Candidate) -> tuple[object, ...]:
    return (
        each.spelling,
        each.price.id,
        each.score,
        each.cost_delta_pct,
        each.quality_delta_pct,
        each.verdict,
        each.compared,
        each.outlook,
    )


def _counted(engine: Engine, work: Callable[[], Found]) -> tuple[Found, float, int]:
    found: list[Found] = []
    with statements(engine) as sent:
        took = seconds(lambda: found.append(work()))
    return found[0], took, len(sent)
