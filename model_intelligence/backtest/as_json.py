"""The figures as data, under the names and with the rounding of the packs' own judge. Pure."""

from collections.abc import Mapping
from typing import Any

from model_intelligence.backtest.decide import Scope
from model_intelligence.backtest.judge import ClassFigures, KeptPromises, ScopeFigures
from model_intelligence.backtest.reliability import Reliability

_PLACES = 4


def as_json(figures: Mapping[Scope, ScopeFigures]) -> dict[str, dict[str, Any]]:
    """The same as `judge_pack.py --json` writes for a pack and its decisions."""
    return {scope: _scope(each) for scope, each in figures.items()}


def _scope(figures: ScopeFigures) -> dict[str, Any]:
    return {
        "decisions": figures.decisions,
        "asked_for": figures.asked_for,
        "answered": figures.answered,
        "proposals": figures.proposals,
        "coverage": round(figures.coverage, _PLACES),
        "classes": {name: _class(each) for name, each in figures.classes.items()},
        "flip_backs": figures.flip_backs,
        "looked_at_again": figures.reconsidered,
        "missed": {"missed": figures.missed.missed, "judged": figures.missed.judged},
        "probability of unique proposals": _chances(figures.of_unique, figures.unique_promise),
        "probability of all that name a target": _chances(
            figures.of_targets, figures.targets_promise
        ),
    }


def _class(figures: ClassFigures) -> dict[str, Any]:
    chances, promise = figures.reliability, figures.promise
    return {
        "proposals": figures.proposals,
        "unique": figures.unique,
        "judged": figures.judged,
        "clearly_worse": figures.clearly_worse,
        "clearly_worse_interval": [round(bound, _PLACES) for bound in figures.interval],
        "better": figures.better,
        "same": figures.same,
        "coverage": round(figures.coverage, _PLACES),
        "brier": chances and round(chances.brier, _PLACES),
        "promise_brier": round(promise.brier, _PLACES) if chances and promise else None,
    }


def _chances(chances: Reliability | None, promise: KeptPromises | None) -> dict[str, Any] | None:
    if chances is None:
        return None
    return {
        "n": chances.n,
        "came_true": round(chances.came_true, _PLACES),
        "brier": round(chances.brier, _PLACES),
        "brier_of_best_constant": round(chances.best_constant, _PLACES),
        "promise": _promise(promise) if promise else None,
        "reliability": [
            {"said": round(tenth.said, 3), "came_true": round(tenth.share, 3), "n": tenth.n}
            for tenth in chances.bins
        ],
    }


def _promise(promise: KeptPromises) -> dict[str, Any]:
    return {
        "n": promise.n,
        "kept": round(promise.kept, _PLACES),
        "brier": round(promise.brier, _PLACES),
    }
