"""What people write about models: whole batches or nothing, and nothing hostile."""

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from model_intelligence.catalog_ingest import ingest_catalog
from model_intelligence.db import get_model_intelligence_session, open_engine, transaction
from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.models import ModelBenchmark, ModelSentimentSignal
from model_intelligence.sentiment_ingest import SentimentReport, canonical, ingest_sentiment_batch
from tests.databases import create_database
from tests.model_intelligence.build import NOW, listing
from tests.model_intelligence.observe import rows, whole_tables

URL = "https://example.org/1"


def said(**changed: Any) -> dict[str, Any]:
    values = {
        "model_id": "glm-4.7",
        "source": "blog",
        "source_url": URL,
        "snippet": "Faster.",
        "sentiment": "positive",
    }
    return {**values, **changed}


def ingest(engine: Engine, *signals: dict[str, Any]) -> SentimentReport:
    with transaction(engine) as session:
        return ingest_sentiment_batch(session, signals)


def refusal(engine: Engine, *signals: Any) -> str:
    with pytest.raises(ModelIntelligenceError) as refused:
        ingest(engine, *signals)
    return str(refused.value)


def enter_models(engine: Engine) -> None:
    with transaction(engine) as session:
        given = [listing("glm-4.6"), listing("glm-4.7")]
        ingest_catalog(session, configured=(), rows=given, now=NOW)


@pytest.fixture
def engine(engine: Engine) -> Engine:
    """A database of the test's own that knows two models."""
    enter_models(engine)
    return engine


@pytest.fixture(scope="module")
def unchanged(postgres: str, template: str) -> Iterator[Engine]:
    """A database that knows two models, for tests that are to leave nothing behind."""
    with open_engine(create_database(postgres, "sentiment_refused", template)) as engine:
        enter_models(engine)
        yield engine
        assert rows(engine, "SELECT * FROM model_sentiment_signals") == []


def test_a_signal_is_stored_with_all_it_says(engine: Engine) -> None:
    tags = {"topic": "coding", "focus": "speed"}
    assert ingest(engine, said(title="GLM 4.7", tags=tags)) == SentimentReport(1, 1, 0)
    columns = "model_id, source, source_url, title, snippet, sentiment, tags"
    assert rows(engine, f"SELECT {columns} FROM model_sentiment_signals") == [  # noqa: S608  # ours
        ("glm-4.7", "blog", URL, "GLM 4.7", "Faster.", "positive", tags)
    ]


def test_a_second_run_changes_no_row(engine: Engine) -> None:
    batch = (said(tags={"topic": "coding"}), said(model_id="glm-4.6", title="t"))
    ingest(engine, *batch)
    before = whole_tables(engine)
    assert ingest(engine, *batch) == SentimentReport(seen=2, new=0, changed=0)
    assert whole_tables(engine) == before


@pytest.mark.parametrize(
    "changed",
    [
        {"snippet": "Slower."},
        {"sentiment": "negative"},
        {"title": "New"},
        {"source": "hn"},
        {"tags": {"a": "b"}},
    ],
)
def test_other_words_at_the_same_address_are_a_further_revision(
    engine: Engine, changed: dict[str, Any]
) -> None:
    ingest(engine, said())
    assert ingest(engine, said(**changed)) == SentimentReport(seen=1, new=0, changed=1)
    [name] = changed
    query = f"SELECT revision, {name} FROM model_sentiment_signals ORDER BY 1"  # noqa: S608  # ours
    before = said().get(name, {} if name == "tags" else None)
    assert rows(engine, query) == [(1, before), (2, changed[name])]


def test_one_address_may_speak_of_two_models(engine: Engine) -> None:
    assert ingest(engine, said(), said(model_id="glm-4.6")).new == 2


def test_of_one_address_twice_in_a_batch_the_last_is_kept(engine: Engine) -> None:
    assert ingest(engine, said(), said(snippet="Last.")) == SentimentReport(2, 1, 0)
    assert rows(engine, "SELECT snippet FROM model_sentiment_signals") == [("Last.",)]


def test_one_bad_signal_keeps_the_whole_batch_out(engine: Engine) -> None:
    told = refusal(engine, said(), said(source_url=URL + "2", sentiment="great"))
    assert told.startswith("signal 2: sentiment: Input should be 'positive', 'neutral'")
    assert rows(engine, "SELECT * FROM model_sentiment_signals") == []


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,hi",
        "ftp://example.org/",
        "//example.org/1",
        "https://",
        "https:///path",
        "example.org",
        "https://example.org/a b",
        "https://exam\nple.org/",
        "java\tscript://x",
        "http://[",
        "",
    ],
)
def test_only_a_web_address_is_a_source(unchanged: Engine, url: str) -> None:
    assert refusal(unchanged, said(source_url=url)).startswith("signal 1: source_url: ")


@pytest.mark.parametrize(
    ("field", "size"),
    [("model_id", 200), ("source", 100), ("snippet", 2000), ("title", 300)],
)
def test_a_text_that_is_too_long_is_refused(unchanged: Engine, field: str, size: int) -> None:
    told = refusal(unchanged, said(**{field: "x" * (size + 1)}))
    assert told.startswith(f"signal 1: {field}: ")
    assert f"should have at most {size} " in told


