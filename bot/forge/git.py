"""Git by its own plumbing: objects and references of one repository, no work tree touched."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from model_intelligence.errors import ModelIntelligenceError

BOT = "model-bot"
BOT_ADDRESS = "model-bot@users.noreply.github.com"
# Git sets these while it runs a hook; they would lead to another repository than ours.
ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX")


class GitError(ModelIntelligenceError):
    """Git refused; the message is its own, on one line."""


@dataclass(frozen=True, slots=True)
class Git:
    """One repository, bare or with a work tree."""

    directory: Path

    def run(
        self, *arguments: str, text: str | None = None, environment: Mapping[str, str] | None = None
    ) -> str:
        """What git prints, without the final line break; GitError when it fails."""
        data = self.run_raw(*arguments, text=text, environment=environment)
        return data.decode(errors="replace").strip("\n")

    def run_raw(
        self, *arguments: str, text: str | None = None, environment: Mapping[str, str] | None = None
    ) -> bytes:
        """What git prints, to the byte; GitError when it fails."""
        try:
            done = subprocess.run(
                ["git", "-C", str(self.directory), *arguments],
                input=None if text is None else text.encode(),
                capture_output=True,
                check=False,
                env={**_own_environment(), **(environment or {})},
            )
        except FileNotFoundError as error:
            raise GitError("git is not installed, or not on the PATH") from error
        if done.returncode:
            raise GitError(_reason(done.stderr) or f"git {arguments[0]} failed")
        return done.stdout

    def succeeds(self, *arguments: str) -> bool:
        """Whether the command ends with 0."""
        try:
            self.run(*arguments)
        except GitError:
            return False
        return True

    def commit(
        self, *, base_tree: str, parents: list[str], files: Mapping[str, str], message: str
    ) -> str:
        """A commit object of `base_tree` with `files` replaced; its sha. Moves no reference."""
        with TemporaryDirectory() as scratch:
            index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
            self.run("read-tree", base_tree, environment=index)
            for path, content in files.items():
                blob = self.run("hash-object", "-w", "--stdin", text=content)
                entry = f"100644,{blob},{path}"
                self.run("update-index", "--add", "--cacheinfo", entry, environment=index)
            tree = self.run("write-tree", environment=index)
        named = [argument for parent in parents for argument in ("-p", parent)]
        return self.run("commit-tree", tree, *named, text=message)


def _reason(stderr: bytes) -> str:
    """The line that says what is wrong; advice may follow it."""
    lines = stderr.decode(errors="replace").strip().splitlines()
    named = (line for line in lines if line.startswith(("fatal: ", "error: ")))
    line = next(named, lines[-1] if lines else "")
    return line.removeprefix("fatal: ").removeprefix("error: ")


def _own_environment() -> dict[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if name not in ELSEWHERE},
        "GIT_AUTHOR_NAME": BOT,
        "GIT_AUTHOR_EMAIL": BOT_ADDRESS,
        "GIT_COMMITTER_NAME": BOT,
        "GIT_COMMITTER_EMAIL": BOT_ADDRESS,
    }
