"""Looks at everything that a run needs from outside, tells all of it, and changes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from bot import settings
from bot.forge.github import connect
from bot.forge.port import ForgeError
from bot.setup import check
from bot.setup.finding import Finding, Verdict
from bot.setup.github_checks import github_findings
from model_intelligence import db
from model_intelligence.config import yaml_file
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.config.yaml_file import ConfigError
from model_intelligence.errors import ModelIntelligenceError, UsageError
from model_intelligence.evidence.load import count_models
from model_intelligence.evidence.offline_catalog import offline_catalog
from model_intelligence.refresh import live_sources, read_sources
from model_intelligence.sources.http import Fetched, NotModified


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at: a checkout's top folder, its configuration, and the environment."""

    top: Path
    config: Path
    environment: Mapping[str, str]
    now: datetime


def findings(patient: Patient) -> Iterator[Finding]:
    """Everything, in the order in which a run needs it."""
    yield _configuration(patient)
    yield from _github(patient)
    try:
        address = db.database_url(patient.environment)
        with db.open_engine(address) as engine:
            yield _database(engine, address)
            yield from _sources(engine, patient)
    except UsageError as error:
        yield Finding("database", "problem", "there is none", _last(error))
    except ModelIntelligenceError as error:
        yield Finding("database", "problem", _first(error), _last(error))


def _configuration(patient: Patient) -> Finding:
    try:
        catalog = offline_catalog(patient.top / patient.config, patient.now)
    except ConfigError:  # counted below, with the rest
        catalog = offline_catalog(patient.top / "no such folder", patient.now)
    report = check.check(patient.top, patient.config, catalog)
    *_, counted = check.report_lines(report)
    verdict: Verdict = "problem" if not report.is_clean else "warning" if report.problems else "ok"
    fix = "`model-bot check` tells each with its place" if report.problems else ""
    return Finding("configuration", verdict, counted[2:], fix)


def _github(patient: Patient) -> Iterator[Finding]:
    try:
        given = {**patient.environment, "DATABASE_URL": "embedded:"}  # which is looked at below
        wanted = settings.from_environment(given, config_directory=patient.config)
        token = "ghs_" if wanted.token is None else wanted.token
        yield from github_findings(connect(wanted), token, patient.now)
    except UsageError as error:
        yield Finding("token", "problem", _first(error), _last(error).partition(", or try")[0])
    except ForgeError as error:
        yield Finding("GitHub", "problem", _first(error), _last(error))


def _database(engine: Engine, address: str) -> Finding:
    kind = "embedded" if address.startswith("embedded:") else "a server"
    at, wanted = db.revisions(engine)
    if at is None:
        return Finding("database", "warning", f"{kind}, empty", "the first run fills it")
    if at != wanted:
        found = f"{kind}, at revision {at} where this program has {wanted}"
        return Finding("database", "warning", found, "the next run, or `model-intel migrate`")
    with db.transaction(engine) as session:
        models = count_models(session)
    if models == 0:
        return Finding("database", "warning", f"{kind}, without a model", "the first run fills it")
    return Finding("database", "ok", f"{kind}, {models:,} models, revision {at}")


def _sources(engine: Engine, patient: Patient) -> Iterator[Finding]:
    """Each live source that bot.yaml names is fetched, and nothing of it is stored."""
    try:
        config = yaml_file.read(patient.top / patient.config / "bot.yaml", BotConfig)
        live, unusable = live_sources(config)
    except ConfigError:
        return  # told as the configuration
    for problem in unusable:
        yield Finding("sources", "warning", problem, "mend or remove the plug-in")
    if not live:
        yield Finding("sources", "ok", "the bundled lists; `model-intel sources` names live ones")
        return
    at, wanted = db.revisions(engine)
    if at != wanted:
        yield Finding("sources", "warning", "not tried before the database is there")
        return
    for source, outcome in read_sources(
        engine, live, now=patient.now, environment=patient.environment
    ):
        if isinstance(outcome, Fetched | NotModified):
            yield Finding(f"source {source.name}", "ok", "can be read")
        else:
            fix = "a run goes on without it, and its older evidence ages"
            yield Finding(f"source {source.name}", "warning", outcome.reason, fix)


def _first(error: Exception) -> str:
    return str(error).partition("; ")[0]


def _last(error: Exception) -> str:
    return str(error).partition("; ")[2]
