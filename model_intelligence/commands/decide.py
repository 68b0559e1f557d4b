"""Commands that recommend models, and write a recommendation as a patch."""

from pathlib import Path
from typing import Annotated

import typer

from model_intelligence.commands import shared
from model_intelligence.commands.shared import CONFIG, AsFormat, AsOf, ConfigDirectory, Format


def recommend(
    use_case: Annotated[str, typer.Option(help="A use case of bot.yaml, e.g. tidy_semantic.")],
    current_model: Annotated[
        str | None,
        typer.Option(help="The model to compare with; read from models.yaml if not set."),
    ] = None,
    max_candidates: Annotated[
        int, typer.Option(min=1, help="The number of candidates to show, at most.")
    ] = 3,
    persist: Annotated[
        bool, typer.Option("--persist", help="Store the recommendations and print their ids.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="For every other model, print why it was not chosen.")
    ] = False,
    as_of: AsOf = None,
    output_format: AsFormat = Format.TEXT,
    config: ConfigDirectory = CONFIG,
) -> None:
    """List the best models for a use case, each with whether it should be proposed and why.

    Example: model-intel recommend --use-case tidy_semantic --current-model glm-4.6 --persist
    """
    from model_intelligence import db, recommendations
    from model_intelligence.decision.values import Keep
    from model_intelligence.evidence.load import load_evidence
    from model_intelligence.explanation.headline import headline
    from model_intelligence.recommender import as_requested
    from model_intelligence.recommender import recommend as decide
    from model_intelligence.report import as_json, terminal_text

    settings, seen_by = shared.bot_config(config), shared.moment(as_of)
    now = seen_by or shared.now()
    policy = settings.policy(use_case)
    current = current_model or shared.current_models(settings)[use_case]
    with db.open_database() as engine, db.transaction(engine) as session:
        evidence = load_evidence(session, now, as_of=seen_by)
        decision = decide(policy, current, evidence, now.date(), settings.retirement)
        found = as_requested(decision, evidence, max_candidates)
        stored = recommendations.save(session, found) if persist else []
    if output_format is Format.JSON:
        more = as_json.explanation(decision) if explain else {}
        ids = [each.id for each in stored]
        shared.print_json(**as_json.decision(decision, found, ids), **more)
        return
    typer.echo(f"✓ Found {len(found)} recommendation(s):")
    for number, upgrade in enumerate(found, 1):
        typer.echo()
        shared.print_lines(terminal_text.recommendation_block(number, upgrade))
        if persist:
            typer.echo(f"\n    ✓ Recommendation persisted (ID: {stored[number - 1].id})")
    if isinstance(decision, Keep):
        typer.echo(f"\n✓ Keep {current} for {use_case}: {decision.reason}")
    else:
        typer.echo(f"\n✓ Propose {headline(decision)}")
    if explain:
        typer.echo()
        shared.print_lines(terminal_text.explanation_lines(decision))


def propose_patch(
    recommendation_id: Annotated[int, typer.Option(help="The id that `report` lists.")],
    output: Annotated[Path | None, typer.Option(help="Where to write the patch.")] = None,
    output_format: AsFormat = Format.TEXT,
    config: ConfigDirectory = CONFIG,
) -> None:
    """Print a recommendation's report, and write a patch that `git apply` accepts.

    Example: model-intel propose-patch --recommendation-id 42 --output upgrade.patch
    """
    from model_intelligence import db, recommendations
    from model_intelligence.report import as_json, terminal_text
    from model_intelligence.report.patch_file import patch_text

    settings = shared.bot_config(config)
    with db.open_database() as engine, db.transaction(engine) as session:
        item = recommendations.get(session, recommendation_id)
    paths = settings.policy(item.use_case).paths
    patch = patch_text(item, settings, Path())
    if output:
        shared.write(output, patch)
    if output_format is Format.JSON:
        shared.print_json(recommendation=as_json.stored(item), patch=patch)
        return
    shared.print_lines(terminal_text.report_lines(item, paths))
    if output:
        typer.echo(f"\n✓ Patch written to: {output}")
