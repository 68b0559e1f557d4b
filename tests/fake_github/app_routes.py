"""REST: who is calling (users, Apps, installations), the rate limit, statuses and check runs."""

from datetime import timedelta

from tests.fake_github.call import Call, Reply
from tests.fake_github.records import CheckRun, CommitStatus, Json, Refused
from tests.fake_github.render import moment

APP_ID = 4711
APP_SLUG = "model-bot"
INSTALLATION_ID = 815
RATE_LIMIT = 5_000


def user(call: Call) -> Reply:
    """GET the caller, who must be a person: an App's token has no user."""
    if call.state.user(call.token.login).is_bot:
        raise Refused(403, "Resource not accessible by integration")
    return Reply(200, call.render.public_user(call.token.login))


def rate_limit(call: Call) -> Reply:
    """GET the limits, which costs nothing."""
    reset = int((call.state.now() + timedelta(hours=1)).timestamp())
    left = {"limit": RATE_LIMIT, "remaining": RATE_LIMIT, "reset": reset, "used": 0}
    return Reply(200, {"resources": {"core": left, "search": left, "graphql": left}})


# Apps


def app(call: Call) -> Reply:
    """GET the App that signed the JWT."""
    made = moment(call.state.created_at)
    found = {
        "id": APP_ID,
        "node_id": f"A_{APP_ID}",
        "slug": APP_SLUG,
        "name": APP_SLUG,
        "owner": call.render.user(call.state.owner),
        "description": None,
        "external_url": call.render.html_url,
        "html_url": f"https://github.com/apps/{APP_SLUG}",
        "created_at": made,
        "updated_at": made,
        "permissions": {"contents": "write"},
        "events": [],
    }
    return Reply(200, found)


def installation(call: Call) -> Reply:
    """GET the App's installation on the repository."""
    made = moment(call.state.created_at)
    url = f"{call.render.api_url}/app/installations/{INSTALLATION_ID}"
    found = {
        "id": INSTALLATION_ID,
        "account": call.render.user(call.state.owner),
        "repository_selection": "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{call.render.api_url}/installation/repositories",
        "html_url": f"https://github.com/settings/installations/{INSTALLATION_ID}",
        "app_id": APP_ID,
        "app_slug": APP_SLUG,
        "target_id": call.state.user(call.state.owner).id,
        "target_type": "Organization",
        "permissions": {"contents": "write"},
        "events": [],
        "created_at": made,
        "updated_at": made,
        "single_file_name": None,
        "suspended_by": None,
        "suspended_at": None,
    }
    return Reply(200, found)


def create_access_token(call: Call) -> Reply:
    """POST for a token that acts as the App's bot, with the permissions asked for."""
    if call.number != INSTALLATION_ID:
        raise Refused(404, "Not Found")
    value = f"ghs_installation{next(call.state.ids)}"
    permissions = call.given("permissions") or None
    call.state.add_token(value, f"{APP_SLUG}[bot]", permissions)
    made: Json = {
        "token": value,
        "expires_at": moment(call.state.now() + timedelta(hours=1)),
        "permissions": permissions or {"contents": "write"},
        "repository_selection": "selected",
    }
    return Reply(201, made)


def workflow_permissions(call: Call) -> Reply:
    """GET what GitHub Actions' own token may do, which only administrators are told."""
    found = {
        "default_workflow_permissions": "read",
        "can_approve_pull_request_reviews": call.state.actions_may_open_pulls,
    }
    return Reply(200, found)


# Statuses and checks


def create_status(call: Call) -> Reply:
    """POST a status of a commit."""
    sha = call.params["sha"]
    _require_commit(call, sha)
    status = CommitStatus(
        id=next(call.state.ids),
        sha=sha,
        state=call.given("state"),
        context=call.given("context") or "default",
        description=call.given("description"),
        target_url=call.given("target_url"),
        creator=call.token.login,
        created_at=call.state.now(),
    )
    call.state.statuses.append(status)
    return Reply(201, call.render.status(status))


def statuses(call: Call) -> Reply:
    """GET the statuses of a commit, newest first."""
    sha = call.state.git.resolve(call.params["sha"])
    found = [status for status in reversed(call.state.statuses) if status.sha == sha]
    return Reply(200, [call.render.status(status) for status in call.page(found)])


def create_check_run(call: Call) -> Reply:
    """POST a check run."""
    _require_commit(call, call.given("head_sha"))
    run = CheckRun(next(call.state.ids), call.given("head_sha"), call.body, call.state.now())
    call.state.check_runs[run.id] = run
    return Reply(201, call.render.check_run(run))


def update_check_run(call: Call) -> Reply:
    """PATCH a check run."""
    run = call.state.check_runs.get(call.number)
    if run is None:
        raise Refused(404, "Not Found")
    run.fields |= call.body
    return Reply(200, call.render.check_run(run))


def check_runs(call: Call) -> Reply:
    """GET the check runs of a commit."""
    sha = call.state.git.resolve(call.params["sha"])
    found = [run for run in call.state.check_runs.values() if run.sha == sha]
    runs = [call.render.check_run(run) for run in call.page(found)]
    return Reply(200, {"total_count": len(found), "check_runs": runs})


def _require_commit(call: Call, sha: str) -> None:
    if call.state.git.object_type(sha) != "commit":
        raise Refused(422, f"No commit found for SHA: {sha}")
