"""A pull request's whole life, against a real Git repository behind GitHub's API."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.forge.port import ForgeError
from bot.plan.items import State, Wanted
from bot.pull_request.marker import Marker
from tests.bot.conftest import forge_of
from tests.bot.world import MODELS, MODELS_FILE, NOW, World, config, no_change, upgrade
from tests.fake_github import FakeGitHub

BRANCH = "model-bot/tidy"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeGitHub]:
    with FakeGitHub.start(tmp_path, files={MODELS_FILE: MODELS}, clock=lambda: NOW) as hub:
        yield hub


@pytest.fixture
def world(hub: FakeGitHub) -> World:
    return World(forge_of(hub))


def quiet(world: World, hub: FakeGitHub, run: Callable[[], object]) -> bool:
    """Whether `run` leaves everything as it is, without a write."""
    before, writes = hub.snapshot(), len(hub.writes())
    run()
    return hub.snapshot() == before and len(hub.writes()) == writes


# Exactly one


def test_fifty_runs_make_one_pull_request_and_write_only_in_the_first(
    world: World, hub: FakeGitHub
) -> None:
    world.run()
    writes = len(hub.writes())
    for _ in range(49):
        world.run()
    assert [pull.head for pull in hub.state.pulls()] == [BRANCH]
    assert len(hub.writes()) == writes


def test_two_runs_at_once_make_one_pull_request_and_one_dashboard(hub: FakeGitHub) -> None:
    worlds = [World(forge_of(hub)) for _ in range(2)]
    threads = [threading.Thread(target=world.run) for world in worlds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    World(forge_of(hub)).run()
    assert [pull.head for pull in hub.state.pulls() if pull.state == "open"] == [BRANCH]
    assert quiet(worlds[0], hub, World(forge_of(hub)).run)


def test_opening_a_proposal_takes_at_most_five_writes(hub: FakeGitHub) -> None:
    dressed = {"labels": ["model-bot"], "assignees": ["maria"], "reviewers": ["otto"]}
    hub.person_pushes("x", {"y": "z"}, login="maria")
    hub.person_pushes("x", {"y": "z2"}, login="otto")
    World(forge_of(hub), config(pull_requests=dressed, dashboard=False)).run()
    [pull] = hub.state.pulls()
    assert (pull.labels, pull.assignees, pull.reviewers) == (["model-bot"], ["maria"], ["otto"])
    assert len(hub.writes()) == 5


def test_a_run_with_nothing_to_do_sends_at_most_three_requests(
    world: World, hub: FakeGitHub
) -> None:
    world.run()
    before = len(hub.requests)
    world.run()
    assert len(hub.requests) - before <= 3


# People first


def test_a_persons_commit_survives_and_stops_further_pushes(world: World, hub: FakeGitHub) -> None:
    world.run()
    hub.person_pushes(BRANCH, {"notes.md": "mine"}, login="maria")
    head = hub.git("rev-parse", BRANCH)
    outcomes = world.run(upgrade(target="newer-a"))
    assert outcomes[0].item.state is State.EDITED
    assert "maria" in outcomes[0].item.reason
    assert hub.git("rev-parse", BRANCH) == head
    [comment] = hub.pull(1).comments
    assert "newer-a" in comment.body
    assert quiet(world, hub, lambda: world.run(upgrade(target="newer-a")))


def test_newer_evidence_edits_the_one_comment_in_place(world: World, hub: FakeGitHub) -> None:
    world.run()
    hub.person_pushes(BRANCH, {"notes.md": "mine"}, login="maria")
    world.run(upgrade(target="newer-a"))
    world.run(upgrade(target="newer-a", prices={"newer-a": "0.5"}))
    [comment] = hub.pull(1).comments
    assert "−75.0" in comment.body


def test_a_strangers_comment_with_a_forged_marker_is_not_taken_for_ours(
    world: World, hub: FakeGitHub
) -> None:
    world.run()
    hub.person_pushes(BRANCH, {"notes.md": "mine"}, login="maria")
    hub.comment(1, '<!-- model-bot:notice:1 {"digest":"0"} -->\nNothing new.', login="mallory")
    world.run(upgrade(target="newer-a"))
    forged, ours = hub.pull(1).comments
    assert forged.body.endswith("Nothing new.")
    assert "newer-a" in ours.body
    assert quiet(world, hub, lambda: world.run(upgrade(target="newer-a")))


@pytest.mark.parametrize("how", ["pushes", "amends", "edits on the web", "updates the branch"])
def test_every_way_of_committing_is_noticed(world: World, hub: FakeGitHub, how: str) -> None:
    world.run()
    if how == "pushes":
        hub.person_pushes(BRANCH, {"a.txt": "1"}, login="maria")
    elif how == "amends":
        hub.person_pushes(BRANCH, {"a.txt": "1"}, login="maria", amend=True)
    elif how == "edits on the web":
        hub.web_edit(BRANCH, {"a.txt": "1"}, login="maria")
    else:
        hub.commit_to_base({"README.md": "moved"}, login="otto")
        hub.update_branch(1, login="maria")
    head = hub.git("rev-parse", BRANCH)
    outcomes = world.run(upgrade(target="newer-a"))
    assert outcomes[0].item.state is State.EDITED
    assert hub.git("rev-parse", BRANCH) == head


def test_the_bots_own_commits_are_recognised(world: World, hub: FakeGitHub) -> None:
    world.run()
    hub.commit_to_base({MODELS_FILE: MODELS.replace("other", "another")}, login="maria")
    world.run()
    outcomes = world.run(upgrade(target="newer-a"))
    assert outcomes[0].item.state is State.PROPOSED
    assert "tidy: newer-a # by hand" in hub.read(MODELS_FILE, BRANCH)


def test_what_people_changed_stays_as_they_left_it(world: World, hub: FakeGitHub) -> None:
    world.run()
    hub.edit_pull(1, title="Ours now", labels=["wontfix"], draft=False, assignees=["maria"])
    world.run(upgrade(target="newer-a"))
    pull = hub.pull(1)
    assert (pull.title, pull.labels, pull.draft) == ("Ours now", ["wontfix"], False)
    assert pull.assignees == ["maria"]
    assert Marker.read(pull.body or "").to_model == "newer-a"  # type: ignore[union-attr]


def test_a_stale_branch_takes_the_base_in_by_a_fast_forward(world: World, hub: FakeGitHub) -> None:
    world.run()
    old = hub.git("rev-parse", BRANCH).strip()
    hub.commit_to_base({MODELS_FILE: MODELS.replace("other", "another")}, login="maria")
    base = hub.git("rev-parse", "main").strip()
    world.run()
    assert hub.git("rev-list", "--parents", "-1", BRANCH).split()[1:] == [old, base]
    assert hub.git("diff", "--numstat", "main", BRANCH).split() == ["1", "1", MODELS_FILE]
    assert quiet(world, hub, world.run)


def test_a_branch_that_is_merely_behind_is_left_alone(world: World, hub: FakeGitHub) -> None:
    world.run()
    hub.commit_to_base({"README.md": "news"}, login="maria")
    assert quiet(world, hub, world.run)


def test_a_pull_request_that_lost_its_marker_needs_attention(world: World, hub: FakeGitHub) -> None:
    world.run()
    hub.edit_pull(1, body="I rewrote this.")
    outcomes = world.run(upgrade(target="newer-a"))
    assert outcomes[0].item.state is State.ATTENTION
    assert hub.pull(1).body == "I rewrote this."


def test_a_branch_of_a_persons_own_is_not_taken(world: World, hub: FakeGitHub) -> None:
    hub.person_pushes(BRANCH, {"a.txt": "1"}, login="maria")
    outcomes = world.run()
    assert outcomes[0].item.state is State.ATTENTION
    assert hub.state.pulls() == []


# A no is remembered


def test_a_closed_proposal_is_not_made_again(world: World, hub: FakeGitHub) -> None:
    world.run()
    hub.close(1, login="maria")
    world.run()
    assert quiet(world, hub, world.run)
    assert len(hub.state.pulls()) == 1


def test_another_target_is_proposed_after_a_no(world: World, hub: FakeGitHub) -> None:
    world.run()
    hub.close(1, login="maria")
    outcomes = world.run(upgrade(target="newer-a"))
    assert outcomes[0].item.opens
    assert [pull.state for pull in hub.state.pulls()] == ["closed", "open"]


def test_materially_different_evidence_is_proposed_again_and_says_what_changed(
    world: World, hub: FakeGitHub
) -> None:
    world.run()
    hub.close(1, login="maria")
    outcomes = world.run(upgrade(prices={"new-a": "0.5"}))
    assert outcomes[0].item.opens
    body = hub.pull(hub.state.pulls()[-1].number).body or ""
    assert "A person rejected this in #1" in body
    assert "the price change went from -50 % to -75 %" in body
    assert quiet(world, hub, lambda: world.run(upgrade(prices={"new-a": "0.5"})))


def test_slightly_different_evidence_is_not(world: World, hub: FakeGitHub) -> None:
    world.run()
    hub.close(1, login="maria")
    outcomes = world.run(upgrade(prices={"new-a": "0.99"}))
    assert outcomes[0].item.state is State.REJECTED


def test_undoing_a_merged_proposal_is_a_no(world: World, hub: FakeGitHub) -> None:
    world.run()
    hub.merge(1, login="maria")
    hub.commit_to_base({MODELS_FILE: MODELS}, login="maria")
    outcomes = world.run()
    assert outcomes[0].item.state is State.REJECTED
    assert outcomes[0].item.reason == "#1, which proposed new-a, was undone after it was merged"


def test_a_proposal_whose_change_is_on_the_base_is_closed_as_the_bots_own_doing(
    world: World, hub: FakeGitHub
) -> None:
    world.run()
    hub.commit_to_base({MODELS_FILE: MODELS.replace("tidy: old-a", "tidy: new-a")}, login="maria")
    done = no_change("tidy", "new-a")
    world.run(done)
    pull = hub.pull(1)
    assert pull.state == "closed"
    assert "main has new-a already" in (pull.body or "")
    assert BRANCH not in hub.git("branch", "--list")
    assert quiet(world, hub, lambda: world.run(done))
    hub.commit_to_base({MODELS_FILE: MODELS}, login="maria")
    assert world.run()[0].item.opens, "closing by the bot is not a rejection"


def test_an_obsolete_branch_with_a_persons_commits_only_gets_a_comment(
    world: World, hub: FakeGitHub
) -> None:
    world.run()
    hub.person_pushes(BRANCH, {"a.txt": "1"}, login="maria")
    hub.commit_to_base({MODELS_FILE: MODELS.replace("tidy: old-a", "tidy: new-a")}, login="maria")
    world.run(no_change("tidy", "new-a"))
    assert hub.pull(1).state == "open"
    assert "obsolete" in hub.pull(1).comments[0].body


def test_a_target_that_is_no_longer_recommended_is_withdrawn(world: World, hub: FakeGitHub) -> None:
    world.run()
    world.run(no_change("tidy", "old-a", reason="it got dearer"))
    assert hub.pull(1).state == "closed"
    assert "new-a is no longer recommended: it got dearer" in (hub.pull(1).body or "")


def test_a_new_target_updates_the_pull_request_in_place(world: World, hub: FakeGitHub) -> None:
    world.run()
    world.run(upgrade(target="newer-a"))
    [pull] = hub.state.pulls()
    assert pull.title == "tidy: old-a → newer-a"
    assert "This pull request proposed `new-a` before." in (pull.body or "")
    assert "tidy: newer-a # by hand" in hub.read(MODELS_FILE, BRANCH)
    assert hub.git("diff", "--numstat", "main", BRANCH).split() == ["1", "1", MODELS_FILE]
    assert quiet(world, hub, lambda: world.run(upgrade(target="newer-a")))


# Limits and time


def held(world: World, **changed: object) -> str:
    outcome = world.run(upgrade(**changed))[0]  # type: ignore[arg-type]
    assert outcome.item.state is State.HELD
    assert not outcome.item.steps
    return outcome.item.reason


def test_a_model_of_unknown_age_is_pending(hub: FakeGitHub) -> None:
    world = World(forge_of(hub), config(defaults={"providers": ["acme"]}))
    assert held(world) == "pending: no source says when new-a was released"


def test_a_young_model_waits(hub: FakeGitHub) -> None:
    world = World(forge_of(hub), config(defaults={"providers": ["acme"]}))
    reason = held(world, known_since=NOW.date() - timedelta(days=13))
    assert reason == "new-a has been known since 2026-11-10; 14 days are required"
    assert world.run(upgrade(known_since=NOW.date() - timedelta(days=14)))[0].item.opens


def test_a_use_case_rests_after_a_decision(hub: FakeGitHub) -> None:
    world = World(forge_of(hub), config(defaults={"limits": {"minimum_age_days": 0}}))
    world.run()
    hub.close(1, login="maria")
    assert held(world, target="newer-a").startswith("the use case rests until 2026-12-23")
    world.now = NOW + timedelta(days=30)
    assert world.run(upgrade(target="newer-a"))[0].item.opens


def test_the_schedule_knows_time_zones(hub: FakeGitHub) -> None:
    schedule = {"timezone": "Asia/Tokyo", "days": ["mon"], "from_hour": 15, "to_hour": 16}
    world = World(forge_of(hub), config(proposals={"schedule": schedule}))
    world.now = datetime(2026, 11, 23, 5, 59, tzinfo=UTC)
    assert held(world) == "outside the schedule (mon, Asia/Tokyo)"
    world.now = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    assert world.run()[0].item.opens


def test_new_proposals_in_one_run_are_limited_and_the_rest_is_visible(hub: FakeGitHub) -> None:
    world = World(forge_of(hub), config(proposals={"max_new_per_run": 1}))
    both = (
        upgrade(),
        upgrade("build", "old-b", "other", prices={"other": "1"}, scores={"other": "60"}),
    )
    outcomes = world.run(*both)
    assert [each.item.state for each in outcomes] == [State.PROPOSED, State.HELD]
    assert outcomes[1].item.reason == "new proposals are limited to 1 per run (max_new_per_run)"
    assert world.run(*both)[1].item.opens


def test_open_proposals_are_limited(hub: FakeGitHub) -> None:
    world = World(forge_of(hub), config(proposals={"max_open": 1}))
    both = (
        upgrade(),
        upgrade("build", "old-b", "other", prices={"other": "1"}, scores={"other": "60"}),
    )
    world.run(*both)
    outcomes = world.run(*both)
    assert outcomes[1].item.reason == "open proposals are limited to 1 (max_open)"


# Retirement


def ending(days: int, **changed: object) -> Wanted:
    return upgrade(ends=NOW.date() + timedelta(days=days), **changed)  # type: ignore[arg-type]


def test_a_retiring_model_passes_every_limit(hub: FakeGitHub) -> None:
    closed = {"days": ["sun"]}
    world = World(
        forge_of(hub),
        config(proposals={"schedule": closed}, defaults={"limits": {"minimum_age_days": 90}}),
    )
    assert world.run(ending(60))[0].item.opens


def test_at_fourteen_days_the_label_urgent_is_added_once(world: World, hub: FakeGitHub) -> None:
    world.run(ending(15))
    assert hub.pull(1).labels == ["model-bot"]
    world.run(ending(14))
    assert hub.pull(1).labels == ["model-bot", "urgent"]
    hub.edit_pull(1, labels=["model-bot"])
    world.run(ending(13))
    assert hub.pull(1).labels == ["model-bot"], "people took it off"


def test_past_the_date_a_check_fails(world: World, hub: FakeGitHub) -> None:
    world.run(ending(0))
    [status] = hub.state.statuses
    assert (status.state, status.sha) == ("failure", hub.git("rev-parse", BRANCH).strip())
    assert status.description == "old-a was retired on 2026-11-23"
    assert quiet(world, hub, lambda: world.run(ending(0)))
    world.run(ending(90))
    assert hub.state.statuses[-1].state == "success"


# Refusals


def test_the_setting_that_forbids_pull_requests_gives_the_fix_and_a_link(
    world: World, hub: FakeGitHub
) -> None:
    hub.state.actions_may_open_pulls = False
    outcome = world.run()[0]
    assert outcome.item.state is State.ATTENTION
    assert "Settings > Actions > General" in (outcome.error or "")
    assert outcome.by_hand == (
        "https://github.com/acme/widgets/compare/main...model-bot/tidy"
        "?expand=1&title=tidy%3A%20old-a%20%E2%86%92%20new-a"
    )
    hub.state.actions_may_open_pulls = True
    assert world.run()[0].pull_request is not None


def test_an_invalid_reviewer_is_reported_and_does_not_fail_the_run(hub: FakeGitHub) -> None:
    world = World(forge_of(hub), config(pull_requests={"reviewers": ["nobody-there"]}))
    outcome = world.run()[0]
    assert outcome.error is None
    assert any("nobody-there" in line for line in world.said)


def test_code_owners_are_asked_when_wanted(hub: FakeGitHub) -> None:
    hub.commit_to_base({".github/CODEOWNERS": "* @otto\n/config/ @maria\n"}, login="maria")
    hub.person_pushes("x", {"y": "z"}, login="otto")
    World(forge_of(hub), config(pull_requests={"codeowners": True})).run()
    assert hub.pull(1).reviewers == ["maria"]


def test_a_bad_token_is_one_line_without_the_token(hub: FakeGitHub) -> None:
    with pytest.raises(ForgeError, match="GITHUB_TOKEN is wrong or has expired") as refused:
        World(forge_of(hub, token="ghp_secret")).run()
    assert "ghp_secret" not in str(refused.value)


def test_a_token_without_rights_names_them(hub: FakeGitHub) -> None:
    hub.add_token("ghp_reader", login="reader", permissions={"contents": "read"})
    outcome = World(forge_of(hub, token="ghp_reader"), config(dashboard=False)).run()[0]
    assert "`contents: write`" in (outcome.error or "")
