"""Writes the lists of release dates and ends that come with the package, from snapshots of others.

    python -m tests.renew_bundled_lists ../shared/data

The directory holds models.dev/api.*.json.gz and models-metadata.*.json.gz, deprecations/
modeldeprecations.*.json.gz, openrouter/models.raw-shape.*.json.gz, and the dated copies of two
price lists, litellm/history.DAY.*.json.gz and genai-prices/data.DAY.*.json.gz: all MIT. The newest
copy of each is taken, of the price lists all. To renew by hand: fetch the addresses that
sources/models_dev.py, sources/openrouter.py and sources/modeldeprecations.py name, compress them
under such names, and set the EDITIONs beside them.
"""

import csv
import gzip
import io
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from model_intelligence.naming.catalog_index import without_server
from model_intelligence.naming.lineage import FAMILIES
from model_intelligence.naming.resolve import is_rolling
from model_intelligence.naming.spellings import plain_key
from model_intelligence.sources.modeldeprecations import MAKERS, PROVIDERS
from model_intelligence.sources.models_dev import stated_day

SOURCES = Path(__file__).parents[1] / "model_intelligence" / "sources"
# Only who made a model says when it was released: models.dev's names of the makers themselves.
_MAKERS = (
    *("anthropic", "cohere", "deepseek", "google", "inception", "meta", "minimax", "mistral"),
    *("alibaba", "moonshotai", "nvidia", "openai", "perplexity", "stepfun", "xai", "xiaomi", "zai"),
    "zhipuai",
)
_SELLERS = {"anthropic", "deepseek", "google", "minimax", "mistral", "moonshotai", "openai"}
_SELLERS |= {"x-ai", "zai", "meta"}
_LITELLM = {"gemini": "google", "moonshot": "moonshotai", "xai": "x-ai"}
# `claude-opus-5-5`, `kimi-k3.1`; neither dates, 2512, nor numbers of parameters, 26b.
_GENERATION = re.compile(r"(?P<family>[a-z]+)\D*?(?P<number>\d{1,2}(?:[.-]\d{1,2})?)(?![\db])")
# Two lists that add a model within so many days show that it was new, not found at last.
_TOGETHER = timedelta(days=60)
_READ = (
    *("provider", "model", "aliases", "status", "released_on", "deprecated_on", "shutdown_on"),
    "earliest_shutdown_on",
)
HEAD = "# Release dates of models (MIT, see NOTICE.md); tests/renew_bundled_lists.py writes it.\n"


def main(data: Path) -> None:
    """Writes both files from the snapshots in `data`."""
    (SOURCES / "release_dates.csv").write_text(release_dates(data), encoding="utf-8")
    rows = _newest(data, "deprecations/modeldeprecations.*")
    (SOURCES / "modeldeprecations.json").write_text(ends(rows), encoding="utf-8")


def release_dates(data: Path) -> str:
    """The table: the day that each list states for a model, under one of its spellings."""
    days: dict[tuple[str, str], tuple[str, date, str]] = {}
    for model, day, source in (*_of_makers(data), *_of_sellers(data), *_of_openrouter(data)):
        days.setdefault((plain_key(model), source), (model, day, source))
    stated = {key for key, _ in days}
    for model, day, source in _first_listed(data):
        if plain_key(model) not in stated:
            days[plain_key(model), source] = model, day, source
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("model", "released_on", "source"))
    table.writerows(sorted(row for row in days.values() if not is_rolling(row[0])))
    return HEAD + text.getvalue()


def ends(rows: Iterable[Mapping[str, Any]]) -> str:
    """The rows that are read, in the site's own shape, one a line."""
    kept = [
        _shortened(row)
        for row in rows
        if row["provider"] in {*PROVIDERS, "bedrock"}
        or (row["provider"] in MAKERS and row.get("released_on"))
    ]
    lines = (json.dumps(row, separators=(",", ":")) for row in kept)
    return '{"models":[\n' + ",\n".join(lines) + "\n]}\n"


def _shortened(row: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: row[name] for name in _READ if row.get(name)}
    advised = [each["model"] for each in row.get("replacements", ()) if each.get("recommended")]
    if advised:
        found["replacements"] = [{"model": name, "recommended": True} for name in advised]
    if row["sources"] and found.keys() & {"deprecated_on", "shutdown_on", "earliest_shutdown_on"}:
        found["sources"] = [{"url": row["sources"][0]["url"]}]
    return found


