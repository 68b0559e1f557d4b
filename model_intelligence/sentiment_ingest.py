"""What people write about models: supporting evidence, taken in whole batches or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.ledger.signals import append
from model_intelligence.models import ModelCatalog
from model_intelligence.naming import resolve
from model_intelligence.observations.origin import as_written

MAX_BATCH = 10_000


def _web_address(url: str) -> str:
    if not url.isprintable() or " " in url:
        raise ValueError("must be an address without spaces or control characters")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an http(s) address")
    return canonical(url)


def canonical(url: str) -> str:
    """The same page by one address: no fragment, no tracking, host in lower case, no last slash."""
    parts = urlsplit(url)
    # One post that was shared with tracking parameters would otherwise count as several voices.
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(pair[0])]
    path = parts.path.rstrip("/") or "/"
    return urlunsplit((parts.scheme, parts.netloc.lower(), path, urlencode(kept), ""))


def _tracks(name: str) -> bool:
    return name.startswith("utm_") or name in {"fbclid", "gclid", "ref", "ref_src"}


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("holds a NUL character, which PostgreSQL cannot store")
    return text


_Text = Annotated[str, AfterValidator(_without_nul)]


class SignalInput(BaseModel):
    """One signal as it comes in; sizes are in characters."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    model_id: _Text = Field(min_length=1, max_length=200)
    source: _Text = Field(min_length=1, max_length=100)
    source_url: Annotated[_Text, Field(max_length=2000), AfterValidator(_web_address)]
    snippet: _Text = Field(min_length=1, max_length=2000)
    sentiment: Literal["positive", "neutral", "negative", "mixed"]
    title: _Text | None = Field(None, max_length=300)
    author: _Text | None = Field(None, max_length=200)
    published_at: AwareDatetime | None = None
    tags: dict[Annotated[_Text, Field(max_length=100)], Annotated[_Text, Field(max_length=300)]] = (
        Field(default_factory=dict, max_length=20)
    )


@dataclass(frozen=True, slots=True)
class SentimentReport:
    """What a batch did; a signal seen before with other words is `changed`."""

    seen: int
    new: int
    changed: int


def ingest_sentiment_batch(
    session: Session,
    signals: Sequence[Mapping[str, Any]],
    now: datetime | None = None,
    version: str | None = None,
) -> SentimentReport:
    """Stores all signals, or none: ModelIntelligenceError names the first bad one and why.

    A signal is known by model and address: the same words again change nothing, other words are a
    further revision. `version` is that of the list they stood in.
    """
    if len(signals) > MAX_BATCH:
        raise ModelIntelligenceError(
            f"{len(signals)} signals in one batch; send at most {MAX_BATCH:,} at once"
        )
    names = resolve.index(session.scalars(select(ModelCatalog.model_id)))
    rows = [_checked(number, signal, names) for number, signal in enumerate(signals, 1)]
    unique = {(row["model_id"], row["source_url"]): row for row in rows}
    origin: dict[str, Any] = {"source_version": version}
    if now is not None:
        origin["observed_at"] = now
    new = append(session, [{**row, **origin} for row in unique.values()]) if unique else []
    changed = sum(row["revision"] > 1 for row in new)
    return SentimentReport(len(signals), len(new) - changed, changed)


def _checked(number: int, signal: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    try:
        row = SignalInput.model_validate(signal).model_dump()
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(map(str, problem["loc"])) or "the whole"
        raise ModelIntelligenceError(f"signal {number}: {where}: {problem['msg']}") from error
    model_id = resolve.resolve(row["model_id"], names)
    if model_id is None:
        near = get_close_matches(resolve.match_key(row["model_id"]), names, n=3)
        like = f" (like it: {', '.join(names[key] for key in near)})" if near else ""
        raise ModelIntelligenceError(
            f"signal {number}: model {row['model_id']!r} is not in the catalog{like}; "
            "correct the name, or run `model-intel ingest-catalog` first"
        )
    return {**row, "model_id": model_id, "raw": as_written(signal)}
