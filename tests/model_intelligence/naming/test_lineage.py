"""Maker, line, tier and specialty, from the names that price lists and leaderboards use."""

import pytest

from model_intelligence.naming.lineage import line_of, maker_of, specialty_of, tier_of

NAMES = [  # id, provider, line, tier
    ("gpt-4o", "openai", "openai/gpt", "mid"),
    ("gpt-4o-mini-2024-07-18", "openai", "openai/gpt-mini", "mini"),
    ("gpt-4.1-nano", "openai", "openai/gpt-nano", "nano"),
    ("gpt-5-2025-08-07", "openai", "openai/gpt", "mid"),
    ("gpt-5-pro", "openai", "openai/gpt-pro", "large"),
    ("gpt-5.1-codex-mini", "openai", "openai/gpt-codex-mini", "mini"),
    ("gpt-5.6-luna", "openai", "openai/gpt-luna", "nano"),
    ("gpt-5.6-terra", "openai", "openai/gpt-terra", "mini"),
    ("gpt-6-sol", "openai", "openai/gpt-sol", "mid"),
    ("gpt-6-astra", "openai", "openai/gpt-astra", "large"),
    ("openai/gpt-oss-20b", "groq", "openai/gpt-oss", "mini"),
    ("chatgpt-4o-latest", "openai", "openai/gpt", "mid"),
    ("gpt-3.5-turbo-1106", "openai", "openai/gpt", "mid"),
    ("o1", "openai", "openai/o", "mid"),
    ("o3-mini", "openai", "openai/o-mini", "mini"),
    ("o3-pro", "openai", "openai/o-pro", "large"),
    ("claude-3-5-sonnet-20241022", "anthropic", "anthropic/claude-sonnet", "mid"),
    ("claude-sonnet-4-5", "anthropic", "anthropic/claude-sonnet", "mid"),
    ("claude-4-opus", "google", "anthropic/claude-opus", "large"),
    ("claude-haiku-4-5-20251001", "anthropic", "anthropic/claude-haiku", "mini"),
    ("claude-fable-5", "anthropic", "anthropic/claude-fable", "large"),
    ("claude-instant-1.2", "anthropic", "anthropic/claude-instant", "mini"),
    ("us.anthropic.claude-3-5-haiku-20241022-v1:0", "aws-us", "anthropic/claude-haiku", "mini"),
    ("openrouter/anthropic/claude-3-opus", "openrouter", "anthropic/claude-opus", "large"),
    ("gemini-2.5-pro-preview-05-06", "google", "google/gemini-pro", "large"),
    ("gemini-2.5-flash", "google", "google/gemini-flash", "mini"),
    ("gemini-2.0-flash-lite", "google", "google/gemini-flash-lite", "nano"),
    ("gemini-flash-1.5", "openrouter", "google/gemini-flash", "mini"),
    ("gemma-3-27b-it", "google", "google/gemma", "mini"),
    ("google/gemma-2-9b-it", "together", "google/gemma", "nano"),
    ("grok-4-0709", "x-ai", "x-ai/grok", "mid"),
    ("grok-3-mini-beta", "x-ai", "x-ai/grok-mini", "mini"),
    ("grok-4-fast-reasoning", "x-ai", "x-ai/grok-fast-reasoning", "mini"),
    ("grok-4-fast-non-reasoning", "x-ai", "x-ai/grok-fast-non-reasoning", "mini"),
    ("grok-code-fast-1", "x-ai", "x-ai/grok-code-fast", "mini"),
    ("mistral-large-2411", "mistral", "mistral/mistral-large", "large"),
    ("mistral-medium-2505", "mistral", "mistral/mistral-medium", "mid"),
    ("mistral-small-24b-instruct-2501", "mistral", "mistral/mistral-small", "mini"),
    ("ministral-8b-2410", "mistral", "mistral/ministral", "nano"),
    ("open-mixtral-8x22b", "mistral", "mistral/mixtral", "mid"),
    ("open-mistral-nemo-2407", "mistral", "mistral/mistral-nemo", "mini"),
    ("labs-devstral-small-2512", "mistral", "mistral/devstral-small", "mini"),
    ("codestral-2501", "mistral", "mistral/codestral", "mid"),
    ("deepseek-v3.2-exp", "deepseek", "deepseek/deepseek", "mid"),
    ("deepseek-ai/DeepSeek-R1", "together", "deepseek/deepseek-r", "mid"),
    ("deepseek-v4-flash", "deepseek", "deepseek/deepseek-flash", "mini"),
    ("deepseek-r1-distill-qwen-14b", "groq", "deepseek/deepseek-r-distill-qwen", "mini"),
    ("Qwen/Qwen3-235B-A22B", "together", "alibaba/qwen", "mid"),
    ("qwen3-coder-480b-a35b-instruct", "alibaba", "alibaba/qwen-coder", "large"),
    ("qwen3-30b-a3b", "alibaba", "alibaba/qwen", "mini"),
    ("Qwen/Qwen2.5-7B-Instruct-Turbo", "together", "alibaba/qwen", "nano"),
    ("qwen3.7-max", "alibaba", "alibaba/qwen-max", "large"),
    ("qwq-32b", "alibaba", "alibaba/qwq", "mini"),
    ("zai-org/GLM-4.6", "together", "zai/glm", "mid"),
    ("glm-4.5-air", "zai", "zai/glm-air", "mini"),
    ("kimi-k2-0905-preview", "moonshotai", "moonshotai/kimi", "mid"),
    ("kimi-k2-thinking", "moonshotai", "moonshotai/kimi-thinking", "mid"),
    ("moonshot-v1-128k", "moonshotai", "moonshotai/moonshot", "mid"),
    ("meta-llama/Meta-Llama-3.1-405B-Instruct-Turbo", "together", "meta/llama", "large"),
    ("llama-3.3-70b-versatile", "groq", "meta/llama", "mid"),
    ("llama-4-scout-17b-16e", "groq", "meta/llama-scout", "mini"),
    ("llama-4-maverick-17b-128e-instruct", "groq", "meta/llama-maverick", "mid"),
    ("meta.llama3-1-8b-instruct-v1:0", "aws", "meta/llama", "nano"),
    ("command-a-03-2025", "cohere", "cohere/command-a", "mid"),
    ("command-r-plus-08-2024", "cohere", "cohere/command-r-plus", "mid"),
    ("command-r7b-12-2024", "cohere", "cohere/command-r", "nano"),
    ("c4ai-aya-expanse-32b", "cohere", "cohere/aya-expanse", "mini"),
    ("amazon.nova-micro-v1:0", "aws", "amazon/nova-micro", "nano"),
    ("amazon.nova-2-lite-v1:0", "aws", "amazon/nova-lite", "mini"),
    ("amazon.nova-premier-v1:0", "aws", "amazon/nova-premier", "large"),
    ("MiniMax-M2.1-highspeed", "minimax", "minimax/minimax", "mid"),
    ("MiniMaxAI/MiniMax-M3.1-Flash", "together", "minimax/minimax-flash", "mini"),
    ("nvidia.nemotron-nano-9b-v2", "aws", "nvidia/nemotron-nano", "nano"),
    ("nvidia/nemotron-3-super-120b-a12b", "nvidia", "nvidia/nemotron-super", "mid"),
    ("llama-3.3-nemotron-super-49b-v1", "nvidia", "nvidia/nemotron-super", "mid"),
    ("microsoft/phi-4-mini-instruct", "azure", "microsoft/phi-mini", "mini"),
    ("phi-3-medium-128k-instruct", "azure", "microsoft/phi-medium", "mid"),
    ("sonar-reasoning-pro", "perplexity", "perplexity/sonar-reasoning-pro", "large"),
    ("writer.palmyra-x5-v1:0", "aws", "writer/palmyra", "mid"),
    ("mimo-v2-flash", "xiaomi", "xiaomi/mimo-flash", "mini"),
    ("step-3.5-flash", "stepfun", "stepfun/step-flash", "mini"),
]


