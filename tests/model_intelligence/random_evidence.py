"""Made-up evidence of every kind, and questions to it: the same for the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any

from model_intelligence.config.bot_yaml import Limits, Policy, Requirements, Retirement
from model_intelligence.decision.values import Decision
from model_intelligence.recommender import recommend
from model_intelligence.records import (
    UNDATED,
    BenchmarkResult,
    Evidence,
    Model,
    OtherPrice,
    Price,
    PriceTier,
    RuntimeStats,
    Signal,
)
from tests.model_intelligence.build import NOW, TODAY, evidence, key, model, policy, price
from tests.model_intelligence.build import result as benchmark_result
from tests.model_intelligence.build import signal as said
from tests.model_intelligence.build import stats as traffic

PROVIDERS = ("zai", "openrouter", "other")
ROLES = (None, "builder")
KEYS = (
    key(),
    key(harness="bash"),
    key(effort="low"),
    key(effort="high"),
    key(benchmark_name="Aider", dataset_version="2"),
    key(benchmark_name="Aider", dataset_version="10"),
    key(benchmark_name="Pass", unit="pass@1"),
    key(benchmark_name="Cost", unit="usd"),
    key(benchmark_name="Arena", unit="elo"),
)
TASK_TYPES = ("code", "reasoning", "chat")


@dataclass(frozen=True, slots=True)
class Question:
    """What one use case asks of the evidence."""

    policy: Policy
    current: str
    evidence: Evidence
    retirement: Retirement
    proposed: str | None

    def decide(self) -> Decision:
        """The recommender's answer."""
        return recommend(
            self.policy,
            self.current,
            self.evidence,
            TODAY,
            self.retirement,
            proposed=self.proposed,
        )


def questions(seed: int, models: int = 14, use_cases: int = 3) -> list[Question]:
    """Some questions to one evidence, of which some end in a proposal."""
    chance = Random(seed)  # noqa: S311  # made-up evidence is no secret
    known = _evidence(chance, models)
    return [_question(chance, known, number) for number in range(use_cases)]


def _question(chance: Random, known: Evidence, number: int) -> Question:
    current, other = (chance.choice([*known.models]) for _ in range(2))
    prefix = chance.choice(["", "", "", "zai/", "openrouter/zai/"])
    return Question(
        policy=_policy(chance, number),
        current=chance.choice(["unheard-of", *([prefix + current] * 20)]),
        evidence=known,
        retirement=Retirement(notice_days=chance.choice([30, 90])),
        proposed=chance.choice([None, None, other]),
    )


def _policy(chance: Random, number: int) -> Policy:
    return policy(
        use_case=f"use_case_{number}",
        providers=chance.sample(PROVIDERS, chance.randint(1, 3)),
        task_types=chance.sample(TASK_TYPES, chance.randint(1, 3)),
        role=chance.choice(ROLES),
        requires=Requirements(
            context_window_tokens=_rarely(chance, 100_000),
            max_output_tokens=_rarely(chance, 8_000),
            tools=chance.random() < 0.2,
            vision=chance.random() < 0.1,
            region=_rarely(chance, "eu"),
        ),
        limits=Limits(
            min_chance=chance.choice([0.5, 0.6, 0.8]),
            min_chance_to_move=chance.choice([0.5, 0.8, 0.95]),
            max_cost_increase_pct=_rarely(chance, Decimal(30)),
            max_quality_loss_points=chance.choice([Decimal(0), Decimal(3)]),
            allow_previews=chance.random() < 0.5,
            minimum_remaining_days=chance.choice([0, 90]),
        ),
    )


def _rarely(chance: Random, value: Any) -> Any:
    return value if chance.random() < 0.15 else None


def _evidence(chance: Random, models: int) -> Evidence:
    ids = count(1)
    catalog = [_model(chance, number) for number in range(models)]
    spread = chance.choice([2, 20])  # sometimes all are about as good
    facts: list[Any] = [*catalog]
    for each in catalog:
        facts += _prices(chance, each, ids)
        facts += _results(chance, each, ids, spread)
        facts += _traffic(chance, each, ids)
        facts += _signals(chance, each, ids)
    later = frozenset((each.model_id, chance.choice(PROVIDERS)) for each in catalog[::5])
    return evidence(*facts, later_prices=later)


