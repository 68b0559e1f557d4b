"""Outside text made harmless for GitHub's Markdown: shown as it is, doing nothing."""

import re
import unicodedata
from urllib.parse import quote, urlsplit, urlunsplit

ZERO_WIDTH_SPACE = "\u200b"
LONGEST_RUN = 20  # GitHub's parser gives up on a code span whose fence is longer than 80
_LINKS_BY_ITSELF = re.compile(r"([@#]|\bGH-|://)(?=\w)", re.IGNORECASE)
# What GitHub's Markdown interprets inside a line. Elsewhere a backslash would only be noise: `_`
# inside a word is no emphasis, `(` follows no `]` that is not escaped, `&` alone is no entity.
_INTERPRETED = re.compile(
    r"[`*\[\]|~]|<(?=[\w/!?])"
    r"|(?<![^\W_])_|_(?![^\W_])"
    r"|\\(?=[!-/:-@\[-`{-~]|$)"
    r"|&(?=[#\w])"
)
# At the start of a line: a heading, a quotation, a list, the underline of a heading.
_STARTS_A_BLOCK = re.compile(r"^(?:[#>=]|[+-](?=[ +-]|$)|\d{1,9}[.)](?= |$))")
_REFERENCE = re.compile(r"[@#]|://|\bwww\.|\bGH-", re.IGNORECASE)
_COMMIT = re.compile(r"(?<![0-9A-Za-z])[0-9a-fA-F]{7,}(?![0-9A-Za-z])")
_HOST = re.compile(r"[a-z0-9._-]+")
_SAFE_IN_URL = "/:?&=%#~+,@!$*-._"  # without `;`, no entity can form


def plain(text: str) -> str:
    """One line without control, format and bidi characters."""
    # Bidirectional controls and zero-width characters can make a name look like another one.
    kept = (" " if char.isspace() else char for char in text)
    visible = (char for char in kept if unicodedata.category(char) not in {"Cc", "Cf", "Co", "Cs"})
    return re.sub(" +", " ", "".join(visible)).strip()


def code(text: str, *, in_table: bool = True, longest: int | None = None) -> str:
    """A code span: nothing in it is a mention, a reference, a link, HTML or a table's border.

    Outside a table the backslash before a `|` would show; `in_table=False` leaves it out. What is
    longer than `longest` characters is cut.
    """
    text = text if longest is None or len(text) <= longest else f"{text[:longest]}…"
    shown = re.sub(f"`{{{LONGEST_RUN},}}", "`" * LONGEST_RUN, plain(text)) or "(empty)"
    run = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (run + 1)
    border = r"\|" if in_table else "|"
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown.replace('|', border)}{pad}{fence}"


def title(text: str) -> str:
    """Plain text for a title or a commit message: `@name`, `#1`, `GH-1`, addresses stay inert."""
    return _LINKS_BY_ITSELF.sub(rf"\1{ZERO_WIDTH_SPACE}", plain(text))


def link(label: str, url: str | None) -> str:
    """A link with a label of ours; the label alone when the address is not an http(s) one.

    Addresses on github.com go through its redirector, so that they leave no cross-reference.
    """
    address = _web_address(plain(url or ""))
    # In angle brackets, or a parenthesis in the address would end the link.
    return f"[{label}](<{address}>)" if address else label


def _web_address(url: str) -> str | None:
    """The address in ASCII, without user and password; None when it is not a proper one."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode().rstrip("."), parts.port
    except ValueError:
        return None
    # Only the host is kept of `user:password@host`, which is there to make people misread
    # addresses.
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return None
    if host in {"github.com", "www.github.com"}:
        host, port = "redirect.github.com", None
    place = host if port is None else f"{host}:{port}"
    return quote(urlunsplit(parts._replace(netloc=place)), safe=_SAFE_IN_URL)


def fenced(text: str, language: str = "") -> str:
    """A code block that its content cannot end."""
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    body = text.removesuffix("\n")  # no further: a diff may end in a blank line of context
    return f"{fence}{language}\n{body}\n{fence}"


def prose(text: str, longest: int | None = None) -> str:
    """Text as text: what Markdown would interpret is escaped, mentions and references are broken.

    For the inside of a line or of a table cell. What is longer than `longest` characters is cut.
    """
    text = text if longest is None or len(text) <= longest else f"{text[:longest]}…"
    escaped = _STARTS_A_BLOCK.sub(_escape_last, _INTERPRETED.sub(r"\\\g<0>", plain(text)))
    inert = _REFERENCE.sub(lambda found: found[0][:1] + ZERO_WIDTH_SPACE + found[0][1:], escaped)
    return _COMMIT.sub(lambda found: _split(found[0]), inert)


def _escape_last(found: re.Match[str]) -> str:
    return f"{found[0][:-1]}\\{found[0][-1]}"


def _split(text: str) -> str:
    """Too short to be a commit: GitHub links seven hexadecimal digits and more."""
    return ZERO_WIDTH_SPACE.join(text[start : start + 6] for start in range(0, len(text), 6))
