"""Candidates in order, of which only those that somebody looks at are described. Pure."""

from collections.abc import Callable, Sequence
from typing import overload

from model_intelligence.decision.values import Candidate, RankedCandidate


class Ranking(Sequence[Candidate]):
    """Behaves as a tuple of candidates; each is built once, when first read."""

    def __init__(
        self, ranked: Sequence[RankedCandidate], describe: Callable[[RankedCandidate], Candidate]
    ) -> None:
        self._ranked = ranked
        self._describe = describe
        self._described: dict[int, Candidate] = {}

    def __len__(self) -> int:
        return len(self._ranked)

    @overload
    def __getitem__(self, place: int) -> Candidate: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Candidate, ...]: ...
    def __getitem__(self, place: int | slice) -> Candidate | tuple[Candidate, ...]:
        if isinstance(place, slice):
            return tuple(self[each] for each in range(len(self))[place])
        place = range(len(self))[place]  # from the end where negative; IndexError beyond
        if place not in self._described:
            self._described[place] = self._describe(self._ranked[place])
        return self._described[place]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Ranking, tuple)) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))
