"""REST: the repository, refs, commits, trees, blobs, contents, comparisons."""

import base64
import binascii
from datetime import datetime

from tests.fake_github.call import Call, Reply
from tests.fake_github.git import Commit, GitError, Signature, TreeChange
from tests.fake_github.records import Json, Refused
from tests.fake_github.render import comparison_status


def repository(call: Call) -> Reply:
    """GET a repository."""
    return Reply(200, call.render.full_repository(call.token))


# Refs


def ref(call: Call) -> Reply:
    """GET exactly one ref."""
    name = f"refs/{call.params['ref']}"
    sha = call.state.git.refs(name).get(name)
    if sha is None:
        raise Refused(404, "Not Found")
    return Reply(200, call.render.ref(name, sha))


def matching_refs(call: Call) -> Reply:
    """GET the refs that start with a prefix."""
    found = sorted(call.state.git.refs(f"refs/{call.params.get('ref', '')}").items())
    return Reply(200, [call.render.ref(name, sha) for name, sha in call.page(found)])


def create_ref(call: Call) -> Reply:
    """POST a ref."""
    call.state.create_ref(call.given("ref"), call.given("sha"))
    return Reply(201, call.render.ref(call.given("ref"), call.given("sha")))


def update_ref(call: Call) -> Reply:
    """PATCH a ref."""
    name = f"refs/{call.params['ref']}"
    force = bool(call.given("force"))
    call.state.move_ref(name, call.given("sha"), call.token.login, force=force)
    return Reply(200, call.render.ref(name, call.given("sha")))


def delete_ref(call: Call) -> Reply:
    """DELETE a ref."""
    call.state.delete_ref(f"refs/{call.params['ref']}", call.token.login)
    return Reply(204)


# Objects


def git_commit(call: Call) -> Reply:
    """GET a Git commit object."""
    return Reply(200, call.render.git_commit(_commit(call, call.params["sha"])))


def create_git_commit(call: Call) -> Reply:
    """POST a Git commit object; no branch moves."""
    git = call.state.git
    parents = call.given("parents") or []
    if git.object_type(call.given("tree")) != "tree":
        raise Refused(422, "Tree SHA does not exist")
    if any(git.object_type(parent) != "commit" for parent in parents):
        raise Refused(422, "Parent SHA does not exist or is not a commit object")
    sha = call.state.write_commit(
        call.token.login,
        call.given("tree"),
        parents,
        call.given("message"),
        author=_signature(call, "author"),
        committer=_signature(call, "committer"),
    )
    return Reply(201, call.render.git_commit(git.commit(sha)))


def _signature(call: Call, role: str) -> Signature | None:
    given = call.given(role)
    if given is None:
        return None
    date = datetime.fromisoformat(given["date"]) if "date" in given else call.state.now()
    return Signature(given["name"], given["email"], date)


def tree(call: Call) -> Reply:
    """GET a tree, named by its sha, a commit's or a branch."""
    sha = call.state.git.resolve(f"{call.params['sha']}^{{tree}}")
    if sha is None:
        raise Refused(404, "Not Found")
    entries = call.state.git.entries(sha, recursive="recursive" in call.query)
    return Reply(200, call.render.tree(sha, entries))


def create_tree(call: Call) -> Reply:
    """POST a tree: entries over `base_tree`, by content or by sha; a null sha removes the path."""
    git = call.state.git
    base = call.given("base_tree")
    if base and git.object_type(base) not in ("tree", "commit"):
        raise Refused(422, "base_tree is not a valid tree oid")
    changes = [_tree_change(call, entry) for entry in call.given("tree")]
    kept = {entry.path for entry in git.entries(base, recursive=True)} if base else set()
    if any(change.sha is None and change.path not in kept for change in changes):
        raise Refused(422, "GitRPC::BadObjectState")
    try:
        sha = git.write_tree(base, changes)
    except GitError as error:
        raise Refused(422, "GitRPC::BadObjectState") from error
    return Reply(201, call.render.tree(sha, git.entries(sha)))


def _tree_change(call: Call, entry: Json) -> TreeChange:
    if "content" in entry:
        if "sha" in entry:
            raise Refused(422, "Must supply either tree.sha or tree.content, not both")
        return TreeChange(
            entry["path"], call.state.git.write_blob(entry["content"].encode()), entry["mode"]
        )
    sha = entry["sha"]
    if sha is not None and call.state.git.object_type(sha) is None:
        raise Refused(422, f"tree.sha {sha} is not a valid blob")
    return TreeChange(entry["path"], sha, entry["mode"])


def blob(call: Call) -> Reply:
    """GET a blob."""
    sha = call.params["sha"]
    if call.state.git.object_type(sha) != "blob":
        raise Refused(404, "Not Found")
    return Reply(200, call.render.blob(sha, call.state.git.read_blob(sha)))


def create_blob(call: Call) -> Reply:
    """POST a blob."""
    content = call.given("content")
    is_base64 = call.given("encoding") == "base64"
    data = _decoded(content) if is_base64 else content.encode()
    return Reply(201, call.render.short_blob(call.state.git.write_blob(data)))


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content)
    except binascii.Error as error:
        raise Refused(422, "content is not valid Base64") from error


# Contents


