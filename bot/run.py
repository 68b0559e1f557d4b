"""The scheduled job, top to bottom: from what is known to the draft pull requests."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine

from bot import summary
from bot.apply import apply
from bot.forge import Forge, Repository
from bot.plan import Action, Fate, Leave, NoProposal, fates, plan_pull_requests
from bot.proposal import Proposal, branch_of, propose
from bot.settings import Settings
from model_intelligence import config_files, recommendations
from model_intelligence.current_models import current_models
from model_intelligence.db import open_database, transaction
from model_intelligence.evidence import load_evidence
from model_intelligence.policy import BotConfig
from model_intelligence.recommender import recommend
from model_intelligence.records import Decision, Keep, Upgrade
from model_intelligence.refresh import refresh_all

Say = Callable[[str], None]


def run(settings: Settings, forge: Forge, now: datetime, say: Say) -> list[summary.Outcome]:
    """One run at `now` (aware UTC); raises ModelIntelligenceError with what to do about it."""
    config = config_files.read(settings.config_directory / "bot.yaml", BotConfig)
    say("reading the repository")
    branches = [branch_of(use_case) for use_case in config.use_cases]
    repository = forge.read(config.models_file, config.base_branch, branches)
    current = current_models(repository.models_file.text, config)
    with open_database(settings.database_url) as engine:
        say("ingesting models, prices, benchmarks and telemetry")
        with transaction(engine) as session:
            refresh_all(
                session, settings.config_directory, current.values(), now, settings.window_days
            )
        say(f"recommending for {len(current)} use cases")
        decisions = decide(engine, config, settings.chosen(current), now)
        remember(engine, fates(repository), now)
        wanted = propose_all(engine, decisions, config, repository)
        plan = plan_pull_requests(wanted, repository)
        for line in summary.plan_text(plan, with_bodies=settings.dry_run):
            say(line)
        outcomes = carry_out(plan, repository, forge, dry_run=settings.dry_run)
        remember(engine, opened(outcomes), now)
    summary.write(outcomes, settings)
    return outcomes


def decide(
    engine: Engine, config: BotConfig, current: Mapping[str, str], now: datetime
) -> list[Decision]:
    """One decision per use case, from evidence that is read once."""
    with transaction(engine) as session:
        evidence = load_evidence(session, now)
    return [
        recommend(config.policy(use_case), model, evidence, now.date())
        for use_case, model in current.items()
    ]


def propose_all(
    engine: Engine, decisions: Sequence[Decision], config: BotConfig, repository: Repository
) -> list[Proposal | NoProposal]:
    """Saves the upgrades and turns each decision into what should stand on GitHub."""
    upgrades = [decision for decision in decisions if isinstance(decision, Upgrade)]
    with transaction(engine) as session:
        stored = {item.use_case: item for item in recommendations.save(session, upgrades)}
    return [
        NoProposal(decision.assessment.use_case, decision.reason)
        if isinstance(decision, Keep)
        else propose(stored[decision.assessment.use_case], config, repository.models_file.text)
        for decision in decisions
    ]


def carry_out(
    plan: Sequence[Action], repository: Repository, forge: Forge, *, dry_run: bool
) -> list[summary.Outcome]:
    """Each action with the pull request it concerns; a dry run writes nothing."""
    if dry_run:
        return [
            (action, None if not isinstance(action, Leave) else action.pull_request)
            for action in plan
        ]
    return [(action, apply(action, repository, forge)) for action in plan]


def opened(outcomes: Sequence[summary.Outcome]) -> list[Fate]:
    """The recommendations that stand in an open pull request now."""
    return [
        Fate(action.proposal.marker.recommendation, "proposed", pull_request.url)
        for action, pull_request in outcomes
        if not isinstance(action, Leave) and pull_request is not None
    ]


def remember(engine: Engine, known: Sequence[Fate], now: datetime) -> None:
    """Stores what became of recommendations; GitHub is the truth, the database its memory."""
    with transaction(engine) as session:
        for fate in known:
            recommendations.set_status(session, fate.recommendation, fate.status, fate.url, now)
