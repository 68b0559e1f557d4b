"""What is wrong with a YAML file is told by file, line and key."""

from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import BaseModel

from model_intelligence.config import yaml_file
from model_intelligence.config.benchmarks_yaml import BenchmarksFile
from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.config.pricing_yaml import PricingFile
from model_intelligence.config.yaml_file import ConfigError


def problem(text: str, shape: type[BaseModel] = PricingFile) -> str:
    with pytest.raises(ConfigError) as refused:
        yaml_file.parse(text, shape, name="config/a.yaml")
    return str(refused.value)


def priced(amount: str) -> str:
    return f"zai:\n  glm-4.6:\n    input_per_1k: 0.1\n    output_per_1k: {amount}\n"


def test_a_price_is_read_exactly_as_written() -> None:
    read = yaml_file.parse(priced("0.00000004"), PricingFile, name="")
    assert read.root["zai"]["glm-4.6"].output_per_1k == Decimal("4E-8")


def test_the_files_as_shipped_can_be_read() -> None:
    directory = Path(__file__).parents[3] / "config"
    assert yaml_file.read(directory / "pricing.yaml", PricingFile)
    assert yaml_file.read(directory / "benchmarks.yaml", BenchmarksFile)
    assert yaml_file.read(directory / "bot.yaml", BotConfig)


@pytest.mark.parametrize(
    ("amount", "what"),
    [
        ("-1", "input should be greater than 0"),
        ("0", "input should be greater than 0"),
        (".nan", "input should be a finite number"),
        (".inf", "input should be a finite number"),
        ("1e999", "input should be a finite number"),
        ("cheap", "input should be a valid decimal"),
        ("true", "decimal input should be an integer, float, string or Decimal object"),
        ("[1]", "decimal input should be an integer, float, string or Decimal object"),
        ("", "decimal input should be an integer, float, string or Decimal object"),
    ],
)
def test_a_bad_price_is_told_by_line_and_key(amount: str, what: str) -> None:
    assert problem(priced(amount)) == f"config/a.yaml:4: zai.glm-4.6.output_per_1k: {what}"


def test_an_unknown_key_is_told_with_what_to_do() -> None:
    assert problem(priced("1") + "    currency: USD\n") == (
        "config/a.yaml:5: zai.glm-4.6.currency: unknown key; remove it, or check its spelling"
    )


def test_a_missing_key_is_told_at_the_line_of_its_entry() -> None:
    assert problem("zai:\n  glm-4.6:\n    input_per_1k: 1\n") == (
        "config/a.yaml:2: zai.glm-4.6.output_per_1k: field required"
    )


def test_every_problem_has_a_line_of_its_own() -> None:
    text = "zai:\n  a: {input_per_1k: -1, output_per_1k: 1}\n  b: 3\n"
    assert [line.split(": ")[:2] for line in problem(text).splitlines()] == [
        ["config/a.yaml:2", "zai.a.input_per_1k"],
        ["config/a.yaml:3", "zai.b"],
    ]


@pytest.mark.parametrize("text", ["", "# nothing but a comment\n", "- a\n", "a\n", "3\n"])
def test_a_file_that_is_no_mapping_is_told_with_what_to_do(text: str) -> None:
    assert problem(text) == ("config/a.yaml:1: expected a mapping; write `key: value` lines")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("zai:\n\tglm: 1\n", 2, "found character '\\t' that cannot start any token"),
        ("zai: {}\nzai: {}\n", 2, "found duplicate key"),
        ("a: 1\nb: ]\n", 2, "expected the node content, but found ']'"),
        ("a: 1\n---\nb: 1\n", 2, "but found another document"),
        ("a: *x\n", 1, "found undefined alias 'x'"),
    ],
    ids=["tab", "duplicate key", "bracket", "two documents", "alias"],
)
def test_invalid_yaml_is_told_by_its_line(text: str, line: int, what: str) -> None:
    assert problem(text).startswith(f"config/a.yaml:{line}: not valid YAML: {what}")


def test_yaml_nested_too_deeply_is_told_and_does_not_crash() -> None:
    assert "maximum depth of data structure exceeded" in problem("a: " + "[" * 900)


def test_a_date_that_does_not_exist_is_told() -> None:
    assert problem("a: 2026-02-30\n").startswith("config/a.yaml: not valid YAML: day")


def test_a_key_that_is_not_text_is_told_by_its_line() -> None:
    assert problem("zai: {}\n4:\n  glm: 1\n").startswith("config/a.yaml:2: 4: input should be a")


def test_a_byte_order_mark_is_no_part_of_the_first_key() -> None:
    assert "zai" in yaml_file.parse("\ufeff" + priced("1"), PricingFile, name="").root


def test_a_problem_inside_a_list_is_told_by_its_own_line() -> None:
    text = (
        "benchmarks:\n- benchmark_name: A\n  unit: percent\n  task_type: code\n  source: s\n"
        "  source_url: https://example.org\n  results:\n  - {model: a, score: 1}\n"
        "  - {model: b, score: .nan}\n"
    )
    assert problem(text, BenchmarksFile) == (
        "config/a.yaml:9: benchmarks.0.results.1.score: input should be a finite number"
    )


def test_a_bad_use_case_is_told_by_line_and_key() -> None:
    text = "use_cases:\n  tidy:\n    paths: [[a]]\n    limits: {min_chance: 5}\n"
    assert problem(text, BotConfig) == (
        "config/a.yaml:4: use_cases.tidy.limits.min_chance: input should be less than or equal to 1"
    )


def test_a_file_that_does_not_exist_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        yaml_file.read(tmp_path / "bot.yaml", BotConfig, name="bot.yaml")
    assert str(refused.value) == "bot.yaml: no such file; create it, or run this where it is"


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "pricing.yaml"
    path.write_bytes("zai: {} # günstig\n".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"pricing\.yaml: cannot be read as UTF-8 text: .*0xfc"):
        yaml_file.read(path, PricingFile)


def test_a_directory_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read as UTF-8 text"):
        yaml_file.read(tmp_path, PricingFile)
