"""The rules in `config/bot.yaml` that assign recorded calls to roles and use cases."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Pattern = Annotated[str, Field(min_length=1, max_length=300)]
Assigned = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]


class Match(BaseModel):
    """What a call must say; every key given must fit. `*`, `?` and `[…]` as in file names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Pattern | None = Field(None, description="The role that the event says itself.")
    tag: Pattern | None = Field(None, description="One of its tags.")
    prompt_name: Pattern | None = Field(None, description="The name of its prompt.")
    workflow_name: Pattern | None = Field(None, description="The name of its workflow.")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self == Match.model_construct():
            raise ValueError("name at least one of role, tag, prompt_name, workflow_name")
        return self


class Rule(BaseModel):
    """What the calls that match are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    match: Match
    role: Assigned | None = Field(None, description="The role of such calls.")
    use_case: Assigned | None = Field(None, description="The use case of such calls.")

    @model_validator(mode="after")
    def _assigns_something(self) -> Self:
        if self.role is None and self.use_case is None:
            raise ValueError("give a role or a use_case to what matches")
        return self
