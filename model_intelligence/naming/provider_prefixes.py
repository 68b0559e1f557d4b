"""How configs write a model's name: bare, behind slashes (`openai/gpt-5`) or colons. Pure."""

from model_intelligence.naming import bedrock

# What stands before a model's name in configs (of LiteLLM, promptfoo, LangChain, Pydantic AI and
# others) -> who is called then, as price lists name it.
CALLED = {
    "anthropic": "anthropic",
    "bedrock": "aws",
    "cerebras": "cerebras",
    "cohere": "cohere",
    "deepseek": "deepseek",
    "fireworks": "fireworks",
    "fireworks_ai": "fireworks",
    "gemini": "google",
    "google": "google",
    "google-gla": "google",
    "google-vertex": "google",
    "google_genai": "google",
    "google_vertexai": "google",
    "groq": "groq",
    "minimax": "minimax",
    "mistral": "mistral",
    "mistralai": "mistral",
    "moonshot": "moonshotai",
    "moonshotai": "moonshotai",
    "openai": "openai",
    "openrouter": "openrouter",
    "perplexity": "perplexity",
    "together": "together",
    "together_ai": "together",
    "togetherai": "together",
    "vertex": "google",
    "vertex_ai": "google",
    "vertexai": "google",
    "x-ai": "x-ai",
    "xai": "x-ai",
    "z-ai": "zai",
    "zai": "zai",
}
# promptfoo says which of a provider's interfaces is called: `openai:chat:gpt-5`.
INTERFACES = frozenset({"chat", "completion", "embedding", "messages", "realtime", "responses"})
# Behind these stands a deployment that its owner named, whatever model it serves.
DEPLOYMENTS = frozenset({"azure", "azure_ai", "azureopenai", "sagemaker", "sagemaker_chat"})


FIREWORKS = "accounts/fireworks/models/"  # the path of Fireworks' own models, with or without it


def behind_colons(name: str) -> str | None:
    """What follows `provider:` or `provider:interface:`; None where no known provider stands."""
    provider, colon, rest = name.partition(":")
    if not colon or provider.lower() not in CALLED:
        return None
    interface, another, own = rest.partition(":")
    return own if another and interface.lower() in INTERFACES else rest


def without_provider(name: str) -> str:
    """The id behind the provider that is named before it, `openrouter/z-ai/glm-5`; else all."""
    own = behind_colons(name)
    if own is None:
        provider, slash, rest = name.partition("/")
        own = rest if slash and provider.lower() in CALLED else name
    return own.removeprefix(FIREWORKS)


def names_provider(name: str) -> bool:
    """Whether the name says more than the model's own: then it cannot move to another provider."""
    return "/" in name or behind_colons(name) is not None


def provider_of(name: str) -> str | None:
    """Who is called by a name that says so; None for a bare name or a prefix that nobody knows."""
    if name.startswith(FIREWORKS):
        return CALLED["fireworks"]
    prefix = name.partition(":")[0] if behind_colons(name) is not None else name.partition("/")[0]
    called = CALLED.get(prefix.lower()) if prefix != name else None
    if called == bedrock.AWS:
        return bedrock.seller_of(without_provider(name)) or called
    return called


def is_deployment(name: str) -> bool:
    """Whether the name is one that the account's owner gave: `azure/gpt-5-eu`."""
    return name.replace(":", "/").partition("/")[0].lower() in DEPLOYMENTS
