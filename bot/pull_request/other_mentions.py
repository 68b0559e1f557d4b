"""Where else a file names a model, and what in bot.yaml would manage it. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from model_intelligence.config.bot_yaml import BotConfig, YamlPath
from model_intelligence.naming import resolve
from model_intelligence.patcher import Place, scalars


@dataclass(frozen=True, slots=True)
class OtherMention:
    """A place that no use case declares: its 1-based line, its path, and what would declare it."""

    model: str
    file: str
    line: int
    path: YamlPath
    declaration: str


def unmanaged(
    files: Mapping[str, str], retiring: Iterable[str], config: BotConfig
) -> list[OtherMention]:
    """Every scalar that names one of the `retiring` models and is at no declared path."""
    # By key: another place may spell the same model with other capitals or separators.
    names = {resolve.match_key(name) for name in retiring}
    declared = {
        (config.file_of(name), path)
        for name, use_case in config.use_cases.items()
        for path in use_case.paths
    }
    return [
        OtherMention(
            place.value, file, place.line, place.path, declaration(file, place.path, config)
        )
        for file, text in files.items()
        for place in scalars(text)
        if resolve.match_key(place.value) in names and (file, place.path) not in declared
    ]


def elsewhere(text: str, name: str, paths: Sequence[YamlPath]) -> list[Place]:
    """Every other scalar that is that name, as the config spells it."""
    return [place for place in scalars(text) if place.value == name and place.path not in paths]


def declaration(file: str, path: Sequence[str | int], config: BotConfig) -> str:
    """What would manage the place, as lines below `use_cases:`."""
    name = "_".join(str(part) for part in path if isinstance(part, str))
    keys = ", ".join(json.dumps(part, ensure_ascii=False) for part in path)
    own = "" if file == config.models_file else f"\n    file: {json.dumps(file)}"
    return f"  {_use_case_name(name)}:{own}\n    paths: [[{keys}]]"


def _use_case_name(text: str) -> str:
    kept = "".join(
        char if (char.isalnum() and char.isascii()) or char in "_-." else "_" for char in text
    )
    return kept.strip("_-.")[:64] or "use_case"
