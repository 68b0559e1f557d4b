"""The command that lists recommendations as text, JSON or an HTML page."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from model_intelligence.commands import shared
from model_intelligence.commands.shared import CONFIG, AsOf, ConfigDirectory
from model_intelligence.errors import UsageError

if TYPE_CHECKING:
    from model_intelligence.explanation.recommendation import Recommendation


class ReportFormat(StrEnum):
    """The format of the report."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


def report(
    latest: Annotated[
        bool, typer.Option("--latest", help="Only the newest of each use case.")
    ] = False,
    use_case: Annotated[str | None, typer.Option(help="Only this use case.")] = None,
    status: Annotated[
        str | None,
        typer.Option(help="proposed, accepted, rejected, implemented or superseded."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="The number of recommendations, at most.")] = 20,
    as_of: AsOf = None,
    output_format: Annotated[
        ReportFormat, typer.Option("--format", help="text, json, or html: one page of everything.")
    ] = ReportFormat.TEXT,
    output: Annotated[Path | None, typer.Option(help="Write to this file instead.")] = None,
    config: ConfigDirectory = CONFIG,
) -> None:
    """List stored recommendations, newest first; as html, all use cases with their evidence.

    Example: model-intel report --format html --output models.html
    """
    from model_intelligence.models import RECOMMENDATION_STATUSES

    if status is not None and status not in RECOMMENDATION_STATUSES:
        raise UsageError(f"--status is one of {', '.join(RECOMMENDATION_STATUSES)}, not {status!r}")
    seen_by = shared.moment(as_of)
    if output_format is ReportFormat.HTML:
        if latest or status is not None:
            raise UsageError("--format html shows every use case; leave out --latest and --status")
        text = _page(config, use_case, seen_by)
    else:
        from model_intelligence import db, recommendations

        with db.open_database() as engine, db.transaction(engine) as session:
            found = recommendations.find(
                session, use_case=use_case, status=status, latest=latest, limit=limit, as_of=seen_by
            )
        text = _json(found) if output_format is ReportFormat.JSON else _text(found)
    if output is None:
        typer.echo(text, nl=False)
    else:
        shared.write(output, text)
        typer.echo(f"✓ Report written to: {output}")


def _text(found: Iterable["Recommendation"]) -> str:
    from model_intelligence.report import terminal_text

    lines = [terminal_text.summary_line(item) for item in found] or [
        "No recommendation is stored; `model-intel recommend --persist` stores one."
    ]
    return "\n".join(lines) + "\n"


def _json(found: Iterable["Recommendation"]) -> str:
    from model_intelligence.report import as_json

    items = [as_json.stored(item) for item in found]
    return shared.json_text(recommendations=items) + "\n"


def _page(config: Path, only: str | None, seen_by: datetime | None) -> str:
    from model_intelligence import db, recommendations
    from model_intelligence.evidence.load import load_evidence
    from model_intelligence.ledger import history
    from model_intelligence.recommender import recommend
    from model_intelligence.report.contents import contents, models_of_interest
    from model_intelligence.report.page import page

    settings = shared.bot_config(config)
    current = shared.current_models(settings)
    if only is not None:
        current = {settings.policy(only).use_case: current[only]}
    now = seen_by or shared.now()
    with db.open_database() as engine, db.transaction(engine) as session:
        evidence = load_evidence(session, now, as_of=seen_by)
        decisions = [
            recommend(settings.policy(name), model, evidence, now.date(), settings.retirement)
            for name, model in current.items()
        ]
        offers = models_of_interest(decisions)
        sections = contents(
            decisions,
            {
                item.use_case: item
                for item in recommendations.find(session, latest=True, as_of=seen_by)
            },
            history.price_history(session, now, offers.values(), now),
            history.news(session, {model for model, _ in offers}, now),
            now,
            as_of=seen_by,
        )
    return page(sections)
