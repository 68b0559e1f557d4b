"""The sites of the makers of models."""

from urllib.parse import urlsplit

# Where makers announce ends themselves: a list that cites such a page only passes it on.
MAKERS_SITES = (
    *("anthropic.com", "bigmodel.cn", "claude.com", "cohere.com", "deepseek.com", "google.com"),
    *("google.dev", "llama.com", "meta.com", "minimax.io", "mistral.ai", "moonshot.ai"),
    *("openai.com", "perplexity.ai", "x.ai", "z.ai"),
)
_ON_GITHUB = ("anthropics", "openai")  # an SDK lists the models that the API takes


def cites_a_maker(url: str | None) -> bool:
    """Whether the address is on a maker's own site, or in one of its repositories."""
    address = urlsplit(url or "")
    host = address.hostname or ""
    if host == "github.com":
        return address.path.split("/")[1:2] in ([owner] for owner in _ON_GITHUB)
    return any(host == site or host.endswith(f".{site}") for site in MAKERS_SITES)
