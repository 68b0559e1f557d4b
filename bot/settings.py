"""What a run is configured by: the environment, frozen. The token never shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from model_intelligence.db import database_url
from model_intelligence.errors import UsageError

GITHUB_API = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class Settings:
    """One run's settings; paths are relative to the checkout's top folder."""

    database_url: str = field(repr=False)  # may hold a password
    config_directory: Path = Path("config")
    repository: str | None = None
    token: str | None = field(default=None, repr=False)
    app_id: str | None = None
    app_private_key: str | None = field(default=None, repr=False)
    api_url: str = GITHUB_API
    dry_run: bool = False
    only_use_case: str | None = None
    window_days: int = 30
    step_summary: Path | None = None
    step_output: Path | None = None

    def chosen(self, current: Mapping[str, str]) -> dict[str, str]:
        """Of use case -> model, those this run is about; UsageError for an undeclared one."""
        if self.only_use_case is None:
            return dict(current)
        if self.only_use_case not in current:
            raise UsageError(
                f"{self.only_use_case!r} is not a use case of bot.yaml; it declares "
                f"{', '.join(current)}"
            )
        return {self.only_use_case: current[self.only_use_case]}


def from_environment(
    environment: Mapping[str, str],
    *,
    dry_run: bool = False,
    use_case: str | None = None,
    config_directory: Path = Path("config"),
) -> Settings:
    """The settings of GitHub's and our own variables; UsageError says which one is missing."""

    def optional_path(name: str) -> Path | None:
        return Path(environment[name]) if environment.get(name) else None

    settings = Settings(
        database_url=database_url(environment),
        config_directory=config_directory,
        repository=environment.get("GITHUB_REPOSITORY") or None,
        token=environment.get("GITHUB_TOKEN", "").strip() or None,  # a pasted secret may end a line
        app_id=environment.get("APP_ID") or None,
        app_private_key=environment.get("APP_PRIVATE_KEY") or None,
        # Set by Actions, also on an Enterprise server; PyGithub derives the GraphQL address from
        # it.
        api_url=(environment.get("GITHUB_API_URL") or GITHUB_API).rstrip("/"),
        dry_run=dry_run,
        only_use_case=use_case or None,
        step_summary=optional_path("GITHUB_STEP_SUMMARY"),
        step_output=optional_path("GITHUB_OUTPUT"),
    )
    if not dry_run:
        _require(settings)
    return settings


def _require(settings: Settings) -> None:
    if bool(settings.app_id) != bool(settings.app_private_key):
        raise UsageError("APP_ID and APP_PRIVATE_KEY belong together; set both or none")
    if settings.token is None and settings.app_id is None:
        raise UsageError(
            "GITHUB_TOKEN is not set; give a token that may write contents and pull requests "
            "(or APP_ID and APP_PRIVATE_KEY), or try `model-bot run --dry-run`, which needs none"
        )
    if len((settings.token or "").split()) > 1:
        raise UsageError("GITHUB_TOKEN holds a space or a line break; set it to the token alone")
    if settings.repository is None or settings.repository.count("/") != 1:
        raise UsageError("GITHUB_REPOSITORY is not set; set it to owner/name")
