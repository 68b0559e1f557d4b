"""Which model each use case has, as the YAML text says it."""

from pathlib import Path

import pytest

from model_intelligence.config.bot_yaml import BotConfig
from model_intelligence.config.models_yaml import current_models, read_text, with_model
from model_intelligence.config.yaml_file import ConfigError
from model_intelligence.patcher import PatchRefused

TEXT = "tools:\n  tidy: glm-4.6 # cheap\n  sort: glm-4.6\nlist: [a, gpt-5]\n"
FILES = {"config/models.yaml": TEXT}


def config(**paths: list[list[str | int]]) -> BotConfig:
    return BotConfig.model_validate(
        {"use_cases": {name: {"paths": declared} for name, declared in paths.items()}}
    )


def test_each_use_case_has_the_model_at_its_path() -> None:
    declared = config(tidy=[["tools", "tidy"]], audit=[["list", 1]])
    assert current_models(FILES, declared) == {"tidy": "glm-4.6", "audit": "gpt-5"}


def test_several_paths_with_one_model_are_one_decision() -> None:
    declared = config(tidy=[["tools", "tidy"], ["tools", "sort"]])
    assert current_models(FILES, declared) == {"tidy": "glm-4.6"}


def test_several_paths_with_different_models_are_refused_with_a_way_out() -> None:
    declared = config(tidy=[["tools", "tidy"], ["list", 1]])
    with pytest.raises(ConfigError) as refused:
        current_models(FILES, declared)
    assert str(refused.value) == (
        "config/models.yaml: use case tidy: its paths name different models (tools.tidy = "
        "glm-4.6, list.1 = gpt-5); a proposal changes all of them to one model, so "
        "declare two use cases or "
        "make them equal"
    )


def test_every_path_that_leads_nowhere_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        current_models(FILES, config(tidy=[["tools", "tdy"]], audit=[["list", 7]]))
    told = str(refused.value).splitlines()
    assert [line.split(": ")[:2] for line in told] == [
        ["config/models.yaml", "use case tidy"],
        ["config/models.yaml", "use case audit"],
    ]
    assert "there is no string key 'tdy' here; check the path" in told[0]


def test_the_new_model_is_put_at_every_path_and_nowhere_else() -> None:
    patched = with_model(TEXT, (("tools", "tidy"), ("tools", "sort")), "glm-4.7")
    assert patched == ("tools:\n  tidy: glm-4.7 # cheap\n  sort: glm-4.7\nlist: [a, gpt-5]\n")


def test_a_new_model_that_cannot_be_written_faithfully_is_refused() -> None:
    with pytest.raises(PatchRefused, match="is not one line of plain text"):
        with_model(TEXT, (("tools", "tidy"),), "glm-4.7\nevil: true")


def test_line_ends_and_a_byte_order_mark_are_kept_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "models.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\n")
    assert read_text(path) == "\ufeffa: 1\r\nb: 2\n"


def test_a_file_that_does_not_exist_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no such file; run this in the repository's top folder"):
        read_text(tmp_path / "models.yaml")


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "models.yaml"
    path.write_bytes(b"a: \xff\n")
    with pytest.raises(ConfigError, match=r"models\.yaml: cannot be read as UTF-8 text"):
        read_text(path)


def test_a_directory_in_place_of_a_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read as UTF-8 text"):
        read_text(tmp_path)
