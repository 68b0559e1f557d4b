"""What people wrote into the database: of each post the models it speaks of, with a quotation."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from model_intelligence.config.aliases_yaml import Alias, for_source
from model_intelligence.ledger.catalog import catalog_names
from model_intelligence.ledger.signals import forget
from model_intelligence.models import ModelCatalog, ModelSentimentSignal, SourceRun
from model_intelligence.observations.opinion import Opinion, Withdrawn, domain_of, lies_in
from model_intelligence.records import Model
from model_intelligence.sentiment.mentions import Known, known
from model_intelligence.sentiment.read_post import PostOpinion, read
from model_intelligence.sentiment.search_terms import NOT_ASKED, Followed, followed
from model_intelligence.sentiment_ingest import MAX_BATCH, canonical, ingest_sentiment_batch
from model_intelligence.sources.source import Query, Source

FIRST_LOOK = timedelta(days=30)  # an older voice would have faded by half already
OVERLAP = timedelta(days=7)  # a story gains its points, and a comment its last words, in days
LONGEST_TITLE = 300
SELLS = "a post by somebody who posts for a maker or seller of models"
NAMELESS = "a post that speaks clearly of no model of the catalog"
TAKEN_DOWN = "a post that was taken down, which we forgot too"


class Domains(BaseModel):
    """vendor_domains.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    domains: frozenset[str] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class OpinionReport:
    """How many signals are new or changed; `kept_out` is reason -> how many posts."""

    new: int
    kept_out: Mapping[str, int] = field(default_factory=dict)


def ingest_opinions(
    session: Session,
    source: str,
    rows: Sequence[Opinion | Withdrawn],
    now: datetime,
    aliases: Iterable[Alias] = (),
) -> OpinionReport:
    """Stores what the posts say, and forgets those that were taken down."""
    posts = [row for row in rows if isinstance(row, Opinion)]
    gone = _forget(session, source, [row for row in rows if isinstance(row, Withdrawn)], now)
    heard = unsold(posts, vendor_domains())
    among = known(catalog_names(session), for_source(aliases, source))
    signals = [signal for post in heard for signal in signals_of(source, post, among)]
    new = 0
    for start in range(0, len(signals), MAX_BATCH):
        report = ingest_sentiment_batch(session, signals[start : start + MAX_BATCH])
        new += report.new + report.changed
    spoken = {signal["source_url"] for signal in signals}
    reasons = {
        SELLS: len(posts) - len(heard),
        NAMELESS: sum(post.source_url not in spoken for post in heard),
        TAKEN_DOWN: gone,
    }
    return OpinionReport(new, Counter({reason: n for reason, n in reasons.items() if n}))


def unsold(posts: Sequence[Opinion], vendors: frozenset[str]) -> list[Opinion]:
    """The posts of those who link to no vendor's page in any of them."""
    # Whoever links to a vendor once is taken to speak for it in all posts of this look.
    selling = {post.author for post in posts if lies_in(domain_of(post.links_to), vendors)}
    return [
        post
        for post in posts
        if not lies_in(domain_of(post.links_to), vendors)
        and (post.author is None or post.author not in selling)
    ]


def signals_of(source: str, post: Opinion, among: Known) -> list[dict[str, Any]]:
    """A signal for each model that the post clearly speaks of."""
    return [
        {
            "model_id": model_id,
            "source": source,
            "source_url": post.source_url,
            "snippet": said.quote,
            "sentiment": said.sentiment,
            "title": post.title[:LONGEST_TITLE] if post.title else None,
            "author": post.author,
            "published_at": post.published_at,
        }
        for model_id, said in _said(post, among).items()
    ]


def kept_addresses(session: Session, source: str) -> tuple[str, ...]:
    """The addresses of the source's posts that are stored, the newest first."""
    table = ModelSentimentSignal
    stored = (
        select(table.source_url)
        .where(table.source == source, table.forgotten_at.is_(None))
        .order_by(table.id.desc())
    )
    return tuple(dict.fromkeys(session.scalars(stored)))


def names_to_ask(
    session: Session,
    wanted: Iterable[Source],
    configured: Iterable[str],
    providers: Collection[str],
    now: datetime,
) -> Followed:
    """Of which models opinions are looked for; of none where no source gives any."""
    if not any(source.kind == "opinions" for source in wanted):
        return Followed((), 0)
    columns = [getattr(ModelCatalog, name) for name in Model.__slots__]
    models = [Model(*row) for row in session.execute(select(*columns))]
    return followed(configured, models, providers, now.date())


def query_of(session: Session, source: Source, names: Followed, now: datetime) -> Query:
    """What the source is asked: since the last good look and some days before it."""
    if source.kind != "opinions":
        return Query(now, now)
    last = last_good_look(session, source.name)
    earliest = now - FIRST_LOOK
    since = earliest if last is None else max(earliest, last - OVERLAP)
    kept = kept_addresses(session, source.name)
    left_out = {NOT_ASKED: names.left_out} if names.left_out else {}
    return Query(now, since, names.names, kept, left_out)


def last_good_look(session: Session, source: str) -> datetime | None:
    """When the source was last read without trouble."""
    good = select(func.max(SourceRun.started_at)).where(
        SourceRun.source == source, SourceRun.status != "skipped"
    )
    return session.scalar(good)


@cache
def vendor_domains() -> frozenset[str]:
    """The reviewed list of those who make or sell models."""
    name = "vendor_domains.yaml"
    text = (
        resources.files("model_intelligence.sentiment").joinpath(name).read_text(encoding="utf-8")
    )
    return Domains.model_validate(YAML(typ="safe").load(text)).domains


def _said(post: Opinion, among: Known) -> dict[str, PostOpinion]:
    return read(post.text.replace("\0", ""), among)


def _forget(session: Session, source: str, rows: Sequence[Withdrawn], now: datetime) -> int:
    """Blanks what was stored of posts that are gone; how many there were."""
    table = ModelSentimentSignal
    gone = session.execute(
        select(table.id, table.source_url).where(
            table.source == source,
            table.source_url.in_({canonical(row.source_url) for row in rows}),
            table.forgotten_at.is_(None),
        )
    ).all()
    forget(session, [row.id for row in gone], now)
    return len({row.source_url for row in gone})
