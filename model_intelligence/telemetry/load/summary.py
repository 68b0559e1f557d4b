"""What an import prints, while it runs and at its end. Pure."""

from collections.abc import Iterable, Mapping

from model_intelligence.telemetry.formats.format import EventFormat
from model_intelligence.telemetry.load.ingest import IngestReport, Reason
from model_intelligence.telemetry.load.partitions import DroppedMonth


def progress_line(read: int, seconds: float) -> str:
    """The number of records so far, and their rate."""
    return f"{read:,} records, {rate(read, seconds)}"


def rate(read: int, seconds: float) -> str:
    """Records a second."""
    return f"{read / seconds:,.0f} a second" if seconds > 0 else "at once"


def report_lines(report: IngestReport, event_format: EventFormat, seconds: float) -> Iterable[str]:
    """The summary of `ingest-telemetry`."""
    yield f"✓ Telemetry imported from {event_format.about}:"
    yield f"  - Read: {report.read:,} records, {rate(report.read, seconds)}"
    if report.skipped:
        yield f"  - Skipped: {report.skipped:,} lines or rows that an earlier run imported"
    yield f"  - Loaded: {report.loaded:,} calls ({report.duplicates:,} were already stored)"
    yield f"  - Tokens: {event_format.convention}"
    if report.judged:
        yield f"  - Verdicts on calls: {report.judged:,}"
    if report.unknown_verdicts:
        yield f"  - Verdicts on calls that are not stored: {report.unknown_verdicts:,}"
    yield from _reasons("Left out", report.left_out)
    yield from _reasons("Rejected", report.rejected)
    for sentence in report.broken:
        yield f"✗ {sentence}"


def _reasons(what: str, reasons: Mapping[str, Reason]) -> Iterable[str]:
    for reason, noted in sorted(reasons.items(), key=lambda item: -item[1].count):
        shown, more = ", ".join(noted.examples), noted.count - len(noted.examples)
        rest = f" and {more:,} more" if more else ""
        yield f"  - {what}: {noted.count:,}, {reason} ({shown}{rest})"


def problem(report: IngestReport, event_format: EventFormat) -> str | None:
    """Why the import as a whole has failed, or None."""
    taken = report.loaded + report.duplicates + report.judged + report.unknown_verdicts
    if report.read and not taken and not report.left_out:
        return f"no record has this format ({event_format.about}); check --from"
    if report.broken:
        return f"{len(report.broken)} of the sources could not be read completely"
    return None


def dropped_lines(dropped: Iterable[DroppedMonth], keep_days: int) -> Iterable[str]:
    """What retention removed."""
    gone = tuple(dropped)
    if not gone:
        yield f"✓ No month of calls is older than {keep_days} days"
    for one in gone:
        calls = f"{one.events:,} calls of {one.month:%Y-%m}"
        yield f"✓ Deleted {calls}, older than {keep_days} days"
