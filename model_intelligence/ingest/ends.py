"""Which models of the catalog a list of ends speaks of, under whatever spelling. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from model_intelligence.naming import bedrock, resolve
from model_intelligence.naming.lineage import maker_of
from model_intelligence.naming.makers import cites_a_maker
from model_intelligence.naming.name_parts import snapshot_of
from model_intelligence.naming.resolve import is_rolling
from model_intelligence.naming.spellings import is_snapshot, plain_key, undated_key
from model_intelligence.observations.listing import Lifecycle
from model_intelligence.records import Model

# Where these makers end a model nobody can go on selling it: the weights are theirs alone.
CLOSED = frozenset({"anthropic", "google", "openai", "x-ai"})
_OPEN_WEIGHTS = ("gpt-oss", "gemma")
# Anthropic and Google promise each model a year. Collectors repeat the promise as if it were an
# end, often rounded to the first of a month.
_PROMISING = frozenset({"anthropic", "google"})
_ROUNDED = timedelta(days=31)


def ends_of_models(
    lifecycles: Iterable[Lifecycle], models: Mapping[str, Model]
) -> dict[str, Lifecycle]:
    """model id -> what the list says of its end: a date, a promise or that it is deprecated."""
    providers = {model_id: model.provider for model_id, model in models.items()}
    released = {model_id: model.released_at for model_id, model in models.items()}
    return EndsOfModels(lifecycles, providers).of_models(released)


class EndsOfModels:
    """What one list says of ends, by who says it and of which model."""

    def __init__(self, lifecycles: Iterable[Lifecycle], providers: Mapping[str, str]) -> None:
        """`providers` is model id -> the provider that describes it."""
        self._providers = providers
        self._said: dict[str, dict[str, Lifecycle]] = defaultdict(dict)
        for end in sorted(lifecycles, key=_earliest_first):
            self._said[end.provider].setdefault(plain_key(end.model), end)
        self._snapshots: dict[tuple[str, str], list[Lifecycle]] = defaultdict(list)
        for provider, ends in self._said.items():
            for end in filter(lambda each: is_snapshot(each.model), ends.values()):
                self._snapshots[provider, undated_key(end.model)].append(end)
        # Snapshots that are on sale and that the list does not speak of may be alive.
        self._unspoken = {
            (maker, undated_key(model_id))
            for model_id, provider in providers.items()
            if is_snapshot(model_id)
            and plain_key(model_id) not in self._said[maker := maker_of(model_id, provider)]
        }

    def of_models(self, released: Mapping[str, date | None]) -> dict[str, Lifecycle]:
        """model id -> its end, promise or deprecation; `released` is model id -> release date."""
        ends = {model_id: self._of(model_id) for model_id in self._providers}
        honest = {
            model_id: _as_promised(end, released.get(model_id) or snapshot_of(model_id))
            for model_id, end in ends.items()
            if end is not None
        }
        return {name: end for name, end in honest.items() if end.not_before or not end.is_living}

    def _of(self, model_id: str) -> Lifecycle | None:
        """What the model's own seller says; of models that only their makers have, what they say.

        Where a reseller describes the model, for no other list has it any more, its maker is who
        ended the very id.
        """
        seller, key = self._providers[model_id], plain_key(model_id)
        maker = maker_of(model_id, seller)
        own = self._said[seller].get(key) or self._by_snapshots(seller, model_id)
        if own is not None or seller in {maker, *bedrock.SELLERS}:
            return own
        theirs = self._said[maker].get(key)
        if maker in CLOSED and not key.startswith(_OPEN_WEIGHTS):
            return theirs or self._by_snapshots(maker, model_id)
        is_its_id = theirs is not None and theirs.model.lower() == model_id
        return theirs if is_its_id and seller not in resolve.CREATORS.values() else None

    def _by_snapshots(self, provider: str, model_id: str) -> Lifecycle | None:
        """The end of an undated model: that of its last snapshot, once all of them end."""
        which = provider, undated_key(model_id)
        snapshots = self._snapshots.get(which, [])
        if is_snapshot(model_id) or is_rolling(model_id) or which in self._unspoken:
            return None
        if any(each.is_living for each in snapshots):
            return None
        return max(snapshots, key=_earliest_first, default=None)


def _earliest_first(end: Lifecycle) -> date:
    return end.retires_at or (date.max if end.is_living else date.min)


def _as_promised(end: Lifecycle, released: date | None) -> Lifecycle:
    """The end as a promise if it is a year from the release and no page of the maker is cited."""
    day = end.retires_at
    if day is None or released is None or end.provider not in _PROMISING:
        return end
    if cites_a_maker(end.source_url) or abs(day - released - timedelta(days=365)) > _ROUNDED:
        return end
    return replace(end, retires_at=None, not_before=day)
