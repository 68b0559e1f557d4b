"""One ability for each model, from results on boards that need not share a pair."""

import random
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise, permutations
from math import exp, log, sqrt
from subprocess import run

import numpy as np
import pytest

from model_intelligence.decision.ability import (
    DEFAULT,
    LOGITS_PER_POINT,
    Abilities,
    Effort,
    Lineage,
    Result,
    Scale,
    normal_cdf,
)
from model_intelligence.decision.estimate.fit import abilities_of
from model_intelligence.decision.estimate.prior import covariances

DAY = date(2025, 1, 1)
OLD = Lineage("old", "acme", "mid", "acme/great", DAY)
NEW = Lineage("new", "acme", "mid", "acme/great", DAY + timedelta(days=300))
TINY = Lineage("tiny", "acme", "nano", "acme/tiny", DAY + timedelta(days=300))
OTHER = Lineage("other", "initech", "mid", "initech/it", DAY)
LINEAGES = (OLD, NEW, TINY, OTHER)


def result(model: str, score: float, board: str = "b1", effort: str | None = None) -> Result:
    return Result(model, "publisher", board, "code", effort, score, 400)


def share(logit: float) -> float:
    return 1 / (1 + exp(-logit))


class World:
    """Sixty models of known abilities, measured on eight boards that come later one by one."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311  # no secret depends on it
        self.lineages = [self._lineage(number) for number in range(60)]
        self.truth = {each.model: self._ability(each) for each in self.lineages}
        self.boards = {f"b{number}": self.chance.gauss(0, 0.7) for number in range(8)}

    def _lineage(self, number: int) -> Lineage:
        maker, tier = self.chance.choice("abcd"), self.chance.choice(("mini", "mid", "large"))
        released = DAY + timedelta(days=self.chance.randrange(700))
        return Lineage(f"m{number:02}", maker, tier, f"{maker}/{tier}", released)

    def _ability(self, lineage: Lineage) -> float:
        assert lineage.released is not None
        years = (lineage.released - DAY).days / 365.25
        of_tier = {"mini": -0.5, "mid": 0.0, "large": 0.4}[lineage.tier]
        return years + of_tier + self.chance.gauss(0, sqrt(DEFAULT.own))

    def score(self, model: str, board: str) -> Result:
        error = self.chance.gauss(0, sqrt(DEFAULT.board + DEFAULT.publisher))
        solved = share(self.truth[model] - self.boards[board] + error)
        tasks = sum(self.chance.random() < solved for _ in range(200)) / 200
        return Result(model, board, board, "code", None, tasks, 200)

    def results(self) -> list[Result]:
        some = [(each.model, board) for each in self.lineages[:45] for board in self.boards]
        return [self.score(model, board) for model, board in some if self.chance.random() < 0.3]


@pytest.fixture(scope="module")
def worlds() -> list[tuple[World, Abilities]]:
    made = [World(seed) for seed in range(6)]
    return [(world, abilities_of(world.results(), world.lineages)) for world in made]


def judged(
    worlds: Sequence[tuple[World, Abilities]], chance: Callable[[Abilities, str, str], float | None]
) -> Iterator[tuple[float, bool]]:
    """What was said of every pair, and whether a new board of 10,000 tasks shows it."""
    for world, found in worlds:
        error = sqrt(DEFAULT.later_board / 2)
        shown = {name: truth + world.chance.gauss(0, error) for name, truth in world.truth.items()}
        for one, other in permutations(shown, 2):
            said = chance(found, one, other)
            if said is not None:
                yield said, shown[other] > shown[one]


def test_what_is_said_to_be_likely_comes_true_as_often(
    worlds: list[tuple[World, Abilities]],
) -> None:
    pairs = list(judged(worlds, Abilities.chance_better))
    for low, high in ((0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.0)):
        came_true = [shown for said, shown in pairs if low <= said < high]
        assert len(came_true) > 500
        assert low - 0.06 < sum(came_true) / len(came_true) < high + 0.04


def test_the_chances_beat_every_constant_by_their_brier_score(
    worlds: list[tuple[World, Abilities]],
) -> None:
    pairs = list(judged(worlds, Abilities.chance_better))
    brier = sum((said - shown) ** 2 for said, shown in pairs) / len(pairs)
    assert brier < 0.15  # 0.25 is the best constant: each pair stands both ways round


def test_abilities_are_recovered(worlds: list[tuple[World, Abilities]]) -> None:
    for world, found in worlds:
        names = list(found.measured)
        average = sum(world.truth[name] for name in names) / len(names)
        inside = [
            found.interval(name).low <= world.truth[name] - average <= found.interval(name).high
            for name in names
        ]
        assert sum(inside) / len(inside) > 0.85


def test_the_order_of_results_and_lineages_does_not_matter() -> None:
    world = World(7)
    results, lineages = world.results(), world.lineages
    found = abilities_of(results, lineages)
    again = abilities_of(reversed(results), reversed(lineages))
    assert found.mean.tolist() == again.mean.tolist()
    for one, other in permutations(found.models, 2):
        assert found.lead(one, other) == again.lead(one, other)


def test_a_result_that_is_given_twice_counts_once() -> None:
    rows = [result("old", 0.5), result("new", 0.6)]
    once, twice = abilities_of(rows, LINEAGES), abilities_of(rows * 2, LINEAGES)
    assert once.lead("old", "new") == twice.lead("old", "new")


def test_a_higher_score_makes_a_higher_chance() -> None:
    chances = [
        abilities_of([result("old", 0.5), result("new", score)], LINEAGES).chance_better(
            "old", "new"
        )
        for score in (0.3, 0.5, 0.7, 0.9)
    ]
    assert chances == sorted(chances, key=lambda chance: chance or 0)
    assert len(set(chances)) == 4


def test_the_two_directions_add_up_to_one() -> None:
    found = abilities_of([result("old", 0.5), result("other", 0.6)], LINEAGES)
    one, other = found.chance_better("old", "other"), found.chance_better("other", "old")
    assert one is not None
    assert other is not None
    assert one + other == pytest.approx(1)


def test_nothing_is_said_where_neither_has_a_result() -> None:
    found = abilities_of([result("old", 0.5)], LINEAGES)
    assert found.chance_better("new", "tiny") is None
    assert found.chance_not_worse("new", "tiny") is None


def test_without_any_result_nothing_is_said() -> None:
    assert abilities_of([], LINEAGES).chance_better("old", "new") is None


def test_a_model_without_results_is_expected_by_its_lineage_with_a_wide_interval() -> None:
    generations = [
        replace(each, model=f"{each.model}{year}", released=DAY + timedelta(days=365 * (year - 3)))
        for year in range(3)
        for each in (OLD, TINY, OTHER)
    ]
    measured = [
        result(each.model, share(int(each.model[-1]) - 2 - (each.tier == "nano")))
        for each in generations
    ]
    found = abilities_of([*measured, result("old", 0.6)], (*generations, *LINEAGES))
    successor, smaller = found.chance_better("old", "new"), found.chance_better("new", "tiny2")
    assert successor is not None
    assert smaller is not None
    assert smaller < 0.1
    assert successor > 0.7
    known, unknown = found.interval("old"), found.interval("new")
    assert unknown.high - unknown.low > 1.5 * (known.high - known.low)


def test_a_model_of_unknown_age_is_less_certain() -> None:
    undated = replace(NEW, model="undated", released=None)
    found = abilities_of([result("old", 0.5), result("other", 0.5)], (*LINEAGES, undated))
    dated, unknown = found.interval("new"), found.interval("undated")
    assert unknown.high - unknown.low > dated.high - dated.low


def test_not_worse_by_two_points_is_likelier_than_better() -> None:
    found = abilities_of([result("old", 0.5), result("other", 0.5)], LINEAGES)
    better, not_worse = (
        found.chance_better("old", "other"),
        found.chance_not_worse("old", "other"),
    )
    assert better == 0.5
    assert not_worse is not None
    assert not_worse > better


def test_models_are_connected_over_boards_they_do_not_share() -> None:
    rows = [
        *(result("old", 0.3, "b1"), result("other", 0.6, "b1")),
        *(result("other", 0.3, "b2"), result("tiny", 0.6, "b2")),
    ]
    chance = abilities_of(rows, LINEAGES).chance_better("old", "tiny")
    assert chance is not None
    assert chance > 0.9


def test_the_effort_at_which_a_model_was_tested_is_no_merit_of_the_model() -> None:
    both = [
        result(model, share(ability + gain), f"b{number}", effort)
        for number in range(4)
        for model, ability in (("old", 0.0), ("other", 0.0), ("tiny", -0.5))
        for effort, gain in (("high", 0.0), ("max", 0.8))
    ]
    late = [result("new", share(0.8), f"b{number}", "max") for number in range(4)]
    found = abilities_of([*both, *late], LINEAGES)
    lead = found.lead("old", "new")
    assert lead is not None
    assert abs(lead[0]) < 0.25
    gain = found.efforts[Effort("acme", "max")] - found.efforts[Effort("acme", "high")]
    assert gain == pytest.approx(0.8, abs=0.15)


def test_an_effort_that_is_not_stated_is_a_class_of_its_own() -> None:
    rows = [result("old", 0.5), result("old", 0.6, effort="none")]
    offsets = abilities_of(rows, LINEAGES).efforts
    assert offsets[Effort("acme", None)] == 0  # the reference
    assert offsets[Effort("acme", "none")] > 0


def test_an_effort_of_one_maker_is_not_that_of_another() -> None:
    rows = [
        *(result("old", 0.5, f"b{number}", "low") for number in range(4)),
        *(result("old", 0.8, f"b{number}", "high") for number in range(4)),
        *(
            result("other", 0.5, f"b{number}", effort)
            for number in range(4)
            for effort in ("low", "high")
        ),
    ]
    offsets = abilities_of(rows, LINEAGES).efforts
    gains = [
        offsets[Effort(maker, "high")] - offsets[Effort(maker, "low")]
        for maker in ("acme", "initech")
    ]
    assert gains == pytest.approx([log(4), 0], abs=0.3)


@pytest.mark.parametrize(
    ("scale", "unit", "level"), [("elo", 400 / log(10), 1200.0), ("index", 12.0, 140.0)]
)
def test_ratings_and_indexes_count_by_their_differences(
    scale: Scale, unit: float, level: float
) -> None:
    world = World(3)
    shares = world.results()
    some = sorted({row.model for row in shares})
    rated = [
        replace(result(name, level + unit * world.truth[name], "rating"), scale=scale)
        for name in some
    ]
    shifted = [replace(row, score=row.score + 5000) for row in rated]
    found = abilities_of([*shares, *rated], world.lineages)
    moved = abilities_of([*shares, *shifted], world.lineages)
    assert moved.mean == pytest.approx(found.mean)
    for one, other in pairwise(some):
        lead = found.lead(one, other)
        assert lead is not None
        assert lead[0] == pytest.approx(world.truth[other] - world.truth[one], abs=0.6)


def test_the_unit_of_an_index_does_not_matter() -> None:
    world = World(4)
    rows = [
        replace(result(each.model, world.truth[each.model], "i"), scale="index")
        for each in world.lineages
    ]
    larger = [replace(row, score=1000 * row.score) for row in rows]
    found, same = (abilities_of(each, world.lineages) for each in (rows, larger))
    assert same.mean == pytest.approx(found.mean)


def test_results_of_one_publisher_weigh_less_than_those_of_several() -> None:
    rows = [
        result(model, score, f"b{n}")
        for n in range(6)
        for model, score in (("old", 0.4), ("other", 0.5))
    ]
    several = [replace(row, publisher=row.board) for row in rows]
    one, many = (
        abilities_of(rows, LINEAGES).lead("old", "other"),
        abilities_of(several, LINEAGES).lead("old", "other"),
    )
    assert one is not None
    assert many is not None
    assert many[1] < one[1]


def test_a_published_standard_error_counts_instead_of_the_tasks() -> None:
    rows = [result("old", 0.5), result("other", 0.6)]
    vague = [replace(row, standard_error=0.2) for row in rows]
    sure, unsure = (
        abilities_of(rows, LINEAGES).lead("old", "other"),
        abilities_of(vague, LINEAGES).lead("old", "other"),
    )
    assert sure is not None
    assert unsure is not None
    assert unsure[0] < sure[0]


def test_scores_of_none_and_all_are_no_infinities() -> None:
    found = abilities_of([result("old", 0.0), result("other", 1.0)], LINEAGES)
    assert found.chance_better("old", "other") == pytest.approx(0.95, abs=0.05)


def test_the_chance_is_recomputed_from_lead_and_variance() -> None:
    found = abilities_of([result("old", 0.5), result("other", 0.6)], LINEAGES)
    lead = found.lead("old", "other")
    assert lead is not None
    mean, variance = lead
    spread = sqrt(variance + DEFAULT.later_board)
    assert found.chance_better("old", "other") == round(normal_cdf(mean / spread), 2)
    slack = 2 * LOGITS_PER_POINT
    assert found.chance_not_worse("old", "other") == round(normal_cdf((mean + slack) / spread), 2)


@pytest.mark.parametrize(
    "module",
    [
        "model_intelligence.decision.ability",
        "model_intelligence.recommender",
        "model_intelligence.cli",
        "bot.cli",
        "bot.run",
    ],
)
def test_numpy_is_loaded_by_an_estimate_only(module: str) -> None:
    code = f"import sys, {module}; sys.exit('numpy' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_estimate_is_recomputed_step_by_step() -> None:
    """Of four models three are measured, on two boards of one publisher; slopes as they were found.

    All unknowns at once, where the estimate goes maker by maker.
    """
    models = (OLD, NEW, OTHER, TINY)
    rows = [
        *(result("old", 0.40, "b1"), result("new", 0.55, "b1"), result("other", 0.50, "b1")),
        *(result("old", 0.30, "b2"), result("new", 0.50, "b2", "high")),
    ]
    found = abilities_of(rows, models)
    unknowns = ["old", "new", "other", "tiny", "high", "b1", "b2"]

    prior = np.zeros((7, 7))
    days = [each.released.toordinal() for each in models[:3] if each.released]
    prior[:4, :4] = covariances(models, DEFAULT, date.fromordinal(round(sum(days) / 3)))
    prior[4:, 4:] = np.diag([DEFAULT.effort, DEFAULT.difficulty, DEFAULT.difficulty])

    shares = np.array([(row.score * 400 + 0.5) / 401 for row in rows])
    logits = np.log(shares / (1 - shares))
    sampling = 1 / (400 * shares * (1 - shares))
    groups = np.array([[a.model == b.model and a.effort == b.effort for a in rows] for b in rows])
    errors = np.diag(sampling + DEFAULT.board) + DEFAULT.publisher * groups

    design = np.zeros((5, 7))
    for line, row in zip(design, rows, strict=True):
        slope = found.boards[row.board].slope
        line[unknowns.index(row.model)] = slope
        if row.effort:
            line[unknowns.index(row.effort)] = slope
        line[unknowns.index(row.board)] = -1

    precision = np.linalg.inv(prior) + design.T @ np.linalg.inv(errors) @ design
    covariance = np.linalg.inv(precision)
    means = covariance @ design.T @ np.linalg.inv(errors) @ logits
    assert [found.mean[found.models[name]] for name in unknowns[:4]] == pytest.approx(means[:4])
    assert found.efforts[Effort("acme", "high")] == pytest.approx(means[4])
    assert [found.boards[name].difficulty for name in ("b1", "b2")] == pytest.approx(means[5:])
    for one, other in ((0, 1), (0, 2), (2, 0), (2, 3), (3, 0)):
        expected = covariance[one, one] + covariance[other, other] - 2 * covariance[one, other]
        lead = found.lead(unknowns[one], unknowns[other])
        assert lead == pytest.approx((means[other] - means[one], expected))


def test_the_prior_is_that_of_lineage() -> None:
    prior = covariances(LINEAGES, DEFAULT, DAY)
    years, near = 300 / 365.25, exp(-300 / 365.25 / DEFAULT.fades_in)
    shared, family = DEFAULT.tier, DEFAULT.maker + DEFAULT.line
    old, new, tiny, other = 0, 1, 2, 3
    assert prior[old, old] == pytest.approx(shared + family + DEFAULT.own)
    assert prior[old, new] == pytest.approx(shared + family * near)
    assert prior[new, new] == pytest.approx(years**2 + shared + family + DEFAULT.own)
    assert prior[new, tiny] == pytest.approx(years**2 + DEFAULT.maker)
    assert prior[old, other] == pytest.approx(shared)


def test_all_chances_at_once_are_those_of_each_alone(
    worlds: list[tuple[World, Abilities]],
) -> None:
    _, found = worlds[0]
    for current in found.models:
        better, not_worse = found.chances(current)
        for other, row in found.models.items():
            if other == current:
                assert (better[row], not_worse[row]) == (None, None)
            else:
                assert better[row] == found.chance_better(current, other)
                assert not_worse[row] == found.chance_not_worse(current, other)


def test_the_chances_are_those_of_a_fit_of_all_unknowns_at_once(
    worlds: list[tuple[World, Abilities]],
) -> None:
    """The figures are of a dense estimate, which inverted the matrix of all unknowns."""
    _, found = worlds[0]
    names = [f"m{number:02}" for number in range(0, 60, 6)]
    assert [found.chance_better(*pair) for pair in pairwise(names)] == [
        *(0.32, 0.85, 0.01, 1.0, 0.54, 0.57, 0.06),
        *(None, None),
    ]
    assert [found.chance_not_worse(*pair) for pair in pairwise(names)] == [
        *(0.4, 0.89, 0.02, 1.0, 0.62, 0.64, 0.08),
        *(None, None),
    ]
