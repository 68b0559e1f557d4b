"""Of which models opinions are looked for."""

from datetime import date
from typing import Any

from model_intelligence.records import Model
from model_intelligence.sentiment.search_terms import MOST_NAMES, Followed, followed

TODAY = date(2026, 11, 26)


def model(name: str, provider: str = "zai", released: date | None = None, **facts: Any) -> Model:
    return Model(
        name, provider, name.split("-", maxsplit=1)[0], name, released_at=released, **facts
    )


def names(*models: Model, configured: tuple[str, ...] = ()) -> tuple[str, ...]:
    return followed(configured, models, {"zai", "openai"}, TODAY).names


def test_the_models_in_use_come_first_as_they_are_written_without_their_seller() -> None:
    found = names(model("glm-4.7"), configured=("openrouter/z-ai/GLM-4.6",))
    assert found == ("GLM-4.6", "glm-4.7")


def test_each_family_has_its_turn_the_newest_first() -> None:
    day = date(2026, 1, 1)
    found = names(
        model("glm-4.6", released=day),
        model("glm-4.7", released=date(2026, 2, 1)),
        model("gpt-5", "openai", released=date(2025, 1, 1)),
        model("gpt-5.4", "openai", released=date(2025, 2, 1)),
    )
    assert found == ("glm-4.7", "gpt-5.4", "glm-4.6", "gpt-5")


def test_without_a_day_the_numbers_of_a_name_tell_the_newer() -> None:
    assert names(model("glm-4.6"), model("glm-5"), model("glm-4.10")) == (
        *("glm-5", "glm-4.10", "glm-4.6"),
    )


def test_what_may_not_be_proposed_is_not_asked_about() -> None:
    assert (
        names(
            model("grok-4", "x-ai"),
            model("glm-4.7-preview"),
            model("glm-4.7-20260101"),
            model("glm-latest"),
            model("glm-4.5", is_deprecated=True),
            model("gpt-4o-audio", "openai"),
            model("gpt", "openai"),
        )
        == ()
    )


def test_a_name_is_asked_about_once() -> None:
    assert names(model("glm-4.7"), configured=("glm-4.7", "zai/glm-4.7")) == ("glm-4.7",)


def test_there_are_never_many_and_how_many_are_left_out_is_told() -> None:
    many = [model(f"glm-{number}") for number in range(1_000)]
    found = followed(("glm-4.7",), many, {"zai"}, TODAY)
    assert len(found.names) == MOST_NAMES
    assert found.left_out == 1_001 - MOST_NAMES
    assert followed((), (), {"zai"}, TODAY) == Followed((), 0)
