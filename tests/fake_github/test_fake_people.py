"""What people do around the bot, and what it can learn of it: timelines, statuses, comparisons."""

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from github import GithubException
from github.Repository import Repository

from tests.fake_github import FakeGitHub
from tests.fake_github.client import (
    BRANCH,
    MODELS,
    ORIGINAL,
    PROPOSED,
    connect,
    mutate,
    propose,
    push,
    query,
    refusal,
)

BOT = "github-actions[bot]"
NOON = "2026-11-01T12:00:00Z"


@pytest.fixture
def pinned(tmp_path: Path) -> Iterator[FakeGitHub]:
    """A fake whose time stands still until it is moved on."""
    (tmp_path / "pinned").mkdir()
    clock = datetime.fromisoformat(NOON)
    files = {MODELS: ORIGINAL}
    with FakeGitHub.start(tmp_path / "pinned", files=files, clock=lambda: clock) as hub:
        yield hub


# Comparisons


def compare(repo: Repository, head: str) -> Any:
    """Compare a ref with the base, as GraphQL does."""
    fields = f"""ref(qualifiedName: "refs/heads/main") {{ compare(headRef: "{head}") {{
      aheadBy behindBy status commits(first: 9) {{ totalCount nodes {{ message }} }} }} }}"""
    return query(repo, fields)["ref"]["compare"]


def test_comparison_lists_what_the_head_adds_oldest_first(
    hub: FakeGitHub, repo: Repository
) -> None:
    push(repo)
    hub.person_pushes(BRANCH, {"notes.md": "mine\n"}, message="Note")
    hub.commit_to_base({"README.md": "# More\n"})
    messages = [{"message": "Propose"}, {"message": "Note"}]
    assert compare(repo, BRANCH) == {
        "aheadBy": 2,
        "behindBy": 1,
        "status": "DIVERGED",
        "commits": {"totalCount": 2, "nodes": messages},
    }


@pytest.mark.parametrize(
    ("ahead", "behind", "status"),
    [(0, 0, "IDENTICAL"), (1, 0, "AHEAD"), (0, 1, "BEHIND"), (1, 1, "DIVERGED")],
)
def test_comparison_has_a_status(
    hub: FakeGitHub, repo: Repository, ahead: int, behind: int, status: str
) -> None:
    repo.create_git_ref(f"refs/heads/{BRANCH}", hub.git("rev-parse", "main"))
    if ahead:
        hub.person_pushes(BRANCH, {"notes.md": "mine\n"})
    if behind:
        hub.commit_to_base({"README.md": "# More\n"})
    found = compare(repo, BRANCH)
    assert (found["aheadBy"], found["behindBy"], found["status"]) == (ahead, behind, status)


def test_comparison_with_an_unknown_ref_is_null(repo: Repository) -> None:
    assert compare(repo, "bot/missing") is None


# Finding issues


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ('{createdBy: "github-actions[bot]"}', [1]),
        ('{createdBy: "github-actions"}', [2]),
        ('{createdBy: "maria"}', [3]),
        ('{createdBy: "sam"}', []),
        ('{createdBy: "maria", labels: ["bot"]}', [3]),
        ('{createdBy: "maria", labels: ["other"]}', []),
        ('{createdBy: "maria", states: [CLOSED]}', []),
        ('{assignee: "sam"}', [3]),
        ('{since: "2026-11-02T00:00:00Z"}', [3]),
    ],
)
def test_issues_are_filtered(pinned: FakeGitHub, filters: str, numbers: list[int]) -> None:
    with connect(pinned) as github:
        repo = github.get_repo("acme/widgets")
        repo.create_issue("Dashboard")
        pinned.open_issue("Namesake", login="github-actions")
        pinned.advance(days=1)
        pinned.open_issue("Question", labels=["bot"])
        pinned.edit_issue(3, assignees=["sam"])
        found = query(repo, f"issues(filterBy: {filters}, first: 9) {{ nodes {{ number }} }}")
    assert [issue["number"] for issue in found["issues"]["nodes"]] == numbers


