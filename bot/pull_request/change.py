"""The edit of a use case's file, computed once: written to the branch, shown, and stored. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from bot.pull_request.other_mentions import elsewhere
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.config.models_yaml import with_model
from model_intelligence.explanation.recommendation import Recommendation
from model_intelligence.patcher import unified_diff


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """A line of the file that names the current model too, and is left as it is."""

    line: int
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownChange:
    """What a body shows of a change: the file, the two diffs, and what they leave alone."""

    file: str
    diff: str
    reverse_diff: str
    other_places: tuple[OtherPlace, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One use case's change: the whole file before and after, and what is shown of it."""

    before: str
    after: str
    shown: ShownChange


@dataclass(frozen=True, slots=True)
class Past:
    """What came before: earlier targets of the same pull request, or a rejection.

    `after_no` is the number of the pull request that was rejected, `changes` what changed since.
    """

    previous: tuple[str, ...] = ()
    after_no: int | None = None
    changes: tuple[str, ...] = ()


NOTHING_BEFORE = Past()


@dataclass(frozen=True, slots=True)
class Setting:
    """What a body is written from besides the recommendation.

    It is stored with the recommendation whenever the body is written, because the file and the
    pull request go on changing.
    """

    change: ShownChange
    past: Past = NOTHING_BEFORE

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        stored: dict[str, Any] = _SETTING.dump_python(self, mode="json")
        return stored

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Setting":
        """From JSON."""
        return _SETTING.validate_python(stored)


_SETTING = TypeAdapter(Setting)


def change_of(item: Recommendation, config: BotConfig, before: str) -> Change:
    """A recommendation's change of its use case's file, of which `before` is the text.

    PatchRefused when the file cannot be edited faithfully.
    """
    paths, file = config.policy(item.use_case).paths, config.file_of(item.use_case)
    after = with_model(before, paths, item.recommended_model)
    places = elsewhere(before, item.current_model, paths)
    shown = ShownChange(
        file=file,
        diff=unified_diff(file, before, after),
        reverse_diff=unified_diff(file, after, before),
        other_places=tuple(OtherPlace(p.line, tuple(map(str, p.path))) for p in places),
    )
    return Change(before, after, shown)
