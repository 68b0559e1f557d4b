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


class GitError(ModelIntelligenceError):
    """Git refused; the message is its own last line."""


@dataclass(frozen=True, slots=True)
class Git:
    """One repository, bare or with a work tree."""

    directory: Path

    def run(
        self, *arguments: str, text: str | None = None, environment: Mapping[str, str] | None = None
    ) -> str:
        """What git prints, without the final line break; GitError when it fails."""
        return self.run_raw(*arguments, text=text, environment=environment).strip("\n")

    def run_raw(
        self, *arguments: str, text: str | None = None, environment: Mapping[str, str] | None = None
    ) -> str:
        """What git prints, to the byte; GitError when it fails."""
        done = subprocess.run(
            ["git", "-C", str(self.directory), *arguments],
            input=None if text is None else text.encode(),
            capture_output=True,
            check=False,
            env={**os.environ, **_identity(), **(environment or {})},
        )
        if done.returncode:
            message = done.stderr.decode(errors="replace").strip().splitlines()
            raise GitError(message[-1] if message else f"git {arguments[0]} failed")
        return done.stdout.decode()

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


def _identity() -> dict[str, str]:
    return {
        "GIT_AUTHOR_NAME": BOT,
        "GIT_AUTHOR_EMAIL": BOT_ADDRESS,
        "GIT_COMMITTER_NAME": BOT,
        "GIT_COMMITTER_EMAIL": BOT_ADDRESS,
    }
