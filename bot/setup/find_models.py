"""Which scalars of a YAML text name a model that may be managed, and which do not. Pure.

Only a whole value counts, never words in a sentence. What looks like a model's name but cannot be
edited, or belongs to somebody else, is passed over with the reason.
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
_ASSIGNED = re.compile(r"(?:--?)?[\w.-]+[=]\"?(?P<name>[^\s\"=]+)\"?")
_WORD = re.compile(r"[A-Za-z0-9~][\w./:@-]*[A-Za-z0-9]")
_ALREADY_CLEAR = re.compile(r"(?=.*\d)[^\s]*[-./:][^\s]*")
_MODEL_KEY = re.compile(r"model|llm|engine", re.IGNORECASE)
_OTHER_KINDS = re.compile(
    r"audio|embed|image|moderation|ocr|realtime|rerank|speech|transcribe|tts|whisper", re.IGNORECASE
)
# Words of names that a person would take for a model's, whoever serves it. They only bring a name
# into the list of what is not taken.
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
class Passed:
    """A model's name that is not taken, and why."""

    file: str
    line: int
    name: str
    reason: str


def discover(file: str, text: str, model_of: ModelOf) -> Iterator[Found | Passed]:
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
) -> Found | Passed | None:
    name = place.value
    if not 0 < len(name) <= MOST_CHARACTERS or is_description(place.path):
        return None
    part = _ASSIGNED.fullmatch(name)
    if part and model_of(part["name"]) and _is_clear(part["name"], place.path):
        reason = "the name is a part of a longer value; write it as a value of its own"
        return Passed(file, place.line, name, reason)
    if not _is_clear(name, place.path) or around.is_display(place):
        return None
    if not _means_a_model(name, model_of):
        return _unknown(file, place, around)
    against = _why_not(file, text, place, around)
    if against is not None:
        return Passed(file, place.line, name, against)
    model_id = model_of(name)
    assert model_id is not None  # noqa: S101  # a deployment was passed over
    called, label = around.called(place), around.label(place)
    return Found(file, place.line, place.path, name, model_id, called, label)


def _unknown(file: str, place: Place, around: Surroundings) -> Passed | None:
    """What stands where a model's name belongs and looks like one, but that no list has."""
    name = place.value
    if not _says_model(place.path) or not _looks_like_a_model(name) or around.defined_at(place):
        return None
    reason = "no bundled list has this name"
    if is_rolling(re.split(r"[/:]", name)[-1]):
        reason = "a rolling alias, which means another model from time to time"
    return Passed(file, place.line, name, reason)


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
    """The first reason why a model's name is not taken, or None."""
    line = around.defined_at(place)
    reasons = {
        "GitHub lets no workflow's own token change a workflow file": _WORKFLOWS.fullmatch(file),
        "`uses` names somebody's package, not a model": place.path[-1:] == ("uses",),
        "this is a deployment that you named, whatever model it serves": (
            is_deployment(place.value) or around.is_deployed(place)
        ),
        f"it refers to the entry that line {line} names so": line is not None,
        "its entry has an address of its own, so who serves it is not known": (
            around.has_own_server(place)
        ),
        "no price list knows the provider before its name": (
            names_provider(place.value) and around.called(place) is None
        ),
        f"no price list knows the provider {around.unknown_provider(place)}": (
            around.unknown_provider(place) is not None
        ),
        "it does not write text, so it is not compared": _OTHER_KINDS.search(place.value),
    }
    told = next((reason for reason, holds in reasons.items() if holds), None)
    return told or _why_not_editable(text, place)


def _why_not_editable(text: str, place: Place) -> str | None:
    try:
        get_scalar(text, place.path)
    except PatchRefused as error:
        return error.reason
    return None


def _unreadable(file: str, text: str, model_of: ModelOf, error: PatchRefused) -> Iterator[Passed]:
    """Model names on the lines of a text that is not plain YAML, such as a Helm template."""
    kind = "a template" if re.search(r"\{\{|\{%|<%", text) else "not valid YAML"
    for number, line in enumerate(text.splitlines(), 1):
        value = re.sub(r"(^|\s)#.*", "", line).partition(":")[2].strip().strip("\"'")
        if _WORD.fullmatch(value) and model_of(value) and _ALREADY_CLEAR.fullmatch(value):
            reason = f"the file is {kind} (line {error.line}); move the name into a plain YAML file"
            yield Passed(file, number, value, reason)


def mentions_a_model(text: str, model_of: ModelOf) -> bool:
    """Whether it is worth reading the text as YAML, which takes a hundred times longer."""
    words = set(_WORD.findall(text))
    return any(_looks_like_a_model(word) or _means_a_model(word, model_of) for word in words)


def by_kind(seen: Sequence[Found | Passed]) -> tuple[list[Found], list[Passed]]:
    """What is taken, and what is passed over."""
    found = [each for each in seen if isinstance(each, Found)]
    return found, [each for each in seen if isinstance(each, Passed)]
