"""config/aliases.yaml: names that people have looked up, each with the reason."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, max_length=500)]


class Alias(BaseModel):
    """One name and the model it means, at one source or (None) everywhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Text
    source: str | None = None
    model: Text
    effort: str | None = Field(None, description="What the name says about effort, if anything.")
    why: Text


class AliasesFile(BaseModel):
    """config/aliases.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    aliases: tuple[Alias, ...] = ()


def for_source(aliases: Iterable[Alias], source: str | None) -> tuple[Alias, ...]:
    """Those that hold at the source, its own first."""
    holding = (alias for alias in aliases if alias.source in (None, source))
    return tuple(sorted(holding, key=lambda alias: alias.source is None))
