"""The state of every use case, from the forge and what is stored; nothing is fetched or written."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Engine

from bot.apply import RunContext
from bot.memory import read_score, would_save
from bot.plan.items import Item, PlanningInput
from bot.plan.plan import open_targets, plan_pull_requests
from bot.reporting import dashboard
from bot.run import decide, read_repository
from model_intelligence.config.models_yaml import current_models
from model_intelligence.db import transaction
from model_intelligence.decision.deadline import sentence
from model_intelligence.decision.evidence_age import NewestResult
from model_intelligence.decision.values import Decision, Upgrade
from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.evidence.load import count_models
from model_intelligence.explanation.evidence_age import evidence_age
from model_intelligence.scorecards.text import regressions


def read_status(engine: Engine, context: RunContext) -> tuple[dict[str, Decision], list[Item]]:
    """use case -> its decision, and what the next run would plan on the evidence stored so far.

    ModelIntelligenceError where nothing is stored yet.
    """
    with transaction(engine) as session:
        if count_models(session) == 0:
            raise ModelIntelligenceError(
                "the database has no models yet; fill it with `model-bot run --dry-run`"
            )
    repository = read_repository(context)
    current = current_models(repository.files, context.config)
    regressed = regressions(read_score(engine), current)
    decisions = decide(engine, current, open_targets(repository), regressed, context)
    wanted = would_save(engine, decisions)
    asked = dashboard.commands(dashboard.find(repository.issues), context.now.date())
    inputs = PlanningInput(repository, context.config, asked, context.now)
    by_use_case = {decision.assessment.use_case: decision for decision in decisions}
    return by_use_case, plan_pull_requests(wanted, inputs)


def state_of(item: Item) -> str:
    """The state; a proposal that the next run would open has a state of its own."""
    return "to be proposed" if item.opens else item.state.value


def status_lines(decisions: Mapping[str, Decision], items: Sequence[Item]) -> Iterator[str]:
    """A line for each use case, what is known of it on the lines below, and a count."""
    width = max((len(state_of(item)) for item in items), default=0)
    names = max((len(item.use_case) for item in items), default=0)
    for item in items:
        decision = decisions[item.use_case]
        change = decision.assessment.current_spelling
        if item.proposal is not None:
            change += f" → {item.proposal.marker.to_model}"
        yield f"{state_of(item):<{width}}  {item.use_case:<{names}}  {change}"
        indent = " " * (width + names + 4)
        yield f"{indent}{item.reason}"
        yield f"{indent}{evidence_age(decision)}"
        if item.deadline is not None:
            yield f"{indent}deadline: {sentence(item.deadline)}"
        if item.pull_request is not None:
            yield f"{indent}{item.pull_request.url}"
    counted = Counter(map(state_of, items))
    states = ", ".join(f"{count} {state}" for state, count in counted.items())
    ending = sum(item.deadline is not None for item in items)
    yield ""
    cases = "1 use case" if len(items) == 1 else f"{len(items)} use cases"
    yield f"{cases}: {states}" + (f"; {ending} retiring" if ending else "")


def as_json(decision: Decision, item: Item) -> dict[str, Any]:
    """One use case for programs."""
    end, pull = item.deadline, item.pull_request
    proposed = decision.candidate.newest_result if isinstance(decision, Upgrade) else None
    return {
        "use_case": item.use_case,
        "model": decision.assessment.current_spelling,
        "state": state_of(item),
        "reason": item.reason,
        "proposed_model": item.proposal.marker.to_model if item.proposal else None,
        "newest_results": {
            "current": _day(decision.assessment.newest_result),
            "proposed": _day(proposed) if proposed else None,
        },
        "deadline": end
        and {
            "retires_at": end.retires_at.isoformat(),
            "days_left": end.days_left,
            "stage": end.stage,
            "source_url": end.source_url,
        },
        "pull_request": pull
        and {"number": pull.number, "url": pull.url, "state": pull.state, "draft": pull.draft},
    }


def _day(newest: NewestResult) -> str | None:
    return newest.on.isoformat() if newest.on else None
