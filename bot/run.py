"""The scheduled job, top to bottom: from what is known to the draft pull requests."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial

from sqlalchemy import Engine

from bot.apply import RunContext, plan_and_apply
from bot.forge.port import Forge, Repository
from bot.forge.retry_rounds import Sleep, converge
from bot.memory import keep_score, remember, remember_written, save
from bot.plan.items import Outcome
from bot.plan.plan import open_targets, proposal_statuses
from bot.pull_request.proposal import branch_of
from bot.reporting import job_summary
from bot.reporting.config_issue import report_problems
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

Log = Callable[[str], None]
FetchSources = Callable[[tuple[str, ...]], Sequence[FetchedSource]]  # by configured models


def run(settings: Settings, forge: Forge, now: datetime, log: Log, sleep: Sleep) -> list[Outcome]:
    """One run at `now` (aware UTC); raises ModelIntelligenceError with what to do about it."""
    try:
        config = yaml_file.read(settings.config_directory / "bot.yaml", BotConfig)
        sources = usable_sources(config, log)
        whole = settings.only_use_case is None
        context = RunContext(config, forge, now, log, settings.dry_run, whole)
        with open_database(settings.database_url) as engine:
            # Cached, so that a round after a doubt does not fetch everything again.
            fetch = cache(partial(fetch_sources, engine, sources, context))
            outcomes = converge(lambda: one_round(engine, settings, context, fetch), log, sleep)
    except ConfigError as error:
        problems = str(error)
        if not settings.dry_run:
            converge(lambda: report_problems(forge, problems), log, sleep)
        raise
    job_summary.write(outcomes, settings, forge.sent)
    job_summary.raise_failures(outcomes)
    return outcomes


def one_round(
    engine: Engine, settings: Settings, context: RunContext, fetch: FetchSources
) -> list[Outcome]:
    """Reads everything, decides, and writes what is missing; another round finds it done."""
    repository = read_repository(context)
    current = current_models(repository.files, context.config)
    configured = tuple(current.values())
    ingest(engine, settings, configured, fetch(configured), context)
    statuses = proposal_statuses(repository)
    remember(engine, statuses, context.now)
    cards = keep_score(engine, statuses, context.config, context.now)
    regressed = regressions(cards, current)
    chosen = settings.chosen(current)
    decisions = decide(engine, chosen, open_targets(repository), regressed, context)
    wanted = save(engine, decisions)
    outcomes = plan_and_apply(wanted, current, repository, cards, context)
    remember_written(engine, outcomes, context.now)
    return outcomes


def usable_sources(config: BotConfig, log: Log) -> Sequence[Source]:
    """The live sources that bot.yaml names; a plug-in that cannot be loaded is only logged."""
    sources, problems = live_sources(config)
    for problem in problems:
        log(problem)
    return sources


def fetch_sources(
    engine: Engine, sources: Sequence[Source], context: RunContext, configured: tuple[str, ...]
) -> tuple[FetchedSource, ...]:
    """What the sources list now; opinions are searched for the `configured` models."""
    providers = context.config.providers()
    return read_sources(
        engine, sources, now=context.now, configured=configured, providers=providers
    )


def read_repository(context: RunContext) -> Repository:
    """Everything on the forge that the run needs, read once."""
    context.log("reading the repository")
    config = context.config
    branches = {branch_of(use_case): config.file_of(use_case) for use_case in config.use_cases}
    return context.forge.read(config.files, config.base_branch, branches)


def ingest(
    engine: Engine,
    settings: Settings,
    configured: Iterable[str],
    fetched: Sequence[FetchedSource],
    context: RunContext,
) -> None:
    """Stores models, prices, benchmarks and telemetry, all or nothing."""
    context.log("ingesting models, prices, benchmarks and telemetry")
    with named(context.config.telemetry.events) as events, transaction(engine) as session:
        report = refresh_all(
            session,
            settings.config_directory,
            configured,
            context.now,
            settings.window_days,
            fetched=fetched,
            events=events,
        )
    for line in (*source_run_lines(report.sources), *drift_lines(report.runtime)):
        context.log(line)


def decide(
    engine: Engine,
    current: Mapping[str, str],
    proposed: Mapping[str, str],
    regressed: Mapping[str, Regression],
    context: RunContext,
) -> list[Decision]:
    """One decision per use case, from evidence that is read once.

    `proposed` is what open proposals name, which are not replaced for a small gain. `regressed` is
    what merged ones made worse, and should be undone.
    """
    context.log(f"recommending for {len(current)} use cases")
    with transaction(engine) as session:
        evidence = load_evidence(session, context.now)
    config, today = context.config, context.now.date()
    return [
        recommend(
            config.policy(use_case),
            model,
            evidence,
            today,
            config.retirement,
            proposed=proposed.get(use_case),
            regression=regressed.get(use_case),
        )
        for use_case, model in current.items()
    ]
