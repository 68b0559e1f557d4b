"""A fake with two files, and the bot's view of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from github.Repository import Repository

from tests.fake_github import FakeGitHub
from tests.fake_github.client import MODELS, ORIGINAL, connect


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeGitHub]:
    with FakeGitHub.start(tmp_path, files={MODELS: ORIGINAL, "README.md": "# Widgets\n"}) as hub:
        yield hub


@pytest.fixture
def repo(hub: FakeGitHub) -> Iterator[Repository]:
    with connect(hub) as github:
        yield github.get_repo("acme/widgets")
