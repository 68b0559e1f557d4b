"""GitHub behind the port: how the bot signs in, and what it makes of answers."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from github import GithubException

from bot.forge.github import connect, translate
from bot.forge.github_query import is_complete, pull_requests
from bot.forge.port import ForgeDoubt, ForgeError
from bot.settings import Settings
from tests.bot.conftest import forge_of
from tests.fake_github import FakeGitHub

FILE = "models.yaml"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[FakeGitHub]:
    with FakeGitHub.start(tmp_path, files={FILE: "m: old\n"}) as hub:
        yield hub


@pytest.fixture(scope="module")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


def app(hub: FakeGitHub, key: str) -> Settings:
    return Settings(
        database_url="",
        repository="acme/widgets",
        api_url=hub.api_url,
        app_id="4711",
        app_private_key=key,
    )


def test_an_app_signs_in_by_its_key_and_works_under_its_own_name(
    hub: FakeGitHub, private_key: str
) -> None:
    forge = connect(app(hub, private_key))
    assert forge.read([FILE], None, {}).viewer == "model-bot[bot]"
    forge.create_branch("b", hub.git("rev-parse", "main").strip())
    forge.put_file(branch="b", path=FILE, before="m: old\n", after="m: new\n", message="Use new")
    assert "model-bot[bot]" in hub.git("log", "-1", "--format=%an", "b")
    assert hub.read(FILE, "b") == "m: new\n"


def test_an_app_that_is_not_installed_is_one_line(hub: FakeGitHub, private_key: str) -> None:
    with pytest.raises(ForgeError, match="find the App's installation"):
        connect(replace(app(hub, private_key), repository="acme/gadgets"))


def test_the_key_is_in_no_repr(private_key: str) -> None:
    settings = Settings(database_url="postgresql://u:p4ss@h/d", app_private_key=private_key)
    assert "PRIVATE KEY" not in repr(settings)
    assert "p4ss" not in repr(settings)


@pytest.mark.parametrize(
    "text",
    ["a: ü\r\n", "\ufeffa: 1\n", "a: 1", "a: \u2028\n", "a: '\\t'\n"],
    ids=["CRLF", "BOM", "no final newline", "line separator", "escape"],
)
def test_a_file_is_read_and_written_to_the_byte(tmp_path: Path, text: str) -> None:
    with FakeGitHub.start(tmp_path, files={FILE: text}) as hub:
        forge = forge_of(hub)
        assert forge.read([FILE], None, {}).files[FILE] == text
        forge.create_branch("b", hub.git("rev-parse", "main").strip())
        forge.put_file(branch="b", path=FILE, before=text, after=f"{text}#", message="m")
        assert forge.read([FILE], "b", {}).files[FILE] == f"{text}#"


def test_a_large_file_is_read_whole(tmp_path: Path) -> None:
    text = "".join(f"key_{n}: value\n" for n in range(60_000))
    with FakeGitHub.start(tmp_path, files={FILE: text}) as hub:
        assert forge_of(hub).read([FILE], None, {}).files[FILE] == text


def test_a_missing_file_or_base_says_which_setting_to_change(hub: FakeGitHub) -> None:
    with pytest.raises(ForgeError, match=r"other\.yaml is not on main .*set models_file"):
        forge_of(hub).read(["other.yaml"], None, {})
    with pytest.raises(ForgeError, match=r"no branch release; set base_branch"):
        forge_of(hub).read([FILE], "release", {})


def node(**changed: object) -> dict[str, object]:
    values: dict[str, object] = {
        "number": 1,
        "url": "u",
        "state": "CLOSED",
        "isDraft": False,
        "title": "t",
        "body": "",
        "closedAt": None,
        "isCrossRepository": False,
        **{key: {"nodes": []} for key in ("labels", "assignees", "comments", "timelineItems")},
    }
    return {**values, **changed}


def test_a_forks_branch_of_the_same_name_is_not_ours() -> None:
    """Or anybody could say no, or hold a use case, with a pull request and a forged marker."""
    found = pull_requests("model-bot/tidy", [node(number=2, isCrossRepository=True), node()])
    assert [pull.number for pull in found] == [1]


NOT_THERE = {"type": "NOT_FOUND", "path": ["repository", "base", "compare0"], "message": "?"}


@pytest.mark.parametrize(
    ("answer", "complete"),
    [
        ({"data": {"repository": {"base": {}}}, "errors": [NOT_THERE]}, True),
        ({"data": {"repository": {"base": {}}}, "errors": [NOT_THERE, {"path": ["x"]}]}, False),
        ({"data": {"repository": {"base": {}}}, "errors": [{"message": "no path"}]}, False),
        ({"data": {"repository": None}, "errors": [NOT_THERE]}, False),
        ({"errors": [NOT_THERE]}, False),
        ("Server Error", False),
        (None, False),
    ],
)
def test_an_answer_that_only_lacks_a_comparison_is_taken(answer: object, complete: bool) -> None:
    assert is_complete(answer) is complete


@pytest.mark.parametrize(
    ("status", "data", "headers", "doubt"),
    [
        (502, {"message": "Server Error"}, {}, True),
        (429, {"message": "Too many"}, {"Retry-After": "7"}, True),
        (403, {"message": "You have exceeded a secondary rate limit."}, {}, True),
        (403, {"message": "Resource not accessible by integration"}, {}, False),
        (409, {"message": "Conflict"}, {}, True),
        (422, {"message": "Reference already exists"}, {}, True),
        (422, {"message": "Update is not a fast forward"}, {}, True),
        (422, {"message": "Validation Failed"}, {}, False),
        (400, {"errors": [{"type": "RATE_LIMITED"}]}, {}, True),
        (401, {"message": "Bad credentials"}, {}, False),
        (404, None, None, False),
    ],
)
def test_an_answer_is_a_refusal_or_a_doubt(
    status: int, data: object, headers: dict[str, str] | None, doubt: bool
) -> None:
    error = translate("acme/widgets", "POST pulls", GithubException(status, data, headers))
    assert isinstance(error, ForgeDoubt) is doubt
    assert str(error).startswith("GitHub: POST pulls: ")
    if isinstance(error, ForgeDoubt) and headers:
        assert error.wait_seconds == 7
