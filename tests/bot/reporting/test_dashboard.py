"""The dashboard: one issue, one state a use case, boxes that act once; and the complaint."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.forge.port import Issue
from bot.plan.items import State
from bot.reporting import config_issue, dashboard
from tests.bot.conftest import forge_of
from tests.bot.test_life import quiet
from tests.bot.world import MODELS, MODELS_FILE, NOW, World, config, no_change, upgrade
from tests.fake_github import FakeGitHub
from tests.fake_github.records import Issue as Thread
from tests.fake_github.records import Pull


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeGitHub]:
    with FakeGitHub.start(tmp_path, files={MODELS_FILE: MODELS}, clock=lambda: NOW) as hub:
        yield hub


@pytest.fixture
def world(hub: FakeGitHub) -> World:
    return World(forge_of(hub))


def issues(hub: FakeGitHub) -> list[Thread]:
    return [each for each in hub.state.threads.values() if not isinstance(each, Pull)]


def board(hub: FakeGitHub) -> str:
    [issue] = [each for each in issues(hub) if each.title == dashboard.TITLE]
    return issue.body or ""


def number(hub: FakeGitHub) -> int:
    return next(each.number for each in issues(hub) if each.title == dashboard.TITLE)


def test_each_use_case_stands_in_exactly_one_state_with_its_reason(
    world: World, hub: FakeGitHub
) -> None:
    world.run()
    rows = [line for line in board(hub).splitlines() if line.startswith("| `")]
    assert [row.split(" | ")[2] for row in rows] == ["proposed", "kept"]
    assert "nothing beats old-b" in rows[1]
    assert "[#1](https://github.com/acme/widgets/pull/1)" in rows[0]


def test_it_is_written_only_when_its_content_changed(world: World, hub: FakeGitHub) -> None:
    world.run()
    assert quiet(world, hub, world.run)
    world.run(no_change(reason="something else"))
    assert "something else" in board(hub)


def test_a_box_releases_what_is_held_back_once(hub: FakeGitHub) -> None:
    world = World(forge_of(hub), config(defaults={"providers": ["acme"]}))
    assert world.run()[0].item.state is State.HELD
    hub.tick(number(hub), "proceed:tidy")
    assert world.run()[0].item.opens
    assert "- [x]" not in board(hub)
    hub.close(2, login="maria")
    assert world.run()[0].item.state is State.REJECTED


def test_a_box_proposes_again_after_a_no(world: World, hub: FakeGitHub) -> None:
    world.run()
    hub.close(1, login="maria")
    assert world.run()[0].item.state is State.REJECTED
    hub.tick(number(hub), "proceed:tidy")
    assert world.run()[0].item.opens
    assert "a person asked for it on the dashboard" in (hub.state.pulls()[-1].body or "")
    assert quiet(world, hub, world.run)


def test_a_box_snoozes_a_use_case_until_a_day_and_another_wakes_it(
    world: World, hub: FakeGitHub
) -> None:
    world.run()
    hub.tick(number(hub), "snooze:tidy")
    outcome = world.run()[0]
    assert (outcome.item.state, outcome.item.reason) == (
        State.HELD,
        "snoozed until 2026-12-23",
    )
    assert hub.pull(1).state == "closed"
    assert quiet(world, hub, world.run)
    hub.tick(number(hub), "wake:tidy")
    assert world.run()[0].item.opens, "the bot's own closing was not a rejection"


def test_a_snooze_ends_by_itself(world: World, hub: FakeGitHub) -> None:
    world.run()
    hub.tick(number(hub), "snooze:tidy")
    world.run()
    world.now = NOW + timedelta(days=30)
    assert world.run()[0].item.opens


def test_a_dashboard_that_a_person_closed_stays_closed(world: World, hub: FakeGitHub) -> None:
    world.run()
    hub.edit_issue(number(hub), state="closed")
    assert quiet(world, hub, lambda: world.run(no_change(reason="something else")))


def test_it_can_be_turned_off(hub: FakeGitHub) -> None:
    World(forge_of(hub), config(dashboard=False)).run()
    assert issues(hub) == []


def test_a_persons_issue_with_a_forged_marker_is_not_obeyed(world: World, hub: FakeGitHub) -> None:
    boxes = "- [x] <!-- snooze:tidy --> x\n- [x] <!-- snooze:build --> x"
    forged = f"<!-- model-bot:dashboard:1 {{}} -->\n{boxes}"
    hub.open_issue(title=dashboard.TITLE, body=forged, login="mallory")
    assert world.run()[0].item.opens


def test_retiring_models_are_shown_with_their_source_and_their_unmanaged_mentions(
    world: World, hub: FakeGitHub
) -> None:
    ending = upgrade(ends=NOW.date() + timedelta(days=80))
    world.run(ending)
    text = board(hub)
    assert "**retires on 2027-02-11** ([source](<https://acme.test/eol>))" in text
    assert "- `config/models.yaml:5`: `old-a`" in text
    assert '  fallbacks:\n      paths: [["fallbacks", 0]]' in text
    assert quiet(world, hub, lambda: world.run(ending))


@pytest.mark.parametrize("box", ["- [x]", "- [X]", "* [x]"])
def test_ticked_boxes_are_read_whatever_the_editor_made_of_the_line_ends(box: str) -> None:
    body = f"<!-- model-bot:dashboard:1 {{}} -->\r\nText\r\n{box} <!-- proceed:tidy --> do it\r\n"
    asked = dashboard.commands(Issue(1, "", "open", "", body), date(2026, 11, 23))
    assert asked.proceed == {"tidy"}


def test_a_broken_configuration_raises_one_issue_that_closes_itself(
    world: World, hub: FakeGitHub
) -> None:
    problem = "config/bot.yaml:3: use_cases.tidy.path: unknown key; remove it"
    config_issue.report_problems(world.forge, problem)
    config_issue.report_problems(world.forge, problem)
    [issue] = issues(hub)
    assert "`config/bot.yaml:3: use_cases.tidy.path: unknown key; remove it`" in (issue.body or "")
    assert len(hub.writes()) == 1
    config_issue.report_problems(world.forge, "config/bot.yaml:4: something else")
    assert "something else" in (hub.issue(issue.number).body or "")
    world.run()
    assert hub.issue(issue.number).state == "closed"
    config_issue.report_problems(world.forge, problem)
    assert hub.issue(issue.number).state == "open"
    assert len([each for each in issues(hub) if each.title == config_issue.TITLE]) == 1
