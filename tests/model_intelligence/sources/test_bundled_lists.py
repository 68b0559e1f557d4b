"""Release dates that come with the program, and how they are made from snapshots of other lists."""

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

from model_intelligence.observations.listing import Lifecycle, Release
from model_intelligence.sources import bundled_ends, bundled_releases, llmshift, release_dates
from tests import renew_bundled_lists


def write(path: Path, content: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(json.dumps(content).encode()))


def test_makers_state_dates_and_two_lists_together_show_that_a_model_is_new(tmp_path: Path) -> None:
    facts = {
        "openai/big-1": {"release_date": "2025-08-07"},
        "openai/month-1": {"release_date": "2025-08"},
        "a-reseller/big-2": {"release_date": "2025-01-01"},
    }
    write(tmp_path / "models.dev" / "models-metadata.2026-07-02.x.json.gz", facts)
    offers = {
        "openai": {"models": {"small-1": {"release_date": "2025-09-01"}}},
        "groq": {"models": {"small-2": {"release_date": "2025-10-01"}}},
    }
    write(tmp_path / "models.dev" / "api.2026-07-02.x.json.gz", offers)
    listed = {
        "2026-01-01": ["always"],
        "2026-02-01": ["always", "new", "late"],
        "2026-06-01": ["always", "new", "late"],
    }
    for day, names in listed.items():
        rows = {name: {"litellm_provider": "openai"} for name in names}
        write(tmp_path / "litellm" / f"history.{day}.v1.json.gz", rows)
        # The other list has `late` only four months after: it may have been found at last.
        other = [name for name in names if name != "late" or day == "2026-06-01"]
        models = [{"id": "openai", "models": [{"id": name} for name in other]}]
        write(tmp_path / "genai-prices" / f"data.{day}.v1.json.gz", models)
    assert renew_bundled_lists.release_dates(tmp_path).splitlines()[1:] == [
        "model,released_on,source",
        "big-1,2025-08-07,models.dev",
        "new,2026-02-01,first listed",
        "small-1,2025-09-01,models.dev",
    ]


def test_the_shipped_table_is_read_with_who_states_each_date() -> None:
    rows = {row.model: row for row in release_dates.releases()}
    assert rows["gpt-5"] == Release("gpt-5", date(2025, 8, 7), "models.dev (bundled)")
    assert rows["gpt-6-luna"].source == "first listed (bundled)"
    assert len(rows) > 300


def test_every_bundled_list_states_ends_and_dates() -> None:
    assert {source: len(ends) > 300 for source, ends in bundled_ends().items()} == {
        "llmshift": True,
        "modeldeprecations (bundled)": True,
    }
    assert {row.source for row in bundled_releases()} == {
        *("first listed (bundled)", "llmshift", "models.dev (bundled)"),
        "modeldeprecations (bundled)",
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
