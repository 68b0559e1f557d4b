"""What a run tells people: the job summary, the outputs for later steps, the plan on a terminal."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import assert_never

from bot.forge import PullRequest
from bot.plan import Action, Leave, Open, Update
from bot.settings import Settings
from bot.templating import render

Outcome = tuple[Action, PullRequest | None]


def state(action: Action) -> str:
    """One word for what happens: opened, updated or kept."""
    match action:
        case Open():
            return "opened"
        case Update():
            return "updated"
        case Leave():
            return "kept"
        case _:
            assert_never(action)


def use_case(action: Action) -> str:
    """The use case that the action is about."""
    return action.use_case if isinstance(action, Leave) else action.proposal.use_case


def plan_text(plan: Sequence[Action], *, with_bodies: bool) -> Iterable[str]:
    """One line a use case: proposed, or kept and why; then the diffs, and the bodies if asked."""
    yield ""
    yield from _plan_lines(plan)
    for action in plan:
        if not isinstance(action, Leave):
            yield ""
            yield action.proposal.diff.rstrip("\n")
            if with_bodies:
                yield f"\nbranch: {action.proposal.branch}\ntitle: {action.proposal.title}\nbody:"
                yield action.proposal.body.rstrip("\n")


def _plan_lines(plan: Sequence[Action]) -> Iterable[str]:
    width = max((len(use_case(action)) for action in plan), default=0)
    for action in plan:
        name = use_case(action).ljust(width)
        match action:
            case Open(proposal=proposal) | Update(proposal=proposal):
                change = f"{proposal.marker.from_model} → {proposal.marker.to_model}"
                word = "propose" if isinstance(action, Open) else "update "
                yield f"{word}  {name}  {change}: {action.reason}"
            case Leave(reason=reason):
                yield f"keep     {name}  {reason}"
            case _:
                assert_never(action)


def summary_text(outcomes: Sequence[Outcome], *, dry_run: bool) -> str:
    """The job summary as Markdown."""
    rows = [
        {
            "use_case": use_case(action),
            "state": state(action),
            "reason": action.reason,
            "pull_request": pull_request,
        }
        for action, pull_request in outcomes
    ]
    return render("summary.md.j2", rows=rows, dry_run=dry_run)


def output_lines(outcomes: Sequence[Outcome]) -> Iterable[str]:
    """`name=value` lines for later steps of a workflow."""
    counts = Counter(state(action) for action, _ in outcomes)
    for name in ("opened", "updated", "kept"):
        yield f"{name}={counts[name]}"
    written = [pull for action, pull in outcomes if pull and not isinstance(action, Leave)]
    yield f"pull-requests={','.join(str(pull.number) for pull in written)}"
    yield f"urls={' '.join(pull.url for pull in written)}"


def write(outcomes: Sequence[Outcome], settings: Settings) -> None:
    """Adds the summary and the outputs to GitHub's files, where there are any."""
    _append(settings.step_summary, summary_text(outcomes, dry_run=settings.dry_run))
    _append(settings.step_output, "".join(f"{line}\n" for line in output_lines(outcomes)))


def _append(path: Path | None, text: str) -> None:
    if path is not None:
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
