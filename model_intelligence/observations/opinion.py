"""What somebody wrote, as a source gives it, before it is known of which model and how."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Opinion:
    """One post or comment; `text` is plain. `links_to` is the page that it is about, if any."""

    source_url: str
    author: str | None
    published_at: datetime
    title: str | None
    text: str
    links_to: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A post that its author or the source has taken down since: we forget it too."""

    source_url: str


def plain(html: str) -> str:
    """HTML without its tags and entities, its paragraphs a line each."""
    # Hacker News separates paragraphs by a lone <p>, which it never closes.
    broken = html.replace("<p>", "\n").replace("<br>", "\n").replace("</p>", "\n")
    lines = (Markup(line).striptags() for line in broken.split("\n"))  # noqa: S704  # to strip it
    return "\n".join(line for line in lines if line)


def domain_of(address: str | None) -> str:
    """The host of an address in lower case, empty if it has none."""
    try:
        return (urlsplit(address or "").hostname or "").lower()
    except ValueError:
        return ""


def lies_in(domain: str, domains: frozenset[str]) -> bool:
    """Whether a host is one of these or a part of one."""
    parts = domain.split(".")
    return any(".".join(parts[start:]) in domains for start in range(len(parts)))
