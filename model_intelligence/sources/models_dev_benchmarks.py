"""Results that models.dev collects beside its facts on models (MIT): others' boards and claims.

Shape (`models.json`, as built from github anomalyco/models.dev at f3fc692): an object of
`maker/model` -> row; some rows have `benchmarks`, a list of `{name, score, source (an address),
metric, date, harness, variant, dataset, version}`, all but the first three optional. `variant` is
an effort or, on some rows, the agent. Only a `metric` tells the unit, so that a result without one
is left out, as is one of a benchmark whose kind of work is not known. Two sites may run one
benchmark in two ways: the site is a part of the harness.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.observations.origin import as_written
from model_intelligence.records import SourceKind
from model_intelligence.sources.source import Source, read_json

NAME = "models.dev-benchmarks"
URL = "https://models.dev/models.json"
LICENCE = "MIT"
_SHARE = "percent"
UNITS: Mapping[str, str] = {
    **dict.fromkeys(("percent", "percent correct", "percent resolved"), _SHARE),
    **dict.fromkeys(("pass@1", "average pass@1"), _SHARE),
    **dict.fromkeys(("resolved", "resolve rate", "success rate"), _SHARE),
    "index": "index",
}
TASK_TYPES: Mapping[str, str] = {
    **dict.fromkeys(("aider polyglot", "livecodebench", "livecodebench pro", "scicode"), "code"),
    **dict.fromkeys(("nl2repo", "swe-bench multilingual", "swe-bench pro"), "code"),
    **dict.fromkeys(("swe-bench verified", "swe-atlas codebase qna"), "code"),
    **dict.fromkeys(("swe-atlas refactoring", "swe-atlas test writing"), "code"),
    "artificial analysis coding index": "code",
    **dict.fromkeys(("terminal-bench", "terminal-bench 2.0", "terminal-bench 2.1"), "agentic"),
    **dict.fromkeys(("terminal-bench hard", "claw-eval"), "agentic"),
    "artificial analysis coding agent index": "agentic",
    **dict.fromkeys(("gpqa diamond", "humanity’s last exam"), "reasoning"),
}
# Sites of boards, which run all models in one way. Anywhere else, makers speak of their own models.
BOARDS = frozenset(
    {"aider.chat", "artificialanalysis.ai", "labs.scale.com", "openrouter.ai", "www.swebench.com"}
)
_EFFORT = re.compile(r"none|minimal|low|medium|high|xhigh|max")


def parse(body: bytes) -> Iterator[BenchmarkRow | Dropped]:
    """The results of all models; raises ShapeChanged."""
    models = read_json(body)
    if not isinstance(models, dict) or not all(isinstance(row, dict) for row in models.values()):
        raise ShapeChanged("an object of models was expected")
    for name, row in models.items():
        results = row.get("benchmarks", [])
        if not isinstance(results, list):
            raise ShapeChanged(f"a list of benchmarks was expected at {name!r}")
        yield from (_row(name, result) for result in results)


def _row(name: str, result: object) -> BenchmarkRow | Dropped:
    if not isinstance(result, dict) or not _is_whole(result):
        return Dropped(name, "no benchmark, score or source", malformed=True)
    benchmark = _spelled(result["name"])
    unit, task_type = UNITS.get(result.get("metric", "")), TASK_TYPES.get(benchmark.lower())
    if unit is None:
        return Dropped(name, "no unit is stated")
    if task_type is None:
        return Dropped(name, "a benchmark whose kind of work is not known")
    score = Decimal(result["score"])
    if unit == _SHARE and not 0 <= score <= 100:
        return Dropped(name, "no percentage", malformed=True)
    effort, agent = _variant(result.get("variant"))
    site = urlsplit(result["source"]).hostname or ""
    return BenchmarkRow(
        name=name,
        benchmark_name=benchmark,
        dataset_version=_joined(result.get("dataset"), result.get("version")),
        harness=_joined(result.get("harness") or agent, f"as published on {site}"),
        unit=unit,
        score=score,
        task_type=task_type,
        effort=effort,
        measured_at=_day(result.get("date")),
        own_ids=(name.partition("/")[2],),
        source_kind=_kind(site),
        raw=as_written(result),
    )


def _is_whole(result: Mapping[str, Any]) -> bool:
    score, texts = result.get("score"), (result.get("name"), result.get("source"))
    is_number = isinstance(score, int | Decimal) and not isinstance(score, bool)
    return is_number and all(isinstance(text, str) for text in texts)


def _spelled(name: str) -> str:
    """One spelling of a benchmark's name: some rows have a blank where others have a hyphen."""
    return re.sub(r"(?i)^(swe|terminal) bench", lambda found: f"{found[1]}-Bench", name.strip())


def _variant(written: object) -> tuple[str | None, str | None]:
    """The effort and the agent that a variant names: one of the two."""
    text = str(written or "") or None
    if text is None or _EFFORT.fullmatch(text.lower()):
        return text.lower() if text else None, None
    return None, text


def _joined(*parts: object) -> str | None:
    return ", ".join(str(part) for part in parts if part) or None


def _kind(site: str) -> SourceKind:
    return "aggregator" if site in BOARDS else "provider"


def _day(written: object) -> date | None:
    try:
        return date.fromisoformat(str(written))
    except ValueError:
        return None


SOURCE = Source(NAME, "benchmarks", URL, LICENCE, parse, task_types=frozenset(TASK_TYPES.values()))
