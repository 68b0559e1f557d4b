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
from model_intelligence.errors import ModelIntelligenceError
from model_intelligence.evidence.load import count_models
from model_intelligence.scorecards.text import regressions


def read_status(engine: Engine, context: RunContext) -> tuple[dict[str, str], list[Item]]:
    """use case -> its model, and what the next run would plan on the evidence stored so far.

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
    return current, plan_pull_requests(
        wanted, PlanningInput(repository, context.config, asked, context.now)
    )


def state_of(item: Item) -> str:
    """The state; a proposal that the next run would open has a state of its own."""
    return "to be proposed" if item.opens else item.state.value


def status_lines(current: Mapping[str, str], items: Sequence[Item]) -> Iterator[str]:
    """A line for each use case with its reason, deadline and pull request below, and a count."""
    width = max((len(state_of(item)) for item in items), default=0)
    names = max((len(item.use_case) for item in items), default=0)
    for item in items:
        change = current[item.use_case]
        if item.proposal is not None:
            change += f" → {item.proposal.marker.to_model}"
        yield f"{state_of(item):<{width}}  {item.use_case:<{names}}  {change}"
        indent = " " * (width + names + 4)
        yield f"{indent}{item.reason}"
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


def as_json(model: str, item: Item) -> dict[str, Any]:
    """One use case for programs; `model` is its current one."""
    end, pull = item.deadline, item.pull_request
    return {
        "use_case": item.use_case,
        "model": model,
        "state": state_of(item),
        "reason": item.reason,
        "proposed_model": item.proposal.marker.to_model if item.proposal else None,
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
