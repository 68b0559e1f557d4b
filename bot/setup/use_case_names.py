"""Readable, unique names of use cases, made from where their models stand. Pure."""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from bot.setup.find_models import Found

# Words that nearly every config has on the way to a model.
COMMON = frozenset(
    {"args", "config", "env", "id", "litellm_params", "model", "model_list", "models", "params"}
    | {"spec", "value"}
)
LONGEST = 48


def use_case_names(found: Sequence[Found]) -> list[str]:
    """One name for each, in their order: by its label or its keys, and by its file if need be."""
    plain = [_name(each) for each in found]
    told = [
        f"{_slug(PurePosixPath(each.file).stem)}_{name}"[:LONGEST].strip("_")
        if _is_shared(name, each, plain, found)
        else name
        for name, each in zip(plain, found, strict=True)
    ]
    names: list[str] = []
    for name in told:
        number = 1
        while (unique := name if number == 1 else f"{name}_{number}") in names:
            number += 1
        names.append(unique)
    return names


def _is_shared(name: str, each: Found, names: Sequence[str], found: Sequence[Found]) -> bool:
    """Whether a use case of another file would have the same name."""
    pairs = zip(names, found, strict=True)
    return any(name == other and each.file != one.file for other, one in pairs)


def _name(each: Found) -> str:
    last = max((n for n, key in enumerate(each.path) if isinstance(key, int)), default=-1)
    inner = [_slug(key) for key in each.path[last + 1 :] if isinstance(key, str)]
    telling = [key for key in inner if key not in COMMON]
    if each.label is not None and last >= 0:
        parts = [_slug(each.label), *telling]
    elif last >= 0:
        outer = [key for key in each.path[:last] if isinstance(key, str)]
        parts = [_slug(outer[-1]) if outer else "", str(each.path[last]), *telling]
    else:
        parts = telling or inner[-2:-1]
    text = "_".join(filter(None, parts))
    return text[:LONGEST].strip("_") or _slug(PurePosixPath(each.file).stem) or "model"


def _slug(text: str) -> str:
    # camelCase to snake_case, before the rest is made lower case.
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    return re.sub(r"[^a-z0-9]+", "_", snake.lower()).strip("_")
