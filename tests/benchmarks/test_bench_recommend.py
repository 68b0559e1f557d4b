"""The measurement itself works, and the number of queries does not grow with the evidence."""

import pytest
from sqlalchemy import Engine

from tests.benchmarks.bench_recommend import fill, measure


@pytest.mark.parametrize("models", [20, 60])
def test_evidence_is_read_and_decided_on_in_few_queries(engine: Engine, models: int) -> None:
    fill(engine, models)
    figures = measure(engine)
    assert figures.queries <= 12
    assert set(figures.seconds) == {"load evidence", "recommend", "save"}
    assert len(figures.decisions) == 9
    assert all(len(one.assessment.candidates) == models - 1 for one in figures.decisions)
    assert all(
        len(candidate.compared) == 8
        for one in figures.decisions
        for candidate in one.assessment.candidates
    )
