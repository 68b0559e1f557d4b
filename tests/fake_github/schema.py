"""Checks requests and responses against models generated from GitHub's own description."""

from functools import cache
from typing import Any, Union

from pydantic import TypeAdapter, ValidationError

from tests.fake_github.records import Json


@cache
def _adapter(model: str) -> TypeAdapter[Any]:
    return TypeAdapter(_resolve(model))


def _resolve(model: str) -> Any:
    if " | " in model:
        return Union[tuple(_resolve(part) for part in model.split(" | "))]  # noqa: UP007 - built at run time
    if model.startswith("list["):
        return list[_resolve(model[5:-1])]  # type: ignore[misc] # built at run time
    if model in ("str", "None"):
        return {"str": str, "None": None}[model]
    from githubkit_schemas.v2026_03_10 import models  # half a second, once, and only if used

    return getattr(models, model)


def disagreements(model: str | None, value: Json) -> list[str]:
    """List how `value` differs from a model such as `list[Label]`; None stands for no content."""
    if model is None:
        return [] if value is None else ["content where there should be none"]
    try:
        understood = _adapter(model).validate_python(value)
    except ValidationError as error:
        return [
            f"{model}: {_place(problem['loc'])}: {problem['msg']}" for problem in error.errors()
        ]
    dumped = _adapter(model).dump_python(understood, by_alias=True, exclude_unset=True)
    return [f"{model}: {place}: no such field" for place in _ignored(value, dumped, "")]


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the whole"


def _ignored(sent: Json, understood: Json, place: str) -> list[str]:
    """List the keys that the model dropped: fields that GitHub does not know."""
    if isinstance(sent, dict) and isinstance(understood, dict):
        unknown = [f"{place}{key}" for key in sent if key not in understood]
        known = [key for key in sent if key in understood]
        below = [_ignored(sent[key], understood[key], f"{place}{key}.") for key in known]
        return unknown + [path for paths in below for path in paths]
    if isinstance(sent, list) and isinstance(understood, list):
        pairs = enumerate(zip(sent, understood, strict=False))
        below = [_ignored(one, other, f"{place}{index}.") for index, (one, other) in pairs]
        return [path for paths in below for path in paths]
    return []
