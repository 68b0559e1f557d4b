"""What the command line prints; the guide's blocks keep the guide's words and order. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from model_intelligence.config.bot_yaml import YamlPath
from model_intelligence.decision.judgement import in_percent
from model_intelligence.decision.values import Decision, Score, Upgrade
from model_intelligence.explanation.recommendation import Recommendation
from model_intelligence.explanation.why_not_chosen import reasons
from model_intelligence.observations.benchmark_status import status_of
from model_intelligence.sources.pages import needs
from model_intelligence.sources.source import BundledSource, Source

if TYPE_CHECKING:
    from model_intelligence.ingest.benchmarks import BenchmarkReport
    from model_intelligence.ingest.source_run import LastRun, SourceReport
    from model_intelligence.ledger.catalog import CatalogReport
    from model_intelligence.runtime_stats import RuntimeReport
    from model_intelligence.sentiment_ingest import SentimentReport
    from model_intelligence.telemetry.aggregate.days import FoldReport

NAMES_SHOWN = 8
RULE, THIN_RULE = "=" * 70, "-" * 70


def percent(value: Decimal | None) -> str:
    """A signed change with one decimal, or `unknown`."""
    return "unknown" if value is None else f"{value:+.1f}%"


def catalog_lines(report: CatalogReport) -> Iterable[str]:
    """The guide's summary of `ingest-catalog`, and what was new or left out."""
    yield "✓ Catalog ingestion complete:"
    changed = f", {report.models_changed:,} changed" if report.models_changed else ""
    yield f"  - Models ingested: {report.models_seen:,} ({report.models_new:,} new{changed})"
    yield f"  - Pricing records ingested: {report.prices_seen:,} ({report.prices_new:,} new)"
    for reason, count in report.dropped.items():
        yield f"  - Left out: {count:,} with {reason}"


def source_run_lines(
    reports: Iterable[SourceReport], problems: Iterable[str] = ()
) -> Iterable[str]:
    """The result for each live source, and the plug-ins that cannot be used."""
    for report in reports:
        if report.status == "skipped":
            yield f"✗ {report.source}: {report.reason}; earlier data is kept"
        elif report.status == "unchanged":
            yield f"✓ {report.source}: unchanged, {report.rows:,} rows"
        else:
            yield f"✓ {report.source}: {report.rows:,} rows ({report.new:,} new or changed)"
        for reason, count in report.dropped.items():
            yield f"  - Left out: {count:,} with {reason}"
    for problem in problems:
        yield f"✗ {problem}"


def source_lines(
    live: Collection[Source],
    bundled: Collection[BundledSource],
    runs: Mapping[str, LastRun],
    now: datetime,
) -> Iterable[str]:
    """Every source on a line: kind, licence, when it was last read, its rows and their age."""
    width = max(len(name) for name in [*(row.name for row in bundled), *(row.name for row in live)])
    for data in bundled:
        yield f"{data.name:<{width}} {data.kind:<10} {data.licence}; bundled, read in every run"
    for source in live:
        note = status_of(source.name)
        last = f"{_last_read(runs.get(source.name), now)}{_needed(source)}"
        last += f"; {note}" if note else ""
        yield f"{source.name:<{width}} {source.kind:<10} {source.licence}; {last}"


def _needed(source: Source) -> str:
    return f"; {needs(source.access)}" if source.access else ""


def _last_read(run: LastRun | None, now: datetime) -> str:
    if run is None:
        return "never read"
    reason = f" ({run.reason})" if run.reason else ""
    age = (
        "no rows yet"
        if run.good_at is None
        else f"{run.rows:,} rows, {(now - run.good_at).days} days old"
    )
    return f"{run.status} on {run.started_at:%Y-%m-%d}{reason}; {age}"


def benchmark_lines(report: BenchmarkReport) -> Iterable[str]:
    """The summary of `ingest-benchmarks`."""
    yield "✓ Benchmark ingestion complete:"
    yield f"  - Results ingested: {report.seen:,} ({report.new:,} new)"
    if report.unmatched:
        shown, more = report.unmatched[:NAMES_SHOWN], len(report.unmatched) - NAMES_SHOWN
        rest = f" and {more} more (`model-intel unmatched` lists them)" if more > 0 else ""
        yield f"  - Left out, not in the catalog: {', '.join(shown)}{rest}"


def runtime_lines(report: RuntimeReport, before: FoldReport | None = None) -> Iterable[str]:
    """The summary of `compute-runtime-stats`; `before` are the days aggregated ahead of it."""
    start, last = report.window_start.date(), report.window_end.date()
    folded = report.folded if before is None else before + report.folded
    yield f"✓ Runtime stats computed for {start} to {last} (the last day not included):"
    yield f"  - {folding_line(folded)}"
    if folded.kept:
        yield (
            f"  - Days not recomputed: {len(folded.kept):,}, from {folded.kept[0]} on; their calls "
            "are no longer stored, so calls that arrived late are left out"
        )
    yield f"  - Rows: {report.new:,} new, {report.changed:,} changed"
    yield from drift_lines(report)


def folding_line(so_far: FoldReport) -> str:
    """How far `compute-runtime-stats` has got."""
    return f"Days aggregated: {so_far.days:,} with {so_far.calls:,} calls"


