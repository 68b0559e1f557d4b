"""The v3 JSON of users, repositories, commits, pull requests, issues and the rest."""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime

from tests.fake_github.git import Commit, FileChange, Signature, TreeEntry
from tests.fake_github.records import (
    CheckRun,
    Comment,
    CommitStatus,
    Issue,
    Json,
    Label,
    Pull,
    Team,
    Token,
    User,
)
from tests.fake_github.state import State

_USER_LINKS = (
    "followers following gists starred subscriptions organizations repos events received_events"
)
_REPOSITORY_LINKS = (
    "archive assignees blobs branches collaborators comments commits compare contents contributors "
    "deployments downloads events forks git_commits git_refs git_tags issue_comment issue_events "
    "issues keys labels languages merges milestones notifications pulls releases stargazers "
    "statuses subscribers subscription tags teams trees hooks"
)
_LARGEST_INLINE_BYTES = 1_000_000


def moment(when: datetime | None) -> str | None:
    """Write a time as GitHub does."""
    return when.strftime("%Y-%m-%dT%H:%M:%SZ") if when else None


class Renderer:
    """Writes records as GitHub's JSON; links to the API start with `api_url`."""

    def __init__(self, state: State, api_url: str) -> None:
        """Read from `state`."""
        self.state = state
        self.api_url = api_url
        self.repo_url = f"{api_url}/repos/{state.full_name}"
        # github.com, not the fake's port: bodies that quote a link stay equal between two runs
        self.html_url = f"https://github.com/{state.full_name}"

    # Accounts and the repository

    def user(self, login: str) -> Json:
        """SimpleUser."""
        user = self.state.user(login)
        url = f"{self.api_url}/users/{user.login}"
        return {
            "login": user.login,
            "id": user.id,
            "node_id": node_id(user),
            "avatar_url": f"https://avatars.githubusercontent.com/u/{user.id}",
            "gravatar_id": "",
            "url": url,
            "html_url": f"https://github.com/{user.login}",
            **{f"{name}_url": f"{url}/{name}" for name in _USER_LINKS.split()},
            "type": "Bot" if user.is_bot else "User",
            "site_admin": False,
        }

    def public_user(self, login: str) -> Json:
        """PublicUser."""
        nothing = dict.fromkeys(
            ("name", "company", "blog", "location", "email", "hireable", "bio"), None
        )
        counts = dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0)
        made = moment(self.state.created_at)
        return {**self.user(login), **nothing, **counts, "created_at": made, "updated_at": made}

    def minimal_repository(self) -> Json:
        """MinimalRepository."""
        return {
            "id": 1,
            "node_id": "R_1",
            "name": self.state.name,
            "full_name": self.state.full_name,
            "owner": self.user(self.state.owner),
            "private": False,
            "html_url": self.html_url,
            "description": None,
            "fork": False,
            "url": self.repo_url,
            **{f"{name}_url": f"{self.repo_url}/{name}" for name in _REPOSITORY_LINKS.split()},
        }

    def repository(self) -> Json:
        """Repository, as heads and bases of pull requests carry it."""
        git = f"github.com/{self.state.full_name}.git"
        open_count = sum(thread.state == "open" for thread in self.state.threads.values())
        counts = dict.fromkeys(
            ("forks", "forks_count", "stargazers_count", "watchers", "watchers_count", "size"), 0
        )
        made = moment(self.state.created_at)
        return {
            **self.minimal_repository(),
            **counts,
            "git_url": f"git://{git}",
            "ssh_url": f"ssh://{git}",
            "clone_url": f"https://{git}",
            "svn_url": self.html_url,
            "mirror_url": None,
            "homepage": None,
            "language": None,
            "license": None,
            "default_branch": self.state.default_branch,
            "open_issues": open_count,
            "open_issues_count": open_count,
            "has_issues": True,
            "has_projects": False,
            "has_wiki": False,
            "has_pages": False,
            "has_discussions": False,
            "archived": False,
            "disabled": False,
            "visibility": "public",
            "pushed_at": made,
            "created_at": made,
            "updated_at": made,
        }

    def full_repository(self, token: Token) -> Json:
        """FullRepository, with what the caller may do."""
        push = token.may("contents")
        return {
            **self.repository(),
            "network_count": 0,
            "subscribers_count": 0,
            "allow_merge_commit": True,
            "allow_squash_merge": True,
            "allow_rebase_merge": False,
            "allow_auto_merge": False,
            "delete_branch_on_merge": False,
            "permissions": {
                "admin": False,
                "maintain": False,
                "push": push,
                "triage": push,
                "pull": True,
            },
        }

    # Git data

    def ref(self, name: str, sha: str) -> Json:
        """GitRef."""
        kind = self.state.git.object_type(sha) or "commit"
        return {
            "ref": name,
            "node_id": f"REF_{name}",
            "url": f"{self.repo_url}/git/{name}",
            "object": {"type": kind, "sha": sha, "url": f"{self.repo_url}/git/{kind}s/{sha}"},
        }

    def git_commit(self, commit: Commit) -> Json:
        """GitCommit."""
        return {
            "sha": commit.sha,
            "node_id": f"C_{commit.sha}",
            "url": f"{self.repo_url}/git/commits/{commit.sha}",
            "html_url": f"{self.html_url}/commit/{commit.sha}",
            "author": _signature(commit.author),
            "committer": _signature(commit.committer),
            "tree": self._tree_link(commit.tree),
            "message": commit.message,
            "parents": [self._parent(sha, "git/commits") for sha in commit.parents],
            "verification": self._verification(commit.sha),
        }

    def commit(self, commit: Commit, files: Sequence[FileChange] | None = None) -> Json:
        """Commit; with `files` as the reader of one commit gets it."""
        url = f"{self.repo_url}/commits/{commit.sha}"
        rendered = {
            "url": url,
            "sha": commit.sha,
            "node_id": f"C_{commit.sha}",
            "html_url": f"{self.html_url}/commit/{commit.sha}",
            "comments_url": f"{url}/comments",
            "commit": {
                "url": f"{self.repo_url}/git/commits/{commit.sha}",
                "author": _signature(commit.author),
                "committer": _signature(commit.committer),
                "message": commit.message,
                "comment_count": 0,
                "tree": self._tree_link(commit.tree),
                "verification": self._verification(commit.sha),
            },
            "author": self._account(commit.author),
            "committer": self._account(commit.committer),
            "parents": [self._parent(sha, "commits") for sha in commit.parents],
        }
        if files is None:
            return rendered
        added, deleted = (
            sum(file.additions for file in files),
            sum(file.deletions for file in files),
        )
        stats = {"additions": added, "deletions": deleted, "total": added + deleted}
        return {**rendered, "stats": stats, "files": self.files(files, commit.sha)}

    def _account(self, who: Signature) -> Json:
        user = self.state.user_of(who.email)
        return self.user(user.login) if user else None

    def _tree_link(self, sha: str) -> Json:
        return {"sha": sha, "url": f"{self.repo_url}/git/trees/{sha}"}

    def _parent(self, sha: str, kind: str) -> Json:
        return {
            "sha": sha,
            "url": f"{self.repo_url}/{kind}/{sha}",
            "html_url": f"{self.html_url}/commit/{sha}",
        }

    def _verification(self, sha: str) -> Json:
        signed = sha in self.state.signed
        return {
            "verified": signed,
            "reason": "valid" if signed else "unsigned",
            "signature": "-----BEGIN PGP SIGNATURE-----" if signed else None,
            "payload": f"commit {sha}" if signed else None,
            "verified_at": moment(self.state.git.commit(sha).committer.date) if signed else None,
        }

    def tree(self, sha: str, entries: Sequence[TreeEntry]) -> Json:
        """GitTree."""
        return {
            **self._tree_link(sha),
            "truncated": False,
            "tree": [self._tree_entry(entry) for entry in entries],
        }

    def _tree_entry(self, entry: TreeEntry) -> Json:
        size = {} if entry.size is None else {"size": entry.size}
        return {
            "path": entry.path,
            "mode": entry.mode,
            "type": entry.type,
            "sha": entry.sha,
            "url": f"{self.repo_url}/git/{entry.type}s/{entry.sha}",
            **size,
        }

    def short_blob(self, sha: str) -> Json:
        """ShortBlob."""
        return {"url": f"{self.repo_url}/git/blobs/{sha}", "sha": sha}

    def blob(self, sha: str, content: bytes) -> Json:
        """Blob."""
        return {
            **self.short_blob(sha),
            "node_id": f"B_{sha}",
            "size": len(content),
            "encoding": "base64",
            "content": base64.encodebytes(content).decode(),
        }

    def content(self, entry: TreeEntry, path: str, ref: str) -> Json:
        """ContentFile without its content: one item of a directory, too."""
        url = f"{self.repo_url}/contents/{path}?ref={ref}"
        html = f"{self.html_url}/blob/{ref}/{path}"
        git = f"{self.repo_url}/git/{entry.type}s/{entry.sha}"
        return {
            "type": "dir" if entry.type == "tree" else "file",
            "size": entry.size or 0,
            "name": path.rpartition("/")[2],
            "path": path,
            "sha": entry.sha,
            "url": url,
            "git_url": git,
            "html_url": html,
            "download_url": None if entry.type == "tree" else f"{self.html_url}/raw/{ref}/{path}",
            "_links": {"self": url, "git": git, "html": html},
        }

    def file(self, entry: TreeEntry, path: str, ref: str) -> Json:
        """ContentFile; above 1 MB GitHub leaves the content out."""
        inline = (entry.size or 0) <= _LARGEST_INLINE_BYTES
        content = base64.encodebytes(self.state.git.read_blob(entry.sha)).decode() if inline else ""
        encoding = "base64" if inline else "none"
        return {**self.content(entry, path, ref), "encoding": encoding, "content": content}

    def files(self, files: Sequence[FileChange], sha: str) -> list[Json]:
        """List of DiffEntry, for files as they are at a commit."""
        return [self._diff_entry(file, sha) for file in files]

    def _diff_entry(self, file: FileChange, sha: str) -> Json:
        patch = {"patch": file.patch} if file.patch.startswith("@@") else {}
        return {
            "sha": file.sha,
            "filename": file.path,
            "status": file.status,
            "additions": file.additions,
            "deletions": file.deletions,
            "changes": file.additions + file.deletions,
            "blob_url": f"{self.html_url}/blob/{sha}/{file.path}",
            "raw_url": f"{self.html_url}/raw/{sha}/{file.path}",
            "contents_url": f"{self.repo_url}/contents/{file.path}?ref={sha}",
            **patch,
        }

    # Pull requests and issues

    def pull_simple(self, pull: Pull) -> Json:
        """PullRequestSimple."""
        url = f"{self.repo_url}/pulls/{pull.number}"
        issue_url = f"{self.repo_url}/issues/{pull.number}"
        html = f"{self.html_url}/pull/{pull.number}"
        links = {
            "comments": f"{issue_url}/comments",
            "commits": f"{url}/commits",
            "review_comment": f"{self.repo_url}/pulls/comments{{/number}}",
            "review_comments": f"{url}/comments",
            "statuses": f"{self.repo_url}/statuses/{pull.head_sha}",
        }
        addresses = {"self": url, "html": html, "issue": issue_url, **links}
        return {
            **self._thread(pull),
            "node_id": node_id(pull),
            "url": url,
            "html_url": html,
            "issue_url": issue_url,
            "diff_url": f"{html}.diff",
            "patch_url": f"{html}.patch",
            **{f"{name}_url": address for name, address in links.items()},
            "_links": {name: {"href": address} for name, address in addresses.items()},
            "merged_at": moment(pull.merged_at),
            "head": self._side(pull.head, pull.head_sha),
            "base": self._side(pull.base, pull.base_sha),
            "draft": pull.draft,
            "requested_reviewers": [self.user(login) for login in pull.reviewers],
            "requested_teams": [self._team(slug) for slug in pull.team_reviewers],
            "auto_merge": None,
        }

    def _team(self, slug: str) -> Json:
        team = self.state.teams[slug]
        url = f"{self.api_url}/organizations/{self.state.user(self.state.owner).id}/team/{team.id}"
        return {
            "id": team.id,
            "node_id": node_id(team),
            "name": team.slug,
            "slug": team.slug,
            "description": None,
            "privacy": "closed",
            "permission": "push",
            "url": url,
            "html_url": f"https://github.com/orgs/{self.state.owner}/teams/{team.slug}",
            "members_url": f"{url}/members{{/member}}",
            "repositories_url": f"{url}/repos",
            "type": "organization",
            "parent": None,
        }

    def pull(self, pull: Pull) -> Json:
        """PullRequest, with what GitHub computes for one."""
        files = self.state.files_of(pull)
        mergeable = self.state.is_mergeable(pull)
        simple = self.pull_simple(pull)
        return {
            **simple,
            "requested_teams": [_without(team, "parent") for team in simple["requested_teams"]],
            "merged": pull.merged_at is not None,
            "mergeable": mergeable,
            "mergeable_state": mergeable_state(pull, mergeable),
            "rebaseable": mergeable,
            "merged_by": self.user(pull.merged_by) if pull.merged_by else None,
            "comments": len(pull.comments),
            "review_comments": 0,
            "maintainer_can_modify": pull.maintainer_can_modify,
            "commits": len(self.state.commits_of(pull)),
            "additions": sum(file.additions for file in files),
            "deletions": sum(file.deletions for file in files),
            "changed_files": len(files),
        }

    def _side(self, branch: str, sha: str) -> Json:
        return {
            "label": f"{self.state.owner}:{branch}",
            "ref": branch,
            "sha": sha,
            "user": self.user(self.state.owner),
            "repo": self.repository(),
        }

    def _thread(self, thread: Issue) -> Json:
        labels = [self.label(self.state.label(name)) for name in thread.labels]
        return {
            "id": thread.id,
            "number": thread.number,
            "state": thread.state,
            "locked": False,
            "title": thread.title,
            "body": thread.body,
            "user": self.user(thread.author),
            "labels": [_without(label, "archived_at") for label in labels],
            "milestone": None,
            "assignees": [self.user(login) for login in thread.assignees],
            "created_at": moment(thread.created_at),
            "updated_at": moment(thread.updated_at),
            "closed_at": moment(thread.closed_at),
            "author_association": self._association(thread.author),
        }

    def _association(self, login: str) -> str:
        if login == self.state.owner:
            return "OWNER"
        return "CONTRIBUTOR" if self.state.user(login).is_bot else "COLLABORATOR"

    def issue(self, issue: Issue) -> Json:
        """Issue; a pull request is one as well, with `pull_request` in it."""
        url = f"{self.repo_url}/issues/{issue.number}"
        rendered = {
            **self._thread(issue),
            "node_id": node_id(issue),
            "url": url,
            "html_url": f"{self.html_url}/issues/{issue.number}",
            "repository_url": self.repo_url,
            "labels_url": f"{url}/labels{{/name}}",
            "comments_url": f"{url}/comments",
            "events_url": f"{url}/events",
            "comments": len(issue.comments),
            "state_reason": issue.state_reason,
            "closed_by": self.user(issue.closings[-1].actor) if issue.state == "closed" else None,
        }
        return {**rendered, **self._pull_of(issue)} if isinstance(issue, Pull) else rendered

    def _pull_of(self, pull: Pull) -> Mapping[str, Json]:
        html = f"{self.html_url}/pull/{pull.number}"
        return {
            "html_url": html,
            "draft": pull.draft,
            "pull_request": {
                "url": f"{self.repo_url}/pulls/{pull.number}",
                "html_url": html,
                "diff_url": f"{html}.diff",
                "patch_url": f"{html}.patch",
                "merged_at": moment(pull.merged_at),
            },
        }

    def comment(self, thread: Issue, comment: Comment) -> Json:
        """IssueComment."""
        page = "pull" if isinstance(thread, Pull) else "issues"
        return {
            "id": comment.id,
            "node_id": node_id(comment),
            "url": f"{self.repo_url}/issues/comments/{comment.id}",
            "html_url": f"{self.html_url}/{page}/{thread.number}#issuecomment-{comment.id}",
            "issue_url": f"{self.repo_url}/issues/{thread.number}",
            "user": self.user(comment.author),
            "body": comment.body,
            "created_at": moment(comment.created_at),
            "updated_at": moment(comment.updated_at),
            "author_association": self._association(comment.author),
        }

    def label(self, label: Label) -> Json:
        """Label."""
        return {
            "id": label.id,
            "node_id": node_id(label),
            "url": f"{self.repo_url}/labels/{label.name}",
            "name": label.name,
            "color": label.color,
            "default": False,
            "description": label.description,
            "archived_at": None,
            "archived_by": None,
        }

    # Checks

    def status(self, status: CommitStatus) -> Json:
        """Status."""
        made = moment(status.created_at)
        return {
            "id": status.id,
            "node_id": f"SC_{status.id}",
            "url": f"{self.repo_url}/statuses/{status.sha}",
            "avatar_url": None,
            "state": status.state,
            "context": status.context,
            "description": status.description,
            "target_url": status.target_url,
            "creator": self.user(status.creator),
            "created_at": made,
            "updated_at": made,
        }

    def check_run(self, run: CheckRun) -> Json:
        """CheckRun."""
        url = f"{self.repo_url}/check-runs/{run.id}"
        output = run.fields.get("output") or {}
        started = moment(run.started_at)
        finished = started if run.fields.get("conclusion") else None
        return {
            "id": run.id,
            "node_id": f"CR_{run.id}",
            "head_sha": run.sha,
            "url": url,
            "html_url": f"{self.html_url}/runs/{run.id}",
            "name": run.fields["name"],
            "external_id": run.fields.get("external_id"),
            "details_url": run.fields.get("details_url"),
            "status": "completed" if finished else run.fields.get("status", "queued"),
            "conclusion": run.fields.get("conclusion"),
            "started_at": run.fields.get("started_at", started),
            "completed_at": run.fields.get("completed_at", finished),
            "output": {
                **{key: output.get(key) for key in ("title", "summary", "text")},
                "annotations_count": len(output.get("annotations", [])),
                "annotations_url": f"{url}/annotations",
            },
            "check_suite": {"id": run.id},
            "app": None,
            "pull_requests": [],
        }


def node_id(record: User | Team | Label | Comment | Issue) -> str:
    """Return the GraphQL id, the same in both APIs."""
    prefixes = {User: "U", Team: "T", Label: "LA", Comment: "IC", Issue: "I", Pull: "PR"}
    return f"{prefixes[type(record)]}_{record.id}"


def _signature(who: Signature) -> Json:
    return {"name": who.name, "email": who.email, "date": moment(who.date)}


def _without(whole: Json, name: str) -> Json:
    """Leave out the one field that GitHub's shorter form of a record does not have."""
    return {key: value for key, value in whole.items() if key != name}


def comparison_status(ahead: int, behind: int) -> str:
    """Say how a head relates to its base."""
    if ahead and behind:
        return "diverged"
    if ahead or behind:
        return "ahead" if ahead else "behind"
    return "identical"


def mergeable_state(pull: Pull, mergeable: bool | None) -> str:
    """Return GitHub's summary of whether a merge button would be offered."""
    if mergeable is None:
        return "unknown"
    if not mergeable:
        return "dirty"
    return "draft" if pull.draft else "clean"
