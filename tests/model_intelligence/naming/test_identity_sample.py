"""A hundred names of five boards, drawn by a fixed seed and looked up by hand one by one.

Besides, in identity_departed.tsv, every name that means a model which is no longer offered.
Each row of identity_sample.tsv: the board, its name, the ids that the board itself says it called,
the model of the bundled catalog that it is (empty: none, or none that is certain), and the effort.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from model_intelligence.config.aliases_yaml import for_source
from model_intelligence.ingest.retired_models import retired_snapshots
from model_intelligence.naming.identify import NameMatch, NoMatch, identify
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.sources import (
    aider,
    bfcl,
    genai_prices,
    livebench,
    llmshift,
    swe_bench,
    tau2_bench,
)
from tests.conftest import SHARED_DATA
from tests.model_intelligence.sources import measure
from tests.model_intelligence.sources.measure import snapshot


def looked_up(name: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


SAMPLE = looked_up("identity_sample.tsv")
# Every name of any copy of these boards that means a model which price lists have forgotten.
DEPARTED = looked_up("identity_departed.tsv")
SEED = 20261123


def found(row: dict[str, str]) -> NameMatch | NoMatch:
    name, own = row["name"], {row["name"]: tuple(row["called"].split())}
    aliases = for_source(measure.aliases(), row["source"])
    return identify(name, measure.bundled(), own, aliases)


@pytest.mark.parametrize(
    "row", [*SAMPLE, *DEPARTED], ids=lambda row: f"{row['source']}: {row['name']}"
)
def test_a_name_means_what_it_was_found_to_mean_by_hand(row: dict[str, str]) -> None:
    one = found(row)
    model, effort = (one.model_id, one.effort) if isinstance(one, NameMatch) else ("", None)
    assert (model, effort or "") == (row["model"], row["effort"])


def test_a_name_of_a_departed_model_says_its_very_snapshot() -> None:
    for row in DEPARTED:
        said, meant = (re.findall(r"\d+", row[which]) for which in ("name", "model"))
        assert said[: len(meant)] == meant, row


def test_every_name_of_a_departed_model_was_looked_up() -> None:
    if not SHARED_DATA.is_dir():
        pytest.skip("no copies of the boards beside the checkout")
    gone = retired_snapshots(
        llmshift.lifecycles(), measure.as_listed(genai_prices.listings()), measure.TODAY
    )
    met = {
        (source, row.name)
        for source, row in every_row(older=True)
        if isinstance(one := found(as_sampled(source, row)), NameMatch) and one.model_id in gone
    }
    assert met == {(row["source"], row["name"]) for row in DEPARTED}


def as_sampled(source: str, row: BenchmarkRow) -> dict[str, str]:
    return {"source": source, "name": row.name, "called": " ".join(row.own_ids)}


def test_every_board_is_in_the_sample_and_most_names_have_a_model() -> None:
    boards = {"aider", "bfcl", "livebench", "swe-bench", "tau2-bench"}
    assert {row["source"] for row in SAMPLE} == boards
    assert len(SAMPLE) == 100
    assert sum(bool(row["model"]) for row in SAMPLE) >= 70


def test_the_sample_is_the_one_that_the_seed_draws() -> None:
    if not SHARED_DATA.is_dir():
        pytest.skip("no copies of the boards beside the checkout")
    names = sorted({(source, row.name) for source, row in every_row()})
    drawn = sorted(Random(SEED).sample(names, 100))  # noqa: S311  # not a secret
    assert [(row["source"], row["name"]) for row in SAMPLE] == drawn


def every_row(*, older: bool = False) -> Iterator[tuple[str, BenchmarkRow]]:
    files = sorted(str(path.relative_to(SHARED_DATA)) for path in SHARED_DATA.glob("*/*"))
    tables = sorted(name for name in files if name.startswith("bfcl/data_overall"))
    newest_swe = max(name for name in files if name.startswith("swe-bench/"))
    newest_tau2 = max(name for name in files if name.startswith("tau2-bench/"))
    read: dict[str, measure.Parse] = {
        **{name: aider.parse for name in files if name.startswith("aider/polyglot")},
        **{name: livebench.parse for name in files if name.startswith("livebench/table")},
        **dict.fromkeys(tables if older else tables[-1:], bfcl.parse),
        newest_swe: swe_bench.parse,
        newest_tau2: tau2_bench.parse,
    }
    for name, parse in read.items():
        for row in parse(snapshot(name)):
            if not isinstance(row, Dropped):
                yield name.partition("/")[0], row
