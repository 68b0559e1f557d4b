"""From a merge to what our own calls show of it: comment, dashboard, command, and a way back."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from bot.plan.items import Outcome, State
from bot.pull_request.marker import ScoreCardMarker
from model_intelligence import cli
from tests.bot.conftest import NOW, Run
from tests.docs.json_shapes import check_shape
from tests.fake_github import FakeGitHub
from tests.model_intelligence.test_runtime_stats import call, record

DAY = timedelta(days=1)
CASE = {"use_case": "builder_high"}
OLD = {"provider": "anthropic", "model": "claude-opus-4-6", "role": "builder"}
NEW = {"provider": "anthropic", "model": "claude-opus-5-5", "role": "builder"}


def calls(who: dict[str, str], first_day: int, days: int, fails: int = 0, **changed: Any) -> Any:
    """40 calls a day from so many days after NOW on, of which `fails` fail, not all alike."""
    return [
        call(
            **{**CASE, **who},
            created_at=NOW + timedelta(days=first_day + day, minutes=n),
            **{
                "task_ok": n >= fails,
                "latency_ms": 100 + n,
                "prompt_tokens": 1_000 + n,
                "completion_tokens": 500 + n,
                **changed,
            },
        )
        for day in range(days)
        for n in range(40)
    ]


def merged(job: Run, hub: FakeGitHub, engine: Engine, **split: Any) -> None:
    """A proposal on ten days of calls of both models, or of the current one; then its merge."""
    record(engine, *calls(OLD, -10, 10, fails=4))
    if split:
        record(engine, *calls(NEW, -10, 10, **split))
    job(only_use_case="builder_high")
    assert "→ claude-opus-5-5" in hub.pull(1).title
    hub.merge(1, login="maria")
    job(now=NOW + DAY, only_use_case="builder_high")


def at(job: Run, days: int, **changed: Any) -> Outcome:
    """A run so many days after the merge, in the afternoon."""
    [outcome] = job(
        now=NOW + timedelta(days=days, hours=8), only_use_case="builder_high", **changed
    )
    return outcome


def comments(hub: FakeGitHub) -> list[str]:
    return [each.body for each in hub.pull(1).comments]


def plain(markdown: str | None) -> str:
    return (markdown or "").replace("\\", "")


def cells(comment: str, label: str) -> list[str]:
    [row] = [line for line in comment.splitlines() if line.startswith(f"| {label} |")]
    return row.strip("| ").split(" | ")


def test_a_merged_proposal_gets_one_comment_that_each_check_edits(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    merged(job, hub, engine)
    at(job, 7)
    assert comments(hub) == []
    record(engine, *calls(NEW, 1, 30, fails=4))
    at(job, 8)
    [seven] = comments(hub)
    assert ScoreCardMarker.read(seven)
    assert cells(seven, "Success")[3].startswith("90.0 % (85.9 % to 93.0 %)<br>**as promised**")
    assert len(cells(seven, "Success")) == 4
    assert "- **After 14 days:** due on 2026-12-08." in seven
    for days in (15, 31):
        at(job, days)
    [thirty] = comments(hub)
    assert cells(thirty, "Success")[5].startswith("90.0 % (88.2 % to 91.6 %)<br>**as promised**")


def test_a_run_without_a_new_check_writes_nothing(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    merged(job, hub, engine)
    record(engine, *calls(NEW, 1, 30, fails=4))
    at(job, 8)
    before = hub.snapshot(), len(hub.writes())
    at(job, 9)
    assert (hub.snapshot(), len(hub.writes())) == before


def test_late_calls_change_the_check_of_their_days(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    merged(job, hub, engine)
    record(engine, *calls(NEW, 1, 7, fails=4))
    at(job, 8)
    record(engine, *calls(NEW, 2, 1, fails=40))
    at(job, 9)
    [comment] = comments(hub)
    assert cells(comment, "Success")[3].startswith("78.8 % ")
    with engine.connect() as connection:
        revisions = connection.exec_driver_sql(
            "SELECT revision FROM proposal_actuals WHERE measure = 'success_rate' ORDER BY id"
        ).scalars()
        assert list(revisions) == [1, 2]


def test_a_loss_opens_a_draft_that_goes_back_and_says_why(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    merged(job, hub, engine)
    record(engine, *calls(NEW, 1, 7, fails=16))
    outcome = at(job, 8)
    assert outcome.item.state is State.PROPOSED
    back = hub.pull(2)
    assert (back.draft, back.state) == (True, "open")
    assert back.title == "builder_high: claude-opus-5-5 → claude-opus-4-6"
    assert (
        "success is 60.0 % (54.2 % to 65.6 %) over 280 calls; 86.7 % or more was promised, 90.0 % "
        "before" in plain(back.body)
    )
    assert "**Regression:**" in plain(back.body)
    at(job, 9)
    assert len(hub.state.pulls()) == 2


def test_a_closed_way_back_is_a_no(job: Run, hub: FakeGitHub, engine: Engine) -> None:
    merged(job, hub, engine)
    record(engine, *calls(NEW, 1, 14, fails=16))
    at(job, 8)
    hub.close(2, login="maria")
    assert at(job, 15).item.state is State.REJECTED
    assert len(hub.state.pulls()) == 2


def test_after_going_back_the_same_model_is_not_proposed_again(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    merged(job, hub, engine)
    record(engine, *calls(NEW, 1, 7, fails=16))
    at(job, 8)
    hub.merge(2, login="maria")
    at(job, 9)
    assert at(job, 60).item.state is State.REJECTED
    assert [pull.number for pull in hub.state.pulls() if pull.state == "open"] == []


def test_what_recovers_until_the_next_check_is_left_in_place(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    merged(job, hub, engine)
    record(engine, *calls(NEW, 1, 7, fails=9), *calls(NEW, 8, 7, fails=0))
    at(job, 8)
    assert hub.pull(2).state == "open"
    at(job, 15)
    assert hub.pull(2).state == "closed"
    assert "which is not a rejection" in plain(hub.pull(2).body)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (
            {"prompt_tokens": 2_000},
            "a call carries 2,000 prompt tokens, 1,020 when it was proposed (+96 %)",
        ),
        ({"prompt_version": "2"}, "the prompt has another version: 2"),
    ],
)
def test_a_loss_that_another_change_may_explain_is_said_and_undoes_nothing(
    job: Run, hub: FakeGitHub, engine: Engine, changed: dict[str, Any], reason: str
) -> None:
    record(engine, *calls(OLD, -10, 10, fails=4, prompt_version="1"))
    job(only_use_case="builder_high")
    hub.merge(1, login="maria")
    record(engine, *calls(NEW, 1, 7, fails=16, **changed))
    at(job, 8)
    [comment] = comments(hub)
    assert "worse than before, but not attributable" in cells(comment, "Success")[3]
    assert reason in plain(comment)
    assert len(hub.state.pulls()) == 1


def test_a_model_that_ends_is_not_gone_back_to_but_the_next_one_is_taken(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    old = {**OLD, "model": "claude-sonnet-4-5", "use_case": "builder_medium"}  # it ends
    new = {
        "provider": "anthropic",
        "model": "claude-sonnet-5-5",
        "role": "builder",
        "use_case": "builder_medium",
    }
    record(engine, *calls(old, -10, 10, fails=4))
    job(only_use_case="builder_medium")
    assert "claude-sonnet-4-5 → claude-sonnet-5-5" in hub.pull(1).title
    hub.merge(1, login="maria")
    record(engine, *calls(new, 1, 7, fails=16))
    job(now=NOW + timedelta(days=8, hours=8), only_use_case="builder_medium")
    next_one = hub.pull(2)
    assert "claude-sonnet-4-5" not in next_one.title
    assert "This goes back to the next best model, as the one before it can no longer be" in plain(
        next_one.body
    )


def test_what_was_measured_before_the_merge_is_the_promise(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    merged(job, hub, engine, fails=1, latency_ms=50)
    record(engine, *calls(NEW, 1, 7, fails=1, latency_ms=90))
    at(job, 8)
    [comment] = comments(hub)
    assert cells(comment, "Latency, median")[2].startswith("50 ms (50 ms to 50 ms)<br>by own calls")
    assert "**worse than promised, no worse than before**" in cells(comment, "Latency, median")[3]
    assert len(hub.state.pulls()) == 1


def test_the_dashboard_shows_the_newest_check(job: Run, hub: FakeGitHub, engine: Engine) -> None:
    merged(job, hub, engine)
    record(engine, *calls(NEW, 1, 7, fails=4))
    job(now=NOW + timedelta(days=8, hours=8))
    board = next(one for one in hub.state.threads.values() if one.title == "Model choices")
    assert board.body
    assert "## Results of merged proposals" in board.body
    assert "| `builder_high` | `claude-opus-5-5` | [#1](" in board.body


def test_the_command_shows_the_same_and_only_what_was_known_by_then(
    job: Run, hub: FakeGitHub, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    merged(job, hub, engine)
    record(engine, *calls(NEW, 1, 7, fails=4))
    at(job, 8)
    monkeypatch.setenv("DATABASE_URL", engine.url.render_as_string(hide_password=False))

    def said(*options: str) -> str:
        done = CliRunner().invoke(cli.app, ["scorecard", *options])
        assert done.exit_code == 0, done.output
        return done.output

    assert "7 days  90.0 % (85.9 % to 93.0 %) over 280 calls: as promised" in said()
    early = said("--as-of", "2026-11-30")
    assert "promised 86.7 % or more, by no worse than before" in early
    assert "7 days  90" not in early
    [card] = check_shape("model-intel scorecard", said("--format", "json"))["score_cards"]
    [success] = [a for a in card["checks"][0]["actuals"] if a["measure"] == "success_rate"]
    assert (Decimal(success["actual"]["value"]), success["outcome"]) == (
        Decimal("0.9"),
        "as_promised",
    )
    assert "No proposal was merged yet" in said("--as-of", "2026-11-01")


def test_a_dry_run_shows_the_check_and_writes_no_comment(
    job: Run, hub: FakeGitHub, engine: Engine
) -> None:
    merged(job, hub, engine)
    record(engine, *calls(NEW, 1, 7, fails=4))
    said: list[str] = []
    at(job, 8, dry_run=True, said=said)
    assert comments(hub) == []
    assert [line for line in said if line.startswith("#1 after 7 days: ")]
