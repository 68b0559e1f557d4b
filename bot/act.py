"""From what is wanted to what stands on the forge: plan, show, carry out, dashboard."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import complaint, dashboard, summary
from bot.forge import Forge, ForgeDoubt, ForgeError, Repository
from bot.items import Item, NoWish, Outcome, Scene, State
from bot.plan import plan_pull_requests
from bot.proposal import Wish
from bot.steps import Work
from model_intelligence.policy import BotConfig


@dataclass(frozen=True, slots=True)
class Stage:
    """Where and how a plan is carried out. `whole` is whether all use cases are wanted."""

    config: BotConfig
    forge: Forge
    now: datetime
    say: Callable[[str], None]
    dry_run: bool = False
    whole: bool = True


def act(
    wanted: Sequence[Wish | NoWish],
    current: Mapping[str, str],
    repository: Repository,
    stage: Stage,
) -> list[Outcome]:
    """Brings about what is wanted; ForgeDoubt when a write may or may not have taken effect."""
    board = dashboard.find(repository.issues)
    asked = dashboard.commands(board, stage.now.date())
    scene = Scene(repository, stage.config, asked, stage.now)
    plan = plan_pull_requests(wanted, scene)
    for line in summary.plan_text(plan, with_bodies=stage.dry_run):
        stage.say(line)
    if stage.dry_run:
        return [Outcome(item, item.pull_request) for item in plan]
    outcomes = [_carry_out(item, repository, stage) for item in plan]
    if stage.whole:
        dashboard.show(board, outcomes, current, scene, stage.forge)
    complaint.withdraw(stage.forge, repository.issues)
    return outcomes


def _carry_out(item: Item, repository: Repository, stage: Stage) -> Outcome:
    """Does an item's steps; one that is refused for good needs attention, and the others go on."""
    work = Work(repository, stage.forge, stage.say, item.pull_request)
    try:
        return Outcome(item, work.do(item.steps))
    except ForgeDoubt:
        raise
    except ForgeError as error:
        failed = replace(item, state=State.ATTENTION, reason=str(error))
        return Outcome(failed, work.pull, str(error), work.by_hand)