def test_unknown_filter_fails_the_test(tmp_path: Path) -> None:
    hub = FakeGitHub.start(tmp_path)
    with connect(hub) as github:
        repo = github.get_repo("acme/widgets")
        with pytest.raises(GithubException):
            query(repo, 'issues(filterBy: {mentioned: "maria"}, first: 9) { totalCount }')
    with pytest.raises(AssertionError, match="does not filter issues by"), hub:
        pass


# Timelines

TIMELINE = """
  nodes {
    __typename
    ... on LabeledEvent { actor { login } createdAt label { name } }
    ... on UnlabeledEvent { actor { login } label { name } }
    ... on AssignedEvent { actor { login } assignee { ... on User { login } } }
    ... on UnassignedEvent { actor { login } assignee { ... on User { login } } }
    ... on ClosedEvent { actor { login } stateReason }
    ... on ReopenedEvent { actor { login } }
    ... on RenamedTitleEvent { actor { login } previousTitle currentTitle }
"""
PULL_TIMELINE = f"""{TIMELINE}
    ... on ReviewRequestedEvent {{ actor {{ login }} requestedReviewer {{
      ... on User {{ login }} ... on Team {{ combinedSlug }} }} }}
    ... on ReviewRequestRemovedEvent {{ actor {{ login }} requestedReviewer {{
      ... on User {{ login }} ... on Team {{ combinedSlug }} }} }}
    ... on ReadyForReviewEvent {{ actor {{ login }} createdAt }}
    ... on ConvertToDraftEvent {{ actor {{ login }} createdAt }}
  }}
"""


def timeline(repo: Repository, arguments: str = "first: 50") -> list[dict[str, Any]]:
    """Read the timeline of pull request 1; GraphQL's shape is flattened to its words."""
    fields = f"pullRequest(number: 1) {{ timelineItems({arguments}) {{ {PULL_TIMELINE} }} }}"
    nodes: list[dict[str, Any]] = query(repo, fields)["pullRequest"]["timelineItems"]["nodes"]
    return nodes


def words(event: dict[str, Any]) -> str:
    """Write an event as one line, without its time."""
    values = [
        next(iter(value.values())) if isinstance(value, dict) else value
        for name, value in event.items()
        if name not in ("__typename", "createdAt") and value is not None
    ]
    return " ".join([event["__typename"].removesuffix("Event"), *values])


def test_persons_changes_are_in_the_timeline(hub: FakeGitHub, repo: Repository) -> None:
    propose(repo)
    hub.add_team("platform")
    hub.edit_pull(1, title="Mine", labels=["one", "two"], assignees=["sam"])
    hub.edit_pull(1, reviewers=["sam"], team_reviewers=["platform"], draft=False)
    hub.remove_label(1, "one", login="sam")
    hub.edit_pull(1, assignees=[], reviewers=[], team_reviewers=[], draft=True)
    hub.close(1)
    hub.reopen(1, login="sam")
    assert [words(event) for event in timeline(repo)] == [
        "RenamedTitle maria Use new Mine",
        "Labeled maria one",
        "Labeled maria two",
        "Assigned maria sam",
        "ReviewRequested maria sam",
        "ReviewRequested maria acme/platform",
        "ReadyForReview maria",
        "Unlabeled sam one",
        "Unassigned maria sam",
        "ReviewRequestRemoved maria sam",
        "ReviewRequestRemoved maria acme/platform",
        "ConvertToDraft maria",
        "Closed maria",
        "Reopened sam",
    ]


def test_bots_changes_through_rest_are_in_the_timeline(hub: FakeGitHub, repo: Repository) -> None:
    hub.add_token("ghp_maria", "maria")
    pull = propose(repo)
    pull.add_to_labels("one")
    pull.set_labels("two")
    pull.remove_from_labels("two")
    pull.add_to_assignees("maria")
    pull.remove_from_assignees("maria")
    pull.create_review_request(reviewers=["maria"])
    pull.delete_review_request(reviewers=["maria"])
    pull.edit(title="Newer", state="closed")
    pull.edit(state="open")
    assert [words(event) for event in timeline(repo)] == [
        "Labeled github-actions one",
        "Unlabeled github-actions one",
        "Labeled github-actions two",
        "Unlabeled github-actions two",
        "Assigned github-actions maria",
        "Unassigned github-actions maria",
        "ReviewRequested github-actions maria",
        "ReviewRequestRemoved github-actions maria",
        "RenamedTitle github-actions Use new Newer",
        "Closed github-actions",
        "Reopened github-actions",
    ]


