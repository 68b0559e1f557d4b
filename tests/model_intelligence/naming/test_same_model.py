"""Which ids are one model."""

from dataclasses import replace
from datetime import date

import pytest

from model_intelligence.naming import resolve
from model_intelligence.naming.same_model import (
    effort_of,
    is_separate_offer,
    only_snapshots,
    same_models,
)
from model_intelligence.naming.snapshots import rolling_names
from model_intelligence.records import Model
from tests.model_intelligence.build import model


def same(*models: Model, snapshots: dict[str, str] | None = None) -> dict[str, str]:
    known = {one.model_id: one for one in models}
    pinned = snapshots or {}
    return same_models(known, pinned, resolve.index(known, pinned))


def entry(name: str, provider: str = "openrouter", base_model: str | None = None) -> Model:
    return model(name, provider=provider, base_model=base_model)


@pytest.mark.parametrize(
    ("other", "own"),
    [
        ("anthropic/claude-haiku-4.5:batch", "claude-haiku-4-5"),
        ("us.anthropic.claude-haiku-4-5-20251001-v1:0", "claude-haiku-4-5-20251001"),
        ("o3-mini-high", "o3-mini"),
        ("openai/o3-mini-high", "o3-mini"),
        ("gemini-2.5-flash-preview:thinking", "gemini-2.5-flash-preview"),
        ("@cf/qwen/qwen3.8-27b", "qwen3.8-27b"),
        ("xiaomimimo/MiMo-v2.5".lower(), "mimo-v2.5"),
    ],
)
def test_a_resellers_id_is_the_makers_model(other: str, own: str) -> None:
    assert same(entry(other), entry(own, "zai")) == {other: own}


def test_a_host_that_renames_a_model_says_which_it_is() -> None:
    own, renamed = (
        entry("kimi-k2.7-code", "moonshotai"),
        entry("kimi-k2.7-code-highspeed", "moonshotai", base_model="moonshotai/kimi-k2.7-code"),
    )
    assert same(own, renamed) == {"kimi-k2.7-code-highspeed": "kimi-k2.7-code"}


def test_of_several_hosts_the_makers_own_id_is_the_model() -> None:
    hosts = (entry("mimo-v2.5", "novita"), entry("xiaomi/mimo-v2.5", "xiaomi"))
    assert same(*hosts) == {"mimo-v2.5": "xiaomi/mimo-v2.5"}


@pytest.mark.parametrize(
    "names",
    [
        ("gpt-4-32k", "gpt-4"),
        ("gpt-3.5-turbo-16k", "gpt-3.5-turbo"),
        ("gpt-5.1-codex-max", "gpt-5.1-codex"),
        ("deepseek/deepseek-v3-0324", "deepseek-v3"),
        ("kimi-k2-thinking", "kimi-k2"),
        ("grok-4-fast-non-reasoning", "grok-4-fast-reasoning"),
        ("~anthropic/claude-opus-latest", "anthropic/claude-opus-latest"),
    ],
)
def test_what_may_be_another_model_is_not_merged(names: tuple[str, ...]) -> None:
    assert same(*map(entry, names)) == {}


def test_a_chain_of_ids_ends_at_the_makers() -> None:
    served = "eu.anthropic.claude-haiku-4-5-20251001-v1:0"
    dated = {"claude-haiku-4-5-20251001": "claude-haiku-4-5"}
    assert same(entry(served), entry("claude-haiku-4-5"), snapshots=dated) == {
        served: "claude-haiku-4-5"
    }


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (
            ("claude-3-7-sonnet", "claude-3-7-sonnet-20250219"),
            {"claude-3-7-sonnet-20250219": "claude-3-7-sonnet"},
        ),
        (
            ("gemini-2.0-flash", "gemini-2.0-flash-001"),
            {"gemini-2.0-flash-001": "gemini-2.0-flash"},
        ),
        (("gemini-1.5-pro", "gemini-1.5-pro-001", "gemini-1.5-pro-002"), {}),
        (("gpt-4o", "gpt-4o-2024-05-13", "gpt-4o-2024-11-20"), {}),
        (("qwen3-max", "qwen3-max-2025-09-23"), {}),
        (("claude-sonnet-latest", "claude-sonnet-latest-20250219"), {}),
    ],
)
def test_an_undated_id_with_one_snapshot_is_that_snapshot(
    names: tuple[str, ...], found: dict[str, str]
) -> None:
    assert only_snapshots({name: entry(name) for name in names}, {}) == found


def test_an_undated_id_that_a_list_pins_elsewhere_is_no_other_snapshot() -> None:
    known = {name: entry(name) for name in ("gpt-4o", "gpt-4o-2024-11-20")}
    assert only_snapshots(known, {"gpt-4o-2024-08-06": "gpt-4o"}) == {}


def test_a_dated_id_that_alone_has_an_end_keeps_it() -> None:
    gone = replace(entry("gpt-4o-2024-11-20"), retires_at=date(2026, 10, 23))
    known = {"gpt-4o": entry("gpt-4o"), gone.model_id: gone}
    assert only_snapshots(known, {}) == {}
    known["gpt-4o"] = replace(known["gpt-4o"], retires_at=date(2026, 10, 23))
    assert only_snapshots(known, {}) == {gone.model_id: "gpt-4o"}


@pytest.mark.parametrize(
    ("name", "effort"),
    [
        ("o3-mini-high", "high"),
        ("gemini-2.5-flash-preview:thinking", "thinking"),
        ("claude-opus-4-6", None),
        ("gpt-4o:extended", None),
    ],
)
def test_an_entry_may_stand_for_an_effort(name: str, effort: str | None) -> None:
    assert effort_of(name) == effort


def test_a_rolling_name_is_what_a_list_says_it_points_to() -> None:
    known = {name: entry(name) for name in ("deepseek-flash", "DeepSeek-V4.1-Flash".lower())}
    names = resolve.index(known)
    told = {"deepseek-flash": "deepseek-v4.1-flash"}
    assert same_models(known, {}, names, told) == told
    assert same_models(known, {}, names) == {}


def test_a_rolling_name_keeps_its_own_offer() -> None:
    assert is_separate_offer("deepseek-flash")
    assert is_separate_offer("~anthropic/claude-opus-latest")


def test_the_list_of_ends_states_what_some_rolling_names_point_to() -> None:
    known = rolling_names()
    assert known["claude-3-5-sonnet-latest"] == "claude-3-5-sonnet-20241022"
    assert known["ministral-8b-latest"] == "ministral-8b-2512"
    assert "gemini-flash-latest" not in known  # only its last documented target is stated
    assert not {name for name in known if not resolve.is_rolling(name)}
