"""The abilities of all models of the evidence, from every result that it holds. Pure.

A model counts once, whatever it is called: results under a reseller's or a dated id are those of
the maker's own model.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import chain

from model_intelligence.decision.ability import Abilities, Lineage, Result, Scale
from model_intelligence.decision.benchmarks.lead import SHARES
from model_intelligence.naming.lineage import line_of, maker_of, tier_of
from model_intelligence.naming.name_parts import snapshot_of
from model_intelligence.records import BenchmarkResult, Evidence, Model

# Units other than shares of solved tasks: differences mean something, ratios do not.
SCALES: Mapping[str, Scale] = {"elo": "elo", "rating": "elo", "index": "index"}


def estimate_abilities(evidence: Evidence, lineages: Iterable[Lineage]) -> Abilities:
    """One ability for each model of `lineages`, by the results under that id."""
    from model_intelligence.decision.estimate.fit import abilities_of  # noqa: PLC0415  # numpy

    known = {lineage.model: lineage for lineage in lineages}
    results = (_results_of(name, evidence.benchmarks.get(name, ())) for name in known)
    return abilities_of(chain.from_iterable(results), known.values())


def lineage_of(model: Model, evidence: Evidence) -> Lineage:
    """Maker, tier and line by the model's name, and the day of its release."""
    name = model.model_id
    return Lineage(
        model=name,
        maker=maker_of(name, model.provider),
        tier=tier_of(name),
        line=line_of(name, model.provider),
        released=released_on(model, evidence.benchmarks.get(name, ())),
    )


def released_on(model: Model, results: Iterable[BenchmarkResult]) -> date | None:
    """The day as lists state it, else the one in its name; never later than its first result."""
    stated = model.released_at or snapshot_of(model.model_id)
    measured = [result.measured_at for result in results if result.measured_at is not None]
    return min([stated, *measured]) if stated is not None else None


def _results_of(name: str, results: Iterable[BenchmarkResult]) -> Iterator[Result]:
    for newest in _newest(results):
        scale, score = _scaled(newest)
        if scale is not None:
            yield _result(name, newest, scale, score)


def _newest(results: Iterable[BenchmarkResult]) -> Iterable[BenchmarkResult]:
    """One figure for each board, edition, harness, effort and kind of work."""
    found: dict[object, BenchmarkResult] = {}
    for result in sorted(results, key=lambda each: (str(each.measured_at or ""), each.id)):
        found[result.key, result.source] = result
    return found.values()


def _result(name: str, row: BenchmarkResult, scale: Scale, score: float) -> Result:
    benchmark, version, harness, effort, unit = row.key
    return Result(
        model=name,
        publisher=row.source,
        board="/".join(filter(None, (row.source, benchmark, version, harness, unit))),
        kind=row.task_type,
        effort=effort,
        score=score,
        tasks=row.task_count,
        scale=scale,
        # A share's error follows from its number of tasks.
        standard_error=None if scale == "share" else _error(row),
    )


def _error(row: BenchmarkResult) -> float | None:
    return None if row.standard_error is None else float(row.standard_error)


def _scaled(row: BenchmarkResult) -> tuple[Scale | None, float]:
    """The score on a scale on which more is better; no scale for seconds, dollars and the like."""
    whole = SHARES.get(row.key.unit)
    if whole is not None:
        return _share(row.score / whole, higher_is_better=row.higher_is_better)
    sign = 1 if row.higher_is_better else -1
    return SCALES.get(row.key.unit), sign * float(row.score)


def _share(share: Decimal, *, higher_is_better: bool) -> tuple[Scale | None, float]:
    """Beyond 0 and 1 it is no share of solved tasks, whatever its unit says."""
    if not 0 <= share <= 1:
        return None, 0.0
    return "share", float(share if higher_is_better else 1 - share)
