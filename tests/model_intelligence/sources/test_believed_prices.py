"""Which makers' prices the real lists let us believe, by the code that decides on it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta

from model_intelligence.naming.resolve import CREATORS, match_key
from model_intelligence.observations.listing import Listing
from model_intelligence.pricing.agreement import SourcePrice, agrees, settled
from model_intelligence.records import Price
from model_intelligence.sources import genai_prices_live, litellm, models_dev
from tests.model_intelligence.build import price
from tests.model_intelligence.sources.data import (
    GATHERED,
    GENAI_PRICES,
    LITELLM,
    MODELS_DEV,
    Row,
    of,
    snapshot,
)

Offers = Mapping[tuple[str, str], Price]
Parse = Callable[[bytes], Iterable[Row]]
LONG_AGO = GATHERED - timedelta(days=400)
# Two months: two editions of genai-prices, and two of LiteLLM.
MONTHS = (
    ("2026-09-15.v0.1.7", "2026-10-15.v0.1.13", "2026-09-01.v1.99.0", "2026-10-14.v1.105.1"),
    ("2026-10-15.v0.1.13", "2026-11-10.v0.2.3", "2026-10-14.v1.105.1", "2026-11-17.v1.108.11"),
)


def offers(source: str, rows: Iterable[Row], day: datetime = GATHERED) -> Offers:
    """(provider, name) -> what the list says of a maker's model on that day."""
    found: dict[tuple[str, str], Price] = {}
    for row in of(Listing, rows):
        if row.provider in CREATORS.values() and not row.provider_model_id.endswith("latest"):
            name = match_key(row.provider_model_id)
            for point in row.prices:
                if point.effective_at <= day:
                    found[row.provider, name] = price(
                        name,
                        provider=row.provider,
                        source=source,
                        input_per_1k=point.input_per_1k,
                        output_per_1k=point.output_per_1k,
                        currency=point.currency,
                        hour_utc=point.hour_utc,
                        observed_at=LONG_AGO,
                    )
    return found


def believed(models_dev_read: datetime) -> Counter[str]:
    """How many makers' prices are confirmed, single, in doubt, with the newest of three lists."""
    told: dict[tuple[str, str], list[SourcePrice]] = defaultdict(list)
    for source, rows, read_at in (
        ("genai-prices", genai_prices_live.parse(snapshot(GENAI_PRICES)), GATHERED),
        ("litellm", litellm.parse(snapshot(LITELLM)), GATHERED),
        ("models.dev", models_dev.parse(snapshot(MODELS_DEV)), models_dev_read),
    ):
        for offer, said in offers(source, rows).items():
            told[offer].append(SourcePrice(said, LONG_AGO, read_at))
    return Counter(settled(lists, GATHERED).agreement for lists in told.values())


def test_most_makers_prices_in_two_lists_are_confirmed() -> None:
    found = believed(models_dev_read=GATHERED)
    assert found == {"confirmed": 173, "single": 284, "unconfirmed": 8}


def test_a_list_of_july_confirms_nothing_in_november_and_doubts_nothing() -> None:
    july = datetime(2026, 7, 2, tzinfo=UTC)
    now, then = believed(GATHERED), believed(july)
    assert then["confirmed"] < now["confirmed"]
    assert then["unconfirmed"] < now["unconfirmed"]
    assert then["stale"] > 0


def moves(before: Offers, after: Offers, elsewhere: Offers) -> Iterable[str]:
    """Each price that moved in one list: whether the other list says the same afterwards."""
    for offer in before.keys() & after.keys():
        if not agrees(before[offer], after[offer]):
            other = elsewhere.get(offer)
            yield "seen by both" if other and agrees(after[offer], other) else "seen by one"


def month(*editions: str) -> Iterable[str]:
    """The moves of a month in genai-prices and in LiteLLM."""
    genai: tuple[str, Parse] = ("genai-prices/data", genai_prices_live.parse)
    lite: tuple[str, Parse] = ("litellm/history", litellm.parse)
    genai_before, genai_after, lite_before, lite_after = (
        offers(path, parse(snapshot(f"{path}.{edition}.json.gz")), of_the(edition))
        for (path, parse), edition in zip((genai, genai, lite, lite), editions, strict=True)
    )
    yield from moves(genai_before, genai_after, lite_after)
    yield from moves(lite_before, lite_after, genai_after)


def of_the(edition: str) -> datetime:
    return datetime.combine(date.fromisoformat(edition.partition(".")[0]), time(), tzinfo=UTC)


def test_most_moves_of_two_months_were_seen_by_one_list_only_and_would_have_been_believed() -> None:
    seen = Counter(found for editions in MONTHS for found in month(*editions))
    assert seen == {"seen by one": 7, "seen by both": 3}
