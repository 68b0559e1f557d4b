"""Editions of a benchmark that share their tasks."""

from model_intelligence.decision.benchmarks.editions import Results, with_shared_editions
from model_intelligence.records import BenchmarkResult
from tests.model_intelligence.build import key, result

OLD, NEW = "2025-11-25", "2025-12-23"


def scores(version: str, *figures: str, effort: str | None = None, first: int = 0) -> Results:
    """The models m0, m1, ... on one edition, with the figures given."""
    how = key(benchmark_name="Board", dataset_version=version, effort=effort)
    names = [f"m{number}" for number in range(first, first + len(figures))]
    return {
        name: (result(name, figure, id=hash((version, name)), key=how),)
        for name, figure in zip(names, figures, strict=True)
    }


def together(*editions: Results) -> dict[str, tuple[BenchmarkResult, ...]]:
    found: dict[str, tuple[BenchmarkResult, ...]] = {}
    for edition in editions:
        for name, rows in edition.items():
            found[name] = (*found.get(name, ()), *rows)
    return found


def versions(results: Results) -> dict[str, list[str | None]]:
    return {name: [row.key.dataset_version for row in rows] for name, rows in results.items()}


def test_releases_that_share_their_tasks_are_one_edition() -> None:
    figures = ("10", "20", "30", "40", "50")
    known = with_shared_editions(
        together(
            scores(OLD, *figures, "60"), scores(NEW, *figures, first=0), scores(NEW, "9", first=7)
        )
    )
    assert versions(known) == {f"m{number}": [NEW] for number in (0, 1, 2, 3, 4, 5, 7)}


def test_of_a_model_in_both_the_newer_figure_stays() -> None:
    known = with_shared_editions(
        together(
            scores(NEW, "1", "2", "3", "4", "5", "66"), scores(OLD, "1", "2", "3", "4", "5", "6")
        )
    )
    [row] = known["m5"]
    assert row.score == 66


def test_releases_with_other_tasks_stay_two() -> None:
    both = together(scores(OLD, "1", "2", "3", "4", "5"), scores(NEW, "1", "2", "3", "4", "9"))
    assert with_shared_editions(both) == both


def test_few_common_rows_prove_nothing() -> None:
    both = together(scores(OLD, "1", "2", "3", "4"), scores(NEW, "1", "2", "3", "4"))
    assert with_shared_editions(both) == both


def test_the_same_model_at_another_effort_is_no_common_row() -> None:
    figures = ("1", "2", "3", "4", "5")
    both = together(scores(OLD, *figures, effort="low"), scores(NEW, *figures, effort="high"))
    assert with_shared_editions(both) == both


def test_a_chain_of_releases_is_one_edition() -> None:
    figures = ("1", "2", "3", "4", "5")
    chain = together(*(scores(day, *figures) for day in ("2025-01-01", OLD, NEW)))
    assert versions(with_shared_editions(chain)) == {f"m{number}": [NEW] for number in range(5)}
