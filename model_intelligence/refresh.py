"""Every ingest from its usual place: what `refresh-all` and the scheduled job do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from model_intelligence import config_files
from model_intelligence.benchmark_ingest import BenchmarkReport, BenchmarksFile, ingest_benchmarks
from model_intelligence.catalog_ingest import CatalogReport, PricingFile, ingest_catalog
from model_intelligence.db import take_turns
from model_intelligence.runtime_stats import RuntimeReport, compute_runtime_stats
from model_intelligence.sources import genai_prices, llmshift


@dataclass(frozen=True, slots=True)
class RefreshReport:
    """What each ingest did."""

    catalog: CatalogReport
    benchmarks: BenchmarkReport
    runtime: RuntimeReport


def refresh_all(
    session: Session, directory: Path, configured: Iterable[str], now: datetime, window_days: int
) -> RefreshReport:
    """All ingests in order, in the session's one transaction; runs at once take turns."""
    take_turns(session)
    return RefreshReport(
        refresh_catalog(session, directory, configured, now),
        refresh_benchmarks(session, directory, now),
        compute_runtime_stats(session, window_days=window_days, now=now),
    )


def refresh_catalog(
    session: Session, directory: Path, configured: Iterable[str], now: datetime
) -> CatalogReport:
    """The configured names, `pricing.yaml` (if there is one) and the bundled price list."""
    path = directory / "pricing.yaml"
    own = config_files.read(path, PricingFile).listings() if path.exists() else ()
    rows = [*own, *genai_prices.listings()]
    return ingest_catalog(
        session, configured=configured, rows=rows, now=now, lifecycles=llmshift.lifecycles()
    )


def refresh_benchmarks(session: Session, directory: Path, now: datetime) -> BenchmarkReport:
    """The results in `benchmarks.yaml`; none if there is no such file."""
    path = directory / "benchmarks.yaml"
    empty = BenchmarksFile(benchmarks=())
    file = config_files.read(path, BenchmarksFile) if path.exists() else empty
    return ingest_benchmarks(session, file, now)
