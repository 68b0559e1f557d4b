"""The table of REST operations: method, path, handler, models of both bodies, permission."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from tests.fake_github import app_routes as apps
from tests.fake_github import git_routes as git
from tests.fake_github import issue_routes as issues
from tests.fake_github import pull_routes as pulls
from tests.fake_github.call import Call, Reply

_REPO = "/repos/{owner}/{repo}"
_THREAD = f"{_REPO}/issues/{{number}}"
_PULL = f"{_REPO}/pulls/{{number}}"
_COMMENT = f"{_REPO}/issues/comments/{{number}}"
_INSTALLATION = "/app/installations/{number}"

_NAMES = "ReposOwnerRepo"
_TOKENS = "AppInstallationsInstallationIdAccessTokensPostBody"
_ISSUE_PATCH = f"{_NAMES}IssuesIssueNumberPatch"
_ASSIGNEES = f"{_NAMES}IssuesIssueNumberAssignees"
_REVIEWERS = f"{_NAMES}PullsPullNumberRequestedReviewers"
_LABELS = f"{_NAMES}IssuesIssueNumberLabels"
_ADD_LABELS = f"list[str] | {_LABELS}PostBodyOneof0 | list[{_LABELS}PostBodyOneof2Items]"
_SET_LABELS = (
    f"list[str] | {_LABELS}PutBodyOneof0 | {_LABELS}PutBodyOneof2 | "
    f"list[{_LABELS}PutBodyOneof3Items] | str"
)
_ADD_REVIEWERS = f"{_REVIEWERS}PostBodyAnyof0 | {_REVIEWERS}PostBodyAnyof1"
_NEW_CHECK = f"{_NAMES}CheckRunsPostBodyOneof0 | {_NAMES}CheckRunsPostBodyOneof1"
_CHECK_PATCH = f"{_NAMES}CheckRunsCheckRunIdPatchBody"
_CHECK_CHANGE = f"{_CHECK_PATCH}Anyof0 | {_CHECK_PATCH}Anyof1"
_CHECK_RUNS = f"{_NAMES}CommitsRefCheckRunsGetResponse200"

# Parts of paths that may hold slashes; every other part ends at the next one.
_LONG = {"ref": ".+", "path": ".*", "branch": ".+", "name": ".+", "number": "[0-9]+"}
_LONG |= {"sha": ".+?", "base": ".+?", "head": ".+"}


@dataclass(frozen=True)
class Route:
    """One operation. `needs` names the permission to write: "thread" and "comment" leave it to
    what the path's number belongs to, "jwt" is an App's own signature, None nothing."""

    method: str
    path: str
    handler: Callable[[Call], Reply]
    response: str | None
    request: str | None = None
    needs: str | None = None

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The path as a pattern with named parts."""
        parts = re.sub(
            r"\{(\w+)\}", _part, re.escape(self.path).replace(r"\{", "{").replace(r"\}", "}")
        )
        return re.compile(parts)


def _part(match: re.Match[str]) -> str:
    return f"(?P<{match[1]}>{_LONG.get(match[1], '[^/]+')})"


