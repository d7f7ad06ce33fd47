"""Processes: web and work together, web alone, work alone; how they stop."""

import asyncio
import contextlib
import fcntl
import logging
import signal
import socket
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TextIO, cast

import structlog
import uvicorn
from starlette.types import ASGIApp

from hub.bootstrap import Hub, open_hub
from hub.clockwork import Clockwork
from hub.settings import Settings
from hub.worker import GONE, RedisNudge, worker

log = structlog.get_logger()

RECONNECT_SECONDS = 2


class NotAlone(Exception):
    """A second process on an embedded database; the message says what to do."""


class Server(uvicorn.Server):
    """uvicorn without its own signal handlers: what is under way ends before the process does."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `until_stopped`."""
        yield


class Patient:
    """Standard output, but a disk too full for the log stops nobody's work."""

    def write(self, text: str) -> int:
        """Write if it can be."""
        with contextlib.suppress(OSError):
            sys.stdout.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush if it can be."""
        with contextlib.suppress(OSError):
            sys.stdout.flush()


def configure_logging(*, plain: bool = False) -> None:
    """One JSON object a line; `plain` for people."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    renderer = structlog.dev.ConsoleRenderer() if plain else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=cast("TextIO", Patient())),
    )


def server_of(app: ASGIApp) -> Server:
    """A server that logs errors only; requests hold what citizens wrote."""
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, lifespan="on",
        timeout_graceful_shutdown=5, server_header=False,
    )  # fmt: skip
    return Server(config)


class PortTaken(Exception):
    """Nobody can listen there; the message says what to do."""


def listening(host: str, port: int) -> socket.socket:
    """Bind before anything else starts. Raises `PortTaken`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"tidak dapat mendengarkan di {host}:{port}: {error.strerror}; "
            "hentikan program lain di port itu atau pilih port lain"
        ) from error
    return listener


async def until_stopped(server: Server, listener: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.should_exit = True

    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop)
    await server.serve(sockets=[listener])


async def up(settings: Settings) -> None:
    """Everything in one process: web, pollers, relay."""
    listener = listening(settings.host, settings.port)
    with alone(settings.database_url), listener:
        await _up(settings, listener)


@contextlib.contextmanager
def alone(database_url: str) -> Iterator[None]:
    """Hold the embedded database for this process. Raises `NotAlone` if another `hub up` has it."""
    _, _, path = database_url.partition(":///")
    if not database_url.startswith("sqlite") or not path:
        yield
        return
    try:
        lock = Path(f"{path}.lock").open("a")  # noqa: SIM115 - closed below
    except OSError as error:
        raise NotAlone(
            f"HUB_DATABASE_URL: tidak dapat menulis di samping {path}: {error.strerror}"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotAlone(
                f"`hub up` lain sedang memakai {path}; hentikan dulu, atau pakai PostgreSQL dengan "
                "`hub serve` dan `hub work` untuk beberapa proses"
            ) from error
        yield


async def _up(settings: Settings, listener: socket.socket) -> None:
    async with open_hub(settings) as hub:
        # One process, one file: whatever is still leased belongs to a process that is gone.
        if hub.database.is_sqlite:
            await hub.housekeeping.take_over()
        works = hub.clockwork()
        works.start()
        log.info("hub.up", url=f"http://{settings.host}:{settings.port}")
        try:
            await until_stopped(server_of(hub.web), listener)
        finally:
            await stop_work(hub, works)


async def stop_work(hub: Hub, works: Clockwork) -> None:
    """Finish or release what is leased."""
    grace = timedelta(seconds=hub.settings.stop_seconds)
    finishing = [hub.files.finish(), *(relay.finish() for relay in hub.relays.values())]
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(
            asyncio.gather(works.stop(grace=grace), *finishing), grace.total_seconds() + 1
        )
    log.info("hub.down")


async def serve(settings: Settings) -> None:
    """The web alone; workers are nudged over Redis where there is one."""
    nudge = RedisNudge(settings.redis_url) if settings.redis_url else None
    listener = listening(settings.host, settings.port)
    async with open_hub(settings, nudge=nudge) as hub:
        log.info("hub.serving", url=f"http://{settings.host}:{settings.port}")
        try:
            await until_stopped(server_of(hub.web), listener)
        finally:
            if nudge is not None:
                await nudge.aclose()


async def work(settings: Settings) -> None:
    """The work alone, beside any number of others."""
    async with open_hub(settings) as hub:
        works = hub.clockwork()
        works.start()
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, stopped.set)
        log.info("hub.working", connectors=sorted(hub.registry.upstreams))
        listening = asyncio.create_task(_listen(settings.redis_url, hub, works))
        try:
            await stopped.wait()
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            await stop_work(hub, works)


async def _listen(url: str | None, hub: Hub, works: Clockwork) -> None:
    """Take nudges for as long as Redis is there; without it the loops look by themselves."""
    chores = [hub.housekeeping.reclaim, hub.housekeeping.prune]
    is_lost = False

    async def connected(ctx: dict[Any, Any]) -> None:
        del ctx
        nonlocal is_lost
        if is_lost:
            log.info("redis.back")
        is_lost = False

    while url is not None:
        arq = worker(url, wake=works.nudge, chores=chores, on_startup=connected)
        try:
            await arq.async_run()
        except GONE as error:
            if not is_lost:
                log.warning("redis.lost", error=type(error).__name__)
            is_lost = True
        finally:
            with contextlib.suppress(*GONE):
                await arq.close()
        await asyncio.sleep(RECONNECT_SECONDS)
