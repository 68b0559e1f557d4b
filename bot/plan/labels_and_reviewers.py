"""Labels, assignees and reviewers: the bot sets each once, then leaves it to people. Pure."""

from pathspec import GitIgnoreSpec

from bot.forge.port import PullRequest
from bot.plan.items import PlanningInput
from bot.plan.writes import SetMetadata
from model_intelligence.config.bot_yaml import PullRequests
from model_intelligence.decision.values import Deadline

URGENT = "urgent"


def missing_metadata(
    path: str, deadline: Deadline | None, pull: PullRequest | None, inputs: PlanningInput
) -> SetMetadata:
    """What the pull request (None: a new one) never had; what people removed is not added again.

    `path` is the file that it changes.
    """
    settings = inputs.config.pull_requests
    wanted = list(settings.labels)
    if deadline is not None and deadline.stage in {"urgent", "past"}:
        wanted.append(URGENT)
    labels = pull.labels if pull else ()
    events = pull.events if pull else ()
    had = {*labels, *(event.label for event in events)}
    kinds = {event.kind for event in events}
    new_labels = tuple(label for label in wanted if label not in had)
    assigned = bool(pull and pull.assignees) or "assigned" in kinds
    # The list of requested reviewers is no help: GitHub takes a person off it when the review is
    # in.
    asked = "reviewrequested" in kinds
    people, teams = reviewers(settings, inputs.repository.codeowners, path)
    return SetMetadata(
        labels=(*labels, *new_labels) if new_labels else (),
        assignees=() if assigned else settings.assignees,
        reviewers=() if asked else people,
        team_reviewers=() if asked else teams,
    )


def reviewers(
    settings: PullRequests, codeowners: str | None, path: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """People and teams to ask: those configured, and the file's code owners if wanted."""
    people, teams = list(settings.reviewers), list(settings.team_reviewers)
    if settings.codeowners and codeowners is not None:
        for owner in owners(codeowners, path):
            kind = teams if "/" in owner else people
            kind.append(owner.rpartition("/")[2])
    return tuple(dict.fromkeys(people)), tuple(dict.fromkeys(teams))


def owners(codeowners: str, path: str) -> list[str]:
    """Who owns `path`: the last matching line of a CODEOWNERS file decides, as on GitHub."""
    last_match: list[str] = []
    for line in codeowners.splitlines():
        pattern, *named = line.partition("#")[0].split() or [""]
        if pattern and GitIgnoreSpec.from_lines([pattern]).match_file(path):
            last_match = named
    # An owner may also be a mail address, which nobody can be asked by.
    return [name.removeprefix("@") for name in last_match if name.startswith("@")]
