"""The two processes of the demo, `hub sandbox` and `hub up`, as anybody would start them."""

import asyncio
import contextlib
import os
import secrets
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

READY_WITHIN = 60.0
STOP_WITHIN = 30
# Whoever watches the demo has one key, and those who act in it another.
WATCHER, ROBOT = "peraga", "robot"
# The channel that begins the day without an API, and how its news travels then.
BY_HAND = "laporgub"
MODE = "LAPORGUB_MODE"
# A day takes a minute: what waits minutes in a city waits moments here.
HASTE = {
    "HUB_TURN_SECONDS": "1.5",
    "HUB_PATIENCE_FIRST_SECONDS": "0.2",
    "HUB_PAUSE_SECONDS": "1",
    "HUB_THROTTLED_SECONDS": "1",
    "HUB_DOUBT_SECONDS": "1",
    "HUB_POLL_ERROR_SECONDS": "2",
    "HUB_FILES_WAIT_SECONDS": "20",
    "HUB_LOOKS_PER_MINUTE": "6000",
}


class NotReady(Exception):
    """A process did not come up; the message says where to look."""


@dataclass(slots=True)
class Stand:
    """Where the demo's processes are, and how to talk to them."""

    folder: Path
    hub_url: str
    sandbox_url: str
    environment: dict[str, str]
    key: str
    robot_key: str
    hub: subprocess.Popen[bytes] | None = None

    def start_hub(self) -> None:
        """Start `hub up` (again)."""
        self.hub = _start(["up"], self.environment, self.folder)

    async def switch_mode(self, mode: str) -> None:
        """Somebody changes the setting and starts the hub again."""
        if self.hub is not None:
            await asyncio.to_thread(_stop, self.hub)
        self.environment[MODE] = mode
        self.start_hub()
        await self.until_ready()

    async def command(self, *words: str) -> str:
        """Run `hub <words>` beside the hub, as an administrator at a terminal; what it printed."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "hub", *words, env=dict(self.environment), cwd=self.folder,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        out, _ = await process.communicate()
        said = out.decode(errors="replace")
        if process.returncode:
            raise NotReady(f"`hub {' '.join(words)}` ended with {process.returncode}: {said}")
        return said

    async def until_ready(self) -> None:
        """Wait until our hub answers; another one on the same port would not take our key."""
        await _answering(f"{self.hub_url}/readyz", self.hub, self.folder / "hub.log")
        async with self.api() as api:
            if (await api.get("/api/v1/agreement")).is_error:
                raise NotReady(f"another hub is running at {self.hub_url}; stop it first")

    def api(self) -> httpx.AsyncClient:
        """A client with the key of those who act in the demo."""
        return httpx.AsyncClient(
            base_url=self.hub_url,
            headers={"Authorization": f"Bearer {self.robot_key}"},
            timeout=30,
            trust_env=False,
        )

    @contextlib.asynccontextmanager
    async def browser(self) -> AsyncIterator[httpx.AsyncClient]:
        """The browser of the operator in the demo, logged in."""
        async with httpx.AsyncClient(
            base_url=self.hub_url,
            headers={"Origin": self.hub_url},
            timeout=30,
            trust_env=False,
            follow_redirects=True,
        ) as browser:
            await browser.post("/login", data={"key": self.robot_key})
            yield browser

    def control(self) -> httpx.AsyncClient:
        """A client of the sandbox."""
        return httpx.AsyncClient(base_url=self.sandbox_url, timeout=30, trust_env=False)


@contextlib.asynccontextmanager
async def stand(
    folder: Path, *, database_url: str | None = None, port: int = 0
) -> AsyncIterator[Stand]:
    """Start both, wait until they answer, and stop them at the end. Logs lie in `folder`."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    hub_port, sandbox_port = port or _free_port(), _free_port()
    if not _is_free(hub_port):
        raise NotReady(f"port {hub_port} is in use; stop what runs there, perhaps another demo")
    hub_url = f"http://127.0.0.1:{hub_port}"
    sandbox_url = f"http://127.0.0.1:{sandbox_port}"
    command = ["sandbox", "--port", str(sandbox_port), "--hub-url", hub_url]
    imitations = _start(command, _plain_environment(), folder)
    try:
        await _answering(f"{sandbox_url}/control/clock", imitations, folder / "sandbox.log")
        async with httpx.AsyncClient(trust_env=False) as client:
            theirs = (await client.get(f"{sandbox_url}/control/environment")).json()
        key, robot_key = secrets.token_hex(16), secrets.token_hex(16)
        ours = {
            "HUB_DATABASE_URL": database_url or f"sqlite+aiosqlite:///{folder / 'hub.db'}",
            "HUB_FILES_DIR": str(folder / "files"),
            "HUB_PORT": str(hub_port),
            "HUB_SECRET_KEY": secrets.token_hex(32),
            "HUB_API_KEYS": f"{WATCHER}:{key},{ROBOT}:{robot_key}",
            # By hand means that a person looks, not that the hub reads the public page.
            f"{BY_HAND.upper()}_READ_PAGE": "false",
        }
        environment = _plain_environment() | HASTE | theirs | ours
        here = Stand(folder, hub_url, sandbox_url, environment, key, robot_key)
        here.start_hub()
        try:
            await here.until_ready()
            yield here
        finally:
            if here.hub is not None:
                _stop(here.hub)
    finally:
        _stop(imitations)


def _plain_environment() -> dict[str, str]:
    """Ours without anybody's HUB_ settings: the demo is the same everywhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}


def _start(
    command: list[str], environment: Mapping[str, str], folder: Path
) -> subprocess.Popen[bytes]:
    name = "sandbox" if command[0] == "sandbox" else "hub"
    with (folder / f"{name}.log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "hub", *command],
            env=dict(environment),
            stdout=log,
            stderr=subprocess.STDOUT,
        )


async def _answering(url: str, process: subprocess.Popen[bytes] | None, log: Path) -> None:
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(READY_WITHIN):
        while True:
            if process is not None and process.poll() is not None:
                raise NotReady(f"a process of the demo ended at once; its log: {log}")
            with contextlib.suppress(httpx.TransportError):
                if (await client.get(url)).is_success:
                    return
            await asyncio.sleep(0.1)


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
