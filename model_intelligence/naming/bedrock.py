"""Ids of Amazon Bedrock: `[area.]maker.model[-version]`. Pure.

`us.anthropic.claude-sonnet-4-5-20250929-v1:0` is Anthropic's `claude-sonnet-4-5-20250929`, served
in the United States. Each area has prices, ends and ids of its own: each is a seller of its own.
Source: LiteLLM's list (1.108.11): of its 285 chat ids without a path all but two are of this form.
"""

import re

AWS = "aws"
# For Claude 4.5 the `us.` and `eu.` ids cost a tenth more than `global.`, hence a seller for each.
AREAS = ("apac", "au", "ca", "eu", "global", "in", "jp", "us", "us-gov")
SELLERS = (AWS, *(f"{AWS}-{area}" for area in AREAS))  # without an area: in the caller's own region
_MAKERS = (
    *("ai21", "amazon", "anthropic", "cohere", "deepseek", "google", "meta", "minimax", "mistral"),
    *("moonshot", "moonshotai", "nvidia", "openai", "qwen", "writer", "xai", "zai"),
)
_ID = re.compile(
    rf"(?:(?P<area>{'|'.join(AREAS)})\.)?(?P<maker>{'|'.join(_MAKERS)})\.(?P<model>[a-z][\w.:-]*)",
    re.IGNORECASE,
)
# Bedrock's own packages of a model; behind a word the number may be the model's own: claude-v2.
_PACKAGE = re.compile(r"(?<=\d{8})-v\d+:\d+$|(?<=-\d)-v1(?::0)?$")


def seller_of(name: str) -> str | None:
    """Who sells under that id: `aws-us`, or `aws` without an area; None for other ids."""
    found = _ID.fullmatch(name)
    if found is None:
        return None
    return f"{AWS}-{found['area'].lower()}" if found["area"] else AWS


def area_of(name: str) -> str | None:
    """The area where it is served; None where the id names none."""
    found = _ID.fullmatch(name)
    return found["area"].lower() if found and found["area"] else None


def maker_of(name: str) -> str | None:
    """Who made what is served, as Bedrock writes it; None for other ids."""
    found = _ID.fullmatch(name)
    return found["maker"].lower() if found else None


def model_of(name: str) -> str | None:
    """The maker's own name of what is served; None for other ids."""
    found = _ID.fullmatch(name)
    return _PACKAGE.sub("", found["model"]) if found else None
