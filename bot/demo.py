"""The job for real, on a scratch repository: what `./run demo` shows."""

import os
import shutil
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.forge.git import Git
from bot.forge.local import LocalForge
from bot.run import run
from bot.settings import Settings

BASE = "main"


def demonstrate(folder: Path, config: Path, now: datetime, log: Callable[[str], None]) -> None:
    """Proposes to a new repository in `folder` that holds a copy of `config`.

    The database is DATABASE_URL's, or an embedded PostgreSQL whose data stay in `folder`.
    """
    repository = scratch_repository(folder / "repository", config)
    forge = LocalForge(repository, folder / "pull-requests")
    # The repository is new each time, and old pull requests would be about branches that are gone.
    shutil.rmtree(folder / "pull-requests", ignore_errors=True)
    settings = Settings(
        database_url=os.environ.get("DATABASE_URL") or f"embedded:{folder / 'postgres'}",
        config_directory=config,
    )
    outcomes = run(settings, forge, now, log, time.sleep)
    written = [done.pull_request for done in outcomes if done.item.opens and done.pull_request]
    log(f"\n{len(written)} draft pull requests, as files a browser and an editor can open:")
    shown = [(pull.title, pull.url) for pull in written]
    shown += [(issue.title, issue.url) for issue in forge.read_issues()]
    for title, page in shown:
        log(f"  {title}\n    {(folder / 'pull-requests' / page).as_uri()}")
    log(f"\nTheir branches: git -C {os.path.relpath(repository.directory)} log --oneline --all")


def scratch_repository(directory: Path, config: Path) -> Git:
    """A new bare repository whose one commit holds the files of `config`."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    git = Git(directory)
    git.run("init", "--quiet", "--bare", f"--initial-branch={BASE}")
    files = {
        f"config/{path.relative_to(config).as_posix()}": path.read_bytes().decode()
        for path in sorted(config.rglob("*.yaml"))
    }
    empty_tree = git.run("mktree", text="")
    sha = git.commit(base_tree=empty_tree, parents=[], files=files, message="The config as it is")
    git.run("update-ref", f"refs/heads/{BASE}", sha)
    return git
