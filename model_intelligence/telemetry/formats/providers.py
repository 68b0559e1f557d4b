"""Providers and models in the catalog's spelling, from the spelling of a source. Pure."""

import re

# A provider's name in gateways and instrumentation -> its name in our price lists.
SPELLINGS = {
    "aws.bedrock": "aws",
    "aws_bedrock": "aws",
    "az.ai.inference": "azure",
    "az.ai.openai": "azure",
    "azure.ai.inference": "azure",
    "azure.ai.openai": "azure",
    "azure_ai": "azure",
    "azure_openai": "azure",
    "bedrock": "aws",
    "bedrock_converse": "aws",
    "cohere_chat": "cohere",
    "fireworks_ai": "fireworks",
    "gcp.gemini": "google",
    "gcp.gen_ai": "google",
    "gcp.vertex_ai": "google",
    "gemini": "google",
    "google_genai": "google",
    "google_vertexai": "google",
    "mistral_ai": "mistral",
    "mistralai": "mistral",
    "moonshot": "moonshotai",
    "moonshot_ai": "moonshotai",
    "together_ai": "together",
    "togetherai": "together",
    "vertex_ai": "google",
    "vertexai": "google",
    "x_ai": "x-ai",
    "xai": "x-ai",
    "z-ai": "zai",
    "z_ai": "zai",
    "zhipu_glm": "zai",
}
# Who serves a model by its maker's own name, where a source names no provider.
MAKERS = (
    (re.compile(r"claude-"), "anthropic"),
    (re.compile(r"(gpt-|chatgpt-|o[134]($|-))"), "openai"),
    (re.compile(r"gemini-"), "google"),
    (re.compile(r"glm-"), "zai"),
    (re.compile(r"grok-"), "x-ai"),
    (re.compile(r"deepseek-"), "deepseek"),
    (re.compile(r"(mistral|magistral|codestral|ministral|devstral)-"), "mistral"),
)


def provider_named(name: str) -> str:
    """The catalog's spelling; a name that is not known here is kept, in lower case."""
    lower = name.lower()
    return SPELLINGS.get(lower, lower)


def bare(model: str, provider: str) -> str:
    """The model without the name of its own provider in front of it."""
    prefix, slash, rest = model.partition("/")
    # Only its own provider's name: in `openrouter/anthropic/claude-…` the maker is part of the id
    # there.
    return rest if slash and rest and provider_named(prefix) == provider else model


def maker_of(model: str) -> str | None:
    """The provider that a model's name implies: its prefix, or its maker; None if neither."""
    prefix, slash, rest = model.partition("/")
    if slash and prefix and rest:
        return provider_named(prefix)
    return next((maker for name, maker in MAKERS if name.match(model.lower())), None)
