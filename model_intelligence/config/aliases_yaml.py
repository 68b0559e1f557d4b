"""config/aliases.yaml: names that people have reviewed, each with the reason."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from model_intelligence.config import yaml_file

_Text = Annotated[str, Field(min_length=1, max_length=500)]


class Alias(BaseModel):
    """One name and the model it means, at one source or (None) everywhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: _Text
    source: str | None = None
    model: _Text
    effort: str | None = Field(None, description="The reasoning effort in the name, if any.")
    why: _Text


class AliasesFile(BaseModel):
    """config/aliases.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    aliases: tuple[Alias, ...] = ()


def read_aliases(directory: Path) -> tuple[Alias, ...]:
    """The aliases in `aliases.yaml`; none if there is no such file."""
    path = directory / "aliases.yaml"
    return yaml_file.read(path, AliasesFile).aliases if path.exists() else ()


def for_source(aliases: Iterable[Alias], source: str | None) -> tuple[Alias, ...]:
    """Those that apply to the source, its own first."""
    holding = (alias for alias in aliases if alias.source in (None, source))
    return tuple(sorted(holding, key=lambda alias: alias.source is None))
