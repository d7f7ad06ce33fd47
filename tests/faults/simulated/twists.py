"""Answers that are not what they should be, beyond hub.sandbox's switches: other shapes, odd pages."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from hub.sandbox import Journal
from hub.sandbox.call import Answer, Call

UNKNOWN_WORD = "Dalam Kajian Bersama"
STATUS_KEYS = frozenset({"status", "status_name"})
CSV_COLUMNS = ((b"URAIAN LAPORAN", b"URAIAN KEJADIAN"), (b"KATEGORI", b"GOLONGAN"))
ONE_ROW = {"sp4n": b"page_size", "laporgub": b"batas"}
OK = 200


@dataclass(slots=True, kw_only=True)
class Twist:
    """A switch: `share` of the answered calls that fit `route`, at most `times` of them."""

    kind: str
    route: str = ""
    share: float = 1.0
    times: int | None = None


@dataclass(slots=True, kw_only=True)
class Bend:
    """Wraps an imitation's app. `locked_out`: its key was changed, and the old one is refused."""

    app: ASGIApp
    name: str
    rng: Random
    journal: Journal
    twists: list[Twist] = field(default_factory=list)
    locked_out: bool = False
    _answers: dict[str, Answer] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the call, bent or straight."""
        call = Call(app=self.app, scope=scope, receive=receive, send=send)
        if self.locked_out:
            self._write("rotated", call)
            body = b'{"message":"Kunci API tidak dikenal."}'
            await call.reply(Answer(401, [(b"content-type", b"application/json")], body))
            return
        twist = self._drawn(call)
        if twist is not None and twist.kind == "partial":
            self._write("page_partial", call)
            one = ONE_ROW[self.name] + b"=1"
            call = Call(app=self.app, scope=_with(scope, one), receive=receive, send=send)
            twist = None
        answer = await call.answer()
        before = self._answers.get(call.route)
        if call.route.startswith("GET"):
            self._answers[call.route] = answer
        await call.reply(answer if twist is None else self._twisted(twist, call, answer, before))

    def _twisted(self, twist: Twist, call: Call, answer: Answer, before: Answer | None) -> Answer:
        if twist.kind == "repeated":
            if before is None or before.body == answer.body:
                return answer
            self._write("page_repeated", call)
            return before
        body = self._drifted(twist.kind, answer)
        if body == answer.body:
            return answer
        self._write(f"drift_{twist.kind}", call)
        return Answer(answer.status, answer.headers, body)

    def _drifted(self, kind: str, answer: Answer) -> bytes:
        if answer.status // 100 != OK // 100:
            return answer.body
        try:
            said = json.loads(answer.body)
        except ValueError:
            return _other_column(answer.body) if kind == "renamed" else answer.body
        places = list(_places(said, FITS[kind]))
        if not places:
            return answer.body
        holder, key = self.rng.choice(places)
        _change(kind, holder, key)
        return json.dumps(said).encode()

    def _drawn(self, call: Call) -> Twist | None:
        for twist in self.twists:
            if twist.times == 0 or not re.search(twist.route, call.route):
                continue
            if twist.kind == "partial" and not self._is_list(call):
                continue
            if self.rng.random() < twist.share:
                if twist.times is not None:
                    twist.times -= 1
                return twist
        return None

    def _is_list(self, call: Call) -> bool:
        return self.name in ONE_ROW and call.route in {"GET /inbound", "GET /api/aduan"}

    def _write(self, fault: str, call: Call) -> None:
        self.journal.write(self.name, "fault", fault=fault, route=call.route)


Fits = Callable[[str, Any], bool]
FITS: dict[str, Fits] = {
    "renamed": lambda key, value: True,  # noqa: ARG005 - anything may get another name
    "missing": lambda key, value: True,  # noqa: ARG005
    "number_as_string": lambda key, value: type(value) is int,  # noqa: ARG005
    "unknown_status": lambda key, value: key in STATUS_KEYS and isinstance(value, str),
}


def _places(said: Any, fits: Fits) -> Iterator[tuple[dict[str, Any], str]]:
    if isinstance(said, dict):
        for key, value in said.items():
            if fits(key, value):
                yield said, key
            yield from _places(value, fits)
    elif isinstance(said, list):
        for each in said:
            yield from _places(each, fits)


def _change(kind: str, holder: dict[str, Any], key: str) -> None:
    match kind:
        case "renamed":
            holder[f"{key}_v2"] = holder.pop(key)
        case "missing":
            del holder[key]
        case "number_as_string":
            holder[key] = str(holder[key])
        case _:
            holder[key] = UNKNOWN_WORD


def _other_column(body: bytes) -> bytes:
    for old, new in CSV_COLUMNS:
        if old in body:
            return body.replace(old, new, 1)
    return body


def _with(scope: Scope, one: bytes) -> Scope:
    name = one.partition(b"=")[0]
    kept = [each for each in scope["query_string"].split(b"&") if each.partition(b"=")[0] != name]
    return {**scope, "query_string": b"&".join([*filter(None, kept), one])}
