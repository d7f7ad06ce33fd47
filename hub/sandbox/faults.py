"""Fault switches: an ASGI wrapper that makes calls to an imitation fail on purpose."""

import asyncio
import re
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from hub.sandbox.call import Answer, Call, DroppedByFault, Headers
from hub.sandbox.journal import Journal

REFUSALS = (400, 401, 403, 404, 422, 429, 500, 503)
GATEWAY_PAGE = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"

__all__ = ["REFUSALS", "DroppedByFault", "Fault", "FaultKind", "FaultSwitch", "everything"]


class FaultKind(StrEnum):
    """All the ways a call can fail."""

    DELAY = "delay"
    DROP_BEFORE = "drop_before"
    DROP_AFTER = "drop_after"
    STATUS = "status"
    STATUS_AFTER = "status_after"
    HTML = "html"
    TRUNCATED = "truncated"


@dataclass(slots=True, kw_only=True)
class Fault:
    """A switch: `share` of the calls that fit `route` fail, at most `times` of them.

    `route` is a pattern searched in "METHOD /path". STATUS answers before anything is done;
    STATUS_AFTER, HTML and TRUNCATED after.
    """

    kind: FaultKind
    route: str = ""
    share: float = 1.0
    times: int | None = None
    status: int = 500
    retry_after: int | None = None
    seconds: float = 0.5


class FaultSwitch:
    """Wraps an imitation's app; the first fault that fits and is drawn happens."""

    def __init__(self, app: ASGIApp, *, name: str, rng: Random, journal: Journal) -> None:
        self._app = app
        self._name = name
        self._rng = rng
        self._journal = journal
        self.faults: list[Fault] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the call, or let it fail."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        call = Call(app=self._app, scope=scope, receive=receive, send=send)
        fault = self._drawn(call.route)
        if fault is None:
            await call.serve()
            return
        facts = {"route": call.route, "fault": fault.kind.value, "status": fault.status}
        self._journal.write(self._name, "fault", **facts)
        await _fail(fault, call)

    def _drawn(self, route: str) -> Fault | None:
        for fault in self.faults:
            if fault.times == 0 or not re.search(fault.route, route):
                continue
            if self._rng.random() < fault.share:
                if fault.times is not None:
                    fault.times -= 1
                return fault
        return None


async def _fail(fault: Fault, call: Call) -> None:
    match fault.kind:
        case FaultKind.DELAY:
            await asyncio.sleep(fault.seconds)
            await call.serve()
        case FaultKind.DROP_BEFORE:
            await call.drop()
        case FaultKind.DROP_AFTER:
            await call.answer()
            await call.drop()
        case FaultKind.STATUS:
            await call.reply(_refusal(fault))
        case FaultKind.STATUS_AFTER:
            await call.answer()
            await call.reply(_refusal(fault))
        case FaultKind.HTML:
            await call.answer()
            page = Answer(fault.status, [(b"content-type", b"text/html")], GATEWAY_PAGE)
            await call.reply(page)
        case FaultKind.TRUNCATED:
            whole = await call.answer()
            half = whole.body[: len(whole.body) // 2]
            await call.reply(Answer(whole.status, whole.headers, half))


def _refusal(fault: Fault) -> Answer:
    headers: Headers = [(b"content-type", b"application/json")]
    if fault.retry_after is not None:
        headers.append((b"retry-after", str(fault.retry_after).encode()))
    return Answer(fault.status, headers, b'{"message":"kesalahan buatan"}')


def everything(share: float) -> list[Fault]:
    """One fault of each way to fail, all as frequent, so that `share` of the calls fail."""
    each = share / len(_EVERY_WAY)
    # Faults are drawn in sequence: a later one sees only the calls that earlier ones spared.
    return [Fault(**way, share=each / (1 - drawn * each)) for drawn, way in enumerate(_EVERY_WAY)]


_EVERY_WAY: tuple[dict[str, Any], ...] = (
    {"kind": FaultKind.DELAY},
    {"kind": FaultKind.DROP_BEFORE},
    {"kind": FaultKind.DROP_AFTER},
    *({"kind": FaultKind.STATUS, "status": status} for status in REFUSALS),
    {"kind": FaultKind.STATUS, "status": 429, "retry_after": 2},
    {"kind": FaultKind.STATUS_AFTER, "status": 500},
    {"kind": FaultKind.HTML, "status": 502},
    {"kind": FaultKind.TRUNCATED},
)
