"""Whose commits these are: the bot's own, or somebody's who must not be overwritten. Pure."""

from bot.forge.port import Branch, Commit
from bot.pull_request.marker import TRAILER

# Without these the bot would take its own commits for a stranger's, and never touch them again.
FORGE_ITSELF = frozenset({"web-flow", "noreply@github.com"})  # the committer of API commits


def strangers(branch: Branch | None, viewer: str) -> tuple[str, ...]:
    """Who besides the bot made commits on the branch since the base; () when nobody did."""
    if branch is None:
        return ()
    if not branch.complete:
        return ("more people than can be shown",)
    names = (_stranger(commit, viewer) for commit in branch.commits)
    return tuple(dict.fromkeys(name for name in names if name))


def _stranger(commit: Commit, viewer: str) -> str | None:
    """The author, or who committed it again; a person using the bot's token lacks the trailer."""
    if not is_viewer(commit.author, viewer):
        return commit.author or "somebody"
    if commit.committer not in FORGE_ITSELF and not is_viewer(commit.committer, viewer):
        return commit.committer or "somebody"
    return None if TRAILER in commit.message else commit.author


def is_viewer(name: str, viewer: str) -> bool:
    """Whether a login or address is the bot's: GitHub writes bots with and without `[bot]`."""
    # The address starts with the account's number: `41898282+github-actions[bot]@users.…`.
    login = viewer.removesuffix("[bot]")
    return name.removesuffix("[bot]") == login or name.endswith(
        (f"+{login}@users.noreply.github.com", f"+{login}[bot]@users.noreply.github.com")
    )
