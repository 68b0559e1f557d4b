"""Release dates that come with the program, and how they are made from snapshots of other lists."""

import gzip
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from model_intelligence.observations.listing import Lifecycle, Release
from model_intelligence.sources import bundled_ends, bundled_releases, llmshift, release_dates
from tests import renew_bundled_lists


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(json.dumps(content).encode()))


def snapshots(
    directory: Path,
    *,
    facts: Mapping[str, str],
    offers: Mapping[str, Mapping[str, str]],
    openrouter: Mapping[str, datetime],
    litellm: Mapping[str, list[str]],
    genai: Mapping[str, list[str]],
) -> None:
    """Lists of others of one day each, or of several: day -> OpenAI's models."""
    dated = {name: {"release_date": day} for name, day in facts.items()}
    write(directory / "models.dev" / "models-metadata.2026-07-02.x.json.gz", dated)
    sold = {
        seller: {"models": {name: {"release_date": day} for name, day in rows.items()}}
        for seller, rows in offers.items()
    }
    write(directory / "models.dev" / "api.2026-07-02.x.json.gz", sold)
    created = [{"id": name, "created": day.timestamp()} for name, day in openrouter.items()]
    write(directory / "openrouter" / "models.raw-shape.2026-05.json.gz", {"data": created})
    for day, names in litellm.items():
        rows = {name: {"litellm_provider": "openai"} for name in names}
        write(directory / "litellm" / f"history.{day}.v1.json.gz", rows)
    for day, names in genai.items():
        models = [{"id": "openai", "models": [{"id": name} for name in names]}]
        write(directory / "genai-prices" / f"data.{day}.v1.json.gz", models)


NOTHING: dict[str, list[str]] = {"2026-01-01": []}


def table(directory: Path) -> list[str]:
    return renew_bundled_lists.release_dates(directory).splitlines()[2:]


def test_each_list_states_its_day_and_a_seller_alone_is_not_believed(tmp_path: Path) -> None:
    snapshots(
        tmp_path,
        facts={
            "openai/big-1": "2025-08-07",
            "openai/month-1": "2025-08",
            "openai/about-1": "2025-01-01",
            "a-reseller/big-2": "2025-03-01",
        },
        offers={
            "openai": {"small-1": "2025-09-01"},
            "nvidia": {"openai/small-2": "2025-10-09"},
            "groq": {"open-1": "2025-10-02", "open-2": "2025-01-33"},
            "azure": {"openai/open-1": "2025-10-01", "open-1:free": "2025-10-02"},
            "novita": {"open-1": "2025-10-01"},
        },
        openrouter={
            "openai/big-1": datetime(2025, 8, 8, tzinfo=UTC),
            "openai/big-1:free": datetime(2025, 7, 1, tzinfo=UTC),
        },
        litellm=NOTHING,
        genai=NOTHING,
    )
    assert table(tmp_path) == [
        "big-1,2025-08-07,models.dev",
        "big-1,2025-08-08,openrouter",
        "open-1,2025-10-01,models.dev",
        "small-1,2025-09-01,models.dev",
    ]


def test_what_two_price_lists_add_together_is_new_and_so_is_a_new_generation(
    tmp_path: Path,
) -> None:
    snapshots(
        tmp_path,
        facts={},
        offers={"groq": {"gpt-5-mini": "2025-08"}},
        openrouter={},
        litellm={
            "2026-01-01": ["always"],
            "2026-02-01": ["always", "new", "late"],
            "2026-08-01": ["always", "gpt-6-luna", "gpt-5-found-at-last", "found-at-last"],
        },
        genai={
            "2026-01-01": ["always"],
            "2026-03-01": ["always", "new"],
            "2026-06-01": ["always", "new", "late"],
        },
    )
    assert table(tmp_path) == [
        "gpt-6-luna,2026-08-01,first listed",
        "new,2026-02-01,first listed",
    ]


def test_the_shipped_table_is_read_with_who_states_each_date() -> None:
    rows = list(release_dates.releases())
    assert Release("gpt-5", date(2025, 8, 7), "models.dev (bundled)") in rows
    assert [row.source for row in rows if row.model == "gpt-6-luna"] == ["first listed (bundled)"]
    assert len({row.model for row in rows}) > 700


def test_every_bundled_list_states_ends_and_dates() -> None:
    assert {source: len(ends) > 300 for source, ends in bundled_ends().items()} == {
        "llmshift": True,
        "modeldeprecations (bundled)": True,
    }
    assert {row.source for row in bundled_releases()} == {
        *("first listed (bundled)", "llmshift", "models.dev (bundled)"),
        *("modeldeprecations (bundled)", "openrouter (bundled)"),
    }


def active(**changed: str) -> dict[str, str]:
    return {"id": "x", "provider": "google", "status": "active", **changed}


def test_a_date_of_an_active_model_is_a_promise() -> None:
    found = llmshift.parse(active(retires="2027-05-07", replacement="y"))
    assert found == Lifecycle("google", "x", None, "y", None, not_before=date(2027, 5, 7))
    noted = llmshift.parse(active(note="not_before:2027-06-09 (none scheduled)"))
    assert noted == Lifecycle("google", "x", None, None, None, not_before=date(2027, 6, 9))


def test_a_note_states_the_release_and_so_does_anthropics_promise_of_a_year() -> None:
    assert llmshift.released_on(active(note="rel 2026-07-21; Flash")) == date(2026, 7, 21)
    assert llmshift.released_on(active(note="not_before:2027-09-02")) is None
    anthropics = active(provider="anthropic", note="not_before:2026-11-24 (none scheduled)")
    assert llmshift.released_on(anthropics) == date(2025, 11, 24)
    on_a_leap_day = active(provider="anthropic", note="not_before:2028-02-29")
    assert llmshift.released_on(on_a_leap_day) == date(2027, 2, 28)
