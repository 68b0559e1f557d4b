"""Board names taken apart."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model_intelligence.naming.name_parts import (
    NameParts,
    has_impossible_date,
    snapshot_of,
    split_name,
)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("gpt-5", NameParts("gpt-5")),
        ("gpt-5 (high)", NameParts("gpt-5", effort="high")),
        (
            "Claude-Opus-4-5-20251101 (FC)",
            NameParts("Claude-Opus-4-5-20251101", date(2025, 11, 1), mode="function calling"),
        ),
        (
            "claude-3-7-sonnet-20250219 (32k thinking tokens)",
            NameParts("claude-3-7-sonnet-20250219", date(2025, 2, 19), "32k thinking"),
        ),
        (
            "gpt-5.4-2026-03-05_high",
            NameParts("gpt-5.4-2026-03-05", date(2026, 3, 5), "high"),
        ),
        (
            "claude-opus-4-5-20251101-thinking-64k-high-effort",
            NameParts("claude-opus-4-5-20251101", date(2025, 11, 1), "64k thinking, high"),
        ),
        (
            "Claude 4.5 Opus medium (20251101)",
            NameParts("Claude 4.5 Opus-20251101", date(2025, 11, 1), "medium"),
        ),
        (
            "GPT-5.1 (2025-11-13) (medium reasoning)",
            NameParts("GPT-5.1-2025-11-13", date(2025, 11, 13), "medium"),
        ),
        ("GLM-4.6 (FC thinking)", NameParts("GLM-4.6", None, "thinking", "function calling")),
        (
            "DeepSeek-V3.2-Exp (Prompt + Thinking)",
            NameParts("DeepSeek-V3.2-Exp", None, "thinking", "prompt"),
        ),
        ("DeepSeek V3 (0324)", NameParts("DeepSeek V3-0324")),
        ("DeepSeek V3 (prev)", NameParts("DeepSeek V3 (prev)")),
        ("GLM-4.6 (T=1)", NameParts("GLM-4.6")),
        ("claude-opus-4 (no think)", NameParts("claude-opus-4", effort="none")),
        ("gpt-5.1-nothinking", NameParts("gpt-5.1", effort="none")),
        ("claude-sonnet-4-6_32K", NameParts("claude-sonnet-4-6", effort="32k thinking")),
        (
            "claude-opus-4-5-20251101-thinking-high-effort",
            NameParts("claude-opus-4-5-20251101", date(2025, 11, 1), "thinking, high"),
        ),
        (
            "claude-opus-4-5-20251101-high-effort",
            NameParts("claude-opus-4-5-20251101", date(2025, 11, 1), "high"),
        ),
        (
            "claude-sonnet-4-6-thinking-auto-low-effort",
            NameParts("claude-sonnet-4-6", effort="thinking, low"),
        ),
        ("claude-sonnet-5-max-effort", NameParts("claude-sonnet-5", effort="max")),
        ("gpt-5.6-sol-max", NameParts("gpt-5.6-sol", effort="max")),
        ("gpt-5.1-codex-max-xhigh", NameParts("gpt-5.1-codex-max", effort="xhigh")),
        (
            "Claude 4.5 Opus max (20251101)",
            NameParts("Claude 4.5 Opus-20251101", date(2025, 11, 1), "max"),
        ),
        (
            "gpt-5.2-xhigh-2025-12-11",
            NameParts("gpt-5.2-2025-12-11", date(2025, 12, 11), "xhigh"),
        ),
        (
            "Claude Opus 4.7 (Adaptive Reasoning, Max Effort)",
            NameParts("Claude Opus 4.7", effort="thinking, max"),
        ),
        ("Claude Opus 4.6 (Non-reasoning)", NameParts("Claude Opus 4.6", effort="none")),
        (
            "claude-3-7-sonnet-20250219-base",
            NameParts("claude-3-7-sonnet-20250219", date(2025, 2, 19), "none"),
        ),
        ("deepseek-v3.1-thinking", NameParts("deepseek-v3.1", effort="thinking")),
        ("o3 (high) + gpt-4.1", NameParts("o3 + gpt-4.1", effort="high", several=True)),
    ],
)
def test_what_belongs_to_the_result_is_taken_off(name: str, parts: NameParts) -> None:
    assert split_name(name) == parts


@pytest.mark.parametrize(
    "name",
    [
        *("mistral-medium", "mistral-medium-2025-08-12", "qwen3-max", "gpt-5.1-codex-max"),
        *("phi-3-medium", "kimi-k2-thinking", "gemini-2.0-flash-thinking-exp"),
    ],
)
def test_a_word_of_the_models_own_name_stays(name: str) -> None:
    assert split_name(name) == NameParts(name, snapshot_of(name))


@pytest.mark.parametrize("name", ["gpt-5-20251301", "gpt-5-20250931", "gpt-5-2025-02-30"])
def test_an_impossible_date_is_no_date(name: str) -> None:
    assert split_name(name).snapshot is None
    assert has_impossible_date(name)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=40))
def test_any_text_is_taken_apart_and_no_digit_of_a_date_is_lost(text: str) -> None:
    parts = split_name(f"{text}-20250807 (high)")
    assert "20250807" in parts.base or parts.base.endswith(")")
