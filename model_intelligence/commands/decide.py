"""Commands that recommend, list what was recommended, and write it as a patch."""

import json
from pathlib import Path
from typing import Annotated

import typer

from model_intelligence.commands import shared
from model_intelligence.commands.shared import CONFIG, AsFormat, AsOf, ConfigDirectory, Format
from model_intelligence.errors import UsageError


def recommend(
    use_case: Annotated[str, typer.Option(help="A use case of bot.yaml, e.g. tidy_semantic.")],
    current_model: Annotated[
        str | None,
        typer.Option(help="The model to compare with; read from models.yaml if not set."),
    ] = None,
    max_candidates: Annotated[int, typer.Option(min=1, help="How many to show.")] = 3,
    persist: Annotated[bool, typer.Option("--persist", help="Store them, with their ids.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show everyone left out too.")] = False,
    as_of: AsOf = None,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Recommend models for a use case that beat staying with the current one.

    Example: model-intel recommend --use-case tidy_semantic --current-model glm-4.6 --persist
    """
    from model_intelligence import db, presentation, recommendations
    from model_intelligence.evidence import load_evidence
    from model_intelligence.recommender import recommend as decide
    from model_intelligence.recommender import upgrades
    from model_intelligence.records import Keep

    settings, seen_by = shared.bot_config(config), shared.moment(as_of)
    now = seen_by or shared.now()
    policy = settings.policy(use_case)
    current = current_model or shared.current_models(settings)[use_case]
    with db.open_database() as engine, db.transaction(engine) as session:
        evidence = load_evidence(session, now, as_of=seen_by)
        decision = decide(policy, current, evidence, now.date(), settings.retirement)
        assessment = decision.assessment
        if isinstance(decision, Keep):
            found = []
            typer.echo(f"✓ Keep {current} for {use_case}: {decision.reason}")
        else:
            others = upgrades(assessment)
            found = [decision, *(each for each in others if each.candidate != decision.candidate)]
            found = found[:max_candidates]
            typer.echo(f"✓ Found {len(found)} recommendation(s):")
        stored = recommendations.save(session, found) if persist else []
    for number, upgrade in enumerate(found, 1):
        typer.echo()
        shared.print_lines(presentation.recommendation_block(number, upgrade))
        if persist:
            typer.echo(f"\n    ✓ Recommendation persisted (ID: {stored[number - 1].id})")
    if explain:
        typer.echo()
        shared.print_lines(presentation.explanation_lines(assessment))


def report(
    latest: Annotated[bool, typer.Option("--latest", help="The newest of each use case.")] = False,
    use_case: Annotated[str | None, typer.Option(help="Only this use case.")] = None,
    status: Annotated[
        str | None,
        typer.Option(help="proposed, accepted, rejected, implemented or superseded."),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    as_of: AsOf = None,
    output_format: AsFormat = Format.TEXT,
) -> None:
    """List stored recommendations, newest first."""
    from model_intelligence import db, presentation, recommendations
    from model_intelligence.models import RECOMMENDATION_STATUSES

    if status is not None and status not in RECOMMENDATION_STATUSES:
        raise UsageError(f"--status is one of {', '.join(RECOMMENDATION_STATUSES)}, not {status!r}")
    with db.open_database() as engine, db.transaction(engine) as session:
        found = recommendations.find(
            session,
            use_case=use_case,
            status=status,
            latest=latest,
            limit=limit,
            as_of=shared.moment(as_of),
        )
    if output_format is Format.JSON:
        items = [presentation.as_json(item) for item in found]
        typer.echo(json.dumps({"version": 1, "recommendations": items}, indent=2))
        return
    shared.print_lines(map(presentation.summary_line, found))
    if not found:
        typer.echo("No recommendation is stored; `model-intel recommend --persist` stores some.")


def propose_patch(
    recommendation_id: Annotated[int, typer.Option(help="As `report` lists it.")],
    output: Annotated[Path | None, typer.Option(help="Where to write the patch.")] = None,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Print a recommendation's report, and write a patch that `git apply` accepts.

    Example: model-intel propose-patch --recommendation-id 42 --output upgrade.patch
    """
    from model_intelligence import db, presentation, recommendations
    from model_intelligence.patch_file import patch_text

    settings = shared.bot_config(config)
    with db.open_database() as engine, db.transaction(engine) as session:
        item = recommendations.get(session, recommendation_id)
    paths = settings.policy(item.use_case).paths
    patch = patch_text(item, settings, Path(settings.models_file))
    if output:
        shared.write(output, patch)
    shared.print_lines(presentation.report_lines(item, paths))
    if output:
        typer.echo(f"\n✓ Patch written to: {output}")
