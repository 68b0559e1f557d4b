"""REST: issues, comments, labels, assignees."""

from datetime import datetime

from tests.fake_github.call import Call, Reply
from tests.fake_github.records import Issue, Json, Label, Refused, invalid


def listing(call: Call) -> Reply:
    """GET issues, pull requests among them, as on GitHub."""
    found = [thread for thread in call.state.threads.values() if _is_wanted(call, thread)]
    by_update = call.query.get("sort") == "updated"

    def key(thread: Issue) -> tuple[datetime, int]:
        return (thread.updated_at if by_update else thread.created_at, thread.number)

    ordered = sorted(found, key=key, reverse=call.query.get("direction", "desc") == "desc")
    return Reply(200, [call.render.issue(thread) for thread in call.page(ordered)])


def _is_wanted(call: Call, thread: Issue) -> bool:
    wanted = {name.lower() for name in call.query.get("labels", "").split(",") if name}
    return (
        call.query.get("state", "open") in ("all", thread.state)
        and call.query.get("creator", thread.author) == thread.author
        and call.query.get("assignee", "*") in ("*", *thread.assignees)
        and wanted <= {name.lower() for name in thread.labels}
    )


def get(call: Call) -> Reply:
    """GET one."""
    return Reply(200, call.render.issue(call.state.thread(call.number)))


def create(call: Call) -> Reply:
    """POST one."""
    issue = call.state.open_issue(call.token.login, str(call.given("title")), call.given("body"))
    call.state.set_labels(issue, _names(call.given("labels") or []), call.token.login)
    call.state.set_assignees(issue, _assignable(call), call.token.login)
    return Reply(201, call.render.issue(issue))


def edit(call: Call) -> Reply:
    """PATCH one: title, body, state, labels, assignees."""
    thread, actor = call.state.thread(call.number), call.token.login
    call.state.edit(thread, actor, title=call.given("title"), body=call.given("body"))
    if call.given("labels") is not None:
        call.state.set_labels(thread, _names(call.given("labels")), actor)
    if call.given("assignees") is not None:
        call.state.set_assignees(thread, _assignable(call), actor)
    if call.given("state"):
        call.state.set_state(thread, call.given("state"), actor, call.given("state_reason"))
    return Reply(200, call.render.issue(thread))


def _assignable(call: Call) -> list[str]:
    logins: list[str] = call.given("assignees") or []
    for login in logins:
        if login not in call.state.users:
            raise invalid("Issue", "invalid", "assignees")
    return list(dict.fromkeys(logins))


def add_assignees(call: Call) -> Reply:
    """POST assignees; GitHub silently leaves out who cannot be one."""
    thread = call.state.thread(call.number)
    known = [login for login in call.given("assignees") or [] if login in call.state.users]
    call.state.set_assignees(thread, [*thread.assignees, *known], call.token.login)
    return Reply(201, call.render.issue(thread))


def remove_assignees(call: Call) -> Reply:
    """DELETE assignees."""
    thread = call.state.thread(call.number)
    removed = call.given("assignees") or []
    kept = [login for login in thread.assignees if login not in removed]
    call.state.set_assignees(thread, kept, call.token.login)
    return Reply(200, call.render.issue(thread))


# Comments


def comments(call: Call) -> Reply:
    """GET the comments of a thread."""
    thread = call.state.thread(call.number)
    return Reply(200, [call.render.comment(thread, found) for found in call.page(thread.comments)])


def create_comment(call: Call) -> Reply:
    """POST a comment."""
    thread = call.state.thread(call.number)
    comment = call.state.comment(thread, call.token.login, call.given("body"))
    return Reply(201, call.render.comment(thread, comment))


def comment(call: Call) -> Reply:
    """GET one comment."""
    return Reply(200, call.render.comment(*call.state.find_comment(call.number)))


def edit_comment(call: Call) -> Reply:
    """PATCH a comment."""
    thread, found = call.state.find_comment(call.number)
    call.state.edit_comment(found, call.given("body"))
    return Reply(200, call.render.comment(thread, found))


def delete_comment(call: Call) -> Reply:
    """DELETE a comment."""
    thread, found = call.state.find_comment(call.number)
    thread.comments.remove(found)
    return Reply(204)


# Labels


def labels(call: Call) -> Reply:
    """GET the labels of the repository."""
    found = call.page(list(call.state.labels.values()))
    return Reply(200, [call.render.label(label) for label in found])


def label(call: Call) -> Reply:
    """GET one label of the repository."""
    return Reply(200, call.render.label(_known_label(call)))


def _known_label(call: Call) -> Label:
    name = call.params["name"]
    if name not in call.state.labels:
        raise Refused(404, "Not Found")
    return call.state.labels[name]


def create_label(call: Call) -> Reply:
    """POST a label."""
    name = call.given("name")
    if name.lower() in {known.lower() for known in call.state.labels}:
        raise invalid("Label", "already_exists", "name")
    created = call.state.label(name)
    created.color = call.given("color") or created.color
    created.description = call.given("description")
    return Reply(201, call.render.label(created))


def labels_of(call: Call) -> Reply:
    """GET the labels of a thread."""
    return _labels_of(call, call.state.thread(call.number))


def _labels_of(call: Call, thread: Issue) -> Reply:
    names = call.page(thread.labels)
    return Reply(200, [call.render.label(call.state.label(name)) for name in names])


def add_labels(call: Call) -> Reply:
    """POST labels to a thread; unknown ones come into being."""
    thread = call.state.thread(call.number)
    call.state.set_labels(thread, [*thread.labels, *_names(call.body)], call.token.login)
    return _labels_of(call, thread)


def set_labels(call: Call) -> Reply:
    """PUT the labels of a thread."""
    thread = call.state.thread(call.number)
    call.state.set_labels(thread, _names(call.body), call.token.login)
    return _labels_of(call, thread)


def clear_labels(call: Call) -> Reply:
    """DELETE all labels of a thread."""
    call.state.set_labels(call.state.thread(call.number), [], call.token.login)
    return Reply(204)


def remove_label(call: Call) -> Reply:
    """DELETE one label of a thread."""
    thread = call.state.thread(call.number)
    kept = [name for name in thread.labels if name.lower() != call.params["name"].lower()]
    if len(kept) == len(thread.labels):
        raise Refused(404, "Label does not exist")
    call.state.set_labels(thread, kept, call.token.login)
    return _labels_of(call, thread)


def _names(sent: Json) -> list[str]:
    """Read labels in any of the forms that GitHub takes: names, objects, or a dict of either."""
    items = sent.get("labels", []) if isinstance(sent, dict) else sent or []
    return [item["name"] if isinstance(item, dict) else str(item) for item in items]
