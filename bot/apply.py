"""Carries out one planned action; every step may find its work already done by an earlier run."""

from typing import assert_never

from bot.forge import Forge, PullRequest, Repository
from bot.plan import Action, Leave, Open, Update
from bot.proposal import Proposal


def apply(action: Action, repository: Repository, forge: Forge) -> PullRequest | None:
    """The pull request that the action concerns, as it is now; None when there is none."""
    match action:
        case Open(proposal=proposal):
            _write_branch(proposal, repository, forge)
            return forge.open_pull_request(
                branch=proposal.branch,
                base=repository.base_branch,
                title=proposal.title,
                body=proposal.body,
            )
        case Update(proposal=proposal, pull_request=pull_request):
            _write_branch(proposal, repository, forge)
            forge.edit_pull_request(pull_request.number, title=proposal.title, body=proposal.body)
            return pull_request
        case Leave(pull_request=pull_request):
            return pull_request
        case _:
            assert_never(action)


def _write_branch(proposal: Proposal, repository: Repository, forge: Forge) -> None:
    """Makes the branch the base plus our edit, by a commit that descends from where it was."""
    branch = repository.branches.get(proposal.branch)
    if branch is not None and branch.text == proposal.after:
        return
    parents = [repository.base_sha] if branch is None else [branch.head.sha, repository.base_sha]
    sha = forge.commit(
        base_tree=repository.base_tree,
        parents=parents,
        files={proposal.path: proposal.after},
        message=proposal.commit_message,
    )
    if branch is None:
        forge.create_branch(proposal.branch, sha)
    else:
        forge.fast_forward(proposal.branch, sha)
