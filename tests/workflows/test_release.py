"""A tag becomes a release: what is built, signed and written, and what is refused."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.workflows.conftest import Act, Ran

GH = """#!/usr/bin/env bash
echo "gh: $*"
echo "gh notes: $(head -n 2 dist/notes.md | tail -n 1)"
"""


@pytest.fixture
def place(surroundings: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """A runner that checks out this repository, whose tests are an `echo`, and has a `gh`."""
    caller = Path(surroundings["CHECKOUTS"]) / "caller"
    shutil.rmtree(caller)
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for name in filter(None, tracked):
        if not name.startswith("tests/") and (ROOT / name).exists():
            (caller / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, caller / name)
    (caller / ".ci" / "run").write_text("echo the tests ran\n")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "gh").write_text(GH)
    (tools / "gh").chmod(0o755)
    return {
        **surroundings,
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
    }


def release(act: Act, place: dict[str, str], stubs: dict[str, Path], tag: str) -> Ran:
    return act(
        "push",
        workflow="release.yml",
        variables=place,
        stubs=stubs,
        payload={"ref": f"refs/tags/{tag}"},
    )


def test_a_tag_is_tested_built_signed_and_released_with_its_part_of_the_changelog(
    act: Act, place: dict[str, str], stubs: dict[str, Path]
) -> None:
    ran = release(act, place, stubs, "v0.1.0")
    assert ran.succeeded, ran.log
    assert "the tests ran" in ran.log
    wheel, source = "dist/model_bot-0.1.0-py3-none-any.whl", "dist/model_bot-0.1.0.tar.gz"
    assert f"attest {wheel}" in ran.stubbed
    assert f"attest {source}" in ran.stubbed
    created = re.search(r"gh: (release create .*)", ran.log)
    assert created
    assert created[1].split()[2:5] == ["v0.1.0", wheel, source]
    assert "gh notes: - The scheduled job ingests " in ran.log


def test_a_tag_that_is_not_the_version_of_the_code_is_refused(
    act: Act, place: dict[str, str], stubs: dict[str, Path]
) -> None:
    ran = release(act, place, stubs, "v99.0.0")
    assert not ran.succeeded
    assert "run: the tag is v99.0.0, but pyproject.toml says 0.1.0" in ran.log
    assert "gh: release" not in ran.log
