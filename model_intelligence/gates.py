"""What a model must satisfy before it is scored at all. Pure.

Three-valued: a required property that is unknown fails, with that as the reason. Absent is not no.
"""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from model_intelligence.policy import Policy
from model_intelligence.records import Model, Price

ROLLING_SUFFIX = "-latest"  # the provider re-points such a name whenever it likes
PREVIEW = re.compile(r"(^|[-.])(preview|exp|experimental|alpha|beta)([-.]|$)")
SIZES = ("context_window_tokens", "max_output_tokens")
ABILITIES = (  # what the policy calls it, what the catalog calls it, what people call it
    ("tools", "supports_tools", "tool calls"),
    ("structured_output", "supports_structured_output", "structured output"),
    ("vision", "supports_vision", "vision"),
    ("open_weights", "open_weights", "open weights"),
)


class Gate(NamedTuple):
    """One property: what is asked, what is known, and the reason if that is not enough."""

    name: str
    required: str
    offered: str
    reason: str | None = None


def barred(
    policy: Policy, model: Model, price: Price, cost_delta_pct: Decimal | None, today: date
) -> str | None:
    """The first reason why the policy does not allow the model, or None."""
    for gate in gates(policy, model, price, cost_delta_pct, today):
        if gate.reason is not None:
            return gate.reason
    return None


def gates(
    policy: Policy, model: Model, price: Price, cost_delta_pct: Decimal | None, today: date
) -> Iterator[Gate]:
    """Every gate that the policy has, in the order of asking."""
    yield from _status(policy, model, today)
    for name in SIZES:
        least = getattr(policy.requires, name)
        if least is not None:
            yield _size(name, least, getattr(model, name))
    for wish, name, label in ABILITIES:
        if getattr(policy.requires, wish):
            yield _ability(label, getattr(model, name))
    if policy.requires.region is not None:
        yield _region(policy.requires.region, price)
    most = policy.limits.max_cost_increase_pct
    if most is not None:
        yield _cost(most, cost_delta_pct)


def _status(policy: Policy, model: Model, today: date) -> Iterator[Gate]:
    if model.is_deprecated:
        yield Gate("status", "not deprecated", "deprecated", "deprecated by its provider")
    if model.retires_at is not None and model.retires_at <= today:
        retired = f"retired on {model.retires_at}"
        yield Gate("status", "not retired", retired, retired)
    if model.released_at is not None and model.released_at > today:
        later = f"not released before {model.released_at}"
        yield Gate("status", "released", later, later)
    if model.model_id.endswith(ROLLING_SUFFIX):
        alias = "a rolling alias, which may mean another model tomorrow"
        yield Gate("name", "one model for ever", "a rolling alias", alias)
    preview = PREVIEW.search(model.model_id) is not None
    if preview and not policy.limits.allow_previews:
        reason = "a preview, and limits.allow_previews is not set"
        yield Gate("status", "no preview", "a preview", reason)
    yield Gate("status", "may be called", "a preview" if preview else "no end or preview told")


def _size(name: str, least: int, offered: int | None) -> Gate:
    label = name.replace("_", " ")
    need = f"{least:,}"
    if offered is None:
        return Gate(label, need, "unknown", f"{label} unknown, {need} required")
    short = f"{label} {offered:,}, {need} required" if offered < least else None
    return Gate(label, need, f"{offered:,}", short)


def _ability(label: str, offered: bool | None) -> Gate:
    if offered is None:
        return Gate(label, "yes", "unknown", f"{label} unknown, but required")
    return Gate(label, "yes", "yes") if offered else Gate(label, "yes", "no", f"no {label}")


def _region(wanted: str, price: Price) -> Gate:
    offered = price.region
    if offered is None:
        return Gate("region", wanted, "unknown", f"region unknown, {wanted} required")
    other = f"served in {offered}, {wanted} required" if offered != wanted else None
    return Gate("region", wanted, offered, other)


def _cost(most: Decimal, delta: Decimal | None) -> Gate:
    need = f"at most {most:+.0f} %"
    if delta is None:
        return Gate("cost of a call", need, "unknown", f"change of cost unknown, {need} allowed")
    dear = f"{delta:+.0f} % dearer, {need} allowed" if delta > most else None
    return Gate("cost of a call", need, f"{delta:+.1f} %", dear)
