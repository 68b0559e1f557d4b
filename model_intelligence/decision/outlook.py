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
        # A model that is made for one kind of work may do that one only.
        self._fitting = {None, self._ours.specialty}
        if CODE_WORK.issuperset(work):
            self._fitting.add("code")

    def of(self, other: Model, *, moves_provider: bool) -> Outlook:
        """The outlook of `other`."""
        _, our_results, before, our_maker, our_line, our_tier, _ = self._ours
        row, results, after, maker, line, tier, specialty = self._profiles[other.model_id]
        # By position, because this runs for every model and every use case.
        return Outlook(
            self._better[row],
            self._not_worse[row],
            our_results and results,
            after,
            None if before is None or after is None else (after - before).days,
            "provider" if moves_provider else "maker" if our_maker != maker else None,
            our_line == line,
            our_tier == tier,
            specialty in self._fitting,
        )
