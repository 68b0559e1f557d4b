"""The contents of the report as values: decisions and history in, sections out. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from model_intelligence.decision.benchmarks.lead import lead
from model_intelligence.decision.values import Assessment, Candidate, Deadline, Decision, Upgrade
from model_intelligence.explanation.evidence_age import evidence_age
from model_intelligence.explanation.recommendation import Recommendation
from model_intelligence.pricing.call_cost import usd_per_call
from model_intelligence.records import BenchmarkResult, Model, Price, TokenMix
from model_intelligence.report.charts import (
    Choice,
    ChoiceKind,
    PriceChart,
    PriceStep,
    Scatter,
    frontier,
    price_chart,
    scatter,
)

if TYPE_CHECKING:
    from model_intelligence.ledger.history import News, Offer, PriceRevision

MILLION = 1_000_000
MOST_CHOICES = 40  # marks on one chart overlap beyond that; the frontier is always shown
MOST_LINES = 8  # as many as the page has colours


class ChoiceRow(NamedTuple):
    """A model in the table below the chart, with the records behind its figures."""

    choice: Choice
    provider: str
    score: Decimal
    boards: int
    price_id: int
    result_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class UseCaseSection:
    """One use case: its model, what is decided, and the models to choose from."""

    use_case: str
    current: str
    model: Model | None
    price: Price | None
    state: str
    reason: str
    deadline: Deadline | None
    stored: Recommendation | None
    cost_of: str
    rows: tuple[ChoiceRow, ...]
    chart: Scatter | None
    candidates: int
    excluded: int
    evidence_age: str


@dataclass(frozen=True, slots=True)
class PriceHistory:
    """The prices of a model that is in use or proposed, oldest first."""

    model_id: str
    provider: str
    points: tuple[PriceRevision, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """The whole report; `prices` and `results` are the records that its figures name."""

    made_at: datetime
    as_of: datetime | None
    cases: tuple[UseCaseSection, ...]
    deadlines: tuple[UseCaseSection, ...]
    histories: tuple[PriceHistory, ...]
    price_chart: PriceChart | None
    news: News | None
    prices: tuple[Price, ...]
    results: tuple[BenchmarkResult, ...]


def models_of_interest(decisions: Iterable[Decision]) -> dict[Offer, Price]:
    """The offers in use and proposed, in the order of the use cases."""
    found: dict[Offer, Price] = {}
    for decision in decisions:
        proposed = decision.candidate.price if isinstance(decision, Upgrade) else None
        for price in (decision.assessment.current_price, proposed):
            if price is not None:
                found.setdefault((price.model_id, price.provider), price)
    return found


def contents(
    decisions: Sequence[Decision],
    stored: Mapping[str, Recommendation],
    history: Mapping[Offer, Sequence[PriceRevision]],
    news: News | None,
    now: datetime,
    *,
    as_of: datetime | None = None,
) -> Contents:
    """`stored` is use case -> its newest recommendation, `history` offer -> its prices."""
    cases = tuple(_case(decision, stored) for decision in decisions)
    dated = [case for case in cases if case.model and case.model.retires_at]
    histories = tuple(
        PriceHistory(*offer, tuple(history.get(offer, ())))
        for offer in models_of_interest(decisions)
    )
    prices, results = _records(decisions, cases)
    return Contents(
        made_at=now,
        as_of=as_of,
        cases=cases,
        deadlines=tuple(sorted(dated, key=lambda case: str(case.model and case.model.retires_at))),
        histories=histories,
        price_chart=price_chart([*map(_series, histories)][:MOST_LINES], now),
        news=news,
        prices=prices,
        results=results,
    )


def _case(decision: Decision, stored: Mapping[str, Recommendation]) -> UseCaseSection:
    assessment = decision.assessment
    newest = stored.get(assessment.use_case)
    proposed = decision.candidate if isinstance(decision, Upgrade) else None
    rows = tuple(_rows(assessment, proposed))
    return UseCaseSection(
        use_case=assessment.use_case,
        current=assessment.current_spelling,
        model=assessment.current,
        price=assessment.current_price,
        state="proposed" if proposed else "kept",
        reason=f"{proposed.spelling} instead of {assessment.current_spelling}"
        if proposed
        else _reason(decision),
        deadline=decision.deadline,
        stored=newest if newest and newest.current_model == assessment.current_spelling else None,
        cost_of=_cost_of(assessment.mix),
        rows=rows,
        chart=scatter([row.choice for row in rows]),
        candidates=len(assessment.candidates),
        excluded=len(assessment.excluded),
        evidence_age=evidence_age(decision),
    )


def _reason(decision: Decision) -> str:
    return "" if isinstance(decision, Upgrade) else decision.reason


def _cost_of(mix: TokenMix) -> str:
    if mix.basis == "guide":
        return "USD per million tokens, two prompt tokens per completion token"
    return f"USD per million calls at your own mix of tokens ({mix.calls:,} calls)"


def _usd(price: Price, mix: TokenMix) -> float:
    """For a million tokens at the guide's mix, which is 3,000 tokens a call, or a million calls."""
    per_call = usd_per_call(price, mix)
    return float(per_call * MILLION / 3_000 if mix.basis == "guide" else per_call * MILLION)


