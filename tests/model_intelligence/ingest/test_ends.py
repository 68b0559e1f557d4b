"""Which models of the catalog a list of ends speaks of."""

from datetime import date

import pytest

from model_intelligence.ingest.ends import EndsOfModels
from model_intelligence.observations.listing import Lifecycle

JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
PAGE = "https://platform.claude.com/ends"


def end(model: str, day: date | None = JUNE, maker: str = "anthropic") -> Lifecycle:
    return Lifecycle(maker, model, day, "claude-new-9", PAGE)


def ends(lifecycles: list[Lifecycle], *models: str) -> dict[str, date | None]:
    """What is found for models, each written with who describes it: `anthropic: claude-2`."""
    providers = {model: provider for provider, _, model in (one.partition(": ") for one in models)}
    found = EndsOfModels(lifecycles, providers).of_models({})
    return {model_id: each.retires_at for model_id, each in found.items()}


def test_an_undated_model_ends_with_its_last_snapshot() -> None:
    both = [end("claude-big-3-20240620"), end("claude-big-3-20241022", JULY)]
    assert ends(both, "anthropic: claude-big-3") == {"claude-big-3": JULY}


def test_a_snapshot_that_lives_keeps_the_undated_model_alive() -> None:
    one_lives = [end("claude-big-3-20240620"), end("claude-big-3-20241022", None)]
    assert ends(one_lives, "anthropic: claude-big-3") == {}


def test_a_snapshot_on_sale_that_the_list_does_not_have_keeps_it_alive() -> None:
    gone = [end("claude-big-3-20240620")]
    assert ends(gone, "anthropic: claude-big-3", "anthropic: claude-big-3-20241022") == {}


def test_what_the_maker_says_of_the_undated_model_itself_comes_first() -> None:
    said = [end("claude-big-3-20240620"), end("claude-big-3", JULY)]
    assert ends(said, "anthropic: claude-big-3") == {"claude-big-3": JULY}


def test_a_rolling_name_does_not_end_with_its_snapshots() -> None:
    said = [end("mistral-small-2402", maker="mistral")]
    assert ends(said, "mistral: mistral-small", "mistral: mistral-small-latest") == {}


@pytest.mark.parametrize("name", ["claude-3.5-big", "anthropic/claude-3-5-big", "claude-3-5-big"])
def test_dots_and_a_resellers_prefix_make_no_other_model(name: str) -> None:
    assert ends([end("claude-3-5-big-20240620")], f"openrouter: {name}") == {name: JUNE}


def test_open_weights_live_on_at_resellers() -> None:
    said = [end("gpt-oss-1", maker="openai"), end("open-mix-2407", maker="mistral")]
    assert ends(said, "groq: openai/gpt-oss-1", "groq: open-mix") == {}


def test_a_cloud_ends_models_itself() -> None:
    name = "us.anthropic.claude-big-3-20240620-v1:0"
    assert ends([end("claude-big-3-20240620")], f"aws-us: {name}") == {}
    here = [Lifecycle("aws-us", name, JULY, None, None)]
    assert ends(here, f"aws-us: {name}") == {name: JULY}


@pytest.mark.parametrize(
    ("day", "is_promise"),
    [
        (date(2025, 6, 1), True),  # a year from the date in the name, rounded to the month
        (date(2025, 7, 21), True),
        (date(2025, 7, 22), False),
    ],
)
def test_a_collectors_date_a_year_from_the_release_is_the_makers_promise(
    day: date, *, is_promise: bool
) -> None:
    model = "claude-big-3-20240620"
    collected = Lifecycle("anthropic", model, day, None, "https://github.com/a/list")
    [found] = EndsOfModels([collected], {model: "anthropic"}).of_models({}).values()
    assert (found.not_before, found.retires_at) == ((day, None) if is_promise else (None, day))
    cited = Lifecycle("anthropic", model, day, None, PAGE)
    assert ends([cited], f"anthropic: {model}") == {model: day}


def test_a_stated_release_counts_before_the_date_in_the_name() -> None:
    model, day = "claude-big-3-20240620", date(2026, 1, 1)
    collected = Lifecycle("anthropic", model, day, None, None)
    found = EndsOfModels([collected], {model: "anthropic"}).of_models({model: date(2025, 1, 5)})
    assert found[model].not_before == day


def test_the_first_claudes_end_with_their_minor_versions() -> None:
    said = [end("claude-1.2"), end("claude-1.3", JULY), end("claude-2.0"), end("claude-2.1")]
    known = "anthropic: claude-v1", "anthropic: claude-2", "anthropic: claude-2.1"
    assert ends(said, *known) == {"claude-v1": JULY, "claude-2": JUNE, "claude-2.1": JUNE}
