"""Values with defaults, so that a test names only what it is about."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from model_intelligence.config.bot_yaml import Policy
from model_intelligence.observations.listing import Listing, PricePoint
from model_intelligence.records import (
    UNDATED,
    BenchmarkKey,
    BenchmarkResult,
    Evidence,
    Model,
    Price,
    RuntimeStats,
    Signal,
)

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
TODAY = NOW.date()
RELEASED = date(2026, 3, 1)  # of every model that does not say otherwise: none is older
CURRENT, OTHER = "glm-4.6", "glm-4.7"
Fact = Model | Price | BenchmarkResult | RuntimeStats | Signal


def model(model_id: str = CURRENT, **changed: Any) -> Model:
    built = Model(model_id, "zai", "glm", model_id, released_at=RELEASED)
    return replace(built, **changed)


def price(model_id: str = CURRENT, usd: str = "0.001", **changed: Any) -> Price:
    """A price that is the same for prompt and completion, so that its blend is `usd` too."""
    built = Price(
        id=1,
        model_id=model_id,
        provider="zai",
        provider_model_id=model_id,
        input_per_1k=Decimal(usd),
        output_per_1k=Decimal(usd),
        currency="USD",
        effective_at=UNDATED,
        observed_at=NOW,
        source="list",
    )
    return replace(built, **changed)


def key(**changed: Any) -> BenchmarkKey:
    return BenchmarkKey("SWE-bench Verified", None, None, None, "percent")._replace(**changed)


def result(model_id: str = CURRENT, score: str = "50", **changed: Any) -> BenchmarkResult:
    built = BenchmarkResult(
        id=1,
        model_id=model_id,
        key=key(),
        score=Decimal(score),
        task_type="code",
        higher_is_better=True,
        source="board",
    )
    return replace(built, **changed)


def stats(model_id: str = CURRENT, success: str | None = None, **changed: Any) -> RuntimeStats:
    built = RuntimeStats(
        id=1,
        provider="zai",
        model=model_id,
        role=None,
        window_start=NOW - timedelta(days=30),
        window_end=NOW,
        calls=100,
        total_tokens=1_000,
        success_rate=None if success is None else Decimal(success),
        outcomes=0 if success is None else 100,
    )
    return replace(built, **changed)


def signal(model_id: str = CURRENT, sentiment: str = "positive", **changed: Any) -> Signal:
    built = Signal(1, model_id, "neutral", "hn", "https://example.org/1", "Said of it.")
    return replace(built, **{"sentiment": sentiment, **changed})


def evidence(*facts: Fact, **changed: Any) -> Evidence:
    """The facts keyed as the core reads them."""
    by_kind: dict[type, list[Any]] = defaultdict(list)
    for fact in facts:
        by_kind[type(fact)].append(fact)
    built = Evidence(
        models={one.model_id: one for one in by_kind[Model]},
        prices={(one.model_id, one.provider): one for one in by_kind[Price]},
        benchmarks=_by_model(by_kind[BenchmarkResult]),
        runtime={(one.model, one.role): one for one in by_kind[RuntimeStats] if not one.use_case},
        use_case_runtime={
            (one.model, one.use_case): one for one in by_kind[RuntimeStats] if one.use_case
        },
        signals=_by_model(by_kind[Signal]),
    )
    return replace(built, **changed)


def _by_model(facts: list[Any]) -> dict[str, tuple[Any, ...]]:
    found: dict[str, tuple[Any, ...]] = {}
    for fact in facts:
        found[fact.model_id] = (*found.get(fact.model_id, ()), fact)
    return found


def policy(**changed: Any) -> Policy:
    values: dict[str, Any] = {
        "use_case": "tidy_semantic",
        "paths": (("tool_models", "tidy_semantic"),),
        "providers": ("zai",),
        "task_types": ("code",),
    }
    return Policy.model_validate({**values, **changed})


def point(usd: str = "0.001", since: datetime = UNDATED, **changed: Any) -> PricePoint:
    return replace(PricePoint(since, Decimal(usd), Decimal(usd)), **changed)


def listing(name: str = CURRENT, *points: PricePoint, **changed: Any) -> Listing:
    built = Listing(
        provider="zai",
        provider_model_id=name,
        display_name=name,
        source="list",
        source_url="https://example.org/prices",
        prices=points or (point(),),
        released_at=RELEASED,
    )
    return replace(built, **changed)
