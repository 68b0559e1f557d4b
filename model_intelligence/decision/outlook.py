"""How a candidate compares with the current model by its chances, its age and its family. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from model_intelligence.decision.ability import Chances
from model_intelligence.decision.evidence_index import Lookup, Profile
from model_intelligence.decision.values import Outlook
from model_intelligence.records import Model, Price

CODE_WORK = frozenset({"agentic", "code", "tool_use"})  # what a model made for code may do, too


@dataclass(frozen=True)
class Outlooks:
    """How models compare with the current one, which `seller` sells, for work of these kinds."""

    lookup: Lookup
    current: Model
    seller: str | None
    work: frozenset[str]

    def __call__(self, other: Model, price: Price) -> Outlook:
        """The outlook of `other` at that price."""
        _, our_results, before, our_maker, our_line, our_tier, _ = self._ours
        row, results, after, maker, line, tier, specialty = self._profiles[other.model_id]
        better, not_worse = self._chances
        is_elsewhere = self.seller is not None and self.seller != price.provider
        # By position, because this runs for every model and every use case.
        return Outlook(
            better[row],
            not_worse[row],
            our_results and results,
            after,
            None if before is None or after is None else (after - before).days,
            "provider" if is_elsewhere else "maker" if our_maker != maker else None,
            our_line == line,
            our_tier == tier,
            specialty in self._fitting,
        )

    @cached_property
    def _profiles(self) -> Mapping[str, Profile]:
        return self.lookup.profiles

    @cached_property
    def _ours(self) -> Profile:
        return self._profiles[self.current.model_id]

    @cached_property
    def _chances(self) -> Chances:
        return self.lookup.chances(self.current.model_id)

    @cached_property
    def _fitting(self) -> frozenset[str | None]:
        """A model that is made for one kind of work may do that one only."""
        code = {"code"} if CODE_WORK.issuperset(self.work) else set()
        return frozenset({None, self._ours.specialty, *code})
