"""A look at a live source: what is stored, what is refused, and what is remembered of it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.errors import ShapeChanged
from model_intelligence.ingest.source_run import (
    UNMATCHED,
    SourceReport,
    ingest_source,
    last_runs,
    previous_fetch,
)
from model_intelligence.models import ModelCatalog, ModelLifecycle, ModelPricing, SourceRun
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped, Lifecycle, Listing
from model_intelligence.records import OWN_PRICES, UNDATED
from model_intelligence.sources.http import Fetched, FetchRecord, FetchResult, NotModified
from model_intelligence.sources.source import Skipped, Source
from tests.model_intelligence.build import NOW, listing, point
from tests.model_intelligence.observe import rows, whole_tables

Row = Listing | Lifecycle | Dropped
LATER = NOW + timedelta(days=1)
MALFORMED = Dropped("x", "odd", malformed=True)


def body(text_: str) -> Fetched:
    return Fetched(text_.encode(), sha256(text_.encode()).hexdigest(), f'"{text_}"', "a day")


def source(found: Iterable[Row] = (), name: str = "live", **changed: Any) -> Source:
    given = list(found)
    built = Source(name, "prices", "https://example.org", "MIT", lambda _: given)
    return replace(built, **changed)


def live(name: str = "glm-4.7", usd: str = "0.001", **changed: Any) -> Listing:
    return listing(name, point(usd), **{"source": "live", **changed})


def many(count: int) -> list[Row]:
    return [live(f"model-{number}") for number in range(count)]


def look(
    session: Session, found: Iterable[Row], outcome: FetchResult | None = None, **changed: Any
) -> SourceReport:
    now = changed.pop("now", NOW)
    return ingest_source(session, source(found, **changed), outcome or body("1"), now)


def priced(session: Session) -> list[tuple[str, Decimal, object]]:
    session.flush()
    found = session.scalars(select(ModelPricing).order_by(ModelPricing.id))
    return [(row.provider_model_id, row.input_per_1k, row.effective_at) for row in found]


def known(session: Session, model_id: str = "glm-4.7") -> ModelCatalog:
    session.expire_all()
    return session.get_one(ModelCatalog, model_id)


def test_a_list_is_stored_and_the_look_recorded(session: Session) -> None:
    report = look(session, [live(), Dropped("a", "free"), Dropped("b", "free")])
    assert report == SourceReport("live", "stored", None, rows=1, new=2, dropped={"free": 2})
    assert priced(session) == [("glm-4.7", Decimal("0.001"), UNDATED)]
    [run] = session.scalars(select(SourceRun))
    assert (run.source, run.started_at, run.status, run.rows) == ("live", NOW, "stored", 1)
    assert (run.digest, run.etag, run.last_modified) == (body("1").digest, '"1"', "a day")
    assert run.dropped == {"free": 2}


def test_the_same_body_again_changes_nothing_but_the_record(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        look(session, [live()])
    before = whole_tables(engine)
    with Session(engine) as session, session.begin():
        report = look(session, [live(usd="9")], now=LATER)
    after = whole_tables(engine)
    assert report == SourceReport("live", "unchanged", rows=1)
    assert [row["status"] for row in after.pop("source_runs")] == ["stored", "unchanged"]
    before.pop("source_runs")
    assert after == before


def test_a_new_body_with_the_old_rows_adds_no_price(session: Session) -> None:
    look(session, [live()])
    report = look(session, [live()], body("2"), now=LATER)
    assert (report.status, report.new, len(priced(session))) == ("stored", 0, 1)


def test_a_changed_price_holds_from_when_it_was_seen(session: Session) -> None:
    look(session, [live()])
    look(session, [live(usd="0.002")], body("2"), now=LATER)
    assert priced(session) == [
        ("glm-4.7", Decimal("0.001"), UNDATED),
        ("glm-4.7", Decimal("0.002"), LATER),
    ]


def test_what_the_server_calls_unchanged_keeps_how_to_ask_again(session: Session) -> None:
    look(session, [live()])
    report = look(session, [], NotModified(), now=LATER)
    assert report == SourceReport("live", "unchanged", rows=1)
    assert previous_fetch(session, "live") == FetchRecord(body("1").digest, '"1"', "a day")


def test_a_source_that_is_down_keeps_its_prices_and_how_to_ask_again(session: Session) -> None:
    look(session, [live()])
    report = look(session, [], Skipped("example.org answered 503"), now=LATER)
    assert report == SourceReport("live", "skipped", "example.org answered 503")
    assert len(priced(session)) == 1
    assert previous_fetch(session, "live") == FetchRecord(body("1").digest, '"1"', "a day")
    run = last_runs(session)["live"]
    assert (run.status, run.rows, run.good_at) == ("skipped", 1, NOW)


def test_a_source_never_read_is_asked_for_everything(session: Session) -> None:
    look(session, [], Skipped("down"))
    assert previous_fetch(session, "live") is None
    assert last_runs(session)["live"].good_at is None


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ([], "it has a new shape: no row could be read"),
        ([Dropped("a", "free")], "it has a new shape: no row could be read"),
        ([live(), MALFORMED, MALFORMED], "it has a new shape: 2 of 3 rows could not be read"),
    ],
)
def test_a_new_shape_is_refused_whole(session: Session, found: list[Row], reason: str) -> None:
    report = look(session, found)
    assert (report.status, report.reason) == ("skipped", reason)
    assert priced(session) == []


def test_as_many_bad_rows_as_good_ones_are_only_told(session: Session) -> None:
    assert look(session, [live(), MALFORMED]).status == "stored"


def raising(error: Exception) -> Callable[[bytes], Iterable[object]]:
    def parse(_: bytes) -> Iterable[object]:
        raise error

    return parse


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ShapeChanged("a list was expected"), "it has a new shape: a list was expected"),
        (KeyError("models"), "its parser failed: KeyError: 'models'"),
    ],
)
def test_a_parser_that_gives_up_is_told(session: Session, error: Exception, reason: str) -> None:
    assert look(session, [], parse=raising(error)).reason == reason


def test_a_list_may_lose_three_rows_of_ten_and_no_more(session: Session) -> None:
    look(session, many(10))
    shrunken = look(session, many(6), body("2"))
    assert (shrunken.status, shrunken.reason) == ("skipped", "it shrank from 10 to 6 rows")
    assert look(session, many(7), body("3")).status == "stored"


def test_a_refused_body_is_asked_for_again(session: Session) -> None:
    look(session, many(10))
    look(session, many(1), body("2"))
    assert previous_fetch(session, "live") == FetchRecord(body("1").digest, '"1"', "a day")
    assert look(session, many(1), body("2")).status == "skipped"


def test_a_value_that_the_database_refuses_touches_no_other_source(session: Session) -> None:
    look(session, [live()], name="first")
    report = look(session, [live("a"), live("b\x00", source="second")], name="second")
    assert report.status == "skipped"
    assert (report.reason or "").startswith("the database refused a value: ")
    assert look(session, [live("c")], name="third").status == "stored"
    assert [name for name, *_ in priced(session)] == ["glm-4.7", "c"]


def test_a_board_s_results_go_to_the_models_of_their_names(engine: Engine) -> None:
    board = source(kind="benchmarks")
    scored = BenchmarkRow("GLM 4.7", "A board", "percent", Decimal(65), "code")
    unknown = replace(scored, name="Nobody 1")
    with Session(engine) as session, session.begin():
        ingest_catalog(session, configured=(), rows=[listing("glm-4.7")], now=NOW)
        report = ingest_source(
            session, replace(board, parse=lambda _: [scored, unknown]), body("1"), NOW
        )
    assert report == SourceReport("live", "stored", None, rows=2, new=1, dropped={UNMATCHED: 1})
    assert rows(engine, "SELECT model_id, score, source FROM model_benchmarks") == [
        ("glm-4.7", Decimal(65), "live")
    ]


def test_own_prices_are_not_withdrawn_by_a_live_list(session: Session) -> None:
    own = listing("glm-4.7", point("0.005"), source=OWN_PRICES)
    ingest_catalog(session, configured=(), rows=[own], now=NOW)
    look(session, [live("gpt-5")])
    withdrawn = select(ModelPricing.withdrawn_at).where(ModelPricing.source == OWN_PRICES)
    assert session.scalars(withdrawn).all() == [None]


def test_a_live_list_completes_what_is_known_of_a_model_and_changes_nothing_else(
    session: Session,
) -> None:
    said = listing(
        "glm-4.7", display_name="GLM 4.7", context_window_tokens=200_000, released_at=None
    )
    ingest_catalog(session, configured=(), rows=[said], now=NOW)
    more = live(display_name="Other", context_window_tokens=1, max_output_tokens=131_072)
    look(session, [replace(more, released_at=date(2025, 12, 22))])
    row = known(session)
    assert (row.display_name, row.context_window_tokens) == ("GLM 4.7", 200_000)
    assert (row.released_at, row.max_output_tokens) == (date(2025, 12, 22), 131_072)


def test_a_reseller_says_nothing_about_a_model(session: Session) -> None:
    ingest_catalog(session, configured=(), rows=[listing("glm-4.7")], now=NOW)
    look(session, [live(provider="openrouter", max_output_tokens=1)])
    assert (known(session).provider, known(session).max_output_tokens) == ("zai", None)


def test_a_maker_describes_a_model_that_only_resellers_were_known_to_sell(
    session: Session,
) -> None:
    resold = listing("z-ai/glm-4.7", provider="openrouter", display_name="Z.AI: GLM 4.7")
    ingest_catalog(session, configured=(), rows=[resold], now=NOW)
    look(session, [live("z-ai/glm-4.7", display_name="GLM 4.7")])
    row = known(session, "z-ai/glm-4.7")
    assert (row.provider, row.display_name) == ("zai", "GLM 4.7")


def test_bundled_and_live_lists_do_not_take_turns(engine: Engine) -> None:
    resold = listing("z-ai/glm-4.7", provider="openrouter", display_name="Z.AI: GLM 4.7")
    end = Lifecycle("zai", "z-ai/glm-4.7", date(2027, 1, 1), "glm-5", "https://example.org/a")
    for number in range(3):
        with Session(engine) as session, session.begin():
            ingest_catalog(
                session, configured=(), rows=[resold], now=NOW, lifecycles={"llmshift": [end]}
            )
            moved = replace(end, retires_at=date(2027, 2, 1))
            look(session, [live("z-ai/glm-4.7", is_deprecated=True), moved], body(str(number)))
        if number == 0:
            before = whole_tables(engine)
    after = whole_tables(engine)
    before.pop("source_runs")
    assert len(after.pop("source_runs")) == 3
    assert after == before


def ends(session: Session) -> tuple[object, ...]:
    row = known(session)
    source = select(ModelLifecycle.source).where(ModelLifecycle.id == row.lifecycle_id)
    return row.retires_at, row.replacement, row.retirement_source, session.scalar(source)


def end(day: date, **changed: Any) -> Lifecycle:
    built = Lifecycle("zai", "glm-4.7", day, "glm-5", "https://example.org/ends")
    return replace(built, **changed)


def test_a_live_end_moves_the_bundled_one_and_is_moved_by_its_own_source_only(
    session: Session,
) -> None:
    first, second, third = date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)
    ingest_catalog(
        session,
        configured=(),
        rows=[listing("glm-4.7")],
        now=NOW,
        lifecycles={"llmshift": [end(first)]},
    )
    look(session, [end(second)], kind="lifecycles")
    expected = (second, "glm-5", "https://example.org/ends", "live")
    assert ends(session) == expected
    look(session, [end(third)], name="another", kind="lifecycles")
    ingest_catalog(
        session,
        configured=(),
        rows=[listing("glm-4.7")],
        now=NOW,
        lifecycles={"llmshift": [end(first)]},
    )
    assert ends(session) == expected
    look(session, [end(third)], body("2"), kind="lifecycles")
    assert ends(session) == (third, *expected[1:])


def test_of_two_ends_in_one_list_the_earlier_is_taken(session: Session) -> None:
    look(session, [live(), end(date(2027, 3, 1)), end(date(2027, 2, 1))])
    assert ends(session)[0] == date(2027, 2, 1)


def test_an_end_at_a_reseller_is_no_end_of_the_model(session: Session) -> None:
    look(session, [live(), end(date(2027, 3, 1), provider="openrouter")])
    assert ends(session) == (None, None, None, None)


@pytest.mark.parametrize(
    "change", ["status = 'lost'", "rows = -1", "status = 'skipped', reason = NULL"]
)
def test_the_table_refuses_what_cannot_be(session: Session, change: str) -> None:
    look(session, [live()])
    with pytest.raises(IntegrityError, match="ck_source_runs"):
        session.execute(text(f"UPDATE source_runs SET {change}"))  # noqa: S608  # fixed texts


def test_sources_are_told_apart(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        look(session, [live()])
        look(session, [live("gpt-5")], name="other")
        assert last_runs(session).keys() == {"live", "other"}
    assert rows(engine, "SELECT source, rows FROM source_runs ORDER BY id") == [
        ("live", 1),
        ("other", 1),
    ]
