"""What people read of an ingest: while it goes on, and when it is done. Pure."""

from collections.abc import Iterable, Mapping

from model_intelligence.telemetry.formats.format import Door
from model_intelligence.telemetry.load.ingest import Reason, Report
from model_intelligence.telemetry.load.partitions import Dropped


def progress_line(read: int, seconds: float) -> str:
    """Records and their rate so far."""
    return f"{read:,} records, {rate(read, seconds)}"


def rate(read: int, seconds: float) -> str:
    """Records a second, as words."""
    return f"{read / seconds:,.0f} a second" if seconds > 0 else "at once"


def report_lines(report: Report, door: Door, seconds: float) -> Iterable[str]:
    """The summary of `ingest-telemetry`."""
    yield f"✓ Telemetry ingested, {door.about}:"
    yield f"  - Read: {report.read:,} records, {rate(report.read, seconds)}"
    if report.skipped:
        yield f"  - Passed over: {report.skipped:,} lines or rows that an earlier run has taken"
    yield f"  - Loaded: {report.loaded:,} calls ({report.duplicates:,} were there already)"
    yield f"  - Tokens: {door.convention}"
    if report.judged:
        yield f"  - Verdicts on calls: {report.judged:,}"
    if report.unknown_verdicts:
        yield f"  - Verdicts on calls that are not there: {report.unknown_verdicts:,}"
    yield from _reasons("Left out", report.left_out)
    yield from _reasons("Rejected", report.rejected)
    for sentence in report.broken:
        yield f"✗ {sentence}"


def _reasons(what: str, reasons: Mapping[str, Reason]) -> Iterable[str]:
    for reason, noted in sorted(reasons.items(), key=lambda item: -item[1].count):
        shown, more = ", ".join(noted.examples), noted.count - len(noted.examples)
        rest = f" and {more:,} more" if more else ""
        yield f"  - {what}: {noted.count:,}, {reason} ({shown}{rest})"


def problem(report: Report, door: Door) -> str | None:
    """Why the ingest as a whole has failed, or None."""
    taken = report.loaded + report.duplicates + report.judged + report.unknown_verdicts
    if report.read and not taken and not report.left_out:
        return f"no record is of this shape ({door.about}); is --from right?"
    if report.broken:
        return f"{len(report.broken)} of the sources could not be read to the end"
    return None


def dropped_lines(dropped: Iterable[Dropped], keep_days: int) -> Iterable[str]:
    """What retention removed."""
    gone = tuple(dropped)
    if not gone:
        yield f"✓ No month of calls is older than {keep_days} days"
    for one in gone:
        calls = f"{one.events:,} calls of {one.month:%Y-%m}"
        yield f"✓ Dropped {calls}, which are older than {keep_days} days"
