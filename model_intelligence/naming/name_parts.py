"""A board's name taken apart: the model's own name, and what belongs to the result.

Effort, thinking budget and way of prompting are the result's; a snapshot's date is the model's and
is never dropped: it only gets one spelling, so that `2025-08-07` and `20250807` are one date.
"""

import re
from dataclasses import dataclass
from datetime import date

# No digits around it, or parts of longer numbers would be dates.
_DATE = re.compile(r"(?<!\d)(20\d{2})-?(0\d|1[0-2])-?([0-3]\d)(?!\d)")
_ANY_DATE = re.compile(r"(?<!\d)20\d{2}-?\d{2}-?\d{2}(?!\d)")
_BRACKET = re.compile(r"\s*\(([^()]*)\)")
_LEVEL = r"xhigh|high|medium|low|minimal|max"
_BUDGET = r"(?P<budget>\d+k)[ -]?think(?:ing)?(?: tokens)?|thinking[ -](?P<dashed>\d+k)"
_MODES = {"fc": "function calling", "prompt": "prompt"}
_NO_THINKING = {"no thinking", "no think", "nothinking", "non-reasoning", "non-thinking"}
_IN_BRACKETS = re.compile(
    rf"(?P<level>{_LEVEL}|none)(?: reasoning| effort)?|{_BUDGET}"
    r"|(?:adaptive )?(?P<thinks>thinking|reasoning)|default(?: think)?"
)
_NOT_THE_MODELS = re.compile(r"t=[\d.]+|local|novita")  # sampling, and who served it
# Outside brackets a word like `medium` or `max` is often part of a name (mistral-medium, qwen-max);
# it is an effort only behind names of makers whose APIs have that setting.
_HAS_EFFORT = re.compile(r"(?:[\w-]+/)*(?:gpt|o\d|claude|grok|gemini)\b", re.IGNORECASE)
# Whether a model thinks is a setting of these; kimi-k2-thinking is a model of its own.
_MAY_THINK = re.compile(r"(?:[\w-]+/)*(?:claude|deepseek[- ]v3[.-][12])\b", re.IGNORECASE)
_TRAILING = re.compile(
    rf"[-_ ](?:{_BUDGET}|(?P<thinks>thinking)(?:-auto|-adaptive)?|(?P<asked>high|min)thinking"
    rf"|(?P<no>nothinking)|(?P<level>{_LEVEL})(?:[-_ ]effort)?|(?<=_)(?P<tokens>\d+k))$",
    re.IGNORECASE,
)
# LiveBench writes `-base` for Claude without thinking.
_BASE = re.compile(r"(?<=\d)-base$", re.IGNORECASE)
_OWN_MAX = re.compile(r"\bcodex[- ]max$", re.IGNORECASE)  # the one name of theirs that ends so
_BEFORE_DATE = re.compile(
    rf"(?<=\w)[- ](?P<level>{_LEVEL})(?P<between>[- ])(?=\(?20\d{{2}}-?\d{{2}}-?\d{{2}}\)?$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NameParts:
    """`base` is the model's own name with its date; `several` if more than one model is named."""

    base: str
    snapshot: date | None = None
    effort: str | None = None
    mode: str | None = None
    several: bool = False


def split_name(name: str) -> NameParts:
    """A board's name in its parts; what is not understood stays in `base`."""
    efforts: list[str] = []
    modes: list[str] = []

    def taken(bracket: re.Match[str]) -> str:
        own, effort, mode = _bracket(bracket[1])
        efforts.extend(effort)
        modes.extend(mode)
        return own if own is not None else bracket[0]

    base = " ".join(_BRACKET.sub(taken, name).split())
    if _HAS_EFFORT.match(base) or _MAY_THINK.match(base):
        base, said = _outside_brackets(base)
        efforts = efforts or said
    return NameParts(
        base=base,
        snapshot=snapshot_of(base),
        effort=", ".join(efforts) or None,
        mode=modes[0] if modes else None,
        several=" + " in base,
    )


def _bracket(inside: str) -> tuple[str | None, list[str], list[str]]:
    """What a bracket's words leave of the name (None: all of it), the efforts and the modes."""
    # BFCL writes "(FC thinking)" without a separator.
    words = re.split(r"\s*[+,]\s*|(?<=^fc)\s+|(?<=^prompt)\s+", inside.strip().lower())
    efforts, modes = [], []
    for word in words:
        effort = _IN_BRACKETS.fullmatch(word)
        if word in _MODES:
            modes.append(_MODES[word])
        elif word in _NO_THINKING:
            efforts.append("none")
        elif effort:
            efforts.extend(_effort(effort))
        # "DeepSeek V3 (0324)": the snapshot, which belongs to the name.
        elif re.fullmatch(r"\d{4}", word) or _DATE.fullmatch(word):
            return f"-{word}", efforts, modes
        elif not _NOT_THE_MODELS.fullmatch(word):
            return None, [], []
    return "", efforts, modes


def _outside_brackets(base: str) -> tuple[str, list[str]]:
    """The name without the efforts behind it and the one before its date, and these efforts."""
    efforts: list[str] = []
    while found := _trailing(base):
        base, efforts = base[: found.start()], [*_effort(found), *efforts]
    if base.lower().startswith("claude") and _BASE.search(base):
        base, efforts = _BASE.sub("", base), ["none"]
    middle = _BEFORE_DATE.search(base)
    if middle and _HAS_EFFORT.match(base):
        base = base[: middle.start()] + middle["between"] + base[middle.end() :]
        efforts.append(middle["level"].lower())
    return base, efforts


def _trailing(base: str) -> re.Match[str] | None:
    found = _TRAILING.search(base)
    if found is None or _OWN_MAX.search(base):
        return None
    says_effort = any(found[group] for group in ("level", "asked", "tokens", "no"))
    allowed = _HAS_EFFORT if says_effort or found["dashed"] or found["budget"] else _MAY_THINK
    return found if allowed.match(base) else None


def _effort(found: re.Match[str]) -> list[str]:
    said = {word: value.lower() for word, value in found.groupdict().items() if value}
    budget = said.get("budget") or said.get("dashed") or said.get("tokens")
    parts = [f"{budget} thinking"] if budget else []
    if "no" in said:
        parts.append("none")
    if "thinks" in said:
        parts.append("thinking")
    asked = {"min": "minimal"}.get(said.get("asked", ""), said.get("asked"))
    return parts + [level for level in (said.get("level"), asked) if level]


def snapshot_of(name: str) -> date | None:
    """The full date in a name; None when there is none, or none that ever was."""
    found = _DATE.search(name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def has_impossible_date(name: str) -> bool:
    """Whether eight digits stand where a date should, that is no day of the calendar."""
    return snapshot_of(name) is None and _ANY_DATE.search(name) is not None


def with_one_date_format(key: str) -> str:
    """A match key whose full date is written in eight digits."""
    return _DATE.sub(r"\1\2\3", key)