def drift_lines(report: RuntimeReport) -> Iterable[str]:
    """Warnings about calls that were answered by another model than the one requested."""
    yield from (f"  ! Drift: {sentence}" for sentence in report.drifts[:NAMES_SHOWN])
    if len(report.drifts) > NAMES_SHOWN:
        yield f"  ! Drift: {len(report.drifts) - NAMES_SHOWN:,} more models"


def sentiment_lines(report: SentimentReport) -> Iterable[str]:
    """The summary of `ingest-sentiment`."""
    yield "✓ Sentiment ingestion complete:"
    yield f"  - Signals ingested: {report.seen:,} ({report.new:,} new, {report.changed:,} changed)"


def recommendation_block(number: int, upgrade: Upgrade) -> Iterable[str]:
    """One candidate as the guide shows it, with the parts of its score."""
    candidate = upgrade.candidate
    yield f"[{number}] {candidate.spelling}"
    yield f"    Provider: {candidate.price.provider}"
    yield f"    Composite Score: {candidate.score.total:.3f}"
    yield f"    Confidence: {candidate.score.confidence:.0%}"
    yield f"    Cost Delta: {percent(candidate.cost_delta_pct)}"
    yield f"    Quality Delta: {percent(candidate.quality_delta_pct)}"
    yield f"    Chance of Being Better: {in_percent(candidate.outlook.better)}"
    yield f"    Verdict: {_verdict(upgrade.reason_class, upgrade.objection)}"
    yield f"    Staying scores {upgrade.assessment.staying.total:.3f}"
    for line in score_lines(candidate.score):
        yield f"      {line}"


def _verdict(reason_class: str, objection: str | None) -> str:
    return f"proposed ({reason_class})" if objection is None else f"not proposed: {objection}"


def score_lines(score: Score) -> Iterable[str]:
    """The four parts, each with its reason."""
    for name in ("price", "benchmark", "runtime", "sentiment"):
        part = getattr(score, name)
        yield f"{name:<10} {part.value:.2f}  {part.reason}"


def explanation_lines(decision: Decision) -> Iterable[str]:
    """Every candidate with its score, and every model left out, each with the reason against it."""
    assessment = decision.assessment
    yield f"Candidates for {assessment.use_case} ({len(assessment.candidates):,}), best first:"
    yield f"  {assessment.staying.total:.3f}  {assessment.current_spelling} (staying)"
    for candidate, reason in reasons(decision):
        deltas = (
            f"cost {percent(candidate.cost_delta_pct)}, "
            f"quality {percent(candidate.quality_delta_pct)}"
        )
        yield f"  {candidate.score.total:.3f}  {candidate.spelling} ({deltas}): {reason}"
    yield f"Left out ({len(assessment.excluded):,}):"
    for other in assessment.excluded:
        yield f"  {other.model_id}: {other.reason}"


def summary_line(item: Recommendation) -> str:
    """One stored recommendation on one line."""
    return (
        f"{item.id:>5}  {item.status:<11}  {item.use_case:<16}  "
        f"{item.current_model} → {item.recommended_model}  "
        f"score {item.composite_score:.3f}  cost {percent(item.expected_cost_delta_pct)}  "
        f"quality {percent(item.expected_quality_delta_pct)}  "
        f"{item.pull_request_url or ''}"
    ).rstrip()


def patch_header(item: Recommendation) -> list[str]:
    """The guide's comment lines; no text can break out of them."""
    lines = (
        f"# Recommendation ID: {item.id}",
        f"# Use case: {item.use_case}",
        f"# Change: {item.current_model} → {item.recommended_model}",
        f"# Reasoning: {item.reasoning}",
    )
    return [" ".join(line.split()) for line in lines]


def report_lines(item: Recommendation, paths: Sequence[YamlPath]) -> Iterable[str]:
    """The guide's full report on one recommendation."""
    counted = {
        "Pricing records": "pricing",
        "Benchmark records": "benchmarks",
        "Runtime stats": "runtime_stats",
        "Sentiment signals": "sentiment",
    }
    yield f"Model Recommendation Report (ID: {item.id})"
    yield RULE
    yield ""
    yield f"Use Case:         {item.use_case}"
    yield f"Current Model:    {item.current_model}"
    yield f"Recommended:      {item.recommended_model}"
    yield f"Status:           {item.status}"
    yield f"Confidence:       {item.confidence:.0%}"
    yield f"Verdict:          {_verdict(item.decision['reason_class'], item.decision['objection'])}"
    yield ""
    yield "Reasoning:"
    yield f"  {item.reasoning}"
    yield ""
    yield f"Expected Cost Change:    {percent(item.expected_cost_delta_pct)}"
    yield f"Expected Quality Change: {percent(item.expected_quality_delta_pct)}"
    yield ""
    yield "Evidence:"
    for label, kind in counted.items():
        yield f"  - {label}: {len(item.evidence.get(kind, []))} references"
    yield f"  - {_capitalized(item.decision['evidence_age'])}"
    yield ""
    yield "Proposed YAML Patch:"
    yield THIN_RULE
    yield from patch_header(item)
    for path in paths:
        yield ""
        yield from _excerpt(path, item.recommended_model)
    yield THIN_RULE


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]


def _excerpt(path: YamlPath, model: str) -> Iterable[str]:
    *parents, last = path
    for depth, key in enumerate(parents):
        yield "  " * depth + (f"{key}:" if isinstance(key, str) else "-")
    lead = "  " * len(parents)
    yield lead + (f"{last}: {model}" if isinstance(last, str) else f"- {model}")