def _model(chance: Random, number: int) -> Model:
    suffix = chance.choice(["", "", "", "", "-preview", "-latest"])
    return model(
        f"glm-{number}{suffix}",
        family=chance.choice(["glm", "air"]),
        context_window_tokens=chance.choice([None, 64_000, 200_000]),
        max_output_tokens=chance.choice([None, 4_000, 16_000]),
        released_at=chance.choice([None, TODAY - timedelta(days=90), TODAY + timedelta(days=9)]),
        retires_at=chance.choice([None, None, TODAY + timedelta(days=chance.randint(-5, 120))]),
        replacement=chance.choice([None, "glm-1", "glm-2"]),
        is_deprecated=chance.random() < 0.08,
        supports_tools=chance.choice([None, True, True, False]),
        supports_vision=chance.choice([None, True, True, False]),
    )


def _prices(chance: Random, of: Model, ids: "count[int]") -> list[Price]:
    return [
        price(
            of.model_id,
            id=next(ids),
            provider=provider,
            provider_model_id=chance.choice([of.model_id, of.model_id, of.model_id.title()]),
            input_per_1k=Decimal(chance.randint(0, 30)) / 7_000,
            output_per_1k=Decimal(chance.randint(1, 30)) / 3_000,
            currency=chance.choice(["USD"] * 9 + ["CNY"]),
            effective_at=chance.choice([UNDATED, NOW - timedelta(days=40)]),
            cache_read_per_1k=chance.choice([None, Decimal("0.0001")]),
            reasoning_per_1k=chance.choice([None, Decimal("0.0103")]),
            tiers=chance.choice([(), (PriceTier(500, Decimal("0.003"), Decimal("0.009")),)]),
            region=chance.choice([None, "eu", "eu", "us"]),
            agreement=chance.choice(["own", "confirmed", "single", "single", "unconfirmed"]),
            others=chance.choice([(), (OtherPrice(9, "list", Decimal(1), Decimal(2)),)]),
        )
        for provider in PROVIDERS
        if chance.random() < 0.6
    ]


def _results(
    chance: Random, of: Model, ids: "count[int]", spread: int
) -> Sequence[BenchmarkResult]:
    runs = [each for each in (*KEYS, KEYS[0]) if chance.random() < 0.8]
    return [
        benchmark_result(
            of.model_id,
            id=next(ids),
            key=run,
            score=str(_figure(chance, spread) / (100 if run.unit == "pass@1" else 1)),
            task_type=TASK_TYPES[len(run.benchmark_name) % 3],
            higher_is_better=run.unit != "usd",
            measured_at=chance.choice([None, TODAY - timedelta(days=chance.randint(1, 99))]),
            task_count=chance.choice([None, 225, 2_000]),
            source_kind=chance.choice(["own", "independent", "author", "aggregator", "provider"]),
        )
        for run in runs
    ]


def _figure(chance: Random, spread: int) -> Decimal:
    return chance.choice([Decimal(0), *[50 + Decimal(chance.randint(-99, 99)) * spread / 99] * 30])


def _traffic(chance: Random, of: Model, ids: "count[int]") -> list[RuntimeStats]:
    return [
        traffic(
            of.model_id,
            f"{chance.uniform(0.6, 1):.3f}",
            id=next(ids),
            role=role,
            calls=chance.choice([10, 150, 3_000]),
            outcomes=chance.choice([0, 20, 150, 3_000]),
            window_end=NOW - timedelta(days=chance.choice([0, 0, 0, 1])),
            est_cost_usd=chance.choice([None, Decimal(chance.randint(1, 9))]),
            prompt_tokens=chance.choice([None, 123_456]),
            completion_tokens=chance.choice([None, 65_432]),
            input_uncached_tokens=chance.choice([None, 99_999]),
            cache_read_tokens=chance.choice([None, 23_457]),
            output_tokens=chance.choice([None, 60_000]),
            reasoning_tokens=chance.choice([None, 5_432]),
        )
        for role in ROLES
        if chance.random() < 0.4
    ]


def _signals(chance: Random, of: Model, ids: "count[int]") -> list[Signal]:
    return [
        said(
            of.model_id,
            chance.choice(["positive", "neutral", "negative", "mixed"]),
            id=next(ids),
            author=chance.choice([None, "a", "b", "c", "d"]),
            said_at=chance.choice([None, NOW - timedelta(days=chance.randint(0, 99))]),
        )
        for _ in range(chance.choice([0, 0, 3]))
    ]