ROUTES = (
    Route("GET", "/user", apps.user, "PublicUser"),
    Route("GET", "/rate_limit", apps.rate_limit, "RateLimitOverview"),
    # Apps
    Route("GET", "/app", apps.app, "Integration", needs="jwt"),
    Route("GET", _INSTALLATION, apps.installation, "Installation", needs="jwt"),
    Route("GET", f"{_REPO}/installation", apps.installation, "Installation", needs="jwt"),
    Route(
        "POST",
        f"{_INSTALLATION}/access_tokens",
        apps.create_access_token,
        "InstallationToken",
        _TOKENS,
        "jwt",
    ),
    # The repository and its Git data
    Route("GET", _REPO, git.repository, "FullRepository"),
    Route(
        "GET",
        f"{_REPO}/actions/permissions/workflow",
        apps.workflow_permissions,
        "ActionsGetDefaultWorkflowPermissions",
        None,
        "administration",
    ),
    Route("GET", f"{_REPO}/git/ref/{{ref}}", git.ref, "GitRef"),
    Route("GET", f"{_REPO}/git/refs/{{ref}}", git.ref, "GitRef"),
    Route("GET", f"{_REPO}/git/refs", git.matching_refs, "list[GitRef]"),
    Route("GET", f"{_REPO}/git/matching-refs/{{ref}}", git.matching_refs, "list[GitRef]"),
    Route(
        "POST",
        f"{_REPO}/git/refs",
        git.create_ref,
        "GitRef",
        f"{_NAMES}GitRefsPostBody",
        "contents",
    ),
    Route(
        "PATCH",
        f"{_REPO}/git/refs/{{ref}}",
        git.update_ref,
        "GitRef",
        f"{_NAMES}GitRefsRefPatchBody",
        "contents",
    ),
    Route("DELETE", f"{_REPO}/git/refs/{{ref}}", git.delete_ref, None, None, "contents"),
    Route("GET", f"{_REPO}/git/commits/{{sha}}", git.git_commit, "GitCommit"),
    Route(
        "POST",
        f"{_REPO}/git/commits",
        git.create_git_commit,
        "GitCommit",
        f"{_NAMES}GitCommitsPostBody",
        "contents",
    ),
    Route("GET", f"{_REPO}/git/trees/{{sha}}", git.tree, "GitTree"),
    Route(
        "POST",
        f"{_REPO}/git/trees",
        git.create_tree,
        "GitTree",
        f"{_NAMES}GitTreesPostBody",
        "contents",
    ),
    Route("GET", f"{_REPO}/git/blobs/{{sha}}", git.blob, "Blob"),
    Route(
        "POST",
        f"{_REPO}/git/blobs",
        git.create_blob,
        "ShortBlob",
        f"{_NAMES}GitBlobsPostBody",
        "contents",
    ),
    Route("GET", f"{_REPO}/contents", git.contents, "list[ContentDirectoryItems]"),
    Route(
        "GET",
        f"{_REPO}/contents/{{path}}",
        git.contents,
        "ContentFile | list[ContentDirectoryItems]",
    ),
    Route(
        "PUT",
        f"{_REPO}/contents/{{path}}",
        git.put_contents,
        "FileCommit",
        f"{_NAMES}ContentsPathPutBody",
        "contents",
    ),
    Route("GET", f"{_REPO}/branches", git.branches, "list[ShortBranch]"),
    Route("GET", f"{_REPO}/branches/{{branch}}", git.branch, "BranchWithProtection"),
    Route("GET", f"{_REPO}/commits", git.commits, "list[Commit]"),
    Route("GET", f"{_REPO}/commits/{{sha}}/check-runs", apps.check_runs, _CHECK_RUNS),
    Route("GET", f"{_REPO}/commits/{{sha}}/statuses", apps.statuses, "list[Status]"),
    Route("GET", f"{_REPO}/commits/{{sha}}", git.commit, "Commit"),
    Route("GET", f"{_REPO}/compare/{{base}}...{{head}}", git.compare, "CommitComparison"),
    # Pull requests
    Route("GET", f"{_REPO}/pulls", pulls.listing, "list[PullRequestSimple]"),
    Route(
        "POST",
        f"{_REPO}/pulls",
        pulls.create,
        "PullRequest",
        f"{_NAMES}PullsPostBody",
        "pull_requests",
    ),
    Route("GET", _PULL, pulls.get, "PullRequest"),
    Route(
        "PATCH",
        _PULL,
        pulls.edit,
        "PullRequest",
        f"{_NAMES}PullsPullNumberPatchBody",
        "pull_requests",
    ),
    Route("GET", f"{_PULL}/commits", pulls.commits, "list[Commit]"),
    Route("GET", f"{_PULL}/files", pulls.files, "list[DiffEntry]"),
    Route(
        "PUT",
        f"{_PULL}/merge",
        pulls.merge,
        "PullRequestMergeResult",
        f"{_NAMES}PullsPullNumberMergePutBody | None",
        "contents",
    ),
    Route(
        "POST",
        f"{_PULL}/requested_reviewers",
        pulls.request_reviewers,
        "PullRequestSimple",
        _ADD_REVIEWERS,
        "pull_requests",
    ),
    Route(
        "DELETE",
        f"{_PULL}/requested_reviewers",
        pulls.remove_reviewers,
        "PullRequestSimple",
        f"{_REVIEWERS}DeleteBody",
        "pull_requests",
    ),
    # Issues, and what pull requests share with them
    Route("GET", f"{_REPO}/issues", issues.listing, "list[Issue]"),
    Route("POST", f"{_REPO}/issues", issues.create, "Issue", f"{_NAMES}IssuesPostBody", "issues"),
    Route("GET", _COMMENT, issues.comment, "IssueComment"),
    Route(
        "PATCH",
        _COMMENT,
        issues.edit_comment,
        "IssueComment",
        f"{_NAMES}IssuesCommentsCommentIdPatchBody",
        "comment",
    ),
    Route("DELETE", _COMMENT, issues.delete_comment, None, None, "comment"),
    Route("GET", _THREAD, issues.get, "Issue"),
    Route(
        "PATCH",
        _THREAD,
        issues.edit,
        f"{_ISSUE_PATCH}Response200",
        f"{_ISSUE_PATCH}Body",
        "thread",
    ),
    Route("GET", f"{_THREAD}/comments", issues.comments, "list[IssueComment]"),
    Route(
        "POST",
        f"{_THREAD}/comments",
        issues.create_comment,
        "IssueComment",
        f"{_NAMES}IssuesIssueNumberCommentsPostBody",
        "thread",
    ),
    Route("GET", f"{_THREAD}/labels", issues.labels_of, "list[Label]"),
    Route("POST", f"{_THREAD}/labels", issues.add_labels, "list[Label]", _ADD_LABELS, "thread"),
    Route("PUT", f"{_THREAD}/labels", issues.set_labels, "list[Label]", _SET_LABELS, "thread"),
    Route("DELETE", f"{_THREAD}/labels", issues.clear_labels, None, None, "thread"),
    Route(
        "DELETE", f"{_THREAD}/labels/{{name}}", issues.remove_label, "list[Label]", None, "thread"
    ),
    Route("GET", f"{_REPO}/labels", issues.labels, "list[Label]"),
    Route("GET", f"{_REPO}/labels/{{name}}", issues.label, "Label"),
    Route(
        "POST", f"{_REPO}/labels", issues.create_label, "Label", f"{_NAMES}LabelsPostBody", "issues"
    ),
    Route(
        "POST",
        f"{_THREAD}/assignees",
        issues.add_assignees,
        "Issue",
        f"{_ASSIGNEES}PostBody",
        "thread",
    ),
    Route(
        "DELETE",
        f"{_THREAD}/assignees",
        issues.remove_assignees,
        "Issue",
        f"{_ASSIGNEES}DeleteBody",
        "thread",
    ),
    # Statuses and checks
    Route("GET", f"{_REPO}/statuses/{{sha}}", apps.statuses, "list[Status]"),  # PyGithub's spelling
    Route(
        "POST",
        f"{_REPO}/statuses/{{sha}}",
        apps.create_status,
        "Status",
        f"{_NAMES}StatusesShaPostBody",
        "statuses",
    ),
    Route("POST", f"{_REPO}/check-runs", apps.create_check_run, "CheckRun", _NEW_CHECK, "checks"),
    Route(
        "PATCH",
        f"{_REPO}/check-runs/{{number}}",
        apps.update_check_run,
        "CheckRun",
        _CHECK_CHANGE,
        "checks",
    ),
)
