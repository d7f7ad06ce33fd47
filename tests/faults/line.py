"""The way to a server, which a test can cut."""

import asyncio
import contextlib
from dataclasses import dataclass, field

from sqlalchemy import URL


@dataclass(slots=True)
class Line:
    """The way to a Redis. Cut, it makes the Redis dead for whoever uses it."""

    server: URL
    port: int = 0
    listening: asyncio.Server | None = None
    ends: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def url(self) -> str:
        """What the hub is told."""
        near = self.server.set(host="127.0.0.1", port=self.port)
        return near.render_as_string(hide_password=False)

    async def mend(self) -> None:
        """Let connections through (again), at the same port as before."""
        self.listening = await asyncio.start_server(self._through, "127.0.0.1", self.port)
        self.port = self.listening.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Break every connection and take no more."""
        if self.listening is not None:
            self.listening.close()
        for end in self.ends:
            end.transport.abort()
        self.ends.clear()

    async def _through(self, here: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        address = self.server.host, self.server.port or 6379
        there, forth = await asyncio.open_connection(*address)
        self.ends += [back, forth]
        await asyncio.gather(_pump(here, forth), _pump(there, back))


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    target.close()