def test_a_text_as_long_as_allowed_is_kept(engine: Engine) -> None:
    address = URL + "x" * (2000 - len(URL))
    assert ingest(engine, said(snippet="é" * 2000, source_url=address, title="x" * 300)).new == 1


def test_an_address_that_is_too_long_is_refused(unchanged: Engine) -> None:
    assert "should have at most 2000 " in refusal(unchanged, said(source_url=URL + "x" * 2000))


@pytest.mark.parametrize(
    "tags",
    [
        {str(n): "" for n in range(21)},
        {"a": "x" * 301},
        {"a" * 101: "x"},
        {"a": 1},
        {"a": {"b": "c"}},
        ["a"],
    ],
)
def test_tags_are_few_short_texts(unchanged: Engine, tags: object) -> None:
    assert refusal(unchanged, said(tags=tags)).startswith("signal 1: tags")


@pytest.mark.parametrize("field", ["model_id", "source", "snippet", "title"])
def test_a_nul_is_refused_before_the_database_sees_it(unchanged: Engine, field: str) -> None:
    told = refusal(unchanged, said(**{field: "a\0b"}))
    assert told.startswith(f"signal 1: {field}: ")
    assert told.endswith("holds a NUL character, which PostgreSQL cannot store")


def test_a_nul_in_a_tag_is_refused(unchanged: Engine) -> None:
    assert "NUL" in refusal(unchanged, said(tags={"a": "\0"}))


def test_half_a_character_is_refused(unchanged: Engine) -> None:
    assert refusal(unchanged, said(snippet="\ud800")).startswith("signal 1: snippet: ")


@pytest.mark.parametrize("field", ["model_id", "source", "snippet"])
def test_blanks_are_no_text(unchanged: Engine, field: str) -> None:
    assert refusal(unchanged, said(**{field: "  "})).startswith(f"signal 1: {field}: ")


def test_a_missing_field_is_named(unchanged: Engine) -> None:
    assert refusal(unchanged, {"model_id": "glm-4.7"}) == "signal 1: source: Field required"


def test_an_unknown_field_is_named(unchanged: Engine) -> None:
    assert refusal(unchanged, said(rating="5")).startswith("signal 1: rating: Extra inputs")


def test_what_is_no_signal_at_all_is_refused(unchanged: Engine) -> None:
    assert refusal(unchanged, "glm-4.7 is great").startswith("signal 1: the whole: ")


def test_an_unknown_model_is_told_with_names_like_it(unchanged: Engine) -> None:
    assert refusal(unchanged, said(model_id="glm-47")) == (
        "signal 1: model 'glm-47' is not in the catalog (like it: glm-4.7, glm-4.6); correct the "
        "name, or run `model-intel ingest-catalog` first"
    )


def test_an_unknown_model_unlike_any_is_told_without_a_guess(unchanged: Engine) -> None:
    assert refusal(unchanged, said(model_id="zzz")).startswith(
        "signal 1: model 'zzz' is not in the catalog; correct the name"
    )


def test_another_spelling_of_the_model_reaches_it(engine: Engine) -> None:
    ingest(engine, said(model_id="zai/GLM-4.7"))
    assert rows(engine, "SELECT model_id FROM model_sentiment_signals") == [("glm-4.7",)]


def test_a_batch_has_a_bound(session: Session) -> None:
    with pytest.raises(ModelIntelligenceError, match="send at most 10,000 at once"):
        ingest_sentiment_batch(session, [said()] * 10_001)


def test_an_empty_batch_does_nothing(engine: Engine) -> None:
    assert ingest(engine) == SentimentReport(0, 0, 0)


def test_the_guides_examples_run_as_they_are_written(
    database_url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    signals = [
        {
            "model_id": "glm-4.7",
            "source": "blog",
            "source_url": "https://example.org/glm",
            "snippet": "...",
            "sentiment": "positive",
            "title": "...",
            "tags": {"topic": "coding", "focus": "speed"},
        }
    ]
    benchmark = ModelBenchmark(
        model_id="glm-4.7",
        benchmark_name="SWE-bench Verified",
        score=48.5,
        unit="percent",
        task_type="code",
        dataset_version="2024-12",
        source="official",
        source_url="https://example.org/board",
    )
    with get_model_intelligence_session() as session:
        results = ingest_sentiment_batch(session, signals)
        session.add(benchmark)
        session.commit()
    assert results.new == 1
    with Session(engine) as session:
        assert session.scalars(select(ModelSentimentSignal.tags)).one() == signals[0]["tags"]
        assert session.scalars(select(ModelBenchmark.score)).one() == 48.5


def test_an_error_in_the_guides_session_rolls_everything_back(
    database_url: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    with contextlib.suppress(ZeroDivisionError), get_model_intelligence_session() as session:
        assert ingest_sentiment_batch(session, [said()]).new == 1 / 0
    assert rows(engine, "SELECT * FROM model_sentiment_signals") == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://Example.ORG/a/?utm_source=x&id=1#top", "https://example.org/a?id=1"),
        ("http://example.org", "http://example.org/"),
        ("https://example.org/a?b=&c=%20d", "https://example.org/a?b=&c=+d"),
    ],
)
def test_one_page_has_one_address(given: str, kept: str) -> None:
    assert canonical(given) == kept
    assert canonical(kept) == kept
