"""What a run prints and writes: the plan, the job summary, and outputs for later steps."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bot.forge.port import ForgeError
from bot.plan.items import Item, Outcome, State
from bot.pull_request.templating import render
from bot.reporting.score_card_comment import MeasuredProposal
from bot.settings import Settings
from model_intelligence.scorecards.text import result as result_of


def plan_text(plan: Sequence[Item], *, with_bodies: bool) -> Iterable[str]:
    """A line for each use case with its reason; then the diffs, and the bodies if asked."""
    yield ""
    word = max((len(_word(item)) for item in plan), default=0)
    name = max((len(item.use_case) for item in plan), default=0)
    for item in plan:
        yield f"{_word(item):<{word}}  {item.use_case:<{name}}  {item.reason}"
    for item in plan:
        if item.proposal is not None and item.steps:
            yield f"\n{item.proposal.title}"
            yield item.proposal.change.shown.diff.rstrip("\n")
            if with_bodies:
                yield f"\nbranch: {item.proposal.branch}\ntitle: {item.proposal.title}\nbody:"
                yield item.proposal.body.rstrip("\n")


def score_card_lines(shown: Sequence[MeasuredProposal]) -> Iterable[str]:
    """The results of merged proposals whose score card is out of date."""
    for proposal in shown:
        newest = proposal.card.newest
        if proposal.step is not None and newest is not None:
            yield f"#{proposal.pull.number} after {newest.days} days: {result_of(newest)}"


def _word(item: Item) -> str:
    if item.opens:
        return "propose"
    return "update proposal" if item.proposal and item.steps else item.state.value


def result(outcome: Outcome) -> str:
    """One word for what the run did: `opened`, `updated`, or the state that stays."""
    if outcome.error is not None:
        return "failed"
    if outcome.item.opens:
        return "opened"
    return "updated" if outcome.item.steps else "unchanged"


def summary_text(outcomes: Sequence[Outcome], sent: Mapping[str, int], *, dry_run: bool) -> str:
    """The job summary as Markdown."""
    rows = [{"outcome": done, "item": done.item, "result": result(done)} for done in outcomes]
    return render("summary.md.j2", rows=rows, sent=sent, dry_run=dry_run)


def output_lines(outcomes: Sequence[Outcome]) -> Iterable[str]:
    """`name=value` lines for later steps of a workflow."""
    results = Counter(map(result, outcomes))
    states = Counter(done.item.state for done in outcomes)
    yield from (f"{name}={results[name]}" for name in ("opened", "updated", "failed"))
    yield from (f"{state.value.replace(' ', '-')}={states[state]}" for state in State)
    pulls = [done.pull_request for done in outcomes if done.item.steps and done.pull_request]
    yield f"pull-requests={','.join(str(pull.number) for pull in pulls)}"
    yield f"urls={' '.join(pull.url for pull in pulls)}"


def write(outcomes: Sequence[Outcome], settings: Settings, sent: Mapping[str, int]) -> None:
    """Adds the summary and the outputs to GitHub's files, where there are any."""
    _append(settings.step_summary, summary_text(outcomes, sent, dry_run=settings.dry_run))
    _append(settings.step_output, "".join(f"{line}\n" for line in output_lines(outcomes)))


def raise_failures(outcomes: Sequence[Outcome]) -> None:
    """Raises ForgeError if something failed: a line for each reason, and what to do by hand."""
    failed = [outcome for outcome in outcomes if outcome.error]
    if not failed:
        return
    reasons: dict[str, list[str]] = {}
    for outcome in failed:
        reasons.setdefault(str(outcome.error), []).append(outcome.item.use_case)
    raise ForgeError(
        "\n".join(
            [
                *(f"{', '.join(names)}: {reason}" for reason, names in reasons.items()),
                *(f"open it yourself: {outcome.by_hand}" for outcome in failed if outcome.by_hand),
                f"{len(outcomes) - len(failed)} of {len(outcomes)} use cases succeeded",
            ]
        )
    )


def _append(path: Path | None, text: str) -> None:
    if path is not None:
        # Earlier steps of the job may have written to these files.
        with path.open("a", encoding="utf-8") as file:
            file.write(text)
