"""What a leaderboard says of one model: a row as it is published, before its name is resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from model_intelligence.errors import ShapeChanged
from model_intelligence.records import SourceKind

__all__ = ["Board", "BoardRow", "ShapeChanged"]


@dataclass(frozen=True, slots=True)
class Board:
    """Where rows are from: the name that aliases and reports use, and who ran the benchmark."""

    name: str
    url: str
    licence: str
    kind: SourceKind = "author"


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One published figure. `None` is unknown, never zero.

    `name` is the board's own, whole; `own_ids` are the API ids that the source itself says it
    called under that name. `effort` is only what the source states beside the name: what the name
    itself says is taken off it by `names.split_name`. `score` is in `unit`, and higher is better
    unless `higher_is_better` says otherwise; `cost_usd` is for the whole run.
    `raw` is the row as the board wrote it.
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
    measured_at: date | None = None
    cost_usd: Decimal | None = None
    own_ids: tuple[str, ...] = ()
    source_kind: SourceKind | None = None  # of this figure, where it is not the board's
    raw: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)
