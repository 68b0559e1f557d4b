"""tau2-bench (MIT): conversations with a simulated user, in four domains.

Shape (submissions.2026-08-18): each submission is `{model_name, submission_type, modality,
reasoning_effort, submission_date, methodology: {evaluation_date, tau2_bench_version,
user_simulator, notes}, results: {domain: {pass_1, cost}}}`; pass_1 in percent, cost in USD a task,
null when not run. Live they are one file each, in a folder that the manifest names: `{submissions,
voice_submissions, legacy_submissions}`, lists of folders (the README beside it, and the snapshot).
`parse` takes one submission, or `{submissions: [...]}`. Custom submissions score an agent and voice
ones a conversation aloud.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from model_intelligence.errors import ShapeChanged
from model_intelligence.observations.benchmark_row import BenchmarkRow
from model_intelligence.observations.listing import Dropped
from model_intelligence.observations.origin import as_written
from model_intelligence.sources.source import Pages, Source, read_json

NAME = "tau2-bench"
URL = (
    "https://raw.githubusercontent.com/sierra-research/tau2-bench/main/web/leaderboard/public/"
    "submissions/manifest.json"
)
LICENCE = "MIT"
LISTS = ("submissions", "legacy_submissions")  # a conversation by voice is no row of ours
MOST_FILES = 400
TASKS = {"airline": 50, "retail": 114, "telecom": 114, "banking_knowledge": 97}
NAMES = {"banking_knowledge": "banking"}
_PLACES = Decimal("0.01")
# Only free text tells how hard the simulated user thought, and results with another user cannot be
# compared.
_SIMULATOR_EFFORT = re.compile(
    r"user simulat\w+.{0,40}? with reasoning_effort: (\w+)|(\w+)-reasoning user", re.IGNORECASE
)


def named(answer: bytes) -> list[str]:
    """The files that the manifest names, relative to it; a submission names none."""
    found = read_json(answer)
    if not isinstance(found, dict) or not any(name in found for name in LISTS):
        return []
    try:
        folders = [folder for name in LISTS for folder in found.get(name, [])]
        # Quoted whole: a name with a slash in it stays one folder.
        return [f"{quote(folder, safe='')}/submission.json" for folder in folders]
    except TypeError as error:
        raise ShapeChanged(f"{NAME}: the manifest is not lists of folders") from error


def merged(taken: Sequence[tuple[str, bytes]]) -> bytes:
    """The submissions as one file, without the manifest before them."""
    _, *submissions = taken
    return b'{"submissions": [' + b",".join(body for _, body in submissions) + b"]}"


def parse(data: bytes) -> Iterator[BenchmarkRow | Dropped]:
    """One row for each submission and domain; raises ShapeChanged."""
    try:
        found = json.loads(data, parse_float=Decimal)
        rows = [row for one in found.get("submissions", [found]) for row in _rows(one)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ShapeChanged(f"{NAME}: not submissions as known: {error!r}") from error
    yield from rows


def _rows(submission: Mapping[str, Any]) -> Iterator[BenchmarkRow | Dropped]:
    name = submission["model_name"]
    run = submission.get("methodology") or {}
    if submission.get("modality") == "voice":
        yield Dropped(name, "a conversation by voice")
    elif submission.get("submission_type") == "custom":
        yield Dropped(name, "an agent of the submitter's own, not a model")
    elif not run.get("user_simulator"):
        yield Dropped(name, "nothing is said about who played the user")
    elif (run.get("verification") or {}).get("modified_prompts"):
        yield Dropped(name, "prompts modified by the submitter")
    else:
        for domain, result in submission["results"].items():
            if result and result.get("pass_1") is not None:
                yield _row(submission, run, domain, result)


def _row(
    submission: Mapping[str, Any], run: Mapping[str, Any], domain: str, result: Mapping[str, Any]
) -> BenchmarkRow:
    cost, tasks = result.get("cost"), TASKS.get(domain)
    measured_at = run.get("evaluation_date") or submission["submission_date"]
    return BenchmarkRow(
        name=submission["model_name"],
        benchmark_name=f"{NAME} {NAMES.get(domain, domain)}",
        dataset_version=run["tau2_bench_version"].removeprefix("v"),
        harness=_harness(run, result),
        effort=submission.get("reasoning_effort"),
        unit="percent",
        score=Decimal(result["pass_1"]).quantize(_PLACES),
        task_type="agentic",
        task_count=tasks,
        measured_at=date.fromisoformat(measured_at),
        cost_usd=Decimal(cost) * tasks if cost and tasks else None,
        raw=as_written({"model_name": submission["model_name"], domain: result}),
    )


def _harness(run: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    """Who plays the user, with which effort, and how documents are found (banking)."""
    effort = _SIMULATOR_EFFORT.search(run.get("notes") or "")
    said = f" ({next(filter(None, effort.groups()))})" if effort else ""
    retrieval = result.get("retrieval_config")
    found = f", retrieval {retrieval}" if retrieval else ""
    return f"user simulator {run['user_simulator']}{said}{found}"


SOURCE = Source(
    NAME,
    "benchmarks",
    URL,
    LICENCE,
    parse,
    max_bytes=10_000_000,
    task_types=frozenset({"agentic"}),
    pages=Pages(further=named, whole=merged, most=MOST_FILES),
)
