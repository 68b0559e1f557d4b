"""A made-up market in which every model is a candidate of every use case: the worst case.

The better half of the use cases has one of the best models already, so that many candidates come
close and few win; no two use cases ask alike. As in reality (in 2025, 270 of the
830 models that could be called) one model in three has benchmark results. The models are of all
tiers and of 40 makers, of which the largest has one model in seven (in reality, 61 and one in
eight).
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import Engine, insert

from model_intelligence import db
from model_intelligence.config.bot_yaml import Limits, Policy, Requirements
from model_intelligence.models import (
    ModelBenchmark,
    ModelCatalog,
    ModelPricing,
    ModelRuntimeStats,
    ModelSentimentSignal,
)
from model_intelligence.records import UNDATED

NOW = datetime(2026, 11, 23, 6, tzinfo=UTC)
TODAY = NOW.date()
BOARDS = 8
TASK_TYPES = ("code", "reasoning", "tools", "writing")
PROVIDERS = ("shop", "cloud", "nobody")
MAKERS = 40
TIERS = ("nano", "mini", "medium", "large")
MEASURED_ONE_IN = 3
KINDS = ("independent", "author", "aggregator", "provider")
MEASURED_IN_A_ROLE = 10  # models that our own traffic has been through
Row = dict[str, Any]


def name_of(number: int) -> str:
    """The model of that number; numbers go from the weakest to the strongest."""
    return f"model-{number:05}-{TIERS[number % len(TIERS)]}"


def is_measured(number: int) -> bool:
    """Whether the model has benchmark results."""
    return number % MEASURED_ONE_IN == 0


def currents(models: int, use_cases: int) -> list[str]:
    """What the use cases have now: one half of the best, the other of everything."""
    best = [models - 1 - 2 * place for place in range(use_cases // 2)]
    others = range(use_cases - len(best))
    return [name_of(number) for number in best] + [
        name_of(place * models // use_cases) for place in others
    ]


def policy_of(number: int) -> Policy:
    """A policy like no other, which nevertheless allows every model."""
    first = number % len(TASK_TYPES)
    return Policy(
        use_case=f"use_case_{number}",
        paths=(("models", number),),
        role=f"role_{number}",
        providers=PROVIDERS[number % 2 :] + PROVIDERS[: number % 2],
        task_types=(TASK_TYPES + TASK_TYPES)[first : first + 2 + number % 3],
        requires=Requirements(
            context_window_tokens=20_000 + number, tools=number % 2 == 0, vision=number % 3 == 0
        ),
        limits=Limits(
            max_cost_increase_pct=Decimal(100_000 + number),
            min_saving_pct=Decimal(10 + number),
            minimum_remaining_days=0,
        ),
    )


def fill(engine: Engine, models: int, use_cases: int) -> None:
    """So many models, each with a price, some with results on every board, opinion or traffic."""
    chance = Random(models)  # noqa: S311  # made-up evidence is no secret
    numbers = range(models)
    with db.transaction(engine) as session:
        session.execute(insert(ModelCatalog), [_model(number) for number in numbers])
        session.execute(
            insert(ModelPricing), [row for n in numbers for row in _prices(chance, n, models)]
        )
        session.execute(
            insert(ModelBenchmark),
            [row for n in filter(is_measured, numbers) for row in _results(chance, n, models)],
        )
        session.execute(
            insert(ModelRuntimeStats),
            [
                row
                for number, current in enumerate(currents(models, use_cases))
                for row in _traffic(chance, number, current, models)
            ],
        )
        session.execute(
            insert(ModelSentimentSignal),
            [row for n in numbers[::10] for row in _signals(chance, n)],
        )


def _model(number: int) -> Row:
    return {
        "model_id": name_of(number),
        "provider": f"maker-{_maker(number):02}",
        "family": f"family-{number % 40}",
        "display_name": name_of(number),
        "context_window_tokens": 32_000 * (1 + number % 8),
        "max_output_tokens": 8_000,
        "released_at": TODAY - timedelta(days=30 + number % 300),
        "retires_at": TODAY + timedelta(days=20) if number % 300 == 60 else None,
        "supports_tools": True,
        "supports_vision": True,
    }


def _maker(number: int) -> int:
    """Which maker's it is; the lower the number of a maker, the more models it has."""
    one, other = divmod(number * 7_919 % MAKERS**2, MAKERS)  # a prime: neighbours are far apart
    return one * other // MAKERS


def _prices(chance: Random, number: int, models: int) -> list[Row]:
    """At one seller, and of every third one at another too; better models cost more, roughly."""
    level = Decimal(round(chance.lognormvariate(3 * number / models, 0.8), 3))
    sellers = PROVIDERS[:2] if number % 3 == 0 else PROVIDERS[:1]
    return [
        {
            "model_id": name_of(number),
            "provider": provider,
            "provider_model_id": name_of(number),
            "input_per_1k": level / 10_000,
            "output_per_1k": level * (3 + number % 3) / 10_000,
            "cache_read_per_1k": level / 100_000 if number % 2 else None,
            "effective_at": UNDATED,
            "source": "made-up",
        }
        for provider in sellers
    ]


def _results(chance: Random, number: int, models: int) -> list[Row]:
    return [
        {
            "model_id": name_of(number),
            "benchmark_name": f"Board {board}",
            "score": Decimal(
                f"{min(99, max(1, 20 + 60 * number / models + chance.gauss(0, 4))):.1f}"
            ),
            "unit": "percent",
            "task_type": TASK_TYPES[board % len(TASK_TYPES)],
            "task_count": 500 if board % 2 else None,
            "source_kind": KINDS[board % len(KINDS)],
            "source": "made-up",
            "measured_at": date(2026, 9, 1),
        }
        for board in range(BOARDS)
    ]


def _traffic(chance: Random, number: int, current: str, models: int) -> list[Row]:
    """The current model's calls in its role, and those of a few that were tried beside it."""
    tried = {name_of(each) for each in chance.sample(range(models), MEASURED_IN_A_ROLE)}
    return [
        {
            "window_start": NOW - timedelta(days=30),
            "window_end": NOW,
            "provider": PROVIDERS[0],
            "model": name,
            "role": f"role_{number}",
            "calls": 1_000,
            "outcomes": 1_000,
            "priced_calls": 1_000,
            "total_tokens": 3_000_000,
            "input_uncached_tokens": 1_000_000 + number,
            "cache_read_tokens": 800_000 - number,
            "output_tokens": 1_000_000,
            "reasoning_tokens": 200_000 if number % 2 else 0,
            "est_cost_usd": Decimal(chance.randint(10, 90)),
            "success_rate": Decimal(chance.randint(80, 99)) / 100,
        }
        for name in sorted(tried | {current})
    ]


def _signals(chance: Random, number: int) -> list[Row]:
    return [
        {
            "model_id": name_of(number),
            "source": "made-up",
            "source_url": f"https://example.org/{number}/{voice}",
            "author": f"author-{voice}",
            "published_at": NOW - timedelta(days=voice),
            "snippet": "Said of it.",
            "sentiment": chance.choice(["positive", "neutral", "negative"]),
        }
        for voice in range(3)
    ]
