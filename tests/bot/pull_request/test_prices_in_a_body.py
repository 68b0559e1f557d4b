"""What a body says of money: the mix, the tier, the hour, the second list, dollars a month."""

from decimal import Decimal
from typing import Any

from inline_snapshot import external_file
from sqlalchemy import Engine

from bot.pull_request.proposal import propose
from model_intelligence.config import yaml_file
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.records import Evidence, OtherPrice, PriceTier
from tests.bot.pull_request.test_proposal import BOT_YAML, MODELS_YAML, stored, upgrade
from tests.model_intelligence.build import (
    CURRENT,
    OTHER,
    evidence,
    key,
    model,
    price,
    result,
    stats,
)

LONG = PriceTier(2_000, Decimal("0.002"), Decimal("0.004"), Decimal("0.0002"), None)


def with_traffic() -> Evidence:
    """A hundred calls a month of 3,000 prompt tokens, two thirds of them cached."""
    mix: dict[str, Any] = {
        "input_uncached_tokens": 100_000,
        "cache_read_tokens": 200_000,
        "cache_write_tokens": 0,
        "output_tokens": 50_000,
        "reasoning_tokens": 10_000,
    }
    agreeing = OtherPrice(13, "litellm", Decimal("0.0005"), Decimal("0.0005"))
    return evidence(
        model(CURRENT),
        model(OTHER),
        price(CURRENT, "0.001", id=11, tiers=(LONG,), source="genai-prices", hour_utc=1),
        price(
            OTHER,
            "0.0005",
            id=12,
            source="genai-prices",
            cache_read_per_1k=Decimal("0.0001"),
            reasoning_per_1k=Decimal("0.001"),
            agreement="confirmed",
            others=(agreeing,),
        ),
        *(
            result(name, score, id=number, key=key(benchmark_name=board), task_count=500)
            for number, (name, board, score) in enumerate(
                [
                    (CURRENT, "One", "40"),
                    (OTHER, "One", "60"),
                    (CURRENT, "Two", "40"),
                    (OTHER, "Two", "60"),
                ],
                21,
            )
        ),
        stats(CURRENT, id=31, role="builder", **mix),
    )


def lines_about_money(engine: Engine) -> list[str]:
    config: BotConfig = yaml_file.parse(BOT_YAML, BotConfig, name="bot.yaml")
    made = propose(stored(engine, upgrade(with_traffic(), config)), config, MODELS_YAML)
    money = ("| Cost per call", "| Cost per month")
    summary = [line for line in made.body.splitlines() if line.startswith(money)]
    arithmetic = made.body.partition("How the cost is calculated</summary>\n")[2].partition(
        "</details>"
    )[0]
    return [*summary, *(line for line in arithmetic.splitlines() if line)]


def test_a_body_tells_how_its_money_was_computed(engine: Engine) -> None:
    told = "\n".join(lines_about_money(engine)) + "\n"
    assert told == external_file("golden/money.md", format=".txt")
