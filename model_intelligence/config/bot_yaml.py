"""The settings in config/bot.yaml: the use cases, and what a proposal must satisfy."""

from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError

from model_intelligence.config.telemetry_rules import Rule
from model_intelligence.errors import UsageError

# The name becomes part of a branch, of a hidden marker and of a box on the dashboard.
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
YamlPath = Annotated[tuple[str | int, ...], Field(min_length=1)]


class _Section(BaseModel):
    # A misspelt key would otherwise be a setting that does nothing.
    model_config = ConfigDict(frozen=True, extra="forbid")


class Requirements(_Section):
    """What a model must offer. A required property that no source states counts as missing."""

    context_window_tokens: int | None = Field(
        None, gt=0, strict=True, description="Smallest context window, in tokens."
    )
    max_output_tokens: int | None = Field(
        None, gt=0, strict=True, description="Smallest output limit, in tokens."
    )
    tools: bool = Field(False, description="Whether it must support tool calls.")
    structured_output: bool = Field(
        False, description="Whether it must support output that follows a JSON Schema."
    )
    vision: bool = Field(False, description="Whether it must accept images.")
    open_weights: bool = Field(False, description="Whether its weights must be published.")
    region: str | None = Field(
        None, description="Where it must be served, in the provider's spelling, such as `eu`."
    )


class Limits(_Section):
    """What a proposal may change."""

    max_cost_increase_pct: Decimal | None = Field(
        None, ge=0, description="How much more expensive a call may become, in percent."
    )
    min_saving_pct: Decimal = Field(
        Decimal(20),
        gt=0,
        le=100,
        description="How much cheaper a call must become, in percent, to propose a model that"
        " is no better.",
    )
    max_quality_loss_points: Decimal = Field(
        Decimal(0),
        ge=0,
        le=100,
        description="How many points lower the results of any counted task type may be.",
    )
    min_chance: float = Field(
        0.8,
        ge=0.5,
        le=1,
        description="How likely a proposed model must be better; of a cheaper one, no more than "
        "2 points worse.",
    )
    min_chance_to_move: float = Field(
        0.95, ge=0.5, le=1, description="The same, where the provider or the maker changes."
    )
    allow_previews: bool = Field(
        False,
        description="Whether previews may be proposed; a provider can withdraw one at any time.",
    )
    minimum_remaining_days: int = Field(
        90, ge=0, description="Days until a candidate's announced retirement, at least."
    )
    minimum_age_days: int = Field(
        14, ge=0, description="Days since a candidate was first seen, at least; 0 turns this off."
    )
    cooldown_days: int = Field(
        30,
        ge=0,
        description="Days without a new proposal for a use case after one was merged or closed.",
    )


class Defaults(_Section):
    """Settings of every use case that does not override them."""

    providers: tuple[str, ...] = Field(
        ("anthropic", "openai", "google"),
        description="Providers that may be called; Amazon Bedrock by area: `aws-us`, "
        "`aws-eu`, `aws`.",
    )
    task_types: tuple[str, ...] = Field(
        ("code", "reasoning"), description="Task types of the benchmarks that count."
    )
    requires: Requirements = Requirements()
    limits: Limits = Limits()


class UseCase(_Section):
    """One use of a model: where its name is written, and which models may replace it."""

    paths: tuple[YamlPath, ...] = Field(
        min_length=1,
        description="Keys and indices that lead to the model's name; all places are changed "
        "together.",
    )
    file: str | None = Field(
        None, description="The YAML file with these paths; models_file if not set."
    )
    role: str | None = Field(None, description="The role of its calls in telemetry.")
    task_types: tuple[str, ...] | None = Field(
        None, description="Task types of the benchmarks that count."
    )
    providers: tuple[str, ...] | None = Field(None, description="Providers that may be called.")
    requires: Requirements | None = None
    limits: Limits | None = None


class Schedule(_Section):
    """When new proposals may be opened."""

    timezone: str = Field("UTC", description="An IANA time zone, such as Europe/Berlin.")
    days: tuple[Weekday, ...] = Field(WEEKDAYS, min_length=1, description="Days of the week.")
    from_hour: int = Field(0, ge=0, le=23, description="First hour of the day.")
    to_hour: int = Field(24, ge=1, le=24, description="The hour before which it ends.")

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{name!r} is not an IANA time zone, such as Europe/Berlin") from error
        return name

    def allows(self, now: datetime) -> bool:
        """Whether `now` (aware) lies within the schedule."""
        local = now.astimezone(ZoneInfo(self.timezone))
        return (
            WEEKDAYS[local.weekday()] in self.days and self.from_hour <= local.hour < self.to_hour
        )


class Proposals(_Section):
    """How many proposals there may be, and when. None of this delays replacing a retiring model."""

    max_open: int = Field(5, ge=1, description="Open proposals at any time.")
    max_new_per_run: int = Field(3, ge=1, description="New proposals in one run.")
    schedule: Schedule = Schedule()


