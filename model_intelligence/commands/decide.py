"""Commands that recommend, and write a recommendation as a patch."""

from pathlib import Path
from typing import Annotated

import typer

from model_intelligence.commands import shared
from model_intelligence.commands.shared import CONFIG, AsOf, ConfigDirectory


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
    patch = patch_text(item, settings, Path())
    if output:
        shared.write(output, patch)
    shared.print_lines(presentation.report_lines(item, paths))
    if output:
        typer.echo(f"\n✓ Patch written to: {output}")
