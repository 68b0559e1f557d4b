"""From what is wanted to what stands on the forge: plan, show, carry out, dashboard."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot import complaint, dashboard, summary
from bot.forge import Forge, ForgeDoubt, ForgeError, Repository
from bot.items import Item, NoWish, Outcome, Scene, State
from bot.plan import plan_pull_requests
from bot.proposal import Wish
from bot.score import Scored, scored
from bot.steps import Work
from model_intelligence.policy import BotConfig
from model_intelligence.scorecards.scorecard import ScoreCard


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
    cards: Sequence[ScoreCard],
    stage: Stage,
) -> list[Outcome]:
    """Brings about what is wanted; ForgeDoubt when a write may or may not have taken effect."""
    asked = dashboard.commands(dashboard.find(repository.issues), stage.now.date())
    scene = Scene(repository, stage.config, asked, stage.now)
    plan = plan_pull_requests(wanted, scene)
    for line in summary.plan_text(plan, with_bodies=stage.dry_run):
        stage.say(line)
    shown = scored(cards, repository)
    for line in summary.score_text(shown):
        stage.say(line)
    if stage.dry_run:
        return [Outcome(item, item.pull_request) for item in plan]
    outcomes = [_carry_out(item, repository, stage) for item in plan]
    for each in shown:
        _comment(each, repository, stage)
    if stage.whole:
        dashboard.show(outcomes, shown, current, scene, stage.forge)
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


def _comment(one: Scored, repository: Repository, stage: Stage) -> None:
    """A conversation that people locked is only warned of: the figures are in the database."""
    if one.step is None:
        return
    work = Work(repository, stage.forge, stage.say, one.pull)
    try:
        work.do((one.step,))
    except ForgeDoubt:
        raise
    except ForgeError as error:
        stage.say(f"#{one.pull.number}: the score card could not be written: {error}")
