"""The format of `config/benchmarks.yaml`: published results, in groups of one source."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from model_intelligence.records import SourceKind

Url = Annotated[str, Field(pattern=r"^https?://\S+$", max_length=2000)]


class PublishedResult(BaseModel):
    """One model's score within a group."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    score: Annotated[Decimal, Field(allow_inf_nan=False)]
    measured_at: date | None = None
    effort: str | None = None
    source_url: Url | None = None
    board_name: str | None = Field(None, description="The model's name on the board itself.")


class ResultGroup(BaseModel):
    """Results that were measured in the same way and can be compared."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    benchmark_name: str
    dataset_version: str | None = None
    harness: str | None = None
    effort: str | None = None
    unit: str
    higher_is_better: bool = True
    task_type: str
    task_count: int | None = Field(None, gt=0)
    source: str
    source_url: Url
    source_kind: SourceKind = Field(
        "independent", description="Who ran it: own, independent, author, aggregator or provider."
    )
    licence: str | None = None
    results: tuple[PublishedResult, ...] = Field(min_length=1)


class BenchmarksFile(BaseModel):
    """config/benchmarks.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    benchmarks: tuple[ResultGroup, ...]
