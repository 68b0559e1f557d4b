"""The demonstration: the real job on a copy of the config, into files and a scratch repository."""

import json
import shutil
from pathlib import Path

import pytest

from bot.demo import demonstrate, scratch_repository
from bot.forge.git import Git
from bot.pull_request.marker import Marker
from tests.bot.conftest import CONFIG, NOW
from tests.bot.test_run import PROPOSED


@pytest.fixture
def config(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shipped config, and a database of the test's own in DATABASE_URL."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    return Path(shutil.copytree(CONFIG, tmp_path / "config"))


def files(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (folder).iterdir()}


def test_it_proposes_by_branch_and_file_and_does_the_same_again(
    config: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "demo"
    said: list[str] = []
    demonstrate(folder, config, NOW, said.append)

    written = files(folder / "pull-requests")
    pulls = json.loads(written["pulls.json"])
    assert {pull["branch"] for pull in pulls} == {f"model-bot/{name}" for name in PROPOSED}
    assert all(pull["draft"] and pull["state"] == "open" for pull in pulls)
    git = Git(folder / "repository")
    for pull in pulls:
        name = f"{pull['number']}-{pull['branch'].removeprefix('model-bot/')}"
        before, after = PROPOSED[pull["branch"].removeprefix("model-bot/")]
        assert written[f"{name}.md"] == pull["body"]
        assert Marker.read(pull["body"])
        assert f"<code>{after}</code>" in written[f"{name}.html"]
        assert (folder / "pull-requests" / f"{name}.html").as_uri() in "\n".join(said)
        assert pull["title"] in "\n".join(said)
        changed = git.run("diff", "--unified=0", "main", pull["branch"]).splitlines()[-2:]
        assert changed[0][1:].replace(before, after) == changed[1][1:]

    demonstrate(folder, config, NOW, said.append)
    assert files(folder / "pull-requests") == written


def test_the_scratch_repository_holds_the_config_to_the_byte(tmp_path: Path) -> None:
    config = tmp_path / "config"
    (config / "more").mkdir(parents=True)
    (config / "a.yaml").write_bytes("\ufeffa: ü\r\n".encode())
    (config / "more" / "b.yaml").write_bytes(b"b: 1")
    git = scratch_repository(tmp_path / "repository", config)
    assert git.run("ls-tree", "-r", "--name-only", "main").split() == [
        "config/a.yaml",
        "config/more/b.yaml",
    ]
    assert git.run_raw("cat-file", "blob", "main:config/a.yaml") == "\ufeffa: ü\r\n".encode()
    assert git.run_raw("cat-file", "blob", "main:config/more/b.yaml") == b"b: 1"
