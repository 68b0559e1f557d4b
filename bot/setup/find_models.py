"""Finds the scalars of a YAML text that name a model which can be managed. Pure.

Only a whole value counts, never words in a sentence. A model's name that cannot be edited, or that
belongs to somebody else, is skipped with the reason.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.setup.yaml_context import Surroundings, is_description
from model_intelligence.config.bot_yaml import YamlPath
from model_intelligence.naming.provider_prefixes import behind_colons, is_deployment, names_provider
from model_intelligence.naming.resolve import is_rolling
from model_intelligence.patcher import PatchRefused, Place, get_scalar, scalars

ModelOf = Callable[[str], str | None]
MOST_CHARACTERS = 200  # no model's name is longer
# An option of a command line (`--model=gpt-5`) or a variable (`MODEL="gpt-5"`).
_ASSIGNED = re.compile(r"(?:--?)?[\w.-]+[=]\"?(?P<name>[^\s\"=]+)\"?")
_WORD = re.compile(r"[A-Za-z0-9~][\w./:@-]*[A-Za-z0-9]")
# A digit and a separator: `gpt-4.1` is clear wherever it stands, `o1` and `command` are not.
_ALREADY_CLEAR = re.compile(r"(?=.*\d)[^\s]*[-./:][^\s]*")
_MODEL_KEY = re.compile(r"model|llm|engine", re.IGNORECASE)
_OTHER_KINDS = re.compile(
    r"audio|embed|image|moderation|ocr|realtime|rerank|speech|transcribe|tts|whisper", re.IGNORECASE
)
# Names that a person would recognise as a model's, whoever serves it. They are only used to list a
# name among those that were skipped.
_WELL_KNOWN = re.compile(
    r"(?:.*[/:.])?(?:claude|codestral|command-r|deepseek|devstral|gemini|gemma|glm|gpt|grok|kimi|llama"
    r"|magistral|ministral|mistral|nova|phi|pixtral|qwen)(?![a-z])[^/]+",
    re.IGNORECASE,
)
_WORKFLOWS = re.compile(r"\.github/workflows/[^/]+\.ya?ml")


@dataclass(frozen=True, slots=True)
class Found:
    """A scalar that names a model: where, as it is written, and which model that is.

    `called` is who serves it, as the text says so; None where it does not. `label` is what people
    call the entry, if it has a name.
    """

    file: str
    line: int
    path: YamlPath
    name: str
    model_id: str
    called: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class SkippedName:
    """A model's name that cannot be managed, and why."""

    file: str
    line: int
    name: str
    reason: str


def discover(file: str, text: str, model_of: ModelOf) -> Iterator[Found | SkippedName]:
    """Every scalar of the text that names a model, in order."""
    try:
        places = scalars(text)
    except PatchRefused as error:
        yield from _unreadable(file, text, model_of, error)
        return
    around = Surroundings.of(places, lambda name: _means_a_model(name, model_of))
    judged = (_judge(file, text, place, around, model_of) for place in places)
    yield from dict.fromkeys(each for each in judged if each)  # an alias repeats its anchor


def _judge(
    file: str, text: str, place: Place, around: Surroundings, model_of: ModelOf
) -> Found | SkippedName | None:
    name = place.value
    if not 0 < len(name) <= MOST_CHARACTERS or is_description(place.path):
        return None
    part = _ASSIGNED.fullmatch(name)
    if part and model_of(part["name"]) and _is_clear(part["name"], place.path):
        reason = "the name is a part of a longer value; write it as a value of its own"
        return SkippedName(file, place.line, name, reason)
    if not _is_clear(name, place.path) or around.is_display(place):
        return None
    if not _means_a_model(name, model_of):
        return _unknown(file, place, around)
    against = _why_not(file, text, place, around)
    if against is not None:
        return SkippedName(file, place.line, name, against)
    model_id = model_of(name)
    assert model_id is not None  # noqa: S101  # a deployment was passed over
    called, label = around.called(place), around.label(place)
    return Found(file, place.line, place.path, name, model_id, called, label)


