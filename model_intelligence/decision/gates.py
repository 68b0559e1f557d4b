"""What a model must satisfy before it is scored at all. Pure.

Three-valued: a required property that no source states counts as missing, and the reason says so.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from model_intelligence.config.bot_yaml import Limits, Policy, Requirements
from model_intelligence.naming.resolve import is_rolling
from model_intelligence.pricing.call_cost import cost_in_words
from model_intelligence.records import Model, Price

# As a word of its own, in `gemini-exp-1206`, not as a part of another one.
PREVIEW = re.compile(r"(^|[-.])(preview|exp|experimental|alpha|beta)([-.]|$)")
# Names of models that do one thing, or none by themselves: no list says it of all of them.
FOR_ONE_PURPOSE = re.compile(
    r"(?:^|[-.:_/@])(ocr|embed(?:ding)?s?|tts|asr|whisper|transcribe|audio|realtime|live|image|imagen"
    r"|moderation|guard|safeguard|rerank(?:er)?|search)(?:[-.:_/]|$)"
)
# LiteLLM lists `ft:gpt-4o` for the price of models that customers tuned from it.
FINE_TUNED = re.compile(r"(?:^|[-.:])ft(?:[-.:]|$)")
SIZES = ("context_window_tokens", "max_output_tokens")
ABILITIES = (  # what the policy calls it, what the catalog calls it, what people call it
    ("tools", "supports_tools", "tool calls"),
    ("structured_output", "supports_structured_output", "structured output"),
    ("vision", "supports_vision", "vision"),
    ("open_weights", "open_weights", "open weights"),
)
_PROPERTIES = attrgetter(*SIZES, *(name for _, name, _ in ABILITIES))


class Gate(NamedTuple):
    """One property: what is required, what the model offers, and the reason if it falls short."""

    name: str
    required: str
    offered: str
    reason: str | None = None


class Gatekeeper:
    """One policy's gates for many models; models with the same properties share one check.

    `unfit` are the models whose state rules them out, each with the reason (see `unfit_models`).
    """

    def __init__(self, policy: Policy, unfit: Mapping[str, str]) -> None:
        self._requires, self._most = policy.requires, policy.limits.max_cost_increase_pct
        self._unfit = unfit
        self._known: dict[tuple[object, ...], str | None] = {}

    def reason_against(
        self, model: Model, price: Price, cost_delta_pct: Decimal | None
    ) -> str | None:
        """The first reason why the policy does not allow the model, or None."""
        unfit = self._unfit.get(model.model_id)
        if unfit is not None:
            return unfit
        properties = (price.region, _PROPERTIES(model))
        if properties not in self._known:
            self._known[properties] = _first_reason(_properties(self._requires, model, price))
        lacking = self._known[properties]
        if lacking is not None or self._most is None:
            return lacking
        if cost_delta_pct is not None and cost_delta_pct <= self._most:
            return None
        return _cost(self._most, cost_delta_pct).reason


def unfit_models(models: Iterable[Model], limits: Limits, today: date) -> dict[str, str]:
    """model -> why its state rules it out under such limits; the others are left out."""
    states = ((each.model_id, _status(each, today, limits)) for each in models)
    reasons = ((model_id, _first_reason(gates)) for model_id, gates in states)
    return {model_id: reason for model_id, reason in reasons if reason is not None}


def gates(
    policy: Policy, model: Model, price: Price, cost_delta_pct: Decimal | None, today: date
) -> Iterator[Gate]:
    """Every gate that the policy has, in the order in which they are checked."""
    yield from _status(model, today, policy.limits)
    yield from _properties(policy.requires, model, price)
    most = policy.limits.max_cost_increase_pct
    if most is not None:
        yield _cost(most, cost_delta_pct)


def _first_reason(gates: Iterable[Gate]) -> str | None:
    return next((gate.reason for gate in gates if gate.reason is not None), None)


def _properties(requires: Requirements, model: Model, price: Price) -> Iterator[Gate]:
    for name in SIZES:
        least = getattr(requires, name)
        if least is not None:
            yield _size(name, least, getattr(model, name))
    for requirement, name, label in ABILITIES:
        if getattr(requires, requirement):
            yield _ability(label, getattr(model, name))
    if requires.region is not None:
        yield _region(requires.region, price)


def _status(model: Model, today: date, limits: Limits) -> Iterator[Gate]:
    if model.is_deprecated:
        yield Gate(
            "status",
            "not deprecated",
            "deprecated",
            "marked as deprecated by its maker or a provider",
        )
    if model.retires_at is not None:
        yield _remaining(model.retires_at, today, limits.minimum_remaining_days)
    if model.released_at is not None and model.released_at > today:
        later = f"not released until {model.released_at}"
        yield Gate("status", "released", later, later)
    if is_rolling(model.model_id):
        alias = "a rolling alias, which the provider may point at another model at any time"
        yield Gate("name", "a fixed model", "a rolling alias", alias)
    if FINE_TUNED.search(model.model_id):
        tuned = "a placeholder for customers' fine-tuned models"
        yield Gate("name", "a fixed model", "fine-tuned models", tuned)
    purpose = FOR_ONE_PURPOSE.search(model.model_id)
    if purpose:
        yield Gate("name", "general purpose", purpose[1], f"a special-purpose model ({purpose[1]})")
    preview = PREVIEW.search(model.model_id) is not None
    if preview and not limits.allow_previews:
        reason = "a preview, and limits.allow_previews is not set"
        yield Gate("status", "no preview", "a preview", reason)
    if model.retires_at is None:
        known = "a preview" if preview else "generally available"
        promise = model.retires_not_before
        kept = f", not before {promise}" if promise is not None and promise > today else ""
        yield Gate("status", "available", f"{known}, no retirement announced{kept}")


def _remaining(end: date, today: date, least: int) -> Gate:
    need, known = f"more than {least} days left", f"retires on {end}"
    if end <= today:
        return Gate("status", "not retired", f"retired on {end}", f"retired on {end}")
    too_soon = f"{known}; more than {least} days must be left"
    soon = too_soon if (end - today).days <= least else None
    return Gate("status", need, known, soon)


def _size(name: str, least: int, offered: int | None) -> Gate:
    label = name.removesuffix("_tokens").replace("_", " ")
    need = f"{least:,}"
    if offered is None:
        return Gate(label, need, "unknown", f"no source states its {label}; {need} tokens required")
    short = f"{label} of {offered:,} tokens; {need} required" if offered < least else None
    return Gate(label, need, f"{offered:,}", short)


def _ability(label: str, offered: bool | None) -> Gate:
    if offered is None:
        return Gate(
            label, "yes", "unknown", f"no source says whether it has {label}, which is required"
        )
    return Gate(label, "yes", "yes") if offered else Gate(label, "yes", "no", f"no {label}")


def _region(wanted: str, price: Price) -> Gate:
    offered = price.region
    if offered is None:
        return Gate("region", wanted, "unknown", f"no source states its region; {wanted} required")
    other = f"served from {offered}; {wanted} required" if offered != wanted else None
    return Gate("region", wanted, offered, other)


def _cost(most: Decimal, delta: Decimal | None) -> Gate:
    need = f"at most {most:+.0f} %"
    if delta is None:
        return Gate("cost of a call", need, "unknown", f"change in cost unknown; {need} allowed")
    too_much = f"a call costs {cost_in_words(delta)}; {need} allowed" if delta > most else None
    return Gate("cost of a call", need, f"{delta:+.1f} %", too_much)
