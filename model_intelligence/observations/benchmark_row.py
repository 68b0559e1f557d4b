"""A result of one model as a leaderboard publishes it, before its name is resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from model_intelligence.records import SourceKind


@dataclass(frozen=True, slots=True)
class BenchmarkRow:
    """One published figure. `None` is unknown, never zero.

    `name` is the leaderboard's own, unchanged; `own_ids` are the API ids that the source says it
    called under that name. `effort` is only what the source states beside the name: what the name
    itself states is read by `name_parts.split_name`. `score` is in `unit`, and higher is better
    unless `higher_is_better` is False; so is the `standard_error` of a score that is no share of
    tasks. `cost_usd` is for the whole run.
    `raw` is the row as the leaderboard wrote it.
    """

    name: str
    benchmark_name: str
    unit: str
    score: Decimal
    task_type: str
    dataset_version: str | None = None
    harness: str | None = None
    effort: str | None = None
    higher_is_better: bool = True
    task_count: int | None = None
    standard_error: Decimal | None = None
    measured_at: date | None = None
    cost_usd: Decimal | None = None
    own_ids: tuple[str, ...] = ()
    source_kind: SourceKind | None = None  # of this figure, where it differs from the source's
    raw: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)