@pytest.mark.parametrize(("model_id", "provider", "line", "tier"), NAMES)
def test_names_tell_line_and_tier(model_id: str, provider: str, line: str, tier: str) -> None:
    assert (line_of(model_id, provider), tier_of(model_id)) == (line, tier)


def test_the_maker_is_not_who_sells_the_model() -> None:
    sellers = ("google", "aws", "openrouter")
    assert {maker_of("claude-sonnet-4-5", seller) for seller in sellers} == {"anthropic"}


@pytest.mark.parametrize(
    ("model_id", "provider", "maker"),
    [
        ("thinkingmachines/Inkling", "together", "thinkingmachines"),
        ("moonshot.unheard-of-1", "aws", "moonshotai"),
        ("unheard-of-1", "x-ai", "x-ai"),
        ("unheard-of-1", "somebody", "somebody"),
    ],
)
def test_a_family_that_is_not_known_belongs_to_whom_its_id_or_its_provider_names(
    model_id: str, provider: str, maker: str
) -> None:
    assert maker_of(model_id, provider) == maker


def test_snapshots_are_of_one_line() -> None:
    names = ("gpt-5", "gpt-5-2025-08-07", "gpt-5.4", "gpt-5-chat-latest")
    assert {line_of(name, "openai") for name in names} == {"openai/gpt"}


@pytest.mark.parametrize("name", ["", "-", "/", "7b", "   "])
def test_no_name_is_refused(name: str) -> None:
    assert tier_of(name) in {"nano", "mini", "mid", "large"}
    assert line_of(name, "somebody").startswith("somebody/")


@pytest.mark.parametrize(
    ("model_id", "specialty"),
    [
        ("gpt-5.1-codex-mini", "code"),
        ("codestral-2501", "code"),
        ("labs-devstral-small-2512", "code"),
        ("Qwen/Qwen3-Coder-480B-A35B-Instruct", "code"),
        ("grok-code-fast-1", "code"),
        ("codex-mini-latest", "code"),
        ("qwen2-math-72b", "math"),
        ("qwen3-vl-235b-a22b", "vision"),
        ("o3-deep-research", "search"),
        ("gpt-5", None),
        ("claude-sonnet-4-5", None),
        ("glm-4.5-air", None),
    ],
)
def test_names_tell_what_a_model_is_made_for(model_id: str, specialty: str | None) -> None:
    assert specialty_of(model_id) == specialty
