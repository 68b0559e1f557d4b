"""REST: pull requests."""

from collections.abc import Callable
from datetime import datetime

from tests.fake_github.call import Call, Reply
from tests.fake_github.records import Json, Pull, Refused, invalid


def listing(call: Call) -> Reply:
    """GET pull requests; of `head` only the form owner:branch filters, as on GitHub."""
    state = call.query.get("state", "open")
    found = [pull for pull in call.state.pulls() if state in ("all", pull.state)]
    owner, colon, branch = call.query.get("head", "").partition(":")
    if colon:
        found = [pull for pull in found if (owner, branch) == (call.state.owner, pull.head)]
    if "base" in call.query:
        found = [pull for pull in found if pull.base == call.query["base"]]
    ordered = sorted(found, key=_sort_key(call), reverse=_is_descending(call))
    return Reply(200, [call.render.pull_simple(pull) for pull in call.page(ordered)])


def _sort_key(call: Call) -> Callable[[Pull], tuple[datetime, int]]:
    by_update = call.query.get("sort") == "updated"
    return lambda pull: (pull.updated_at if by_update else pull.created_at, pull.number)


def _is_descending(call: Call) -> bool:
    default = "desc" if call.query.get("sort", "created") == "created" else "asc"
    return call.query.get("direction", default) == "desc"


def get(call: Call) -> Reply:
    """GET one."""
    return Reply(200, call.render.pull(call.state.pull(call.number)))


def create(call: Call) -> Reply:
    """POST one."""
    if not call.given("title"):
        raise invalid("PullRequest", "missing_field", "title")
    pull = call.state.open_pull(
        call.token,
        head=call.given("head"),
        base=call.given("base"),
        title=call.given("title"),
        body=call.given("body"),
        draft=bool(call.given("draft")),
        maintainer_can_modify=bool(call.given("maintainer_can_modify")),
    )
    return Reply(201, call.render.pull(pull))


def edit(call: Call) -> Reply:
    """PATCH one: title, body, state, base."""
    pull = call.state.pull(call.number)
    call.state.edit(pull, call.token.login, title=call.given("title"), body=call.given("body"))
    base = call.given("base")
    if base:
        if base not in call.state.branches():
            raise invalid("PullRequest", "invalid", "base")
        pull.base, pull.base_sha = base, call.state.branches()[base]
    if call.given("state"):
        call.state.set_state(pull, call.given("state"), call.token.login)
    return Reply(200, call.render.pull(pull))


def commits(call: Call) -> Reply:
    """GET the commits of base..head."""
    found = call.state.commits_of(call.state.pull(call.number))
    return Reply(200, [call.render.commit(commit) for commit in call.page(found)])


def files(call: Call) -> Reply:
    """GET the changed files."""
    pull = call.state.pull(call.number)
    found = call.page(call.state.files_of(pull))
    return Reply(200, call.render.files(found, pull.head_sha))


def merge(call: Call) -> Reply:
    """PUT the merge."""
    if call.given("merge_method") == "rebase":
        raise Refused(405, "Rebase merges are not allowed on this repository.")
    sha = call.state.merge(
        call.state.pull(call.number),
        call.token.login,
        sha=call.given("sha"),
        method="squash" if call.given("merge_method") == "squash" else "merge",
        title=call.given("commit_title"),
        message=call.given("commit_message"),
    )
    done: Json = {"sha": sha, "merged": True, "message": "Pull Request successfully merged"}
    return Reply(200, done)


def request_reviewers(call: Call) -> Reply:
    """POST reviewers: people by login, teams by slug."""
    pull = call.state.pull(call.number)
    people, teams = call.given("reviewers") or [], call.given("team_reviewers") or []
    call.state.request_reviewers(pull, people, teams, call.token.login)
    return Reply(201, call.render.pull_simple(pull))


def remove_reviewers(call: Call) -> Reply:
    """DELETE reviewers; those who were not asked do not matter."""
    pull = call.state.pull(call.number)
    removed = {*call.given("reviewers")}
    removed_teams = {*(call.given("team_reviewers") or [])}
    people = [login for login in pull.reviewers if login not in removed]
    teams = [slug for slug in pull.team_reviewers if slug not in removed_teams]
    call.state.set_reviewers(pull, people, teams, call.token.login)
    return Reply(200, call.render.pull_simple(pull))
