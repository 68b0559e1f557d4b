"""Outside text made harmless for GitHub's Markdown: shown as it is, doing nothing."""

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

ZERO_WIDTH_SPACE = "\u200b"
_SAFE_IN_URL = "/:?&=%#~+,;@!$*-._"


def plain(text: str) -> str:
    """One line without control, format and bidi characters."""
    kept = (" " if char.isspace() else char for char in text)
    visible = (char for char in kept if unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cs"})
    return re.sub(" +", " ", "".join(visible)).strip()


def code(text: str) -> str:
    """A code span: nothing in it is a mention, a reference, a link, HTML or a table's border."""
    shown = plain(text) or "(empty)"
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}".replace("|", "\\|")


def title(text: str) -> str:
    """Plain text for a title or a commit message, in which `@name` and `#1` are left inert."""
    return re.sub(r"([@#])(?=\w)", rf"\1{ZERO_WIDTH_SPACE}", plain(text))


def link(label: str, url: str | None) -> str:
    """A link with a label of ours; the label alone when the address is not an http(s) one.

    Addresses on github.com go through its redirector, so that they leave no cross-reference.
    """
    parts = urlsplit(plain(url or ""))
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return label
    host = "redirect.github.com" if parts.hostname == "github.com" else parts.netloc
    address = urlunsplit(parts._replace(netloc=quote(host, safe=":@[]-._~%")))
    return f"[{label}](<{quote(address, safe=_SAFE_IN_URL)}>)"


def fenced(text: str, language: str = "") -> str:
    """A code block that its content cannot end."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"