def test_bots_mutations_are_in_the_timeline(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    bug, wanted = repo.get_label("bug").raw_data["node_id"], pull.raw_data["node_id"]
    maria = hub.state.user("maria").id
    pull.mark_ready_for_review()
    pull.convert_to_draft()
    mutate(
        repo,
        "updatePullRequest",
        pullRequestId=wanted,
        title="Newer",
        labelIds=[bug],
        assigneeIds=[f"U_{maria}"],
    )
    mutate(repo, "closePullRequest", pullRequestId=wanted)
    assert [words(event) for event in timeline(repo)] == [
        "ReadyForReview github-actions",
        "ConvertToDraft github-actions",
        "RenamedTitle github-actions Use new Newer",
        "Labeled github-actions bug",
        "Assigned github-actions maria",
        "Closed github-actions",
    ]


def test_what_changes_nothing_is_no_event(hub: FakeGitHub, repo: Repository) -> None:
    propose(repo)
    hub.edit_pull(1, title="Use new", labels=[], assignees=[], reviewers=[], draft=True)
    hub.reopen(1)
    assert timeline(repo) == []


def test_timeline_is_filtered_by_type_and_cut(hub: FakeGitHub, repo: Repository) -> None:
    propose(repo)
    hub.edit_pull(1, labels=["one", "two"], title="Mine")
    hub.edit_pull(1, labels=["two"])
    types = "itemTypes: [LABELED_EVENT, UNLABELED_EVENT]"
    everything = ["Labeled maria one", "Labeled maria two", "Unlabeled maria one"]
    assert [words(event) for event in timeline(repo, f"{types}, first: 9")] == everything
    assert [words(event) for event in timeline(repo, f"{types}, last: 1")] == everything[-1:]
    assert [words(event) for event in timeline(repo, f"{types}, first: 1, skip: 1")] == [
        "Labeled maria two"
    ]
    counted = f"pullRequest(number: 1) {{ timelineItems({types}) {{ totalCount updatedAt }} }}"
    assert query(repo, counted)["pullRequest"]["timelineItems"]["totalCount"] == 3


def test_deleted_branch_closes_in_the_timeline(hub: FakeGitHub, repo: Repository) -> None:
    propose(repo)
    hub.delete_branch(BRANCH, login="sam")
    assert [words(event) for event in timeline(repo)] == ["Closed sam"]


def test_issue_has_a_timeline_with_its_reason(hub: FakeGitHub, repo: Repository) -> None:
    issue = repo.create_issue("Dashboard", labels=["bot"])
    hub.edit_issue(1, title="Board", state="closed")
    hub.edit_issue(1, state="open", login="sam")
    issue.edit(state="closed", state_reason="not_planned")
    fields = f"issue(number: 1) {{ timelineItems(first: 9) {{ {TIMELINE} }} }} }}"
    nodes = query(repo, fields)["issue"]["timelineItems"]["nodes"]
    assert [words(event) for event in nodes] == [
        "Labeled github-actions bot",
        "RenamedTitle maria Dashboard Board",
        "Closed maria COMPLETED",
        "Reopened sam",
        "Closed github-actions NOT_PLANNED",
    ]


# Statuses


def status(repo: Repository) -> Any:
    """Read the status of the branch's last commit."""
    fields = f"""object(expression: "{BRANCH}") {{ ... on Commit {{
      status {{ state contexts {{ context state description targetUrl }} }}
      statusCheckRollup {{ state }} }} }}"""
    return query(repo, fields)["object"]


def test_commit_without_statuses_has_none(repo: Repository) -> None:
    push(repo)
    assert status(repo) == {"status": None, "statusCheckRollup": None}


def test_latest_status_of_a_context_wins(repo: Repository) -> None:
    made = repo.get_commit(push(repo))
    made.create_status("pending", "https://example.org/1", "Asking", "bot/evidence")
    made.create_status("success", context="bot/schema")
    made.create_status("failure", "https://example.org/2", "Worse", "bot/evidence")
    evidence = {"context": "bot/evidence", "state": "FAILURE", "description": "Worse"}
    schema = {"context": "bot/schema", "state": "SUCCESS", "description": None, "targetUrl": None}
    found = status(repo)["status"]
    assert found["state"] == "FAILURE"
    assert found["contexts"] == [{**evidence, "targetUrl": "https://example.org/2"}, schema]


@pytest.mark.parametrize(
    ("states", "summary"),
    [
        (["success"], "SUCCESS"),
        (["success", "pending"], "PENDING"),
        (["pending", "error"], "FAILURE"),
    ],
)
def test_statuses_are_summed_up(repo: Repository, states: list[str], summary: str) -> None:
    made = repo.get_commit(push(repo))
    for state in states:
        made.create_status(state, context=state)
    assert status(repo)["status"]["state"] == summary


def test_outdated_status_no_longer_counts(repo: Repository) -> None:
    made = repo.get_commit(push(repo))
    made.create_status("failure", context="bot")
    made.create_status("success", context="bot")
    assert status(repo)["status"]["state"] == "SUCCESS"


def test_check_runs_count_in_the_rollup_only(repo: Repository) -> None:
    sha = push(repo)
    repo.get_commit(sha).create_status("success")
    run = repo.create_check_run("tests", sha, status="in_progress")
    assert status(repo)["statusCheckRollup"] == {"state": "PENDING"}
    run.edit(status="completed", conclusion="failure")
    found = status(repo)
    assert (found["status"]["state"], found["statusCheckRollup"]["state"]) == ("SUCCESS", "FAILURE")


# Reviewers and assignees


def test_team_is_asked_for_a_review(hub: FakeGitHub, repo: Repository) -> None:
    hub.add_team("platform")
    pull = propose(repo)
    pull.create_review_request(team_reviewers=["platform"])
    assert [team.slug for team in repo.get_pull(1).requested_teams] == ["platform"]
    assert [team.slug for team in repo.get_pulls()[0].requested_teams] == ["platform"]
    pull.delete_review_request(reviewers=[], team_reviewers=["platform"])
    assert hub.pull(1).team_reviewers == []


def test_unknown_team_is_refused(hub: FakeGitHub, repo: Repository) -> None:
    hub.add_token("ghp_maria", "maria")
    pull = propose(repo)
    with pytest.raises(GithubException) as error:
        pull.create_review_request(reviewers=["maria"], team_reviewers=["platform"])
    assert error.value.status == 422
    assert hub.pull(1).reviewers == []


def test_assignees_of_an_issue_change(hub: FakeGitHub, repo: Repository) -> None:
    hub.add_token("ghp_maria", "maria")
    issue = repo.create_issue("Dashboard")
    issue.add_to_assignees("maria", "stranger")
    assert hub.issue(1).assignees == ["maria"]
    issue.remove_from_assignees("maria", "stranger")
    assert hub.issue(1).assignees == []


# Snapshots


def _everything(directory: Path, moment: str) -> dict[str, object]:
    """Do a bit of everything at some time, and return the snapshot."""
    directory.mkdir()
    clock = datetime.fromisoformat(moment)
    with (
        FakeGitHub.start(directory, files={MODELS: ORIGINAL}, clock=lambda: clock) as hub,
        connect(hub) as github,
    ):
        hub.add_team("platform")
        repo = github.get_repo("acme/widgets")
        pull = propose(repo)
        pull.create_review_request(team_reviewers=["platform"])
        repo.get_commit(pull.head.sha).create_status("success", description=pull.head.sha)
        pull.create_issue_comment(f"At {pull.head.sha}")
        repo.create_issue("Dashboard", body="- [ ] One")
        hub.tick(2, "One")
        hub.edit_pull(1, labels=["keep"])
        hub.merge(1)
        return hub.snapshot()


def test_snapshots_of_equal_days_are_equal(tmp_path: Path) -> None:
    days = [_everything(tmp_path / day, f"2026-11-0{day}T12:00:00Z") for day in ("1", "2")]
    assert days[0] == days[1]


def test_snapshot_names_teams_and_statuses_by_branch(hub: FakeGitHub, repo: Repository) -> None:
    hub.add_team("platform")
    pull = propose(repo)
    hub.edit_pull(1, team_reviewers=["platform"])
    repo.get_commit(pull.head.sha).create_status("success", "https://example.org", "Fine", "bot")
    repo.create_issue("Dashboard").create_comment("Hello")
    found: Any = hub.snapshot()
    assert found["statuses"] == {BRANCH: [("bot", "success", "Fine", "https://example.org")]}
    assert found["pulls"][1]["team_reviewers"] == ["platform"]
    assert found["issues"][2]["comments"] == [(BOT, "Hello")]
    hub.person_pushes(BRANCH, {"notes.md": "mine\n"})
    outdated: Any = hub.snapshot()
    assert [*outdated["statuses"]] == ["<commit>"]


# Time


def test_times_are_the_clocks(pinned: FakeGitHub) -> None:
    with connect(pinned) as github:
        repo = github.get_repo("acme/widgets")
        pull = propose(repo, draft=False)
        pinned.advance(days=2)
        pull.create_issue_comment("Still here")
        pinned.advance(hours=12)
        pull.merge()
        times = "createdAt updatedAt closedAt mergedAt mergeCommit { committedDate }"
        found = query(repo, f"pullRequest(number: 1) {{ {times} }}")["pullRequest"]
        comment = pull.get_issue_comments()[0]
    assert comment.created_at == datetime.fromisoformat("2026-11-03T12:00:00Z")
    late = "2026-11-04T00:00:00Z"
    assert found == {
        "createdAt": NOON,
        "updatedAt": late,
        "closedAt": late,
        "mergedAt": late,
        "mergeCommit": {"committedDate": late},
    }


def test_events_carry_their_time(pinned: FakeGitHub) -> None:
    with connect(pinned) as github:
        repo = github.get_repo("acme/widgets")
        propose(repo)
        pinned.advance(days=1)
        pinned.edit_pull(1, labels=["keep"])
        (labeled,) = timeline(repo)
        assert labeled["createdAt"] == "2026-11-02T12:00:00Z"
        assert timeline(repo, 'since: "2026-11-03T00:00:00Z", first: 9') == []


# People


def test_ticked_box_comes_back_with_crlf(hub: FakeGitHub, repo: Repository) -> None:
    issue = repo.create_issue("Dashboard", body="Held back:\n\n- [ ] One\n- [ ] Two\n- [ ] One\n")
    hub.tick(1, "One")
    issue.update()
    assert issue.body == "Held back:\r\n\r\n- [x] One\r\n- [ ] Two\r\n- [ ] One\r\n"
    hub.tick(1, "Two")
    assert repo.get_issue(1).body == issue.body.replace("[ ] Two", "[x] Two")


@pytest.mark.parametrize("text", ["missing", "Plain", "Done"])
def test_only_an_empty_box_can_be_ticked(hub: FakeGitHub, text: str) -> None:
    hub.open_issue("Dashboard", body="Plain\n- [x] Done\n")
    with pytest.raises(LookupError):
        hub.tick(1, text)


def test_person_edits_and_closes_an_issue(hub: FakeGitHub, repo: Repository) -> None:
    repo.create_issue("Dashboard", body="Full", labels=["bot", "keep"])
    hub.edit_issue(1, body="Mine", state="closed", login="maria")
    hub.remove_label(1, "bot")
    found = repo.get_issue(1)
    assert (found.body, found.state, found.state_reason) == ("Mine", "closed", "completed")
    assert found.closed_by is not None
    assert found.closed_by.login == "maria"
    assert [label.name for label in found.labels] == ["keep"]


def test_amended_commit_keeps_author_and_message(hub: FakeGitHub, repo: Repository) -> None:
    propose(repo)
    sha = hub.person_pushes(BRANCH, {MODELS: "theirs\n"}, amend=True)
    found = repo.get_commit(sha)
    assert (found.author.login, found.committer.login) == (BOT, "maria")
    assert found.commit.message == "Propose"
    assert hub.read(MODELS, BRANCH) == "theirs\n"


def test_update_button_merges_the_base_into_the_head(hub: FakeGitHub, repo: Repository) -> None:
    pull = propose(repo)
    head = pull.head.sha
    base = hub.commit_to_base({MODELS: ORIGINAL.replace("search: old", "search: theirs")})
    sha = hub.update_branch(1, "maria")
    pull.update()
    found = repo.get_commit(sha)
    assert [parent.sha for parent in found.parents] == [head, base]
    assert pull.head.sha == sha
    assert (found.author.login, found.committer.login) == ("maria", "web-flow")
    assert found.commit.message == f"Merge branch 'main' into {BRANCH}"
    assert hub.read(MODELS, BRANCH) == "summary: new\n\n\n\nsearch: theirs\n"
    assert (pull.changed_files, compare(repo, BRANCH)["behindBy"]) == (1, 0)


def test_update_button_needs_a_base_that_moved_without_conflict(
    hub: FakeGitHub, repo: Repository
) -> None:
    propose(repo)
    with pytest.raises(Exception, match="no new commits on the base"):
        hub.update_branch(1)
    hub.commit_to_base({MODELS: ORIGINAL.replace("summary: old", "summary: theirs")})
    with pytest.raises(Exception, match="merge conflict"):
        hub.update_branch(1)


def test_file_edited_in_the_browser_is_the_persons_commit(
    hub: FakeGitHub, repo: Repository
) -> None:
    pull = propose(repo)
    sha = hub.web_edit(BRANCH, {MODELS: "theirs\n"}, "maria")
    pull.update()
    found = repo.get_commit(sha).commit
    assert pull.head.sha == sha
    assert found.author.email == f"{hub.state.user('maria').id}+maria@users.noreply.github.com"
    assert (found.author.name, found.committer.name) == ("maria", "GitHub")
    assert found.committer.email == "noreply@github.com"
    assert (found.message, found.verification.verified) == (f"Update {MODELS}", True)


# Two at once


def test_one_of_two_racing_updates_is_stale(hub: FakeGitHub) -> None:
    blob = hub.git("rev-parse", f"main:{MODELS}")
    start, outcomes = threading.Barrier(2), list[int]()

    def attempt(text: str) -> None:
        with connect(hub) as github:
            own = github.get_repo("acme/widgets")
            start.wait()
            try:
                own.update_file(MODELS, "Change", text, blob)
                outcomes.append(200)
            except GithubException as error:
                outcomes.append(error.status)

    threads = [threading.Thread(target=attempt, args=(text,)) for text in ("one\n", PROPOSED)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [200, 409]
    assert hub.git("rev-list", "--count", "main") == "2"


# Permissions


def test_pull_requests_permission_does_not_reach_issues(hub: FakeGitHub, repo: Repository) -> None:
    issue = repo.create_issue("Dashboard")
    hub.add_token("ghs_pulls", BOT, {"issues": "read", "pull_requests": "write"})
    with connect(hub, "ghs_pulls") as github:
        limited = github.get_repo("acme/widgets").get_issue(1)
        for attempt in (
            lambda: limited.edit(body="No"),
            lambda: limited.add_to_labels("no"),
            lambda: limited.add_to_assignees("maria"),
            lambda: limited.create_comment("No"),
        ):
            with pytest.raises(GithubException) as error:
                attempt()
            assert refusal(error) == (403, "Resource not accessible by integration")
        with pytest.raises(GithubException) as error:
            mutate(
                github.get_repo("acme/widgets"),
                "addComment",
                subjectId=issue.raw_data["node_id"],
                body="No",
            )
        assert refusal(error)[1]["type"] == "FORBIDDEN"
    assert hub.issue(1).comments == []


@pytest.mark.parametrize("permission", ["issues", "pull_requests"])
def test_either_permission_is_enough_for_a_pull_request_as_an_issue(
    hub: FakeGitHub, repo: Repository, permission: str
) -> None:
    hub.add_token("ghp_maria", "maria")
    propose(repo)
    hub.add_token("ghs_either", BOT, {permission: "write"})
    with connect(hub, "ghs_either") as github:
        shared = github.get_repo("acme/widgets").get_issue(1)
        shared.edit(title="Edited")
        shared.add_to_labels("keep")
        shared.add_to_assignees("maria")
        shared.create_comment("Hello")
    pull = hub.pull(1)
    assert (pull.title, pull.labels, pull.assignees) == ("Edited", ["keep"], ["maria"])
    assert [comment.author for comment in pull.comments] == [BOT]
