"""One HTTP call on its way to an imitation, and what can be done to it besides serving it."""

import asyncio
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Where a server's connection stands in the scope, for apps that wrap `send`.
CONNECTION = "hub.sandbox.connection"

Headers = list[tuple[bytes, bytes]]


class DroppedByFault(Exception):
    """The connection is gone without an answer; `SandboxTransport` and the server make it so."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an app answered."""

    status: int
    headers: Headers
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The three things of ASGI, and the app they are for."""

    app: ASGIApp
    scope: Scope
    receive: Receive
    send: Send

    @property
    def route(self) -> str:
        """Method and path as the imitation sees it: "POST /complaints"."""
        path: str = self.scope["path"].removeprefix(self.scope.get("root_path", "")) or "/"
        return f"{self.scope['method']} {path}"

    async def serve(self) -> None:
        """Let the app answer."""
        await self.app(self.scope, self.receive, self.send)

    async def answer(self) -> Answer:
        """Let the app do its work and keep its answer back."""
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self.app(self.scope, self.receive, keep)
        start, *rest = messages
        body = b"".join(message.get("body", b"") for message in rest)
        return Answer(start["status"], list(start.get("headers", [])), body)

    async def reply(self, answer: Answer) -> None:
        """Send this instead, with a length that is true."""
        headers = [each for each in answer.headers if each[0].lower() != b"content-length"]
        headers.append((b"content-length", str(len(answer.body)).encode()))
        start = {"type": "http.response.start", "status": answer.status, "headers": headers}
        await self.send(start)
        await self.send({"type": "http.response.body", "body": answer.body})

    async def drop(self) -> None:
        """Hang up without a word."""
        connection = self.scope.get(CONNECTION) or connection_of(self.send)
        if connection is None:
            raise DroppedByFault
        connection.abort()
        # A server that has not noticed yet would take the missing answer for a fault of the app.
        while (await self.receive())["type"] != "http.disconnect":
            pass


def connection_of(send: Send) -> asyncio.Transport | None:
    """The TCP connection behind a server's own `send`; None in process.

    ASGI has no word for hanging up, so this knows that uvicorn's `send` belongs to its cycle.
    """
    return getattr(getattr(send, "__self__", None), "transport", None)
