"""How hard a model was asked to think, in one spelling: what may be compared with what. Pure.

Only spellings of one setting become equal. A level ("high"), a budget ("32k thinking") and plain
"thinking" are different settings, and so is saying nothing: providers' defaults differ and move.
"""

import re

_SAME = {
    **dict.fromkeys(("off", "disabled", "no thinking", "no think", "non-thinking", "0"), "none"),
    **dict.fromkeys(("no reasoning", "non-reasoning"), "none"),
    **dict.fromkeys(("on", "enabled", "reasoning", "with thinking"), "thinking"),
    **dict.fromkeys(("adaptive", "adaptive reasoning", "adaptive thinking", "auto"), "thinking"),
    "extra high": "xhigh",
    "maximum": "max",
}
_BUDGET = re.compile(r"(\d+)(k?)(?: thinking)?(?: tokens)?")


def effort_class(told: str | None) -> str | None:
    """The effort as it is compared: `32K`, `32768` and `32k thinking` are one; None stays None."""
    if told is None:
        return None
    parts = [_part(" ".join(part.lower().split())) for part in told.split(",")]
    return ", ".join(sorted(set(parts), key=_budget_first)) or None


def budget(tokens: int) -> str:
    """A thinking budget in thousands, whichever of the two thousands it is a multiple of."""
    if tokens == 0:
        return "none"
    # APIs take any number, and people choose round ones: 32,768 and 32,000 are both "32k" to them.
    return f"{tokens // 1024 if tokens % 1024 == 0 else round(tokens / 1000)}k thinking"


def _part(word: str) -> str:
    word = word.removesuffix(" effort")
    found = _BUDGET.fullmatch(word)
    if word in _SAME or not found:
        return _SAME.get(word, word)
    return f"{found[1]}k thinking" if found[2] else budget(int(found[1]))


def _budget_first(part: str) -> tuple[bool, str]:
    return not part[:1].isdigit(), part
