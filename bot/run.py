"""The scheduled job, top to bottom: from what is known to the draft pull requests."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial

from sqlalchemy import Engine

from bot.apply import Stage, act
from bot.forge.port import Forge, Repository
from bot.forge.retry_rounds import Sleep, converge
from bot.memory import keep_score, remember, save
from bot.plan.items import Outcome
from bot.plan.plan import fates, open_targets, opened_fates
from bot.pull_request.proposal import branch_of
from bot.reporting import job_summary
from bot.reporting.config_issue import complain
from bot.settings import Settings
from model_intelligence.config import yaml_file
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.config.models_yaml import current_models
from model_intelligence.config.yaml_file import ConfigError
from model_intelligence.db import open_database, transaction
from model_intelligence.decision.values import Decision, Regression
from model_intelligence.evidence.load import load_evidence
from model_intelligence.recommender import recommend
from model_intelligence.refresh import FetchedSource, live_sources, read_sources, refresh_all
from model_intelligence.report.terminal_text import drift_lines, source_run_lines
from model_intelligence.scorecards.text import regressions
from model_intelligence.sources.source import Source
from model_intelligence.telemetry.engines import named

Say = Callable[[str], None]
Looks = Callable[[tuple[str, ...]], Sequence[FetchedSource]]  # once for the same configured models


def run(settings: Settings, forge: Forge, now: datetime, say: Say, sleep: Sleep) -> list[Outcome]:
    """One run at `now` (aware UTC); raises ModelIntelligenceError with what to do about it."""
    try:
        config = yaml_file.read(settings.config_directory / "bot.yaml", BotConfig)
        live, unusable = live_sources(config)
        for problem in unusable:
            say(problem)
        whole = settings.only_use_case is None
        stage = Stage(config, forge, now, say, settings.dry_run, whole)
        with open_database(settings.database_url) as engine:
            looks = cache(partial(looked, engine, live, config.providers(), now))
            outcomes = converge(lambda: one_round(engine, settings, stage, looks), say, sleep)
    except ConfigError as error:
        problems = str(error)
        if not settings.dry_run:
            converge(lambda: complain(forge, problems), say, sleep)
        raise
    job_summary.write(outcomes, settings, forge.sent)
    job_summary.fail_on_refusals(outcomes)
    return outcomes


def looked(
    engine: Engine,
    live: Sequence[Source],
    providers: Collection[str],
    now: datetime,
    configured: tuple[str, ...],
) -> tuple[FetchedSource, ...]:
    """What the live sources say; of the configured models where people's opinions are searched."""
    return read_sources(engine, live, now=now, configured=configured, providers=providers)


def one_round(engine: Engine, settings: Settings, stage: Stage, looks: Looks) -> list[Outcome]:
    """Reads everything, decides, brings about what is missing; another round finds it done."""
    repository = read(stage)
    current = current_models(repository.files, stage.config)
    configured = tuple(current.values())
    ingest(engine, settings, configured, stage, looks(configured))
    remember(engine, fates(repository), stage.now)
    cards = keep_score(engine, fates(repository), stage.config, stage.now)
    lost = regressions(cards, current)
    decisions = decide(engine, settings.chosen(current), open_targets(repository), lost, stage)
    wanted = save(engine, decisions, stage.config, repository.files)
    outcomes = act(wanted, current, repository, cards, stage)
    remember(engine, opened_fates(outcomes), stage.now)
    return outcomes


def read(stage: Stage) -> Repository:
    """Everything on the forge that the run is about."""
    stage.say("reading the repository")
    config = stage.config
    branches = {branch_of(use_case): config.file_of(use_case) for use_case in config.use_cases}
    return stage.forge.read(config.files, config.base_branch, branches)


def ingest(
    engine: Engine,
    settings: Settings,
    configured: Iterable[str],
    stage: Stage,
    fetched: Sequence[FetchedSource],
) -> None:
    """Models, prices, benchmarks and telemetry into the database, all or nothing."""
    stage.say("ingesting models, prices, benchmarks and telemetry")
    with named(stage.config.telemetry.events) as events, transaction(engine) as session:
        report = refresh_all(
            session,
            settings.config_directory,
            configured,
            stage.now,
            settings.window_days,
            fetched=fetched,
            events=events,
        )
    for line in (*source_run_lines(report.sources), *drift_lines(report.runtime)):
        stage.say(line)


def decide(
    engine: Engine,
    current: Mapping[str, str],
    proposed: Mapping[str, str],
    lost: Mapping[str, Regression],
    stage: Stage,
) -> list[Decision]:
    """One decision per use case, from evidence that is read once.

    `proposed` is what open proposals name: none is given up for a trifle. `lost` is what merged
    ones have brought that should be undone.
    """
    stage.say(f"recommending for {len(current)} use cases")
    with transaction(engine) as session:
        evidence = load_evidence(session, stage.now)
    config, today = stage.config, stage.now.date()
    return [
        recommend(
            config.policy(use_case),
            model,
            evidence,
            today,
            config.retirement,
            proposed=proposed.get(use_case),
            regression=lost.get(use_case),
        )
        for use_case, model in current.items()
    ]
