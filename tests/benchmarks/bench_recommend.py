"""How long a run thinks: `python -m tests.benchmarks.bench_recommend` prints seconds and queries.

Evidence is read from a real PostgreSQL; every model is a candidate of every use case.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from model_intelligence import db, embedded_postgres, recommendations
from model_intelligence.evidence import load_evidence
from model_intelligence.models import ModelBenchmark, ModelCatalog, ModelPricing
from model_intelligence.policy import Policy
from model_intelligence.recommender import recommend
from model_intelligence.records import UNDATED, Decision, Upgrade
from tests.model_intelligence.observe import statements

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
MODELS, BENCHMARKS, USE_CASES = 3_000, 8, 9


@dataclass(frozen=True, slots=True)
class Figures:
    """What one measurement found."""

    seconds: dict[str, float]
    queries: int
    decisions: list[Decision]


def fill(engine: Engine, models: int) -> None:
    """So many models, each with a price and a result on every benchmark."""
    names = [f"model-{number:05}" for number in range(models)]
    with db.transaction(engine) as session:
        session.execute(insert(ModelCatalog), [_model(name) for name in names])
        session.execute(insert(ModelPricing), [_price(n, name) for n, name in enumerate(names)])
        session.execute(
            insert(ModelBenchmark),
            [_result(n, name, run) for n, name in enumerate(names) for run in range(BENCHMARKS)],
        )


def _model(name: str) -> dict[str, object]:
    return {"model_id": name, "provider": "maker", "family": "model", "display_name": name}


def _price(number: int, name: str) -> dict[str, object]:
    return {
        "model_id": name,
        "provider": "maker",
        "provider_model_id": name,
        "input_per_1k": Decimal(1 + number % 50) / 10_000,
        "output_per_1k": Decimal(1 + number % 70) / 5_000,
        "effective_at": UNDATED,
        "source": "benchmark",
    }


def _result(number: int, name: str, run: int) -> dict[str, object]:
    return {
        "model_id": name,
        "benchmark_name": f"Benchmark {run}",
        "score": Decimal(20 + (number * (run + 7)) % 600 / 10),
        "unit": "percent",
        "task_type": "code",
        "source": "benchmark",
    }


def measure(engine: Engine, use_cases: int = USE_CASES) -> Figures:
    """Reads the evidence once, decides for every use case and stores the upgrades."""
    seconds: dict[str, float] = {}

    @contextmanager
    def timed(part: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        seconds[part] = time.perf_counter() - start

    with statements(engine) as sent:
        with timed("load evidence"), Session(engine) as session:
            evidence = load_evidence(session, NOW)
        with timed("recommend"):
            decisions = [
                recommend(_policy(number), f"model-{number:05}", evidence, NOW.date())
                for number in range(use_cases)
            ]
        with timed("save"), db.transaction(engine) as session:
            upgrades = [decision for decision in decisions if isinstance(decision, Upgrade)]
            recommendations.save(session, upgrades)
    return Figures(seconds, len(sent), decisions)


def _policy(number: int) -> Policy:
    return Policy(
        use_case=f"use_case_{number}",
        paths=(("models", number),),
        providers=("other", "maker"),
        task_types=("code", "reasoning"),
    )


def main() -> None:
    """Measures on a server of its own and prints the figures."""
    with (
        TemporaryDirectory() as folder,
        embedded_postgres.running(Path(folder) / "postgres", durable=False) as url,
        db.open_database(url) as engine,
    ):
        fill(engine, MODELS)
        figures = measure(engine)
    lines = [f"{MODELS:,} models with {BENCHMARKS} benchmarks each, {USE_CASES} use cases"]
    lines += [f"{part:<14} {value:6.2f} s" for part, value in figures.seconds.items()]
    lines += [f"{'sum':<14} {sum(figures.seconds.values()):6.2f} s", f"queries: {figures.queries}"]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
