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

    def of(self, other: Model, price: Price) -> Outlook:
        """The outlook of `other` at that price."""
        profiles, (better, not_worse), fitting, ours = self._tables
        _, our_results, before, our_maker, our_line, our_tier, _ = ours
        row, results, after, maker, line, tier, specialty = profiles[other.model_id]
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
            specialty in fitting,
        )

    @cached_property
    def _tables(self) -> tuple[Mapping[str, Profile], Chances, frozenset[str | None], Profile]:
        profiles, own = self.lookup.profiles, self.current.model_id
        # A model that is made for one kind of work may do that one only.
        code = {"code"} if CODE_WORK.issuperset(self.work) else set()
        fitting = frozenset({None, profiles[own].specialty, *code})
        return profiles, self.lookup.chances(own), fitting, profiles[own]
