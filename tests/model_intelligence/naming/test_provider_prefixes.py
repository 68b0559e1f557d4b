"""Who is called by a name, as configs of several programs write it."""

import pytest

from model_intelligence.naming import provider_prefixes


@pytest.mark.parametrize(
    ("name", "provider"),
    [
        ("openai/gpt-5", "openai"),
        ("gemini/gemini-2.5-pro", "google"),
        ("openrouter/anthropic/claude-sonnet-4.5", "openrouter"),
        ("openai:chat:gpt-5", "openai"),
        ("google-gla:gemini-2.5-pro", "google"),
        ("fireworks_ai/accounts/fireworks/models/kimi-k2p6", "fireworks"),
        ("accounts/fireworks/models/kimi-k2p6", "fireworks"),
        ("accounts/mine/models/kimi-k2p6", None),
        ("bedrock/us.anthropic.claude-sonnet-5", "aws-us"),
        ("bedrock:anthropic.claude-3-haiku-20240307-v1:0", "aws"),
        ("bedrock/converse/us.anthropic.claude-sonnet-5", "aws"),
        ("gpt-5", None),
        ("openai", None),
        ("my-proxy/gpt-5", None),
        ("my-proxy:gpt-5", None),
    ],
)
def test_a_prefix_says_who_is_called(name: str, provider: str | None) -> None:
    assert provider_prefixes.provider_of(name) == provider


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("openrouter/z-ai/glm-5", "z-ai/glm-5"),
        ("openai:chat:gpt-5", "gpt-5"),
        ("bedrock:anthropic.claude-v2:1", "anthropic.claude-v2:1"),
        ("z-ai/glm-5", "glm-5"),
        ("fireworks_ai/accounts/fireworks/models/kimi-k2p6", "kimi-k2p6"),
        ("accounts/fireworks/models/kimi-k2p6", "kimi-k2p6"),
        ("fireworks:accounts/fireworks/models/kimi-k2p6", "kimi-k2p6"),
        ("my-proxy/gpt-5", "my-proxy/gpt-5"),
        ("gpt-5", "gpt-5"),
    ],
)
def test_what_stands_behind_a_known_provider_is_its_own_id(name: str, own: str) -> None:
    assert provider_prefixes.without_provider(name) == own


@pytest.mark.parametrize("name", ["azure/gpt-5-eu", "azure:chat:prod", "Azure_AI/x"])
def test_a_name_that_its_owner_gave_is_no_models(name: str) -> None:
    assert provider_prefixes.is_deployment(name)


@pytest.mark.parametrize("name", ["openai/azure", "gpt-5", "azured/x"])
def test_other_names_are(name: str) -> None:
    assert not provider_prefixes.is_deployment(name)
