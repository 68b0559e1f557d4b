"""A backtest pack, read from its CSV files: what was public on each date, and what came later.

What decisions may use (`PackInputs`) and what they are judged by (`PackTruth`) are read apart, so
that nothing that decides can reach the figures that judge it.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from model_intelligence.errors import UsageError

DATA = "data"  # files below it lie in the collection of snapshots, not in the pack
# A kind of decision -> the task types that count for it; any other kind is a task type itself.
TASK_TYPES: Mapping[str, tuple[str, ...]] = {
    "general": (
        *("general", "reasoning", "math", "data_analysis", "language"),
        "instruction_following",
    ),
    "shipped": ("code", "agentic"),  # as in the configuration that is shipped
}
# Three prompt tokens to one completion token: the mix in which a pack compares prices.
_PROMPT, _COMPLETION = 3, 1
_RowT = TypeVar("_RowT")
_Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PublicFile:
    """What a source looked like on that day."""

    observed_at: date
    source: str
    path: Path


@dataclass(frozen=True, slots=True)
class CurrentModel:
    """A model to decide for on that day, at its maker's price, for each kind of work."""

    observed_at: date
    model: str
    provider: str
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackInputs:
    """Everything that decisions may use.

    `files` and `currents` are in order of their dates. `released` is model -> release date, and
    `same` is catalog id -> the name that the model has in `released`, where the two differ.
    """

    files: tuple[PublicFile, ...]
    currents: tuple[CurrentModel, ...]
    released: Mapping[str, date]
    same: Mapping[str, str]

    @property
    def days(self) -> tuple[date, ...]:
        """The dates to decide at, in order."""
        return tuple(dict.fromkeys(current.observed_at for current in self.currents))

    def releases(self, today: date) -> Iterator[tuple[str, date]]:
        """(name, release date) of every model released by that day, under each of its ids."""
        names = {**{model: model for model in self.released}, **self.same}
        for name, model in names.items():
            released = self.released.get(model)
            if released is not None and released <= today:
                yield name, released


@dataclass(frozen=True, slots=True)
class TruthFigure:
    """A model's score on one benchmark, run in one way.

    `merit` is the score, negated where lower is better. Scores that differ by less than
    `tolerance` are called equal. `published_at` is the first day on which this score was public.
    """

    source: str
    kind: str
    benchmark: str
    model: str
    merit: float
    standard_error: float | None
    tolerance: float
    published_at: date


@dataclass(frozen=True, slots=True)
class PackOffer:
    """What a provider charged for a model on that day, per million tokens of a fixed mix."""

    observed_at: date
    model: str
    provider: str
    usd: float


@dataclass(frozen=True, slots=True)
class PackTruth:
    """What decisions are judged by.

    `figures` keep the order of the file. `readable` are the sources that decisions could read:
    figures of theirs that were public on the day of a decision do not judge it.
    """

    figures: tuple[TruthFigure, ...]
    same: Mapping[str, str]
    readable: frozenset[str]
    offers: tuple[PackOffer, ...]
    currents: tuple[CurrentModel, ...]


def task_types(kind: str) -> tuple[str, ...]:
    """The task types that count for this kind of decision."""
    return TASK_TYPES.get(kind, (kind,))


def read_inputs(pack: Path, data: Path | None = None) -> PackInputs:
    """The inputs of the pack, whose `data/` files lie in `data`; raises UsageError.

    Without `data`, the collection of snapshots is two directories above the pack.
    """
    collection = data or pack.resolve().parent.parent / DATA
    files = _table(pack / "manifest.csv", lambda row: _public_file(pack, collection, row))
    return PackInputs(
        # A stable sort: within a day the manifest's order counts.
        files=tuple(sorted(files, key=lambda file: file.observed_at)),
        currents=_currents(pack),
        released=dict(_table(pack / "releases.csv", _release)),
        same=_same(pack),
    )


def read_truth(pack: Path) -> PackTruth:
    """The pack's truth, and the offers among which missed upgrades are counted; UsageError."""
    return PackTruth(
        figures=_table(pack / "truth.csv", _figure),
        same=_same(pack),
        readable=frozenset(_table(pack / "manifest.csv", lambda row: row["source"])),
        offers=_table(pack / "offers.csv", _offer),
        currents=_currents(pack),
    )


def read_reference(pack: Path) -> Mapping[str, Any]:
    """What other rules gave on the pack: name -> figures as `as_json` has them; none is fine."""
    path = pack / "reference.json"
    if not path.exists():
        return {}
    try:
        results: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))["results"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path}: an object with `results` is expected: {error!r}") from error
    return results


def _currents(pack: Path) -> tuple[CurrentModel, ...]:
    currents = _table(pack / "currents.csv", _current)
    return tuple(sorted(currents, key=lambda current: current.observed_at))


def _same(pack: Path) -> dict[str, str]:
    return dict(_table(pack / "same.csv", lambda row: (row["id"], row["model"])))


def _table(path: Path, read_row: Callable[[_Cells], _RowT]) -> tuple[_RowT, ...]:
    """Each row of a CSV file; UsageError with its line for one that cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}; every pack has this file") from error
    reader, rows = csv.DictReader(io.StringIO(text, newline="")), []
    for cells in reader:
        try:
            rows.append(read_row(cells))
        except KeyError as error:
            raise UsageError(f"{path}: the column {error} is missing; add it") from error
        except (AttributeError, TypeError, ValueError) as error:
            raise UsageError(f"{path}:{reader.line_num}: {error}; correct the row") from error
    return tuple(rows)


def _public_file(pack: Path, collection: Path, row: _Cells) -> PublicFile:
    name = Path(row["file"])
    if name.parts[:1] != (DATA,):
        path = pack / name
    else:
        path = collection.joinpath(*name.parts[1:])
        # The option may also name the directory that holds `data`.
        if not path.exists() and (collection / name).exists():
            path = collection / name
    return PublicFile(_day(row["observed_at"]), row["source"], path)


def _current(row: _Cells) -> CurrentModel:
    kinds = tuple(row["kinds"].split())
    return CurrentModel(_day(row["observed_at"]), row["model"], row["provider"], kinds)


def _release(row: _Cells) -> tuple[str, date]:
    return row["model"], _day(row["released_at"])


def _figure(row: _Cells) -> TruthFigure:
    return TruthFigure(
        source=row["source"],
        kind=row["kind"],
        benchmark=row["benchmark"],
        model=row["model"],
        merit=float(row["score"]) * (1 if row["higher_is_better"] == "1" else -1),
        standard_error=float(row["standard_error"]) if row["standard_error"] else None,
        tolerance=float(row["tolerance"]),
        published_at=_day(row["published_at"]),
    )


def _offer(row: _Cells) -> PackOffer:
    usd = _PROMPT * float(row["input"]) + _COMPLETION * float(row["output"])
    return PackOffer(_day(row["observed_at"]), row["model"], row["provider"], usd)


def _day(text: str) -> date:
    return date.fromisoformat(text)
