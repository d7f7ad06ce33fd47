"""A PostgreSQL with a switch: stopped, killed or hung, and on again at the same port with the same data."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.servers import Program, ServerMissing, comes_up, free_port, new_postgres, postgres_url

HOWS = ("stop", "kill", "hang")
STARTS = 20
# A killed server loses what it had answered and not yet written: here that must not happen.
SURE = ["-c", "synchronous_commit=on", "-c", "max_connections=100"]


@dataclass(slots=True)
class Switch:
    """`off` and `on`; while it hangs it takes connections and questions and answers none."""

    program: Program
    port: int
    process: subprocess.Popen[bytes] | None = None
    hung: list[int] = field(default_factory=list)

    @property
    def url(self) -> str:
        """What the hub is told."""
        return postgres_url(self.port)

    async def off(self, how: str) -> None:
        """One of HOWS."""
        process = self.process
        if process is None:
            return
        if how == "hang":
            self.hung = [process.pid, *_children(process.pid)]
            for number in self.hung:
                os.kill(number, signal.SIGSTOP)
            return
        # SIGINT is its fast shutdown: it does not wait for its clients.
        process.send_signal(signal.SIGINT if how == "stop" else signal.SIGKILL)
        await asyncio.to_thread(process.wait)
        self.process = None

    async def on(self) -> None:
        """Back, with everything it ever committed."""
        for number in self.hung:
            os.kill(number, signal.SIGCONT)
        self.hung.clear()
        if self.process is None:
            await asyncio.to_thread(self.start)

    def start(self) -> None:
        """Start it; what a killed one left in memory may be in the way for a moment."""
        for _ in range(STARTS):
            process = self.program.start(self.port)
            if comes_up(process, server=self.program, port=self.port):
                self.process = process
                return
            process.kill()
            process.wait()
        raise ServerMissing(self.program.log.read_text(errors="replace")[-500:])


@contextmanager
def switchable_postgres() -> Iterator[Switch]:
    """A new PostgreSQL of its own; it is on."""
    with TemporaryDirectory(prefix="hub-postgres-", ignore_cleanup_errors=True) as name:
        program = new_postgres(Path(name))
        program.serve.extend(SURE)
        switch = Switch(program, free_port())
        switch.start()
        try:
            yield switch
        finally:
            for number in switch.hung:
                os.kill(number, signal.SIGCONT)
            if switch.process is not None:
                switch.process.send_signal(signal.SIGINT)
                switch.process.wait()


def _children(process: int) -> list[int]:
    """Every connection has a process of its own."""
    found = Path(f"/proc/{process}/task/{process}/children")
    return [int(number) for number in found.read_text(encoding="ascii").split()]
