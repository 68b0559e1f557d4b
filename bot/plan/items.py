"""What a plan is made of: use cases with their states, reasons and steps."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.forge.port import PullRequest, Repository
from bot.plan.writes import EditPull, OpenPull, Step
from bot.pull_request.proposal import Proposal
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.decision.values import Deadline
from model_intelligence.explanation.recommendation import Recommendation


class State(StrEnum):
    """The state of a use case."""

    PROPOSED = "proposed"
    KEPT = "kept"
    HELD = "held back"
    EDITED = "edited by a person"
    REJECTED = "rejected"
    ATTENTION = "needs attention"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The change that a use case should have, or none, and the recommender's reason.

    `recommendation` is stored already. `known_since` is the first day that any source lists the
    recommended model.
    """

    use_case: str
    current: str
    reason: str
    recommendation: Recommendation | None = None
    deadline: Deadline | None = None
    known_since: date | None = None

    @property
    def goes_back(self) -> bool:
        """Whether it undoes a merged change that our own calls show to be a loss."""
        return bool(self.recommendation and self.recommendation.decision.get("regression"))


@dataclass(frozen=True, slots=True)
class Commands:
    """What people asked for: use cases to go ahead with, and until when others are snoozed."""

    proceed: frozenset[str] = frozenset()
    snoozed: dict[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """One use case: its state, why, and what is to be written.

    `goes_back` is whether it undoes a merged change that our own calls show to be a loss.
    """

    use_case: str
    state: State
    reason: str
    steps: tuple[Step, ...] = ()
    pull_request: PullRequest | None = None
    proposal: Proposal | None = None
    deadline: Deadline | None = None
    goes_back: bool = False

    @property
    def opens(self) -> bool:
        """Whether this is a new pull request."""
        return any(isinstance(step, OpenPull) for step in self.steps)


@dataclass(frozen=True, slots=True)
class Outcome:
    """An item with its pull request as it is after the run, or the refusal that stopped it.

    `by_hand` is an address where a person can do what was refused, `undone` the steps that were not
    carried out.
    """

    item: Item
    pull_request: PullRequest | None
    error: str | None = None
    by_hand: str | None = None
    undone: tuple[Step, ...] = ()

    @property
    def written_proposal(self) -> Proposal | None:
        """The proposal, if its body is on the forge exactly as it is here."""
        if any(isinstance(step, OpenPull | EditPull) for step in self.undone):
            return None
        return self.item.proposal


@dataclass(frozen=True, slots=True)
class PlanningInput:
    """What the plan of every use case depends on. `now` is aware UTC."""

    repository: Repository
    config: BotConfig
    commands: Commands
    now: datetime

    def text_of(self, use_case: str) -> str:
        """The use case's file as the base has it."""
        return self.repository.files[self.config.file_of(use_case)]
