"""From what is wanted to what is on the forge: plan, print, write, report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from urllib.parse import quote

from bot.forge.port import Forge, ForgeDoubt, ForgeError, PullRequest, Repository
from bot.plan.items import Item, Outcome, PlanningInput, State, Wanted
from bot.plan.plan import plan_pull_requests
from bot.plan.writes import (
    STATUS_NAME,
    DeleteBranch,
    EditPull,
    OpenPull,
    SetMetadata,
    SetStatus,
    Step,
    WriteBranch,
    WriteComment,
)
from bot.reporting import config_issue, dashboard, job_summary
from bot.reporting.score_card_comment import MeasuredProposal, measured_proposals
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.scorecards.values import ScoreCard


@dataclass(frozen=True, slots=True)
class RunContext:
    """What every step of a run needs. `whole` is whether the run is about all use cases."""

    config: BotConfig
    forge: Forge
    now: datetime
    log: Callable[[str], None]
    dry_run: bool = False
    whole: bool = True


def plan_and_apply(
    wanted: Sequence[Wanted],
    current: Mapping[str, str],
    repository: Repository,
    cards: Sequence[ScoreCard],
    context: RunContext,
) -> list[Outcome]:
    """Plans the writes and does them; ForgeDoubt if one may or may not have taken effect."""
    asked = dashboard.commands(dashboard.find(repository.issues), context.now.date())
    inputs = PlanningInput(repository, context.config, asked, context.now)
    plan = plan_pull_requests(wanted, inputs)
    for line in job_summary.plan_text(plan, with_bodies=context.dry_run):
        context.log(line)
    measured = measured_proposals(cards, repository)
    for line in job_summary.score_card_lines(measured):
        context.log(line)
    if context.dry_run:
        return [Outcome(item, item.pull_request, undone=item.steps) for item in plan]
    outcomes = [_carry_out(item, repository, context) for item in plan]
    for proposal in measured:
        _write_score_card(proposal, repository, context)
    if context.whole:
        dashboard.show(outcomes, measured, current, inputs, context.forge)
    # The run has come this far, so the configuration could be read.
    config_issue.close_if_open(context.forge, repository.issues)
    return outcomes


def _carry_out(item: Item, repository: Repository, context: RunContext) -> Outcome:
    """Does an item's steps. If one is refused for good, only this use case needs attention."""
    runner = _StepRunner(repository, context.forge, context.log, item.pull_request)
    try:
        return Outcome(item, runner.do(item.steps))
    except ForgeDoubt:
        raise
    except ForgeError as error:
        failed = replace(item, state=State.ATTENTION, reason=str(error))
        return Outcome(failed, runner.pull, str(error), runner.by_hand, runner.undone)


def _write_score_card(
    proposal: MeasuredProposal, repository: Repository, context: RunContext
) -> None:
    """A conversation that people locked is only a warning: the figures are in the database."""
    if proposal.step is None:
        return
    runner = _StepRunner(repository, context.forge, context.log, proposal.pull)
    try:
        runner.do((proposal.step,))
    except ForgeDoubt:
        raise
    except ForgeError as error:
        context.log(f"#{proposal.pull.number}: the score card could not be written: {error}")


@dataclass(slots=True)
class _StepRunner:
    """Carries out the steps of one plan item in order, keeping what they return."""

    repository: Repository
    forge: Forge
    warn: Callable[[str], None]
    pull: PullRequest | None
    sha: str = ""
    undone: tuple[Step, ...] = ()

    def do(self, steps: Sequence[Step]) -> PullRequest | None:
        """The pull request that the steps are about, if there is one by then.

        Raises ForgeError or ForgeDoubt at the first step that fails. A reviewer whom GitHub does
        not accept is only a warning.
        """
        self.undone = tuple(steps)
        while self.undone:
            self._do(self.undone[0])
            self.undone = self.undone[1:]
        return self.pull

    @property
    def by_hand(self) -> str | None:
        """Where a person can open the pull request, when that is the step that failed."""
        failed = self.undone[0] if self.undone else None
        if not isinstance(failed, OpenPull):
            return None
        # GitHub's form for a new pull request, filled in: the branch is there already.
        change = f"{quote(self.repository.base_branch)}...{quote(failed.branch)}"
        title = quote(failed.title, safe="")
        return f"{self.repository.url}/compare/{change}?expand=1&title={title}"

    def _do(self, step: Step) -> None:
        number = self.pull.number if self.pull else 0
        match step:
            case WriteBranch():
                self.sha = self._write_branch(step)
            case OpenPull():
                self.pull = self.forge.open_pull_request(
                    branch=step.branch,
                    base=self.repository.base_branch,
                    title=step.title,
                    body=step.body,
                )
            case EditPull(title=title, body=body, state=state):
                self.forge.edit_pull_request(number, title=title, body=body, state=state)
            case SetMetadata():
                self._set_metadata(step, number)
            case WriteComment():
                self.forge.write_comment(number, step.body, step.comment_id)
            case DeleteBranch():
                self.forge.delete_branch(step.branch)
            case SetStatus(sha=sha, state=state, description=description):
                self.forge.set_status(
                    sha or self.sha, name=STATUS_NAME, state=state, description=description
                )
            case _:
                assert_never(step)

    def _write_branch(self, step: WriteBranch) -> str:
        if step.onto is None:
            self.forge.create_branch(step.branch, self.repository.base_sha)
            return self.forge.put_file(
                branch=step.branch,
                path=step.path,
                before=step.before,
                after=step.after,
                message=step.message,
            )
        # The tree is the base's, so the branch ends as the base plus our edit; the old head is a
        # parent, so it moves by a fast-forward. Had somebody pushed since, GitHub would refuse,
        # where a forced push would lose their commits.
        own = [step.onto] if step.keep_history else []
        sha = self.forge.commit(
            base_tree=self.repository.base_tree,
            parents=[*own, self.repository.base_sha],
            files={step.path: step.after},
            message=step.message,
        )
        self.forge.fast_forward(step.branch, sha)
        return sha

    def _set_metadata(self, step: SetMetadata, number: int) -> None:
        if step.labels or step.assignees:
            self.forge.set_labels(number, labels=step.labels, assignees=step.assignees)
        if not (step.reviewers or step.team_reviewers):
            return
        try:
            self.forge.request_reviewers(number, step.reviewers, step.team_reviewers)
        except ForgeDoubt:
            raise
        except ForgeError as error:
            asked = ", ".join((*step.reviewers, *step.team_reviewers))
            self.warn(f"#{number}: these reviewers could not be asked ({asked}): {error}")
