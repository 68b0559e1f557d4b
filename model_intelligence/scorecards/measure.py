"""What our own calls of a model showed, as a score card sets it beside a promise."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from model_intelligence.config.bot_yaml import Policy
from model_intelligence.models import ModelRuntimeStats
from model_intelligence.naming import resolve
from model_intelligence.records import RuntimeStats
from model_intelligence.runtime_stats import store
from model_intelligence.scorecards.values import Conditions, Figure, Seen
from model_intelligence.stats import histogram
from model_intelligence.telemetry.aggregate import window as telemetry_window
from model_intelligence.telemetry.aggregate.figures import Group, figures, seen_as

USE_CASE, ROLE = "use case", "role"  # whose calls are compared
LATENCIES = {"p50_latency_ms": 0.5, "p95_latency_ms": 0.95}
PROMPT_VERSIONS = """
SELECT DISTINCT prompt_version FROM llm_usage_events
WHERE created_at >= :start AND created_at < :end AND provider = :provider AND model = :model
    AND (CAST(:use_case AS text) IS NULL OR use_case = :use_case)
    AND (:use_case IS NOT NULL OR role IS NOT DISTINCT FROM :role) AND prompt_version IS NOT NULL
"""


def scope_of(seen: Seen | None) -> str | None:
    """Whose calls these are: USE_CASE, ROLE, or None without any."""
    if seen is None:
        return None
    return USE_CASE if seen.stats.use_case is not None else ROLE


def seen_then(session: Session, stats_id: int | None) -> Seen | None:
    """What a stored decision knew of a model's calls, by the row that it names."""
    row = session.get(ModelRuntimeStats, stats_id) if stats_id is not None else None
    return _seen(session, _stats(row)) if row is not None else None


class Whose(NamedTuple):
    """Whose calls: of a model of the catalog, of the use case's own or of its role's.

    `scope` None takes the use case's own where there are any. `names` is match key -> model id,
    dated ids too.
    """

    model_id: str
    policy: Policy
    scope: str | None
    names: Mapping[str, str]

    def is_model(self, group: Group) -> bool:
        """Whether calls are of the model, however they name it."""
        return (resolve.resolve(group.model, self.names) or group.model) == self.model_id

    def wanted(self) -> Iterator[Callable[[Group], bool]]:
        """What to look for, the best first."""
        if self.scope != ROLE:
            yield lambda group: group.use_case == self.policy.use_case
        if self.scope != USE_CASE:
            yield lambda group: group.use_case is None and group.role == self.policy.role


def seen_since(
    session: Session, window: tuple[datetime, datetime], whose: Whose, now: datetime
) -> Seen | None:
    """The calls in a window, stored as its statistics; of the provider with most of them."""
    parts = telemetry_window.priced_sums(session, *window)
    spread = telemetry_window.histograms(session, *window)
    found = figures(
        (part for part in parts if whose.is_model(part.group)),
        (each for each in spread if whose.is_model(each[0])),
    )
    rows = store(session, *window, found, now)
    best = (_most_called(rows, wanted) for wanted in whose.wanted())
    first = next(filter(None, best), None)
    return None if first is None else _seen(session, first)


def _most_called(
    rows: Mapping[Group, ModelRuntimeStats], wanted: Callable[[Group], bool]
) -> RuntimeStats | None:
    fitting = [_stats(row) for group, row in rows.items() if wanted(group)]
    # One model may be called at several providers, whose speed and errors differ: they are not
    # mixed.
    return max(fitting, key=lambda stats: stats.calls, default=None)


def _stats(row: ModelRuntimeStats) -> RuntimeStats:
    return RuntimeStats(**{name: getattr(row, name) for name in RuntimeStats.__slots__})


def _seen(session: Session, stats: RuntimeStats) -> Seen:
    found: dict[str, Figure] = {}
    mean, bounds = stats.usd_per_call, stats.usd_per_call_interval
    if mean is not None:
        found["usd_per_call"] = Figure(mean, *(bounds or (None, None)))
    if stats.outcomes and stats.success_rate is not None:
        low, high = stats.success_interval
        found["success_rate"] = Figure(
            stats.success_rate, Decimal(f"{low:.6f}"), Decimal(f"{high:.6f}")
        )
    spread = _latencies(session, stats)
    for name, share in LATENCIES.items():
        value = histogram.quantile(spread, share)
        if value is not None:
            found[name] = Figure(value, *(histogram.interval(spread, share) or (None, None)))
    return Seen(stats, found)


def _latencies(session: Session, stats: RuntimeStats) -> Counter[int]:
    group = Group(stats.provider, stats.model, stats.role, stats.use_case)
    spread: Counter[int] = Counter()
    for one, measure, packed in telemetry_window.histograms(
        session, stats.window_start, stats.window_end
    ):
        if measure == "latency_ms" and group in seen_as(one):
            spread.update(histogram.unpack(packed))
    return spread


def conditions(
    session: Session, seen: Seen | None, input_usd: Decimal | None, output_usd: Decimal | None
) -> Conditions:
    """What has to stay as it was, of calls and of the price per million tokens."""
    if seen is None:
        return Conditions(None, None, input_usd, output_usd)
    stats = seen.stats
    sent = Decimal(stats.prompt_tokens) if stats.prompt_tokens is not None else None
    read = stats.cache_read_tokens
    return Conditions(
        prompt_tokens=sent / stats.calls if sent is not None else None,
        cached=read / sent if read is not None and sent else None,
        input_usd_per_1m=input_usd,
        output_usd_per_1m=output_usd,
        prompt_versions=_prompt_versions(session, stats) or None,
    )


def _prompt_versions(session: Session, stats: RuntimeStats) -> frozenset[str]:
    values = {
        "start": stats.window_start,
        "end": stats.window_end,
        "provider": stats.provider,
        "model": stats.model,
        "role": stats.role,
        "use_case": stats.use_case,
    }
    return frozenset(session.scalars(text(PROMPT_VERSIONS), values))
