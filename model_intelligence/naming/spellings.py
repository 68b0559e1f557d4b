"""One model under its spellings: dated or not, with dots, a reseller's, Bedrock's. Pure.

For asking what ended under another name. It is too generous for prices and results: an undated name
may have meant each of its snapshots.
"""

import re

from model_intelligence.naming import bedrock
from model_intelligence.naming.catalog_index import key_of, without_server
from model_intelligence.naming.provider_prefixes import without_provider

# Days as 20250514, months and days as 0613, years and months as 2407, months as 08-2024, and the
# numbers of Google's stable versions. Other four digits are a part of the name: llama3-70b-8192.
_SNAPSHOT = re.compile(
    r"-(?:20\d{6}|(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])|2[3-9](?:0[1-9]|1[0-2])"
    r"|(?:0[1-9]|1[0-2])-20\d{2}|00\d)$"
)
# Anthropic pointed `claude-v1` and `claude-2` at the newest of 1.0 to 1.3, and of 2.0 and 2.1.
_OLD_CLAUDE = re.compile(r"(claude-(?:instant-)?)v?([12])(?:-\d)?")

# OpenRouter's order of Google's words, `gemini-flash-1.5`; Google's ids have the number first.
_GEMINI = re.compile(r"gemini-(flash|pro)-(\d-\d)")


def plain_key(name: str) -> str:
    """What is left of a name without who sells the model, in one spelling."""
    own = without_provider(name)
    own = without_server(bedrock.model_of(own) or own)
    key = key_of(own.replace("@", "-"))  # Vertex: claude-3-opus@20240229
    return _GEMINI.sub(r"gemini-\2-\1", key)


def undated_key(name: str) -> str:
    """The same without the snapshot's date, or the minor version of the first Claudes."""
    key = _SNAPSHOT.sub("", plain_key(name).removesuffix("-latest"))
    return _OLD_CLAUDE.sub(r"\1\2", key) if _OLD_CLAUDE.fullmatch(key) else key


def is_snapshot(name: str) -> bool:
    """Whether the name is of one snapshot among perhaps several."""
    key = plain_key(name)
    return _SNAPSHOT.search(key) is not None or (
        _OLD_CLAUDE.fullmatch(key) is not None and key[-2] == "-" and key[-3].isdigit()
    )
