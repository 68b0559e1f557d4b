"""Every command and program that the documentation shows is run, in order, in a copy of it all.

A block of another kind than `sh` and `python` is neither. One that cannot be run here has a comment
before it that says why: `<!-- not run: it is the suite itself -->`.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.conftest import ROOT

PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
SAMPLES = Path(__file__).parent / "samples"
RUN = {"sh": "{}", "python": "./run python - <<'PYTHON'\n{}PYTHON\n"}
NOT_RUN = re.compile(r"<!-- not run: \w.+ -->\s*", re.DOTALL)


def blocks(page: Path) -> Iterator[tuple[int, str]]:
    """(line, commands) of each block to run."""
    excused = False
    for token in MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8")):
        if token.type == "fence" and token.info.strip() in RUN and token.map and not excused:
            yield token.map[0] + 1, RUN[token.info.strip()].format(token.content)
        if token.level == 0 and token.nesting >= 0:
            excused = token.type == "html_block" and bool(NOT_RUN.fullmatch(token.content))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A clone with an empty HOME, in which `./run` finds this very environment."""
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    place = tmp_path / "model-bot"
    for name in filter(None, tracked):
        if not name.startswith("tests/") and (ROOT / name).exists():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)
    if SAMPLES.exists():
        shutil.copytree(SAMPLES, place, dirs_exist_ok=True)
    (tmp_path / "home").mkdir()
    environment = tmp_path / "environment"
    environment.mkdir()
    for path in Path(sys.prefix).iterdir():
        (environment / path.name).symlink_to(path)
    stamp = environment / ".installed-requirements-dev.txt"
    stamp.unlink(missing_ok=True)  # or the copy would be written into the environment of this test
    shutil.copy(ROOT / "requirements-dev.txt", stamp)
    author = ("-c", "user.name=maria", "-c", "user.email=maria@example.org")
    for git in (("init", "-q", "-b", "main"), ("add", "-A"), (*author, "commit", "-qm", "Start")):
        subprocess.run(["git", *git], cwd=place, check=True)
    return place


@pytest.mark.parametrize(
    "page",
    [one for one in PAGES if list(blocks(one))],
    ids=lambda page: str(page.relative_to(ROOT)),
)
def test_what_a_page_says_to_type_works(page: Path, copy: Path) -> None:
    script = "\n".join(f": 'line {line}'\n{commands}" for line, commands in blocks(page))
    done = subprocess.run(
        ["bash", "-euxo", "pipefail", "-c", script],
        cwd=copy,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(copy.parent / "home"),
            "MODEL_BOT_VENV": str(copy.parent / "environment"),
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_a_command_that_fails_is_found(copy: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh\n./run model-intel no-such-command\n```\n")
    with pytest.raises(AssertionError, match="no-such-command"):
        test_what_a_page_says_to_type_works(page, copy)


def test_only_a_comment_with_a_reason_excuses_a_block(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- not run: needs a person -->\n```sh\none\n```\n\n<!-- not run: -->\n```sh\ntwo\n```\n"
        "text\n\n```yaml\nthree\n```\n- in a list\n  ```sh\n  four\n  ```\n"
    )
    assert [commands for _, commands in blocks(page)] == ["two\n", "four\n"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_a_page_names_exist(page: Path) -> None:
    names = re.findall(r"`((?:bot|model_intelligence|templates|tests)/[\w./-]+)`", page.read_text())
    missing = [name for name in names if not (ROOT / name).exists()]
    # A link from the page itself, to a file or a section of one, but not to another site.
    links = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", page.read_text())
    assert missing + [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", ["pyproject.toml", "house_prices.py"])
def test_the_example_of_a_source_is_what_its_page_shows(name: str) -> None:
    page = (ROOT / "docs" / "adding-a-source.md").read_text(encoding="utf-8")
    assert (SAMPLES / "house-prices" / name).read_text(encoding="utf-8") in page
