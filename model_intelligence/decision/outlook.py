"""How a candidate compares with the current model by its chances, its age and its family. Pure."""

from collections.abc import Collection
from datetime import date

from model_intelligence.decision.evidence_index import Lookup
from model_intelligence.decision.values import UNKNOWN_OUTLOOK, Outlook
from model_intelligence.naming.lineage import specialty_of
from model_intelligence.records import Model

CODE_WORK = frozenset({"agentic", "code", "tool_use"})  # what a model made for code may do, too


def outlook_of(
    lookup: Lookup,
    current: Model | None,
    other: Model,
    *,
    moves_provider: bool,
    work: Collection[str],
) -> Outlook:
    """The outlook of `other` for work of these kinds."""
    if current is None:
        return UNKNOWN_OUTLOOK
    ours, theirs = lookup.lineage(current.model_id), lookup.lineage(other.model_id)
    chances = lookup.chances(ours.model).get(theirs.model)
    measured = lookup.abilities.measured
    return Outlook(
        better=chances.better if chances else None,
        not_worse=chances.not_worse if chances else None,
        both_measured=ours.model in measured and theirs.model in measured,
        released=theirs.released,
        age_days=_days_between(ours.released, theirs.released),
        moves="provider" if moves_provider else "maker" if ours.maker != theirs.maker else None,
        same_line=ours.line == theirs.line,
        same_tier=ours.tier == theirs.tier,
        fits_the_work=_fits(specialty_of(theirs.model), specialty_of(ours.model), work),
    )


def _days_between(before: date | None, after: date | None) -> int | None:
    return None if before is None or after is None else (after - before).days


def _fits(specialty: str | None, current: str | None, work: Collection[str]) -> bool:
    """Whether a model that is made for one kind of work may do this one."""
    is_code = specialty == "code" and CODE_WORK.issuperset(work)
    return specialty in {None, current} or is_code