def _unknown(file: str, place: Place, around: Surroundings) -> SkippedName | None:
    """What stands where a model's name belongs and looks like one, but that no list has."""
    name = place.value
    if not _says_model(place.path) or not _looks_like_a_model(name) or around.defined_at(place):
        return None
    reason = "no bundled list has this name"
    if is_rolling(re.split(r"[/:]", name)[-1]):
        reason = "a rolling alias, whose model changes over time"
    return SkippedName(file, place.line, name, reason)


def _looks_like_a_model(word: str) -> bool:
    return _WORD.fullmatch(word) is not None and _WELL_KNOWN.fullmatch(word) is not None


def _means_a_model(name: str, model_of: ModelOf) -> bool:
    behind = re.split(r"[/:]", name)[-1]
    return model_of(name) is not None or (is_deployment(name) and model_of(behind) is not None)


def _is_clear(name: str, path: Sequence[str | int]) -> bool:
    """Words like `command` or `o1` mean a model only where the key says so."""
    if _ALREADY_CLEAR.fullmatch(name) or behind_colons(name) is not None:
        return True
    return _says_model(path)


def _says_model(path: Sequence[str | int]) -> bool:
    keys = [key for key in path if isinstance(key, str)]
    return bool(keys) and _MODEL_KEY.search(keys[-1]) is not None


def _why_not(file: str, text: str, place: Place, around: Surroundings) -> str | None:
    """The first reason why a model's name cannot be managed, or None."""
    line = around.defined_at(place)
    reasons = {
        "the token of a GitHub workflow may not change workflow files": _WORKFLOWS.fullmatch(file),
        "`uses` names a package, not a model": place.path[-1:] == ("uses",),
        "it is the name of your own deployment, not of a model": (
            is_deployment(place.value) or around.is_deployed(place)
        ),
        f"it refers to the entry named on line {line}": line is not None,
        "its entry has its own address, so the provider is unknown": (around.has_own_server(place)),
        "no price list has the provider in its prefix": (
            names_provider(place.value) and around.called(place) is None
        ),
        f"no price list has the provider {around.unknown_provider(place)}": (
            around.unknown_provider(place) is not None
        ),
        "it does not generate text, so it is not compared": _OTHER_KINDS.search(place.value),
    }
    why = next((reason for reason, holds in reasons.items() if holds), None)
    return why or _why_not_editable(text, place)


def _why_not_editable(text: str, place: Place) -> str | None:
    try:
        get_scalar(text, place.path)
    except PatchRefused as error:
        return error.reason
    return None


def _unreadable(
    file: str, text: str, model_of: ModelOf, error: PatchRefused
) -> Iterator[SkippedName]:
    """Model names on the lines of a text that is not plain YAML, such as a Helm template."""
    kind = "a template" if re.search(r"\{\{|\{%|<%", text) else "not valid YAML"
    for number, line in enumerate(text.splitlines(), 1):
        value = re.sub(r"(^|\s)#.*", "", line).partition(":")[2].strip().strip("\"'")
        if _WORD.fullmatch(value) and model_of(value) and _ALREADY_CLEAR.fullmatch(value):
            reason = f"the file is {kind} (line {error.line}); move the name into a plain YAML file"
            yield SkippedName(file, number, value, reason)


def mentions_a_model(text: str, model_of: ModelOf) -> bool:
    """Whether it is worth reading the text as YAML, which takes a hundred times longer."""
    words = set(_WORD.findall(text))
    return any(_looks_like_a_model(word) or _means_a_model(word, model_of) for word in words)


def by_kind(seen: Sequence[Found | SkippedName]) -> tuple[list[Found], list[SkippedName]]:
    """The names that can be managed, and those that were skipped."""
    found = [each for each in seen if isinstance(each, Found)]
    return found, [each for each in seen if isinstance(each, SkippedName)]
