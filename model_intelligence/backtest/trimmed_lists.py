"""Snapshots of lists that were trimmed when they were collected, in the shape that is served. Pure.

Snapshots of models.dev from before 2026-07 are those of a package on the Python package index:
provider -> model -> facts, without the objects around the models and without their names.
"""

import json
from typing import Any


def as_served(source: str, body: bytes) -> bytes:
    """The body as the source itself would serve it; any other one is returned as it is."""
    if source != "models.dev":
        return body
    try:
        providers = json.loads(body)
    except ValueError:
        return body  # the source's own parser says what is wrong with it
    if not isinstance(providers, dict) or not all(map(_is_trimmed, providers.values())):
        return body
    return json.dumps({name: _provider(models) for name, models in providers.items()}).encode()


def _is_trimmed(models: object) -> bool:
    return (
        isinstance(models, dict)
        and "models" not in models
        and all(isinstance(facts, dict) for facts in models.values())
    )


def _provider(models: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return {"models": {name: {"id": name, "name": name, **facts} for name, facts in models.items()}}