def contents(call: Call) -> Reply:
    """GET a file or a directory at a ref."""
    ref_name = call.query.get("ref", call.state.default_branch)
    commit = call.state.git.resolve(f"{ref_name}^{{commit}}")
    if commit is None:
        raise Refused(404, f"No commit found for the ref {ref_name}")
    path = call.params.get("path", "").strip("/")
    entry = call.state.git.entry(commit, path)
    if entry is not None and entry.type == "blob":
        return Reply(200, call.render.file(entry, path, ref_name))
    if entry is None and path:
        raise Refused(404, "Not Found")
    items = call.state.git.entries(f"{commit}:{path}")
    prefix = f"{path}/" if path else ""
    listing = [call.render.content(item, f"{prefix}{item.path}", ref_name) for item in items]
    return Reply(200, listing)


def put_contents(call: Call) -> Reply:
    """PUT a file: one commit on a branch, if `sha` is the file's current blob."""
    branch = call.given("branch") or call.state.default_branch
    head = call.state.branches().get(branch)
    if head is None:
        raise Refused(404, f"Branch {branch} not found")
    path = call.params["path"]
    current = call.state.git.entry(head, path)
    _check_blob(path, current.sha if current else None, call.given("sha"))
    git = call.state.git
    blob_sha = git.write_blob(_decoded(call.given("content")))
    sha = call.state.write_commit(
        call.token.login,
        git.write_tree(head, [TreeChange(path, blob_sha, current.mode if current else "100644")]),
        [head],
        call.given("message"),
        author=_signature(call, "author"),
        committer=_signature(call, "committer"),
    )
    call.state.move_ref(f"refs/heads/{branch}", sha, call.token.login)
    entry = git.entry(sha, path)
    assert entry is not None
    written = {
        "content": call.render.content(entry, path, branch),
        "commit": call.render.git_commit(git.commit(sha)),
    }
    return Reply(200 if current else 201, written)


def _check_blob(path: str, current: str | None, sent: str | None) -> None:
    if current and not sent:
        raise Refused(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if sent and sent != current:
        raise Refused(409, f"{path} does not match {sent}")


# Branches and history


def branch(call: Call) -> Reply:
    """GET a branch."""
    name = call.params["branch"]
    sha = call.state.branches().get(name)
    if sha is None:
        raise Refused(404, "Branch not found")
    url = f"{call.render.repo_url}/branches/{name}"
    found = {
        "name": name,
        "commit": call.render.commit(call.state.git.commit(sha)),
        "_links": {"self": url, "html": f"{call.render.html_url}/tree/{name}"},
        "protected": False,
        "protection": {"enabled": False},
        "protection_url": f"{url}/protection",
    }
    return Reply(200, found)


def branches(call: Call) -> Reply:
    """GET all branches."""
    found = sorted(call.state.branches().items())
    return Reply(200, [_short_branch(call, *pair) for pair in call.page(found)])


def _short_branch(call: Call, name: str, sha: str) -> Json:
    url = f"{call.render.repo_url}/commits/{sha}"
    return {"name": name, "commit": {"sha": sha, "url": url}, "protected": False}


def commit(call: Call) -> Reply:
    """GET a commit, named by sha or branch, with the files it changed."""
    found = _commit(call, call.params["sha"])
    # Git's empty tree stands for "before the first commit".
    before = found.parents[0] if found.parents else call.state.git.write_tree(None, [])
    files = call.state.git.diff(before, found.sha)
    return Reply(200, call.render.commit(found, files))


def commits(call: Call) -> Reply:
    """GET the history of a branch or sha, perhaps of one path."""
    start = call.query.get("sha", call.state.default_branch)
    sha = _commit(call, start).sha
    path = ["--", call.query["path"]] if "path" in call.query else []
    history = call.state.git.log(sha, *path)
    return Reply(200, [call.render.commit(found) for found in call.page(history)])


def _commit(call: Call, revision: str) -> Commit:
    sha = call.state.git.resolve(f"{revision}^{{commit}}")
    if sha is None:
        raise Refused(
            404 if "git" in call.request.path else 422, f"No commit found for SHA: {revision}"
        )
    return call.state.git.commit(sha)


def compare(call: Call) -> Reply:
    """GET what `head` has that `base` has not."""
    base, head = (_side(call, call.params[side]) for side in ("base", "head"))
    git = call.state.git
    start = git.merge_base(base.sha, head.sha)
    if start is None:
        raise Refused(404, "No common ancestor between the two")
    ahead, behind = git.between(base.sha, head.sha), git.between(head.sha, base.sha)
    spec = f"{call.params['base']}...{call.params['head']}"
    html = f"{call.render.html_url}/compare/{spec}"
    comparison = {
        "url": f"{call.render.repo_url}/compare/{spec}",
        "html_url": html,
        "permalink_url": f"{call.render.html_url}/compare/{base.sha}...{head.sha}",
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "base_commit": call.render.commit(base),
        "merge_base_commit": call.render.commit(git.commit(start)),
        "status": comparison_status(len(ahead), len(behind)),
        "ahead_by": len(ahead),
        "behind_by": len(behind),
        "total_commits": len(ahead),
        "commits": [call.render.commit(found) for found in call.page(ahead)],
        "files": call.render.files(git.diff(start, head.sha), head.sha),
    }
    return Reply(200, comparison)


def _side(call: Call, name: str) -> Commit:
    sha = call.state.git.resolve(f"{name.removeprefix(f'{call.state.owner}:')}^{{commit}}")
    if sha is None:
        raise Refused(404, "Not Found")
    return call.state.git.commit(sha)
