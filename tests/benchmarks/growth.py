"""How deciding grows with the number of models: 1 means twice the models, twice the time."""

from dataclasses import replace

from sqlalchemy.orm import Session

from model_intelligence.evidence.load import load_evidence
from model_intelligence.recommender import recommend
from model_intelligence.records import Evidence
from tests.benchmarks import market
from tests.benchmarks.benchmark import FreshDatabase
from tests.benchmarks.clock import best, processor_seconds, slope
from tests.benchmarks.row import Row

USE_CASES = 9


def rows(fresh_database: FreshDatabase, small: bool) -> list[Row]:
    """Reading and deciding, from 250 to 4,000 models."""
    sizes = [16, 32] if small else [250, 500, 1_000, 2_000, 4_000]
    reading, deciding = zip(*(_measured(fresh_database, size) for size in sizes), strict=True)
    return [_row("growth: read", sizes, reading), _row("growth: decide", sizes, deciding)]


def _row(name: str, sizes: list[int], times: tuple[float, ...]) -> Row:
    figure = f"{sizes[0]:,} to {sizes[-1]:,} models: {times[0]:.3f} to {times[-1]:.2f} s"
    against = "slope of log time over log size"
    return Row(name, figure, against, slope(sizes, times), 1.05)


def _measured(fresh_database: FreshDatabase, models: int) -> tuple[float, float]:
    """Processor seconds of reading and of deciding."""
    with fresh_database() as engine:
        market.fill(engine, models, USE_CASES)

        def read() -> Evidence:
            with Session(engine) as session:
                return load_evidence(session, market.NOW)

        evidence = read()
        # As evidence that was never seen before, so that the estimate of abilities is a part of it.
        reading, deciding = best(
            3, processor_seconds, read, lambda: _decide(replace(evidence), models)
        )
    return reading, deciding


def _decide(evidence: Evidence, models: int) -> None:
    for number, current in enumerate(market.currents(models, USE_CASES)):
        recommend(market.policy_of(number), current, evidence, market.TODAY)
