"""How a candidate compares with the current model by its chances, its age and its family. Pure."""

from collections.abc import Collection

from model_intelligence.decision.evidence_index import Lookup
from model_intelligence.decision.values import Outlook
from model_intelligence.records import Model

CODE_WORK = frozenset({"agentic", "code", "tool_use"})  # what a model made for code may do, too


class Outlooks:
    """How models compare with the current one, for work of these kinds."""

    def __init__(self, lookup: Lookup, current: Model, work: Collection[str]) -> None:
        self._profiles = lookup.profiles
        self._ours = lookup.profiles[current.model_id]
        self._better, self._not_worse = lookup.chances(current.model_id)
        self._is_code = CODE_WORK.issuperset(work)

    def of(self, other: Model, *, moves_provider: bool) -> Outlook:
        """The outlook of `other`."""
        ours, _, is_measured, our_specialty = self._ours
        theirs, row, are_measured, specialty = self._profiles[other.model_id]
        before, after = ours.released, theirs.released
        return Outlook(
            better=self._better[row],
            not_worse=self._not_worse[row],
            both_measured=is_measured and are_measured,
            released=after,
            age_days=None if before is None or after is None else (after - before).days,
            moves="provider" if moves_provider else "maker" if ours.maker != theirs.maker else None,
            same_line=ours.line == theirs.line,
            same_tier=ours.tier == theirs.tier,
            # A model that is made for one kind of work may do that one only.
            fits_the_work=specialty in {None, our_specialty}
            or (specialty == "code" and self._is_code),
        )