def _of_makers(data: Path) -> Iterator[tuple[str, date, str]]:
    """What models.dev says: facts of models first, then the makers' own offers."""
    for name, row in _newest(data, "models.dev/models-metadata.*").items():
        maker, _, model = name.partition("/")
        if maker in _MAKERS and (day := stated_day(row["release_date"])):
            yield model, day, "models.dev"
    offers = _newest(data, "models.dev/api.*")
    for maker in _MAKERS:
        for model, row in offers.get(maker, {"models": {}})["models"].items():
            is_own = model.rpartition("/")[0] in {"", maker}  # Nvidia hosts models of others
            if is_own and (day := stated_day(row["release_date"])):
                yield model, day, "models.dev"


def _of_openrouter(data: Path) -> Iterator[tuple[str, date, str]]:
    """The days on which OpenRouter listed models; `:free` is an offer, not a model."""
    for row in _newest(data, "openrouter/models.raw-shape.*")["data"]:
        if ":" not in row["id"]:
            day = datetime.fromtimestamp(row["created"], UTC).date()
            yield without_server(row["id"]), day, "openrouter"


def _of_sellers(data: Path) -> Iterator[tuple[str, date, str]]:
    """The day that most sellers state at models.dev, two at least: one alone is often wrong."""
    votes: dict[str, Counter[date]] = defaultdict(Counter)
    for seller in _newest(data, "models.dev/api.*").values():
        for model, row in seller["models"].items():
            if ":" not in model and (day := stated_day(row["release_date"])):
                votes[plain_key(model)][day] += 1
    for name, days in votes.items():
        first = min(days, key=lambda day: (-days[day], day))
        if days[first] > 1:
            yield name, first, "models.dev"


def _first_listed(data: Path) -> Iterator[tuple[str, date, str]]:
    """Models that both price lists added at about the same time, with the earlier day.

    One list alone is enough for a generation of which models.dev, which has nearly everything, had
    no model yet: a price list that grows also adds models that are old.
    """
    litellm = _firsts(data, "litellm/history.*", _litellm)
    genai = _firsts(data, "genai-prices/data.*", _genai)
    offers = _newest(data, "models.dev/api.*").values()
    known = {_generation(model) for seller in offers for model in seller["models"]}
    known_on = _newest_day(data, "models.dev/api.*")
    for key in litellm.keys() | genai.keys():
        firsts = [list_[key] for list_ in (litellm, genai) if key in list_]
        name, day = min(firsts, key=lambda first: first[1])
        generation = _generation(name)
        is_new = day > known_on and generation is not None and generation not in known
        together = len(firsts) > 1 and abs(firsts[0][1] - firsts[1][1]) <= _TOGETHER
        if is_new or together:
            yield name, day, "first listed"


def _generation(name: str) -> tuple[str, str] | None:
    """The family and the first number: gpt and 6 of `gpt-6-luna`; None without either."""
    found = _GENERATION.match(plain_key(name))
    if found is None or found["family"] not in FAMILIES:
        return None
    return found["family"], found["number"].removesuffix("-0")


def _firsts(data: Path, pattern: str, names_of: Any) -> dict[str, tuple[str, date]]:
    """Key of a name -> (name, the first day that a list had it); not what it always had."""
    found: dict[str, tuple[str, date]] = {}
    always: set[str] = set()
    for number, path in enumerate(sorted(data.glob(pattern))):
        day = _day_of(path)
        for name in names_of(json.loads(gzip.decompress(path.read_bytes()))):
            key = plain_key(name)
            found.setdefault(key, (name, day))
            if number == 0:
                always.add(key)
    return {key: each for key, each in found.items() if key not in always}


def _litellm(rows: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for key, row in rows.items():
        provider = row.get("litellm_provider", "")
        if _LITELLM.get(provider, provider) in _SELLERS:
            yield without_server(key)


def _genai(providers: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for provider in providers:
        if provider["id"] in _SELLERS:
            yield from (model["id"] for model in provider["models"])


def _newest(data: Path, pattern: str) -> Any:
    return json.loads(gzip.decompress(max(data.glob(pattern)).read_bytes()))


def _newest_day(data: Path, pattern: str) -> date:
    return _day_of(max(data.glob(pattern)))


def _day_of(path: Path) -> date:
    return date.fromisoformat(path.name.split(".")[1])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
