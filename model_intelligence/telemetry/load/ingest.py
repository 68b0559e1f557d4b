"""From a source's documents to stored calls: normalise, assign, batch, and tell what came of it.

While one batch is stored the next one is read: two batches are in memory, whatever the size.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from model_intelligence.telemetry.event import Event, LeftOut, Rejected, Verdict
from model_intelligence.telemetry.formats.format import Door
from model_intelligence.telemetry.load.copy_batches import Batch, Stored
from model_intelligence.telemetry.load.source import Broken, CallSource, Mark

BATCH_READ = 10_000
EXAMPLES = 3
AHEAD = timedelta(hours=1)  # how far a clock may be ahead of ours
FUTURE = Rejected("its time lies in the future: is a clock wrong?")
Progress = Callable[[int], None]


@dataclass(slots=True)
class Reason:
    """Why records were not taken: how many, and where the first few stand."""

    count: int = 0
    examples: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Report:
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

    def took(self, stored: Stored) -> None:
        """Adds what became of a batch."""
        self.loaded += stored.loaded
        self.duplicates += stored.duplicates
        self.judged += stored.judged
        self.unknown_verdicts += stored.unknown


@dataclass(frozen=True, slots=True)
class Ingest:
    """What an ingest works with; `until` is the latest time that a call can have.

    `mark_of` and `store` are the database.
    """

    door: Door
    assign: Callable[[Event], Event]
    until: datetime
    mark_of: Callable[[str], Mark | None]
    store: Callable[[Batch], Stored]
    progress: Progress

    def run(self, sources: Iterable[CallSource]) -> Report:
        """Takes every source to its end; what breaks one off is told, and the next one taken."""
        report = Report()
        for source in sources:
            with _storing(self.store, report) as send:
                self._take(source, report, send)
        return report

    def _take(self, source: CallSource, report: Report, send: Callable[[Batch], None]) -> None:
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
        return (content,) if isinstance(content, Rejected) else self.door.unpack(content)

    def _add(
        self, record: object, batch: Batch, report: Report, source: CallSource, line: int
    ) -> None:
        report.read += 1
        batch.read += 1
        outcome = record if isinstance(record, Rejected) else self.door.normalise(record)
        if isinstance(outcome, Event):
            if outcome.created_at <= self.until:
                batch.add(self.assign(outcome))
                return
            outcome = FUTURE
        if isinstance(outcome, Verdict):
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
def _storing(store: Callable[[Batch], Stored], report: Report) -> Iterator[Callable[[Batch], None]]:
    """A function that hands a batch to another thread, once the one before it is stored."""
    waiting: list[Future[Stored]] = []

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
