"""Ids of Amazon Bedrock taken apart; whose they are was looked up by hand."""

import pytest

from model_intelligence.naming import bedrock


@pytest.mark.parametrize(
    ("name", "seller", "maker", "model"),
    [
        (
            "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            *("aws-us", "anthropic", "claude-sonnet-4-5-20250929"),
        ),
        (
            "anthropic.claude-3-5-sonnet-20241022-v2:0",
            *("aws", "anthropic", "claude-3-5-sonnet-20241022"),
        ),
        ("global.anthropic.claude-opus-4-6-v1", "aws-global", "anthropic", "claude-opus-4-6"),
        ("us-gov.anthropic.claude-opus-4-8", "aws-us-gov", "anthropic", "claude-opus-4-8"),
        ("EU.anthropic.claude-sonnet-5", "aws-eu", "anthropic", "claude-sonnet-5"),
        ("anthropic.claude-v2:1", "aws", "anthropic", "claude-v2:1"),
        ("amazon.nova-pro-v1:0", "aws", "amazon", "nova-pro-v1:0"),
        ("zai.glm-4.7", "aws", "zai", "glm-4.7"),
    ],
)
def test_an_id_says_who_sells_whose_model(name: str, seller: str, maker: str, model: str) -> None:
    told = bedrock.seller_of(name), bedrock.maker_of(name), bedrock.model_of(name)
    assert told == (seller, maker, model)
    assert seller in bedrock.SELLERS


@pytest.mark.parametrize(
    "name",
    [
        *("claude-sonnet-4-5", "gpt-5.1", "llama3.1-8b", "deepseek-v3.2-exp", "us.gpt-5"),
        *("regional.anthropic.claude-sonnet-5", "bedrock/us.anthropic.claude-sonnet-5"),
        *("anthropic.4", "arn:aws:bedrock:us-east-1:1:inference-profile/x"),
    ],
)
def test_no_other_name_is_taken_for_one(name: str) -> None:
    told = bedrock.seller_of(name), bedrock.maker_of(name), bedrock.model_of(name)
    assert told == (None, None, None)
    assert bedrock.area_of(name) is None
