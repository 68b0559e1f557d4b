"""The current model of each use case, read from the YAML text at the declared paths."""

from collections.abc import Mapping
from pathlib import Path

from model_intelligence.config.bot_yaml import BotConfig, YamlPath
from model_intelligence.config.yaml_file import ConfigError
from model_intelligence.patcher import PatchRefused, get_scalar, set_scalar


def read_text(path: Path) -> str:
    """The file's text, its line endings and byte order mark unchanged; raises ConfigError."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        raise ConfigError(
            f"{path}: no such file; run this in the repository's top folder, or set models_file "
            "in bot.yaml"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as UTF-8 text: {error}") from error


def read_files(config: BotConfig) -> dict[str, str]:
    """path -> text of every file that the config names, as this directory has them."""
    return {name: read_text(Path(name)) for name in config.files}


def current_models(files: Mapping[str, str], config: BotConfig) -> dict[str, str]:
    """use case -> the model's name as written; raises ConfigError with one line per problem.

    `files` is path -> text, of every file that the config names.
    """
    found: dict[str, str] = {}
    problems: list[str] = []
    for use_case, declared in config.use_cases.items():
        try:
            found[use_case] = one_model(files[config.file_of(use_case)], declared.paths)
        except (PatchRefused, ConfigError) as error:
            problems.append(f"{config.file_of(use_case)}: use case {use_case}: {error}")
    if problems:
        raise ConfigError("\n".join(problems))
    return found


def one_model(text: str, paths: tuple[YamlPath, ...]) -> str:
    """The name at all paths; ConfigError where they differ, PatchRefused for a wrong path."""
    values: Mapping[str, YamlPath] = {get_scalar(text, path).value: path for path in paths}
    if len(values) > 1:
        named = ", ".join(f"{'.'.join(map(str, path))} = {value}" for value, path in values.items())
        raise ConfigError(
            f"its paths name different models ({named}); a proposal changes all of them to "
            "one model, so declare two use cases or make them equal"
        )
    return next(iter(values))


def with_model(text: str, paths: tuple[YamlPath, ...], model: str) -> str:
    """The text with `model` at every path; PatchRefused where only the name cannot be changed."""
    for path in paths:
        text = set_scalar(text, path, model)
    return text