def _rows(assessment: Assessment, proposed: Candidate | None) -> Iterator[ChoiceRow]:
    """The current model and every one with a shared benchmark, the cheapest first."""
    rows = [row for each in assessment.candidates if (row := _row(each, assessment.mix, proposed))]
    price = assessment.current_price
    if price is not None:
        own = Choice(assessment.current_spelling, _usd(price, assessment.mix), 0, 0, 0, "now")
        now = ChoiceRow(own, price.provider, assessment.staying.total, 0, price.id, ())
        rows.append(now)
    best = {choice.name for choice in frontier([row.choice for row in rows])}
    marked = [
        row._replace(choice=row.choice._replace(kind="frontier"))
        if row.choice.kind == "other" and row.choice.name in best
        else row
        for row in rows
    ]
    kept = [row for row in marked if row.choice.kind != "other"]
    others = [row for row in marked if row.choice.kind == "other"]
    shown = [*kept, *others[: max(0, MOST_CHOICES - len(kept))]]
    yield from sorted(shown, key=lambda row: (row.choice.usd, row.choice.name))


def _row(each: Candidate, mix: TokenMix, proposed: Candidate | None) -> ChoiceRow | None:
    shared = lead(each.compared)
    if shared is None:
        return None
    kind: ChoiceKind = "proposed" if each is proposed else "other"
    choice = Choice(
        each.spelling, _usd(each.price, mix), shared.points, shared.low, shared.high, kind
    )
    ids = each.score.benchmark.record_ids
    return ChoiceRow(
        choice, each.price.provider, each.score.total, shared.boards, each.price.id, ids
    )


def _series(history: PriceHistory) -> tuple[str, list[PriceStep]]:
    return history.model_id, [
        PriceStep(point.since, blended(point.input_per_1k, point.output_per_1k))
        for point in history.points
    ]


def blended(input_per_1k: Decimal, output_per_1k: Decimal) -> float:
    """US dollars for a million tokens, two prompt to one completion."""
    return float((2 * input_per_1k + output_per_1k) / 3 * 1000)


def _records(
    decisions: Sequence[Decision], cases: Sequence[UseCaseSection]
) -> tuple[tuple[Price, ...], tuple[BenchmarkResult, ...]]:
    """Every price and result that a row names, each once, by id."""
    named = {row.price_id for case in cases for row in case.rows}
    wanted = {id_ for case in cases for row in case.rows for id_ in row.result_ids}
    prices: dict[int, Price] = {}
    results: dict[int, BenchmarkResult] = {}
    for decision in decisions:
        assessment = decision.assessment
        offers = [assessment.current_price, *(each.price for each in assessment.candidates)]
        prices |= {price.id: price for price in offers if price and price.id in named}
        pairs = (pair for each in assessment.candidates for pair in each.compared)
        results |= {one.id: one for pair in pairs for one in pair if one.id in wanted}
    return (
        tuple(price for _, price in sorted(prices.items())),
        tuple(one for _, one in sorted(results.items())),
    )
