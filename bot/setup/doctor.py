"""Checks everything that a run needs, reports all of it, and changes nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from bot import settings
from bot.forge.github import connect
from bot.forge.port import ForgeError
from bot.setup import check
from bot.setup.doctor_finding import Finding, FindingStatus
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
    """What is checked: the top folder of a checkout, its configuration, and the environment."""

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
        yield Finding("database", "problem", "none is configured", _last(error))
    except ModelIntelligenceError as error:
        yield Finding("database", "problem", _first(error), _last(error))


def _configuration(patient: Patient) -> Finding:
    try:
        catalog = offline_catalog(patient.top / patient.config, patient.now)
    except ConfigError:  # reported below, with the rest
        catalog = offline_catalog(patient.top / "no such folder", patient.now)
    report = check.check(patient.top, patient.config, catalog)
    *_, counted = check.report_lines(report)
    status: FindingStatus = (
        "problem" if not report.is_clean else "warning" if report.problems else "ok"
    )
    fix = "`model-bot check` lists them with line numbers" if report.problems else ""
    return Finding("configuration", status, counted[2:], fix)


def _github(patient: Patient) -> Iterator[Finding]:
    try:
        given = {**patient.environment, "DATABASE_URL": "embedded:"}  # checked separately below
        wanted = settings.from_environment(given, config_directory=patient.config)
        # Without a token there is an App, whose installation tokens begin so.
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
        return Finding("database", "warning", f"{kind}, empty", "the first run will fill it")
    if at != wanted:
        found = f"{kind}, at revision {at}; this program needs {wanted}"
        return Finding(
            "database", "warning", found, "the next run or `model-intel migrate` updates it"
        )
    with db.transaction(engine) as session:
        models = count_models(session)
    if models == 0:
        return Finding(
            "database", "warning", f"{kind}, without models", "the first run will fill it"
        )
    return Finding("database", "ok", f"{kind}, {models:,} models, revision {at}")


def _sources(engine: Engine, patient: Patient) -> Iterator[Finding]:
    """Each live source that bot.yaml names is fetched, and nothing of it is stored."""
    try:
        config = yaml_file.read(patient.top / patient.config / "bot.yaml", BotConfig)
        live, unusable = live_sources(config)
    except ConfigError:
        return  # reported as the configuration
    for problem in unusable:
        yield Finding("sources", "warning", problem, "fix or remove the plug-in")
    if not live:
        yield Finding(
            "sources", "ok", "bundled price lists only; `model-intel sources` lists live sources"
        )
        return
    at, wanted = db.revisions(engine)
    if at != wanted:
        yield Finding("sources", "warning", "not checked before the database exists")
        return
    for source, outcome in read_sources(
        engine, live, now=patient.now, environment=patient.environment
    ):
        if isinstance(outcome, Fetched | NotModified):
            yield Finding(f"source {source.name}", "ok", "can be read")
        else:
            fix = "a run continues without it, with its older evidence"
            yield Finding(f"source {source.name}", "warning", outcome.reason, fix)


def _first(error: Exception) -> str:
    return str(error).partition("; ")[0]


def _last(error: Exception) -> str:
    return str(error).partition("; ")[2]
