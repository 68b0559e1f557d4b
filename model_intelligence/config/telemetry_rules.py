"""The rules in `config/bot.yaml` that assign recorded calls to roles and use cases."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Pattern = Annotated[str, Field(min_length=1, max_length=300)]
Assigned = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]


class RuleMatch(BaseModel):
    """Which calls a rule applies to; all keys must match. `*`, `?` and `[…]` as in file names."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Pattern | None = Field(None, description="The role that was recorded with the call.")
    tag: Pattern | None = Field(None, description="One of its tags.")
    prompt_name: Pattern | None = Field(None, description="The name of its prompt template.")
    workflow_name: Pattern | None = Field(None, description="The name of its workflow.")

    @model_validator(mode="after")
    def _has_a_condition(self) -> Self:
        if self == RuleMatch.model_construct():
            raise ValueError("name at least one of role, tag, prompt_name, workflow_name")
        return self


class Rule(BaseModel):
    """The role and use case of matching calls."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    match: RuleMatch
    role: Assigned | None = Field(None, description="The role to assign.")
    use_case: Assigned | None = Field(None, description="The use case to assign.")

    @model_validator(mode="after")
    def _assigns_something(self) -> Self:
        if self.role is None and self.use_case is None:
            raise ValueError("name a role or a use_case to assign")
        return self
