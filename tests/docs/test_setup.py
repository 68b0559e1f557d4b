# ruff: noqa: F811  # pytest passes fixtures by the names that they are imported under
"""Somebody sets the bot up in a new repository from the README alone, against a GitHub."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.pull_request.marker import Marker
from tests.conftest import ROOT
from tests.docs.test_commands import copy  # noqa: F401  # a fixture
from tests.fake_github import FakeGitHub

# A file of a shape of its own, with a model whose end in December 2026 the bundled list knows.
FILES = {"deploy/agents.yaml": "agents:\n  reviewer: {model: gpt-5-mini, temperature: 0}\n"}
OURS = "acme/model-bot"


def set_up_section() -> list[str]:
    """The commands of the README's section, block by block."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", readme, flags=re.MULTILINE)
    [text] = [part for part in section if part.startswith("Put it into your repository")]
    return re.findall(r"^```sh\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


@pytest.fixture
def repository(tmp_path: Path, hub: FakeGitHub) -> Path:
    """A clone of the repository on GitHub, beside a copy of the project."""
    place = tmp_path / "widgets"
    subprocess.run(["git", "clone", "-q", str(hub.git_dir), str(place)], check=True)
    return place


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeGitHub]:
    with FakeGitHub.start(tmp_path / "github", files=FILES) as hub:
        yield hub


def test_the_readme_alone_leads_to_a_draft_pull_request(
    copy: Path, repository: Path, hub: FakeGitHub
) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(copy.parent / "home"),
        "MODEL_BOT_VENV": str(copy.parent / "environment"),
        "GITHUB_TOKEN": hub.token,
        "GITHUB_API_URL": hub.api_url,
    }

    def typed(script: str) -> str:
        done = subprocess.run(
            ["bash", "-eu", "-c", script],
            cwd=repository,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:]
        return done.stdout

    first, second = set_up_section()
    told = typed(first)
    assert "agents_reviewer" in told
    assert "+  reviewer: {model: " in told
    for name in ("config/bot.yaml", ".github/workflows/models.yml"):
        file = repository / name
        file.write_text(file.read_text().replace("OWNER/model-bot", OURS))
    author = "git -c user.name=maria -c user.email=maria@example.org"
    typed(f"git add -A && {author} commit -qm 'Set up the bot' && git push -q origin main")
    start = "export DATABASE_URL=embedded:\n"
    told = typed(start + second)
    assert "✓ a run can succeed" in told
    assert "to be proposed  agents_reviewer  gpt-5-mini → " in told
    assert hub.state.pulls() == []
    typed(f"{start}export GITHUB_REPOSITORY=acme/widgets\n../model-bot/run model-bot run")
    [pull] = hub.state.pulls()
    marker = Marker.read(pull.body or "")
    assert pull.draft
    assert marker is not None
    assert marker.use_case == "agents_reviewer"
