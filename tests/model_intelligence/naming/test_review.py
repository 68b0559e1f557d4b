"""What people read about names that no rule may match."""

from model_intelligence.config import yaml_file
from model_intelligence.config.aliases_yaml import AliasesFile
from model_intelligence.naming.catalog_index import known_names
from model_intelligence.naming.identify import ROLLING, UNKNOWN, NoMatch
from model_intelligence.naming.review import (
    NameToReview,
    Review,
    in_order_of_use,
    resolution_lines,
    review_lines,
)

NAMES = known_names(["glm-4.6", "glm-4.7", "kimi-k2"])
HEADER = [
    "# 1 name to review. First those like a model in use, then",
    "# those like any model, each by how many results hang on it. Put those that you know",
    "# under `aliases:` in config/aliases.yaml, with the `model` (a catalog id) and `why`.",
    "aliases:",
]


def order(*waiting: tuple[str, int]) -> list[str]:
    given = [NameToReview("board", name, UNKNOWN, rows) for name, rows in waiting]
    return [one.waiting.name for one in in_order_of_use(given, NAMES, ["zai/glm-4.6", "GPT 5"])]


def test_a_name_like_a_model_in_use_comes_first_however_few_results_it_has() -> None:
    assert order(("Mystery", 9), ("Kimi K2x", 7), ("GLM 4.6x", 1), ("gpt-99", 2)) == [
        "GLM 4.6x",
        "gpt-99",
        "Kimi K2x",
        "Mystery",
    ]


def test_of_names_alike_the_one_with_more_results_comes_first() -> None:
    assert order(("b", 1), ("a", 1), ("c", 2)) == ["c", "a", "b"]


def test_what_is_printed_for_review_is_yaml_in_which_nothing_is_chosen() -> None:
    name = 'Evil"\n  - name: glm'
    review = Review(NameToReview("board", name, "no such", 2), ("glm-4.6", "glm-4.7"))
    lines = list(review_lines([review], 9))
    assert lines == [
        *HEADER,
        '  # 2 results; no such; near: "glm-4.6", "glm-4.7"',
        '  - name: "Evil\\"\\n  - name: glm"',
        '    source: "board"',
        "    model:",
        "    why:",
    ]
    filled = "\n".join(lines).replace("model:", "model: glm-4.6").replace("why:", "why: seen")
    [alias] = yaml_file.parse(filled, AliasesFile, name="x").aliases
    assert (alias.name, alias.model) == (name, "glm-4.6")


def test_how_many_more_there_are_is_told() -> None:
    reviews = [Review(NameToReview("board", name, UNKNOWN, 1)) for name in "abc"]
    assert list(review_lines(reviews, 1))[-1] == "# 2 more: --limit 3 shows them all."


def test_what_no_alias_can_help_is_not_for_review() -> None:
    never = Review(NameToReview("board", "big-latest", ROLLING, 3))
    lines = list(review_lines([never], 9))
    assert lines[3:] == [
        "aliases: []",
        "# No alias can help these:",
        f'#   "big-latest" (board): {ROLLING}',
    ]
    assert yaml_file.parse("\n".join(lines), AliasesFile, name="x").aliases == ()


def test_a_name_that_is_not_matched_says_what_is_near_and_what_to_do() -> None:
    assert list(resolution_lines("glm 4.66", NoMatch(UNKNOWN), NAMES)) == [
        f"glm 4.66: no match: {UNKNOWN}",
        "  near, but not chosen: glm-4.6, glm-4.7",
        "  if you know which it is: name it in config/aliases.yaml, with why",
    ]


def test_nothing_can_be_done_about_a_rolling_alias() -> None:
    assert list(resolution_lines("glm-latest", NoMatch(ROLLING), NAMES)) == [
        f"glm-latest: no match: {ROLLING}"
    ]
