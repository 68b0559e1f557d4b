"""Which ids of the catalog are one model: a reseller's, a cloud's, a dated one, one at an effort.

Pure, and nothing is guessed: two ids are one where a list says so, or where their names differ only
in what never tells two models apart.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from model_intelligence.naming import bedrock
from model_intelligence.naming.catalog_index import key_of, without_server
from model_intelligence.naming.effort import effort_class
from model_intelligence.naming.lineage import maker_of
from model_intelligence.naming.name_parts import split_name
from model_intelligence.naming.resolve import is_rolling, match_key, resolve
from model_intelligence.records import Model

# What OpenRouter puts behind an id to call the same weights in another way.
_VARIANT = re.compile(
    r":(?:batch|beta|exacto|extended|floor|free|nitro|online|(?P<thinks>thinking))$"
)
_FULL_DATE = re.compile(r"-20\d{2}-?\d{2}-?\d{2}$")
_REVISION = re.compile(r"-00\d$")  # Google's stable versions: gemini-2.0-flash-001
# Their undated ids name one snapshot for good, unless a list says that it has several.
_PINS = frozenset({"anthropic", "openai"})


def only_snapshots(models: Mapping[str, Model], snapshots: Mapping[str, str]) -> dict[str, str]:
    """A dated id whose undated one is listed, too, and can mean no other snapshot."""
    pinned = set(snapshots.values())
    dated: dict[str, list[str]] = defaultdict(list)
    for name, model in models.items():
        pins = maker_of(name, model.provider) in _PINS
        found = (_FULL_DATE if pins else _REVISION).search(name)
        undated = name[: found.start()] if found else name
        if undated in models and undated not in pinned and not is_rolling(undated):
            dated[undated].append(name)
    return {
        other: undated
        for undated, names in dated.items()
        if len(names) == 2  # itself and one more
        for other in names
        # An end that only the dated id has would be lost with it.
        if other != undated and (models[undated].retires_at or not models[other].retires_at)
    }


def same_models(
    models: Mapping[str, Model],
    snapshots: Mapping[str, str],
    names: Mapping[str, str],
    rolling: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """id -> its maker's id of the same model, of every id that has another.

    `snapshots` is dated id -> undated id, `names` match key -> id, `rolling` a name that moves ->
    what it points to now.
    """
    step: dict[str, str] = {}
    for name, model in models.items():
        if is_rolling(name):
            meant = resolve(rolling.get(name.rpartition("/")[2], ""), names)
        else:
            meant = next(filter(None, _meant(model, snapshots, names)), None)
        if meant is not None and meant != name and meant in models:
            step[name] = meant
    step |= _spellings([model for name, model in models.items() if name not in step])
    return {name: _end(name, step) for name in step}


def effort_of(model_id: str) -> str | None:
    """The effort that an entry of the catalog stands for: `o3-mini-high`, `...:thinking`."""
    variant = _VARIANT.search(model_id)
    if variant and variant["thinks"]:
        return "thinking"
    return effort_class(split_name(_VARIANT.sub("", model_id)).effort)


def is_separate_offer(model_id: str) -> bool:
    """Whether the id is no plain spelling: it is a cloud's, moves, or stands for an effort."""
    moves_or_area = is_rolling(model_id) or bedrock.model_of(model_id) is not None
    return moves_or_area or bool(_VARIANT.search(model_id) or effort_of(model_id))


def _meant(
    model: Model, snapshots: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[str | None]:
    name = model.model_id
    yield snapshots.get(name)
    own = bedrock.model_of(name)
    yield resolve(own, names) if own else None
    yield resolve(model.base_model, names) if model.base_model else None
    plain = _VARIANT.sub("", name)
    base = split_name(plain).base.lower()
    for known in dict.fromkeys((plain, base)):
        yield _without_owner(known, names) if known != name else None


def _without_owner(name: str, names: Mapping[str, str]) -> str | None:
    """A reseller writes `anthropic/claude-haiku-4.5` where the maker's id has no dot."""
    return resolve(name, names) or names.get(match_key(without_server(name)))


def _spellings(models: Iterable[Model]) -> dict[str, str]:
    """Ids that differ only in who stands before them, in case and in separators."""
    groups: dict[str, list[Model]] = defaultdict(list)
    for model in models:
        if not is_rolling(model.model_id):
            groups[key_of(without_server(model.model_id))].append(model)
    found: dict[str, str] = {}
    for group in groups.values():
        first, *others = sorted(group, key=_makers_own_first)
        found |= {other.model_id: first.model_id for other in others}
    return found


def _makers_own_first(model: Model) -> tuple[bool, int, int, str]:
    name = model.model_id
    return model.provider != maker_of(name, model.provider), name.count("/"), len(name), name


def _end(name: str, step: Mapping[str, str]) -> str:
    """Where a chain of ids ends; one that turns in a circle ends where it began."""
    met = [name]
    while (following := step.get(met[-1])) is not None and following not in met:
        met.append(following)
    return met[-1]
