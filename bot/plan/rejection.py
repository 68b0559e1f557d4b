"""Whether a rejection still holds, and what would make it worth asking again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.forge.port import PullRequest
from bot.plan.items import PlanningInput
from bot.pull_request.marker import Facts
from bot.pull_request.proposal import facts_of
from model_intelligence.explanation.recommendation import Recommendation

# Less than this is the noise of new evidence, which must not reopen what people have decided.
SCORE_STEP = 0.05
COST_STEP_PCT = 10


@dataclass(frozen=True, slots=True)
class Rejection:
    """A pull request in which people decided against a change, and the material changes since."""

    pull: PullRequest
    changes: tuple[str, ...]


def rejection_that_holds(
    history: Sequence[PullRequest], recommendation: Recommendation, inputs: PlanningInput
) -> PullRequest | None:
    """The rejection because of which this is not proposed again.

    None too when the evidence has changed, or when people overruled it on the dashboard.
    """
    rejection = newest_rejection(history, recommendation)
    overruled = recommendation.use_case in inputs.commands.proceed
    return None if rejection is None or rejection.changes or overruled else rejection.pull


def newest_rejection(
    history: Sequence[PullRequest], recommendation: Recommendation
) -> Rejection | None:
    """The newest pull request in which people decided against this very change.

    To close it is to reject it. To undo it after it was merged is too: the caller knows that it was
    undone, for the current model is still the one that it replaced. What the bot closed itself is
    no rejection.
    """
    change = (recommendation.current_model, recommendation.recommended_model)
    for pull in history:
        marker = pull.marker
        if marker is None or marker.closed_by is not None or pull.state == "open":
            continue
        if (marker.from_model, marker.to_model) == change:
            return Rejection(pull, material_changes(marker.facts, facts_of(recommendation)))
    return None


def material_changes(then: Facts, now: Facts) -> tuple[str, ...]:
    """What has changed enough to ask again, as sentences; () when nothing has."""
    changes = []
    if now.retires_at is not None and now.retires_at != then.retires_at:
        changes.append(f"the current model's retirement was announced for {now.retires_at}")
    if float(now.score) - float(then.score) >= SCORE_STEP:
        changes.append(f"the score rose from {float(then.score):.3f} to {float(now.score):.3f}")
    if _cheaper(then.cost_delta_pct, now.cost_delta_pct):
        changes.append(
            f"the price change went from {float(then.cost_delta_pct or 0):+.0f} % to "
            f"{float(now.cost_delta_pct or 0):+.0f} %"
        )
    if now.telemetry and not then.telemetry:
        changes.append("there is now telemetry of both models")
    return tuple(changes)


def _cheaper(then: str | None, now: str | None) -> bool:
    return then is not None and now is not None and float(then) - float(now) >= COST_STEP_PCT
