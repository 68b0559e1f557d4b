"""What is known of one model under several ids, brought together. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from model_intelligence.ingest.catalog_builder import KNOWN_OF_A_MODEL
from model_intelligence.naming.same_model import effort_of, is_separate_offer
from model_intelligence.records import BenchmarkResult, Model, Price

_Known = TypeVar("_Known")


def other_hosts(same: Mapping[str, str], snapshots: Mapping[str, str]) -> dict[str, str]:
    """The ids under which other hosts sell a model on the same terms as its own."""
    return {
        name: model
        for name, model in same.items()
        if name not in snapshots and not is_separate_offer(name)
    }


def merged(models: Mapping[str, Model], hosts: Mapping[str, str]) -> dict[str, Model]:
    """The models without the hosts' entries, which tell what the model's own does not."""
    found = {name: model for name, model in models.items() if name not in hosts}
    for host, name in hosts.items():
        told = {
            fact: getattr(models[host], fact)
            for fact in (*KNOWN_OF_A_MODEL, "released_at", "release_dates")
            if getattr(found[name], fact) is None
        }
        found[name] = replace(found[name], **told)
    return found


def moved(
    prices: Mapping[tuple[str, str], Price], hosts: Mapping[str, str]
) -> dict[tuple[str, str], Price]:
    """Every host's price under the model's own id; the model's own price there comes first."""
    found = {offer: price for offer, price in prices.items() if offer[0] not in hosts}
    for (name, provider), price in prices.items():
        if name in hosts:
            found.setdefault((hosts[name], provider), price)
    return found


def of_each_model(
    found: Mapping[str, tuple[_Known, ...]], same: Mapping[str, str]
) -> dict[str, tuple[_Known, ...]]:
    """What is known of a model under any id, under its own; at the effort that an id stands for."""
    pooled: dict[str, list[_Known]] = defaultdict(list)
    for name, rows in found.items():
        effort = effort_of(name) if name in same else None
        pooled[same.get(name, name)] += [_at(effort, row) for row in rows]
    return {name: tuple(rows) for name, rows in pooled.items()}


def _at(effort: str | None, row: _Known) -> _Known:
    if effort is None or not isinstance(row, BenchmarkResult) or row.key.effort is not None:
        return row
    return replace(row, key=row.key._replace(effort=effort))


def under_every_id(
    found: Mapping[str, tuple[_Known, ...]], models: Iterable[str], same: Mapping[str, str]
) -> dict[str, tuple[_Known, ...]]:
    """The same of each entry that sells the model; of one at an effort what was measured at it."""
    shared = dict(found)
    for name in models:
        rows = found.get(same.get(name, name), ())
        effort = effort_of(name) if name in same else None
        kept = tuple(row for row in rows if effort is None or _is_at(effort, row))
        if kept:
            shared[name] = kept
    return shared


def _is_at(effort: str, row: object) -> bool:
    return not isinstance(row, BenchmarkResult) or row.key.effort == effort
