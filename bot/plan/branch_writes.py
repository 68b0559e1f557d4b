"""What a proposal's branch and its head commit need. Pure."""

from bot.forge.port import Branch
from bot.plan.writes import STATUS_NAME, SetStatus, Step, WriteBranch
from bot.pull_request.proposal import Proposal
from model_intelligence.decision.deadline import sentence
from model_intelligence.decision.values import Deadline


def branch_steps(proposal: Proposal, branch: Branch | None) -> tuple[Step, ...]:
    """Makes the branch the base plus our edit, unless it is that already."""
    # A branch without commits was created by a run that was stopped before it wrote the file. One
    # that is merely behind the base is left alone: every push starts the reviewers' checks again.
    if branch is not None and branch.commits and branch.text == proposal.change.after:
        return ()
    return (
        WriteBranch(
            branch=proposal.branch,
            onto=branch.sha if branch else None,
            keep_history=bool(branch and branch.commits),
            path=proposal.change.shown.file,
            before=proposal.change.before,
            after=proposal.change.after,
            message=proposal.commit_message,
        ),
    )


def status_steps(
    deadline: Deadline | None, branch: Branch | None, *, rewritten: bool
) -> tuple[Step, ...]:
    """A failing check once the current model is retired; it passes again if the date moves."""
    shown = None if branch is None or rewritten else (branch.checks or {}).get(STATUS_NAME)
    sha = None if branch is None or rewritten else branch.sha
    if deadline is not None and deadline.stage == "past":
        text = sentence(deadline)
        return () if shown == "failure" else (SetStatus(sha, "failure", text),)
    if shown == "failure":
        return (SetStatus(sha, "success", "the current model is not retired"),)
    return ()