class Retirement(_Section):
    """How many days before the retirement of a current model the bot acts."""

    notice_days: int = Field(
        90, ge=0, description="Days before retirement from which the dashboard lists it."
    )
    propose_days: int = Field(
        60,
        ge=0,
        description="Days before retirement from which a replacement is proposed, even if it is"
        " no better.",
    )
    urgent_days: int = Field(
        14,
        ge=0,
        description="Days before retirement from which the pull request has the label `urgent`.",
    )


class PullRequests(_Section):
    """Labels, assignees and reviewers of a new pull request; people may change them later."""

    labels: tuple[str, ...] = Field(("model-bot",), description="Labels to add.")
    assignees: tuple[str, ...] = Field((), description="Logins of the assignees.")
    reviewers: tuple[str, ...] = Field((), description="Logins of people to review it.")
    team_reviewers: tuple[str, ...] = Field((), description="Slugs of teams to review it.")
    codeowners: bool = Field(
        False, description="Whether to request a review from the file's owners in CODEOWNERS."
    )


class Telemetry(_Section):
    """Where recorded calls are stored, and which roles and use cases imported calls get."""

    events: str | None = Field(
        None,
        description="Where calls are stored, if not in llm_usage_events of DATABASE_URL: "
        "postgresql://…, sharded+postgresql://…, duckdb:PATH/*.parquet or spark:PATH; env:NAME "
        "reads the address from an environment variable.",
    )
    rules: tuple[Rule, ...] = Field(
        (), description="The first rule that matches a call assigns its role and use case."
    )


class BotConfig(_Section):
    """config/bot.yaml."""

    version: int = Field(1, ge=1, le=1, description="The version of this file's format.")
    models_file: str = Field(
        "config/models.yaml",
        description="The YAML file that names models; a use case may name its own as `file`.",
    )
    base_branch: str | None = Field(
        None,
        description="The branch to propose changes to; the repository's default branch if not set.",
    )
    sources: tuple[str, ...] = Field(
        (), description="Live sources that the job fetches; `model-intel sources` lists them."
    )
    dashboard: bool = Field(True, description="Whether an issue shows the state of all use cases.")
    proposals: Proposals = Proposals()
    retirement: Retirement = Retirement()
    pull_requests: PullRequests = PullRequests()
    defaults: Defaults = Defaults()
    use_cases: dict[Name, UseCase] = Field(
        min_length=1, json_schema_extra={"additionalProperties": False}
    )
    telemetry: Telemetry = Telemetry()

    @field_validator("telemetry")
    @classmethod
    def _names_use_cases(cls, telemetry: Telemetry, info: ValidationInfo) -> Telemetry:
        declared = info.data.get("use_cases")
        unknown = [
            InitErrorDetails(
                type=PydanticCustomError("unknown_use_case", "no use case has this name"),
                loc=("rules", number, "use_case"),
                input=rule.use_case,
            )
            for number, rule in enumerate(telemetry.rules)
            if declared is not None and rule.use_case not in {None, *declared}
        ]
        if unknown:
            raise ValidationError.from_exception_data("telemetry", unknown)
        return telemetry

    def providers(self) -> frozenset[str]:
        """Every provider that some use case may call."""
        return frozenset(
            chain.from_iterable(self.policy(name).providers for name in self.use_cases)
        )

    def file_of(self, use_case: str) -> str:
        """The YAML file in which the use case's model stands, from the repository's top folder."""
        return self.use_cases[use_case].file or self.models_file

    @property
    def files(self) -> tuple[str, ...]:
        """Every file that names a use case's model, each once."""
        return tuple(dict.fromkeys(map(self.file_of, self.use_cases)))

    def policy(self, use_case: str) -> "Policy":
        """The settings of a use case, with the defaults; UsageError for an undeclared use case."""
        if use_case not in self.use_cases:
            raise UsageError(
                f"{use_case!r} is not a use case of bot.yaml; it declares "
                f"{', '.join(self.use_cases)}"
            )
        defaults = self.defaults.model_dump()
        declared = self.use_cases[use_case].model_dump(exclude_unset=True, exclude={"file"})
        own = {name: value for name, value in declared.items() if value is not None}
        for section in ("requires", "limits"):  # or one limit would reset the others
            own[section] = {**defaults[section], **own.get(section, {})}
        return Policy.model_validate({**defaults, **own, "use_case": use_case})


class Policy(Defaults):
    """A use case with every default filled in: the recommender's settings."""

    use_case: str
    paths: tuple[YamlPath, ...]
    role: str | None = None


def json_schema() -> dict[str, Any]:
    """The JSON Schema of config/bot.yaml."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **BotConfig.model_json_schema(),
        "title": "config/bot.yaml",
        "description": "The use cases whose models model-bot keeps current, and what it may "
        "propose for each.",
    }
