"""From a source's documents to stored calls: normalise, assign, batch, store and report.

While one batch is stored the next one is read: two batches are in memory, whatever the size.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from model_intelligence.telemetry.event import LeftOut, Rejected, TaskVerdict, UsageEvent
from model_intelligence.telemetry.formats.format import EventFormat
from model_intelligence.telemetry.load.copy_batches import Batch, StoredBatch
from model_intelligence.telemetry.load.source import Broken, CallSource, Mark

BATCH_READ = 10_000
EXAMPLES = 3
AHEAD = timedelta(hours=1)  # how far a clock may be ahead of ours
FUTURE = Rejected("the time is in the future; check the recording machine's clock")
Progress = Callable[[int], None]


@dataclass(slots=True)
class Reason:
    """How many records were not imported for one reason, and where the first few are."""

    count: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class IngestReport:
    """What an ingest did; counts are of this run alone."""

    read: int = 0
    loaded: int = 0
    duplicates: int = 0
    judged: int = 0
    unknown_verdicts: int = 0
    skipped: int = 0
    left_out: dict[str, Reason] = field(default_factory=dict)
    rejected: dict[str, Reason] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def took(self, stored: StoredBatch) -> None:
        """Adds the counts of a stored batch."""
        self.loaded += stored.loaded
        self.duplicates += stored.duplicates
        self.judged += stored.judged
        self.unknown_verdicts += stored.unknown


@dataclass(frozen=True, slots=True)
class Ingest:
    """One import; `until` is the latest time that a call can have.

    `mark_of` and `store` are the database.
    """

    event_format: EventFormat
    assign: Callable[[UsageEvent], UsageEvent]
    until: datetime
    mark_of: Callable[[str], Mark | None]
    store: Callable[[Batch], StoredBatch]
    progress: Progress

    def run(self, sources: Iterable[CallSource]) -> IngestReport:
        """Imports every source; one that breaks off is reported, and the next one is imported."""
        report = IngestReport()
        for source in sources:
            with _storing(self.store, report) as send:
                self._take(source, report, send)
        return report

    def _take(
        self, source: CallSource, report: IngestReport, send: Callable[[Batch], None]
    ) -> None:
        mark = self.mark_of(source.key) if source.key else None
        batch = Batch(source.key)
        broken: Broken | None = None
        documents = source.documents(mark)
        while True:
            try:
                document = next(documents, None)
            except Broken as error:
                document, broken = None, error
            if document is not None:
                for record in self._records(document.content):
                    self._add(record, batch, report, source, document.line)
            if batch.read >= BATCH_READ or (document is None and batch.read):
                batch.mark = source.mark()
                send(batch)
                batch = Batch(source.key)
                self.progress(report.read)
            if document is None:
                break
        report.skipped += source.skipped
        if broken:
            report.broken.append(str(broken))

    def _records(self, content: object) -> Iterable[object]:
        return (content,) if isinstance(content, Rejected) else self.event_format.unpack(content)

    def _add(
        self, record: object, batch: Batch, report: IngestReport, source: CallSource, line: int
    ) -> None:
        report.read += 1
        batch.read += 1
        outcome = record if isinstance(record, Rejected) else self.event_format.normalise(record)
        if isinstance(outcome, UsageEvent):
            if outcome.created_at <= self.until:
                batch.add(self.assign(outcome))
                return
            outcome = FUTURE
        if isinstance(outcome, TaskVerdict):
            batch.verdicts.append(outcome)
        elif isinstance(outcome, LeftOut):
            batch.left_out += 1
            _note(report.left_out, outcome.reason, source, line)
        else:
            batch.rejected += 1
            _note(report.rejected, outcome.reason, source, line)


def _note(reasons: dict[str, Reason], reason: str, source: CallSource, line: int) -> None:
    noted = reasons.setdefault(reason, Reason())
    noted.count += 1
    if len(noted.examples) < EXAMPLES:
        noted.examples.append(f"{source.label}:{line}")


@contextmanager
def _storing(
    store: Callable[[Batch], StoredBatch], report: IngestReport
) -> Iterator[Callable[[Batch], None]]:
    """A function that hands a batch to another thread, once the one before it is stored."""
    waiting: list[Future[StoredBatch]] = []

    def settle() -> None:
        while waiting:
            report.took(waiting.pop().result())

    def send(batch: Batch) -> None:
        settle()
        waiting.append(pool.submit(store, batch))

    with ThreadPoolExecutor(max_workers=1) as pool:
        try:
            yield send
        finally:
            settle()
