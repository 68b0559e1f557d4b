"""Which role and use case a call has, by what its source says beside it. Pure.

The first rule that matches decides; what an event says itself stays.
"""

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from model_intelligence.config.telemetry_rules import Match, Rule
from model_intelligence.telemetry.event import Event, Labels


def assigner(rules: Sequence[Rule]) -> Callable[[Event], Event]:
    """A function that gives an event the role and the use case it does not say itself."""

    @lru_cache(maxsize=4_096)
    def found(role: str | None, labels: Labels) -> tuple[str | None, str | None]:
        rule = next((rule for rule in rules if fits(rule.match, role, labels)), None)
        return (rule.role, rule.use_case) if rule else (None, None)

    def assign(event: Event) -> Event:
        if event.role is not None and event.use_case is not None:
            return event
        role, use_case = found(event.role, event.labels)
        return event._replace(role=event.role or role, use_case=event.use_case or use_case)

    return assign if rules else lambda event: event


def fits(match: Match, role: str | None, labels: Labels) -> bool:
    """Whether a call with that role and those labels matches: every key that is given must."""
    values = (
        (match.role, (role,)),
        (match.tag, labels.tags),
        (match.prompt_name, (labels.prompt_name,)),
        (match.workflow_name, (labels.workflow_name,)),
    )
    return all(
        any(value is not None and fnmatchcase(value, pattern) for value in found)
        for pattern, found in values
        if pattern is not None
    )
