"""Writes the lists of release dates and ends that come with the package, from snapshots of others.

    python -m tests.renew_bundled_lists ../shared/data

The directory holds models.dev/api.*.json.gz and models-metadata.*.json.gz, deprecations/
modeldeprecations.*.json.gz, and the dated copies of two price lists, litellm/history.DAY.*.json.gz
and genai-prices/data.DAY.*.json.gz: all MIT. The newest copy of each is taken, of the price lists
all. To renew by hand: fetch the addresses that sources/models_dev.py and
sources/modeldeprecations.py name, compress them under such names, and set the EDITIONs beside them.
"""

import csv
import gzip
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from model_intelligence.naming.catalog_index import key_of, without_server
from model_intelligence.naming.resolve import is_rolling
from model_intelligence.sources.modeldeprecations import MAKERS, PROVIDERS

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
    """The table: of several spellings of one name the first, each with who states its day."""
    days: dict[str, tuple[str, date, str]] = {}
    stated = [*_of_makers(data), *_first_listed(data)]
    for model, day, source in stated:
        if not is_rolling(model):
            days.setdefault(key_of(model), (model, day, source))
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("model", "released_on", "source"))
    table.writerows(sorted(days.values()))
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
        if maker in _MAKERS and (day := _day(row["release_date"])):
            yield model, day, "models.dev"
    offers = _newest(data, "models.dev/api.*")
    for maker in _MAKERS:
        for model, row in offers.get(maker, {"models": {}})["models"].items():
            if day := _day(row["release_date"]):
                yield model, day, "models.dev"


def _day(text: str) -> date | None:
    """A day, or None for a month: its first day would be an invention."""
    return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def _first_listed(data: Path) -> Iterator[tuple[str, date, str]]:
    """Models that both price lists added at about the same time, with the earlier day."""
    litellm = _firsts(data, "litellm/history.*", _litellm)
    genai = _firsts(data, "genai-prices/data.*", _genai)
    for key in litellm.keys() & genai.keys():
        (name, one), (_, other) = litellm[key], genai[key]
        if abs(one - other) <= _TOGETHER:
            yield name, min(one, other), "first listed"


def _firsts(data: Path, pattern: str, names_of: Any) -> dict[str, tuple[str, date]]:
    """Key of a name -> (name, the first day that a list had it); not what it always had."""
    found: dict[str, tuple[str, date]] = {}
    always: set[str] = set()
    for number, path in enumerate(sorted(data.glob(pattern))):
        day = date.fromisoformat(path.name.split(".")[1])
        for name in names_of(json.loads(gzip.decompress(path.read_bytes()))):
            key = key_of(name)
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


if __name__ == "__main__":
    main(Path(sys.argv[1]))
