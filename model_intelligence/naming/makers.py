"""The sites of the makers of models."""

from urllib.parse import urlsplit

# Where makers announce ends themselves: a list that cites such a page only passes it on.
MAKERS_SITES = (
    *("anthropic.com", "bigmodel.cn", "claude.com", "cohere.com", "deepseek.com", "google.com"),
    *("google.dev", "llama.com", "meta.com", "minimax.io", "mistral.ai", "moonshot.ai"),
    *("openai.com", "perplexity.ai", "x.ai", "z.ai"),
)


def cites_a_maker(url: str | None) -> bool:
    """Whether the address is on a maker's own site."""
    host = (urlsplit(url).hostname or "") if url else ""
    return any(host == site or host.endswith(f".{site}") for site in MAKERS_SITES)
