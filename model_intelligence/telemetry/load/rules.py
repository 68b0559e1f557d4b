"""Which role and use case a call has, by the labels that its source recorded with it. Pure.

The first rule that matches applies; a role or use case that the event names itself is kept.
"""

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache

from model_intelligence.config.telemetry_rules import Rule, RuleMatch
from model_intelligence.telemetry.event import Labels, UsageEvent


def assigner(rules: Sequence[Rule]) -> Callable[[UsageEvent], UsageEvent]:
    """A function that adds the role and the use case that an event does not name itself."""

    @lru_cache(maxsize=4_096)
    def found(role: str | None, labels: Labels) -> tuple[str | None, str | None]:
        rule = next((rule for rule in rules if fits(rule.match, role, labels)), None)
        return (rule.role, rule.use_case) if rule else (None, None)

    def assign(event: UsageEvent) -> UsageEvent:
        if event.role is not None and event.use_case is not None:
            return event
        role, use_case = found(event.role, event.labels)
        return event._replace(role=event.role or role, use_case=event.use_case or use_case)

    return assign if rules else lambda event: event


def fits(match: RuleMatch, role: str | None, labels: Labels) -> bool:
    """Whether a call with this role and these labels matches every key of the rule."""
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
