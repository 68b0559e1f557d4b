"""The measurement of loading works: both ways store the same calls."""

from pathlib import Path

from tests.benchmarks.bench_telemetry_load import MOST_MEGABYTES, measure


def test_loading_is_measured_against_a_bare_copy(postgres: str, tmp_path: Path) -> None:
    figures = measure(postgres, tmp_path, 3_000)
    assert figures.events == 3_000
    assert figures.copy_seconds > 0
    assert figures.ratio > 0
    assert 10 < figures.peak_megabytes < MOST_MEGABYTES
