"""A no, and what would make asking again worthwhile. Pure."""

from collections.abc import Sequence

from bot.forge.port import PullRequest
from bot.pull_request.marker import Facts, Marker

# Less than this is the noise of new evidence, which must not reopen what people have decided.
SCORE_STEP = 0.05
COST_STEP_PCT = 10


def rejection_of(
    history: Sequence[PullRequest], from_model: str, to_model: str
) -> PullRequest | None:
    """The newest pull request in which people decided against this very change.

    Closing it is a no; so is undoing it after it was merged, which the caller knows by the current
    model being `from_model` still. What the bot closed itself is none.
    """
    for pull in history:
        marker = Marker.read(pull.body)
        if marker is None or pull.state == "open" or marker.closed_by is not None:
            continue
        if (marker.from_model, marker.to_model) == (from_model, to_model):
            return pull
    return None


def what_changed(then: Facts, now: Facts) -> tuple[str, ...]:
    """The material changes since a no, as sentences; () when it still stands."""
    found = []
    if now.retires_at is not None and now.retires_at != then.retires_at:
        found.append(f"the current model's end was announced for {now.retires_at}")
    if float(now.score) - float(then.score) >= SCORE_STEP:
        found.append(f"the score rose from {float(then.score):.3f} to {float(now.score):.3f}")
    if _cheaper(then.cost_delta_pct, now.cost_delta_pct):
        found.append(
            f"the price change went from {float(then.cost_delta_pct or 0):+.0f} % to "
            f"{float(now.cost_delta_pct or 0):+.0f} %"
        )
    if now.telemetry and not then.telemetry:
        found.append("there is telemetry of both models now")
    return tuple(found)


def _cheaper(then: str | None, now: str | None) -> bool:
    return then is not None and now is not None and float(then) - float(now) >= COST_STEP_PCT
