"""The fake behaves as GitHub does, seen through the client that the bot uses."""

import base64
import json
import threading
import time
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import requests
from github import (
    Auth,
    BadCredentialsException,
    Github,
    GithubException,
    GithubIntegration,
    InputGitTreeElement,
    UnknownObjectException,
)
from github.Repository import Repository

from tests.fake_github import FakeGitHub
from tests.fake_github.client import (
    BRANCH,
    MODELS,
    ORIGINAL,
    PROPOSED,
    commit,
    connect,
    mutate,
    propose,
    push,
    query,
    refusal,
)

# Opening


def test_draft_pull_request_is_opened(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    assert (pull.number, pull.draft, pull.state, pull.commits) == (1, True, "open", 1)
    assert (pull.mergeable, pull.mergeable_state) == (True, "draft")
    assert hub.read(MODELS, BRANCH) == PROPOSED
    assert hub.read(MODELS) == ORIGINAL


def test_second_open_pull_request_of_a_branch_is_refused(repo: Repository) -> None:
    propose(repo)
    with pytest.raises(GithubException) as error:
        repo.create_pull("main", BRANCH, title="Again", body="")
    message = "A pull request already exists for acme:bot/summary."
    assert refusal(error) == (
        422,
        {"resource": "PullRequest", "code": "custom", "message": message},
    )


def test_pull_request_without_commits_is_refused(hub: FakeGitHub, repo: Repository) -> None:
    repo.create_git_ref("refs/heads/empty", hub.git("rev-parse", "main"))
    with pytest.raises(GithubException) as error:
        repo.create_pull("main", "empty", title="Nothing", body="")
    assert error.value.status == 422
    assert error.value.data["errors"][0]["message"] == "No commits between main and empty"


def test_unknown_head_is_refused(repo: Repository) -> None:
    with pytest.raises(GithubException) as error:
        repo.create_pull("main", "missing", title="Nothing", body="")
    assert refusal(error) == (
        422,
        {"resource": "PullRequest", "code": "invalid", "field": "head"},
    )


def test_body_over_the_limit_is_refused(hub: FakeGitHub, repo: Repository) -> None:
    push(repo)
    with pytest.raises(GithubException) as error:
        repo.create_pull("main", BRANCH, title="Long", body="x" * 65_537)
    assert error.value.status == 422
    assert error.value.data["errors"][0]["field"] == "body"
    assert hub.snapshot()["pulls"] == {}
    assert repo.create_pull("main", BRANCH, title="Long", body="x" * 65_536).number == 1


def test_organisation_setting_forbids_actions_to_open(hub: FakeGitHub, repo: Repository) -> None:
    push(repo)
    hub.state.actions_may_open_pulls = False
    with pytest.raises(GithubException) as error:
        repo.create_pull("main", BRANCH, title="Use new", body="")
    message = "GitHub Actions is not permitted to create or approve pull requests."
    assert refusal(error) == (403, message)


def test_issues_and_pull_requests_share_one_sequence(hub: FakeGitHub, repo: Repository) -> None:
    assert repo.create_issue("Dashboard").number == 1
    assert propose(repo).number == 2
    assert hub.open_issue("Third") == 3


# Commits


def test_bots_commit_without_names_is_githubs_own(repo: Repository) -> None:
    made = repo.get_git_commit(push(repo))
    assert made.author.email == "41898282+github-actions[bot]@users.noreply.github.com"
    assert (made.author.name, made.committer.name) == ("github-actions[bot]", "GitHub")
    assert made.committer.email == "noreply@github.com"
    assert made.verification.verified


def test_persons_commit_is_their_own(hub: FakeGitHub, repo: Repository) -> None:
    sha = hub.person_pushes("topic", {"notes.md": "mine\n"}, login="maria", message="Note")
    found = repo.get_commit(sha)
    assert (found.author.login, found.committer.login) == ("maria", "maria")
    assert [file.filename for file in found.files] == ["notes.md"]
    assert not found.commit.verification.verified


def test_commit_keeps_two_parents(hub: FakeGitHub, repo: Repository) -> None:
    head, base = push(repo), hub.commit_to_base({"README.md": "# More\n"})
    parents = [repo.get_git_commit(head), repo.get_git_commit(base)]
    merged = repo.create_git_commit("Take in the base", parents[0].tree, parents)
    assert [parent.sha for parent in merged.parents] == [head, base]


def test_tree_entry_without_sha_removes_the_file(hub: FakeGitHub, repo: Repository) -> None:
    base = repo.get_git_tree("main")
    gone = InputGitTreeElement("README.md", "100644", "blob", sha=None)
    tree = repo.create_git_tree([gone], base_tree=base)
    assert [entry.path for entry in tree.tree] == ["config"]


def test_existing_ref_is_not_created_again(repo: Repository) -> None:
    sha = push(repo)
    with pytest.raises(GithubException) as error:
        repo.create_git_ref(f"refs/heads/{BRANCH}", sha)
    assert refusal(error) == (422, "Reference already exists")


def test_ref_moves_forward_only_unless_forced(hub: FakeGitHub, repo: Repository) -> None:
    push(repo)
    ref = repo.get_git_ref(f"heads/{BRANCH}")
    aside = commit(repo, "other\n", hub.git("rev-parse", "main"))
    with pytest.raises(GithubException) as error:
        ref.edit(aside)
    assert refusal(error) == (422, "Update is not a fast forward")
    ref.edit(aside, force=True)
    assert hub.git("rev-parse", BRANCH) == aside


def test_matching_refs_are_found_by_prefix(repo: Repository) -> None:
    push(repo, "bot/one")
    push(repo, "bot/two")
    push(repo, "other")
    names = [ref.ref for ref in repo.get_git_matching_refs("heads/bot/")]
    assert names == ["refs/heads/bot/one", "refs/heads/bot/two"]


# Files


def test_file_is_read_with_its_blob_sha(hub: FakeGitHub, repo: Repository) -> None:
    found = repo.get_contents(MODELS, ref="main")
    assert not isinstance(found, list)
    assert found.decoded_content.decode() == ORIGINAL
    assert found.sha == hub.git("rev-parse", f"main:{MODELS}")


def test_directory_is_listed(repo: Repository) -> None:
    found = repo.get_contents("")
    assert isinstance(found, list)
    assert [(item.type, item.path) for item in found] == [("file", "README.md"), ("dir", "config")]


def test_missing_file_is_404(repo: Repository) -> None:
    with pytest.raises(UnknownObjectException):
        repo.get_contents("missing.yaml")


def test_file_is_updated_with_its_current_sha(hub: FakeGitHub, repo: Repository) -> None:
    sha = hub.git("rev-parse", f"main:{MODELS}")
    repo.update_file(MODELS, "Change", PROPOSED, sha)
    assert hub.read(MODELS) == PROPOSED


def test_stale_blob_sha_is_a_conflict(hub: FakeGitHub, repo: Repository) -> None:
    stale = hub.git("rev-parse", f"main:{MODELS}")
    hub.commit_to_base({MODELS: "theirs\n"})
    with pytest.raises(GithubException) as error:
        repo.update_file(MODELS, "Change", PROPOSED, stale)
    assert refusal(error) == (409, f"{MODELS} does not match {stale}")
    assert hub.read(MODELS) == "theirs\n"


def test_existing_file_without_sha_is_refused(repo: Repository) -> None:
    with pytest.raises(GithubException) as error:
        repo.create_file(MODELS, "Change", PROPOSED)
    assert refusal(error) == (422, 'Invalid request.\n\n"sha" wasn\'t supplied.')


def test_comparison_counts_both_sides(hub: FakeGitHub, repo: Repository) -> None:
    push(repo)
    hub.commit_to_base({"README.md": "# More\n"})
    found = repo.compare("main", BRANCH)
    assert (found.status, found.ahead_by, found.behind_by) == ("diverged", 1, 1)
    assert [file.filename for file in found.files] == [MODELS]
    assert "+summary: new" in found.files[0].patch


# The life of a pull request


def test_head_follows_pushes(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    sha = hub.person_pushes(BRANCH, {"notes.md": "mine\n"})
    assert pull.update()
    assert (pull.head.sha, pull.commits, pull.changed_files) == (sha, 2, 2)
    assert [found.author.login for found in pull.get_commits()] == ["github-actions[bot]", "maria"]


def test_amended_head_replaces_the_commit(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    sha = hub.person_pushes(BRANCH, {MODELS: "theirs\n"}, amend=True)
    (only,) = repo.get_pull(pull.number).get_commits()
    assert (only.sha, only.author.login, only.committer.login) == (
        sha,
        "github-actions[bot]",
        "maria",
    )


def test_deleting_the_branch_closes_the_pull_request(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    hub.delete_branch(BRANCH, login="maria")
    pull.update()
    assert (pull.state, pull.merged) == ("closed", False)
    assert hub.pull(1).closings[-1].actor == "maria"


def test_pushing_the_branch_back_onto_the_base_closes(hub: FakeGitHub, repo: Repository) -> None:
    propose(repo)
    hub.git("update-ref", f"refs/heads/{BRANCH}", "main")
    assert (repo.get_pull(1).state, repo.get_pull(1).merged) == ("closed", False)


def test_base_that_takes_in_the_head_merges(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    hub.git("update-ref", "refs/heads/main", pull.head.sha)
    assert repo.get_pull(1).merged


def test_draft_cannot_be_merged(repo: Repository) -> None:
    pull = propose(repo)
    with pytest.raises(GithubException) as error:
        pull.merge()
    assert refusal(error) == (405, "Pull Request is still a draft")


def test_merge_keeps_what_the_base_got_meanwhile(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo, draft=False)
    hub.commit_to_base({MODELS: ORIGINAL.replace("search: old", "search: theirs")})
    merged = pull.merge()
    assert hub.read(MODELS) == "summary: new\n\n\n\nsearch: theirs\n"
    parents = hub.git("rev-parse", f"{merged.sha}^1", f"{merged.sha}^2").splitlines()
    assert parents[1] == pull.head.sha
    assert repo.get_pull(1).merged


def test_squash_merge_has_one_parent(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo, draft=False)
    pull.merge(merge_method="squash")
    assert hub.git("log", "-1", "--format=%s|%cn", "main") == "Use new (#1)|GitHub"
    assert len(repo.get_branch("main").commit.parents) == 1


def test_conflicting_pull_request_is_not_mergeable(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo, draft=False)
    hub.commit_to_base({MODELS: ORIGINAL.replace("summary: old", "summary: theirs")})
    pull.update()
    assert (pull.mergeable, pull.mergeable_state) == (False, "dirty")
    with pytest.raises(GithubException) as error:
        pull.merge()
    assert refusal(error) == (405, "Pull Request is not mergeable")


def test_mergeable_may_not_be_known_yet(hub: FakeGitHub, repo: Repository) -> None:
    hub.state.mergeable_is_known = False
    assert propose(repo, draft=False).mergeable is None


def test_merge_of_a_head_that_moved_is_a_conflict(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo, draft=False)
    hub.person_pushes(BRANCH, {"notes.md": "mine\n"})
    with pytest.raises(GithubException) as error:
        pull.merge(sha=pull.head.sha)
    assert error.value.status == 409


def test_draft_state_changes_through_graphql(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    pull.mark_ready_for_review()
    assert not hub.pull(1).draft
    pull.convert_to_draft()
    assert hub.pull(1).draft


def test_closed_pull_request_can_be_reopened(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    pull.edit(state="closed")
    assert repo.get_pull(1).state == "closed"
    hub.reopen(1)
    assert repo.get_pull(1).state == "open"


def test_pull_request_without_branch_cannot_be_reopened(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    hub.delete_branch(BRANCH)
    with pytest.raises(GithubException) as error:
        pull.edit(state="open")
    assert error.value.status == 422


def test_people_edit_what_they_see(hub: FakeGitHub, repo: Repository) -> None:
    propose(repo)
    hub.edit_pull(1, title="Mine", body="Edited", labels=["keep"], assignees=["maria"], draft=False)
    pull = repo.get_pull(1)
    assert (pull.title, pull.body, pull.draft) == ("Mine", "Edited", False)
    assert [label.name for label in pull.labels] == ["keep"]
    assert [user.login for user in pull.assignees] == ["maria"]


def test_person_merges_a_draft_by_marking_it_ready(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    hub.merge(1, login="maria")
    pull.update()
    assert (pull.merged, pull.merged_by.login) == (True, "maria")


# Finding


def test_only_owner_and_branch_filter_by_head(repo: Repository) -> None:
    propose(repo, "bot/one")
    propose(repo, "bot/two")
    assert repo.get_pulls(head="bot/one").totalCount == 2
    assert [pull.number for pull in repo.get_pulls(head="acme:bot/one")] == [1]


def test_pull_requests_filter_by_state(hub: FakeGitHub, repo: Repository) -> None:
    propose(repo, "bot/one")
    propose(repo, "bot/two")
    hub.close(1)
    assert [pull.number for pull in repo.get_pulls()] == [2]
    assert [pull.number for pull in repo.get_pulls(state="closed")] == [1]
    assert [pull.number for pull in repo.get_pulls(state="all", direction="asc")] == [1, 2]


def test_lists_come_in_pages(hub: FakeGitHub, repo: Repository) -> None:
    for number in range(1, 6):
        hub.open_issue(f"Issue {number}")
    with connect(hub) as github:
        github.per_page = 2
        found = [issue.number for issue in github.get_repo("acme/widgets").get_issues()]
    assert found == [5, 4, 3, 2, 1]
    pages = [one for one in hub.requests if one.path.endswith("/issues")]
    assert len(pages) == 3


def test_issues_include_pull_requests(repo: Repository) -> None:
    propose(repo)
    repo.create_issue("Dashboard", labels=["bot"])
    assert [bool(issue.pull_request) for issue in repo.get_issues()] == [False, True]
    assert [issue.number for issue in repo.get_issues(labels=["bot"])] == [2]
    assert repo.get_issues(creator=repo.owner).totalCount == 0


def test_unchanged_resource_is_304(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    pull.update()
    assert not pull.update()
    hub.edit_pull(1, title="Changed")
    assert pull.update()


def test_rate_limit_is_told(repo: Repository) -> None:
    headers, _ = repo.requester.requestJsonAndCheck("GET", "/repos/acme/widgets")
    used, left = int(headers["x-ratelimit-used"]), int(headers["x-ratelimit-remaining"])
    assert (used > 0, used + left) == (True, 5_000)


# Issues, comments, labels, people


def test_comments_are_edited_in_place(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    pull.create_issue_comment("First").edit("Second")
    hub.comment(1, "Thanks", login="maria")
    assert [(one.user.login, one.body) for one in pull.get_issue_comments()] == [
        ("github-actions[bot]", "Second"),
        ("maria", "Thanks"),
    ]
    pull.get_issue_comments()[0].delete()
    assert [one.body for one in pull.get_issue_comments()] == ["Thanks"]


def test_unknown_label_comes_into_being(repo: Repository) -> None:
    pull = propose(repo)
    pull.add_to_labels("brand-new", "bug")
    assert [label.name for label in repo.get_pull(1).labels] == ["brand-new", "bug"]
    assert repo.get_label("brand-new").color == "ededed"
    pull.remove_from_labels("bug")
    assert [label.name for label in pull.get_labels()] == ["brand-new"]


def test_existing_label_is_not_created_again(repo: Repository) -> None:
    repo.create_label("bot", "00ff00", "Made by the bot")
    with pytest.raises(GithubException) as error:
        repo.create_label("bot", "00ff00")
    assert refusal(error)[1]["code"] == "already_exists"


def test_unknown_reviewer_is_refused(hub: FakeGitHub, repo: Repository) -> None:
    hub.add_token("ghp_maria", "maria")
    pull = propose(repo)
    with pytest.raises(GithubException) as error:
        pull.create_review_request(reviewers=["maria", "stranger"])
    assert error.value.status == 422
    assert hub.pull(1).reviewers == []
    pull.create_review_request(reviewers=["maria"])
    assert hub.pull(1).reviewers == ["maria"]
    pull.delete_review_request(reviewers=["maria"])
    assert hub.pull(1).reviewers == []


def test_unknown_assignee_is_left_out(hub: FakeGitHub, repo: Repository) -> None:
    hub.add_token("ghp_maria", "maria")
    propose(repo).add_to_assignees("maria", "stranger")
    assert hub.pull(1).assignees == ["maria"]


def test_issue_is_edited_and_closed(hub: FakeGitHub, repo: Repository) -> None:
    issue = repo.create_issue("Dashboard", body="Empty")
    issue.edit(body="Full", state="closed", state_reason="not_planned")
    assert (hub.issue(1).body, hub.issue(1).state) == ("Full", "closed")
    assert repo.get_issue(1).state_reason == "not_planned"


def test_statuses_and_check_runs_are_kept(repo: Repository) -> None:
    sha = push(repo)
    repo.get_commit(sha).create_status("success", description="Fine", context="bot")
    run = repo.create_check_run("bot", sha, status="in_progress")
    run.edit(status="completed", conclusion="success")
    (found,) = repo.get_commit(sha).get_check_runs()
    assert (found.name, found.conclusion) == ("bot", "success")
    assert [one.state for one in repo.get_commit(sha).get_statuses()] == ["success"]


def test_git_objects_and_lists_are_read(hub: FakeGitHub, repo: Repository) -> None:
    sha = push(repo)
    blob = repo.create_git_blob(base64.b64encode(b"\0binary").decode(), "base64")
    assert base64.b64decode(repo.get_git_blob(blob.sha).content) == b"\0binary"
    assert next(found.sha for found in repo.get_commits(sha=BRANCH, path=MODELS)) == sha
    assert [found.name for found in repo.get_branches()] == [BRANCH, "main"]
    assert [found.ref for found in repo.get_git_refs()][-1] == "refs/heads/main"
    assert len(repo.get_git_tree(BRANCH, recursive=True).tree) == 3
    assert [file.filename for file in repo.get_commit("main").files] == ["README.md", MODELS]
    assert next(label.name for label in repo.get_labels()) == "bug"


def test_pull_requests_parts_are_read_and_replaced(hub: FakeGitHub, repo: Repository) -> None:
    hub.add_token("ghp_maria", "maria")
    pull = propose(repo)
    pull.set_labels("one", "two")
    pull.add_to_assignees("maria")
    pull.remove_from_assignees("maria")
    comment = pull.create_issue_comment("Kept")
    assert [file.filename for file in pull.get_files()] == [MODELS]
    assert [label.name for label in pull.get_labels()] == ["one", "two"]
    assert pull.get_issue_comment(comment.id).body == "Kept"
    pull.delete_labels()
    assert (hub.pull(1).labels, hub.pull(1).assignees) == ([], [])


def test_bot_that_deletes_its_branch_closes_by_itself(hub: FakeGitHub, repo: Repository) -> None:
    propose(repo)
    repo.get_git_ref(f"heads/{BRANCH}").delete()
    assert hub.pull(1).closings[-1].actor == "github-actions[bot]"
    assert "refs/heads/bot/summary" not in hub.git("for-each-ref")


def test_limits_are_read(hub: FakeGitHub) -> None:
    with connect(hub) as github:
        assert github.get_rate_limit().resources.core.limit == 5_000


# Who calls


def test_unknown_token_is_401(hub: FakeGitHub) -> None:
    with connect(hub, "ghp_wrong") as github, pytest.raises(BadCredentialsException) as error:
        github.get_repo("acme/widgets")
    assert refusal(error) == (401, "Bad credentials")


def test_token_without_permission_is_forbidden(hub: FakeGitHub, repo: Repository) -> None:
    propose(repo)
    hub.add_token("ghs_reader", "github-actions[bot]", {"contents": "write", "issues": "read"})
    with connect(hub, "ghs_reader") as github:
        limited = github.get_repo("acme/widgets")
        push(limited, "allowed")
        for attempt in (
            lambda: limited.create_pull("main", "allowed", title="No", body=""),
            lambda: limited.create_issue("No"),
            lambda: limited.get_pull(1).add_to_labels("no"),
        ):
            with pytest.raises(GithubException) as error:
                attempt()
            assert refusal(error) == (403, "Resource not accessible by integration")


def test_person_is_told_who_they_are_and_a_bot_is_not(hub: FakeGitHub) -> None:
    hub.add_token("ghp_maria", "maria")
    with connect(hub, "ghp_maria") as github:
        assert github.get_user().login == "maria"
    with connect(hub) as github, pytest.raises(GithubException) as error:
        assert github.get_user().login
    assert error.value.status == 403


def test_app_gets_a_token_with_its_permissions(hub: FakeGitHub) -> None:
    jwt = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "RS256", "typ": "JWT"}, {"iss": "4711"}, {"any": "signature"})
    )
    auth = Auth.AppAuth(4711, sign_func=lambda _: jwt)
    with GithubIntegration(auth=auth, base_url=hub.api_url) as app:
        assert app.get_app().slug == "model-bot"
        installation = app.get_repo_installation("acme", "widgets")
        token = app.get_access_token(installation.id, {"contents": "write"}).token
    with connect(hub, token) as github:
        repo = github.get_repo("acme/widgets")
        assert repo.get_git_commit(push(repo)).author.name == "model-bot[bot]"
        with pytest.raises(GithubException) as error:
            repo.create_pull("main", BRANCH, title="No", body="")
        assert error.value.status == 403
    assert [one.path.rpartition("/")[2] for one in hub.writes()] == [
        "trees",
        "commits",
        "refs",
        "pulls",
    ]


# GraphQL

PULLS = """
  pullRequests(headRefName: "bot/summary", states: [OPEN, CLOSED], last: 5,
               orderBy: {field: CREATED_AT, direction: ASC}) {
    nodes {
      number state isDraft merged mergedAt title body headRefOid baseRefName mergeable
      labels(first: 9) { nodes { name } }
      assignees(first: 9) { nodes { login } }
      reviewRequests(first: 9) { nodes { requestedReviewer { ... on User { login } } } }
      author { __typename login }
      commits(last: 9) {
        totalCount
        nodes { commit {
          oid message parents(first: 2) { nodes { oid } }
          author { name email user { login } } committer { name user { login } }
          signature { isValid }
        } }
      }
      comments(first: 9) { nodes { databaseId author { login } body } }
      timelineItems(itemTypes: [CLOSED_EVENT], last: 1) {
        nodes { ... on ClosedEvent { actor { login } } }
      }
    }
  }
"""


def test_graphql_reads_a_pull_request(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    comment_id = hub.comment(1, "No", login="maria")
    hub.edit_pull(1, labels=["keep"], assignees=["maria"], reviewers=["sam"])
    hub.close(1, login="maria")
    email = "41898282+github-actions[bot]@users.noreply.github.com"
    bot = "github-actions[bot]"
    made = {
        "oid": pull.head.sha,
        "message": "Propose",
        "parents": {"nodes": [{"oid": hub.git("rev-parse", "main")}]},
        "author": {"name": bot, "email": email, "user": {"login": bot}},
        "committer": {"name": "GitHub", "user": {"login": "web-flow"}},
        "signature": {"isValid": True},
    }
    assert query(repo, PULLS)["pullRequests"]["nodes"] == [
        {
            "number": 1,
            "state": "CLOSED",
            "isDraft": True,
            "merged": False,
            "mergedAt": None,
            "title": "Use new",
            "body": "Because.",
            "headRefOid": pull.head.sha,
            "baseRefName": "main",
            "mergeable": "UNKNOWN",
            "labels": {"nodes": [{"name": "keep"}]},
            "assignees": {"nodes": [{"login": "maria"}]},
            "reviewRequests": {"nodes": [{"requestedReviewer": {"login": "sam"}}]},
            "author": {"__typename": "Bot", "login": "github-actions"},
            "commits": {"totalCount": 1, "nodes": [{"commit": made}]},
            "comments": {
                "nodes": [{"databaseId": comment_id, "author": {"login": "maria"}, "body": "No"}]
            },
            "timelineItems": {"nodes": [{"actor": {"login": "maria"}}]},
        }
    ]


def test_graphql_reads_files_and_refs(hub: FakeGitHub, repo: Repository) -> None:
    fields = """
      defaultBranchRef { name target { oid ... on Commit { message } } }
      object(expression: "main:config/models.yaml") {
        ... on Blob { oid text isBinary isTruncated byteSize }
      }
      missing: object(expression: "main:missing") { oid }
      ref(qualifiedName: "refs/heads/none") { name }
      refs(refPrefix: "refs/heads/", first: 9) { nodes { name target { oid } } }
    """
    head = hub.git("rev-parse", "main")
    assert query(repo, fields) == {
        "defaultBranchRef": {"name": "main", "target": {"oid": head, "message": "First commit"}},
        "object": {
            "oid": hub.git("rev-parse", f"main:{MODELS}"),
            "text": ORIGINAL,
            "isBinary": False,
            "isTruncated": False,
            "byteSize": len(ORIGINAL),
        },
        "missing": None,
        "ref": None,
        "refs": {"nodes": [{"name": "main", "target": {"oid": head}}]},
    }


def test_graphql_reads_issues_and_the_caller(hub: FakeGitHub, repo: Repository) -> None:
    repo.create_issue("Dashboard", body="All", labels=["bot"])
    hub.open_issue("Other")
    fields = """issues(filterBy: {labels: ["bot"], createdBy: "github-actions[bot]"},
      states: [OPEN], first: 5) { nodes { number title body state author { login } } }"""
    (found,) = query(repo, fields)["issues"]["nodes"]
    assert found == {
        "number": 1,
        "title": "Dashboard",
        "body": "All",
        "state": "OPEN",
        "author": {"login": "github-actions"},
    }
    _, answer = repo.requester.graphql_query("{ viewer { login } rateLimit { remaining } }", {})
    assert answer["data"]["viewer"] == {"login": "github-actions[bot]"}


def test_invalid_query_is_answered_with_errors(repo: Repository) -> None:
    with pytest.raises(GithubException) as error:
        query(repo, "nonsense")
    assert refusal(error)[1]["message"] == "Field 'nonsense' doesn't exist on type 'Repository'"
    assert "data" not in error.value.data


def test_connection_needs_its_size(repo: Repository) -> None:
    with pytest.raises(GithubException) as error:
        query(repo, "pullRequests { nodes { number } }")
    assert refusal(error)[1]["type"] == "MISSING_PAGINATION_BOUNDARIES"


def test_unknown_number_is_not_found(repo: Repository) -> None:
    with pytest.raises(UnknownObjectException):
        query(repo, "pullRequest(number: 9) { title }")


def create_commit(repo: Repository, expected: str) -> None:
    """Commit the proposal to the branch, if it still is where it was."""
    mutate(
        repo,
        "createCommitOnBranch",
        branch={"repositoryNameWithOwner": "acme/widgets", "branchName": BRANCH},
        expectedHeadOid=expected,
        message={"headline": "Propose", "body": "Why"},
        fileChanges={
            "additions": [
                {"path": MODELS, "contents": base64.b64encode(PROPOSED.encode()).decode()}
            ],
            "deletions": [{"path": "README.md"}],
        },
    )


def test_commit_on_branch_is_signed(hub: FakeGitHub, repo: Repository) -> None:
    base = hub.git("rev-parse", "main")
    repo.create_git_ref(f"refs/heads/{BRANCH}", base)
    create_commit(repo, base)
    assert hub.git("ls-tree", "-r", "--name-only", BRANCH) == MODELS
    assert hub.git("log", "-1", "--format=%B|%cn", BRANCH) == "Propose\n\nWhy|GitHub"
    assert repo.get_branch(BRANCH).commit.commit.verification.verified


def test_commit_on_a_branch_that_moved_is_refused(hub: FakeGitHub, repo: Repository) -> None:
    base = hub.git("rev-parse", "main")
    theirs = hub.person_pushes(BRANCH, {"notes.md": "mine\n"})
    with pytest.raises(GithubException) as error:
        create_commit(repo, base)
    assert refusal(error)[1]["type"] == "STALE_DATA"
    assert hub.git("rev-parse", BRANCH) == theirs


def test_graphql_opens_a_draft(hub: FakeGitHub, repo: Repository) -> None:
    push(repo)
    values = {"repositoryId": "R_1", "baseRefName": "main", "headRefName": BRANCH, "title": "New"}
    mutate(repo, "createPullRequest", **values, body="Why", draft=True)
    assert (hub.pull(1).title, hub.pull(1).draft) == ("New", True)
    with pytest.raises(GithubException) as error:
        mutate(repo, "createPullRequest", **values)
    message = "A pull request already exists for acme:bot/summary."
    assert (refusal(error)[1]["type"], refusal(error)[1]["message"]) == ("UNPROCESSABLE", message)


def test_refs_are_updated_all_or_none(hub: FakeGitHub, repo: Repository) -> None:
    base, sha = hub.git("rev-parse", "main"), push(repo)
    ahead = commit(repo, "further\n", sha)
    forward = {"name": f"refs/heads/{BRANCH}", "beforeOid": sha, "afterOid": ahead}
    stale = {"name": "refs/heads/main", "beforeOid": ahead, "afterOid": sha}
    with pytest.raises(GithubException):
        mutate(repo, "updateRefs", repositoryId="R_1", refUpdates=[forward, stale])
    assert (hub.git("rev-parse", BRANCH), hub.git("rev-parse", "main")) == (sha, base)
    new = {"name": "refs/heads/new", "beforeOid": "0" * 40, "afterOid": base}
    mutate(repo, "updateRefs", repositoryId="R_1", refUpdates=[forward, new])
    assert (hub.git("rev-parse", BRANCH), hub.git("rev-parse", "new")) == (ahead, base)
    with pytest.raises(GithubException):
        mutate(repo, "updateRefs", repositoryId="R_1", refUpdates=[new])


def test_graphql_edits_pull_requests_and_comments(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    bug = repo.get_label("bug").raw_data["node_id"]
    mutate(repo, "updatePullRequest", pullRequestId=pull.raw_data["node_id"], labelIds=[bug])
    mutate(repo, "addComment", subjectId=pull.raw_data["node_id"], body="First")
    (comment,) = pull.get_issue_comments()
    mutate(repo, "updateIssueComment", id=comment.raw_data["node_id"], body="Second")
    mutate(repo, "closePullRequest", pullRequestId=pull.raw_data["node_id"])
    assert (hub.pull(1).labels, hub.pull(1).state) == (["bug"], "closed")
    assert [one.body for one in hub.pull(1).comments] == ["Second"]


def test_only_mutations_count_as_writes(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    query(repo, "id")
    pull.mark_ready_for_review()
    assert [one.path.rpartition("/")[2] for one in hub.writes()] == [
        "trees",
        "commits",
        "refs",
        "pulls",
        "graphql",
    ]


def test_plain_address_works_like_the_enterprise_one(hub: FakeGitHub) -> None:
    plain = hub.api_url.removesuffix("/api/v3")
    with Github(auth=Auth.Token(hub.token), base_url=plain) as github:
        repo = github.get_repo("acme/widgets")
        assert query(repo, "nameWithOwner") == {"nameWithOwner": "acme/widgets"}


# Snapshots


def test_equal_runs_give_equal_snapshots(tmp_path: Path) -> None:
    snapshots = []
    for day in (1, 2):
        moment = f"2026-11-0{day}T12:00:00+00:00"
        snapshots.append(_snapshot_of_a_run(tmp_path / str(day), moment))
    assert snapshots[0] == snapshots[1]


def _snapshot_of_a_run(directory: Path, moment: str) -> dict[str, object]:
    directory.mkdir()
    clock = datetime.fromisoformat(moment)
    with (
        FakeGitHub.start(directory, files={MODELS: ORIGINAL}, clock=lambda: clock) as hub,
        connect(hub) as github,
    ):
        pull = propose(github.get_repo("acme/widgets"))
        pull.edit(body=f"Head: {pull.head.sha}")
        return hub.snapshot()


def test_snapshot_shows_every_kind_of_change(hub: FakeGitHub, repo: Repository) -> None:
    propose(repo)
    seen = [hub.snapshot()]
    for change in (
        lambda: hub.edit_pull(1, title="Other"),
        lambda: hub.edit_pull(1, body="Other"),
        lambda: hub.edit_pull(1, labels=["other"]),
        lambda: hub.edit_pull(1, assignees=["maria"]),
        lambda: hub.edit_pull(1, reviewers=["maria"]),
        lambda: hub.edit_pull(1, draft=False),
        lambda: hub.comment(1, "Other"),
        lambda: hub.open_issue("Other"),
        lambda: hub.person_pushes(BRANCH, {"notes.md": "mine\n"}),
        lambda: hub.commit_to_base({"README.md": None}),
        lambda: hub.close(1),
    ):
        change()
        seen.append(hub.snapshot())
    assert all(one != other for one, other in pairwise(seen))


# What GitHub would not have had


@pytest.mark.parametrize(
    ("path", "body", "problem"),
    [
        ("pulls", {"head": "a", "base": "main", "colour": "red"}, "colour: no such field"),
        ("pulls", {"base": "main"}, "head: Field required"),
        ("git/refs", {"ref": "refs/heads/a", "sha": 1}, "sha: Input should be a valid string"),
        ("git/trees", {"tree": [{"path": "a", "text": "b"}]}, "tree.0.text: no such field"),
        ("nonsense", {}, "the fake has no such route"),
    ],
)
def test_request_that_github_does_not_describe_fails_the_test(
    tmp_path: Path, path: str, body: dict[str, Any], problem: str
) -> None:
    hub = FakeGitHub.start(tmp_path)
    headers = {"Authorization": f"Bearer {hub.token}"}
    url = f"{hub.api_url}/repos/acme/widgets/{path}"
    assert requests.post(url, json=body, headers=headers, timeout=5).status_code == 500
    assert hub.snapshot()["pulls"] == {}
    with pytest.raises(AssertionError, match=problem), hub:
        pass


def test_response_that_github_does_not_describe_fails_the_test(tmp_path: Path) -> None:
    hub = FakeGitHub.start(tmp_path)
    hub.state.labels["bug"].description = 1  # type: ignore[assignment] # what is to be found
    with connect(hub) as github, pytest.raises(requests.exceptions.RetryError):
        github.get_repo("acme/widgets").get_label("bug")
    with pytest.raises(AssertionError, match=r"response GET .*description: Input should be"), hub:
        pass


def test_violation_is_added_to_the_tests_own_failure(tmp_path: Path) -> None:
    hub = FakeGitHub.start(tmp_path)
    requests.get(f"{hub.api_url}/nonsense", timeout=5)
    with pytest.raises(ZeroDivisionError) as error, hub:
        raise ZeroDivisionError
    assert "the fake has no such route" in error.value.__notes__[0]


def test_unknown_api_version_is_refused(hub: FakeGitHub) -> None:
    headers = {"Authorization": f"Bearer {hub.token}", "X-GitHub-Api-Version": "1999-01-01"}
    assert requests.get(hub.api_url, headers=headers, timeout=5).status_code == 400


# Faults


def open_despite(repo: Repository) -> None:
    """Open a pull request, of which a fault may tell the client nothing good."""
    push(repo)
    repo.create_pull("main", BRANCH, title="Use new", body="")


@pytest.mark.parametrize(
    ("kind", "status", "opened"),
    [
        ("502_before", 502, False),
        ("502_after", 502, True),
        ("429", 429, False),
        ("429_retry_after", 429, False),
        ("secondary_403", 403, False),
        ("primary_403", 403, False),
        ("409", 409, False),
        ("401", 401, False),
    ],
)
def test_fault_answers_in_place_of_github(
    hub: FakeGitHub, repo: Repository, kind: Any, status: int, opened: bool
) -> None:
    hub.faults.add(position=4, kind=kind)
    with pytest.raises(GithubException) as error:
        open_despite(repo)
    assert error.value.status == status
    assert (1 in hub.state.threads) is opened
    assert [one.status for one in hub.writes()] == [201, 201, 201, status]


def test_dropped_connection_hides_a_write_that_happened(hub: FakeGitHub, repo: Repository) -> None:
    hub.faults.add(match=("POST", r"/pulls$"), kind="drop_after")
    with pytest.raises(requests.ConnectionError):
        open_despite(repo)
    assert hub.pull(1).title == "Use new"
    assert hub.writes()[-1].status == 0


@pytest.mark.parametrize(("kind", "opened"), [("timeout", False), ("timeout_after", True)])
def test_timeout_leaves_the_client_in_doubt(hub: FakeGitHub, kind: Any, opened: bool) -> None:
    hub.faults.add(match=("POST", r"/pulls$"), kind=kind, seconds=30)
    with connect(hub, timeout_seconds=1) as github, pytest.raises(requests.ReadTimeout):
        open_despite(github.get_repo("acme/widgets"))
    assert (1 in hub.state.threads) is opened


def test_client_waits_as_long_as_retry_after_says(hub: FakeGitHub, repo: Repository) -> None:
    hub.faults.add(match=("GET", r"/branches/main$"), kind="429_retry_after", seconds=1)
    started = time.monotonic()
    assert repo.get_branch("main").name == "main"
    assert time.monotonic() - started >= 1


def test_fault_strikes_as_often_as_told(hub: FakeGitHub, repo: Repository) -> None:
    hub.faults.add(match=("*", r"/pulls/1$"), kind="502_before", times=2)
    propose(repo)
    assert repo.get_pull(1).number == 1
    statuses = [one.status for one in hub.requests if one.path.endswith("/pulls/1")]
    assert statuses == [502, 502, 200]


def test_fault_finds_a_mutation_by_its_document(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    hub.faults.add(match=("POST", r"/graphql.*markPullRequestReady"), kind="rate_limited")
    query(repo, "id")
    with pytest.raises(GithubException) as error:
        pull.mark_ready_for_review()
    assert refusal(error)[1]["type"] == "RATE_LIMITED"
    assert hub.pull(1).draft


def test_positions_count_from_the_next_write(hub: FakeGitHub, repo: Repository) -> None:
    push(repo, "first")
    hub.faults.add(position=1, kind="409")
    with pytest.raises(GithubException) as error:
        push(repo, "second")
    assert error.value.status == 409
    assert hub.writes()[-1].path.endswith("/git/trees")


def test_fault_needs_a_place(hub: FakeGitHub) -> None:
    with pytest.raises(ValueError, match="either position= or match="):
        hub.faults.add(kind="401")


# Two at once


def test_two_bots_open_one_pull_request(hub: FakeGitHub, repo: Repository) -> None:
    push(repo)
    outcomes: list[int] = []

    def attempt() -> None:
        with connect(hub) as github:
            own = github.get_repo("acme/widgets")
            start.wait()
            try:
                own.create_pull("main", BRANCH, title="Use new", body="")
                outcomes.append(201)
            except GithubException as error:
                outcomes.append(error.status)

    start = threading.Barrier(4)
    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [201, 422, 422, 422]
    assert [*hub.state.threads] == [1]
