"""Upstreams that answer as recorded, or fail in one of the ways upstreams fail."""

import json
from collections.abc import Sequence
from email import message_from_bytes
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from tests.contract.failures import Failure
from tests.contract.recordings import Exchange
from tests.contract.subjects import Subject


def recorded_answer(exchange: Exchange, request: httpx.Request) -> httpx.Response:
    """The recorded response; `"lost": "ReadTimeout"` is an answer that never came."""
    told = exchange.response
    if "lost" in told:
        raise getattr(httpx, told["lost"])("recorded", request=request)
    return httpx.Response(
        told["status"],
        headers=told.get("headers"),
        **({"json": told["json"]} if "json" in told else {"text": told.get("text", "")}),
    )


def silent() -> httpx.MockTransport:
    """An upstream that must not be called."""

    def refuse(request: httpx.Request) -> httpx.Response:
        asked = f"{request.method} {request.url.path}"
        raise AssertionError(f"nothing is to be asked here, but it asked {asked}")

    return httpx.MockTransport(refuse)


class RecordedUpstream:
    """Answers each recorded call once, by method and path; anything else fails the test."""

    def __init__(self, subject: Subject, exchanges: Sequence[Exchange]) -> None:
        self._bases = _base_paths(subject)
        self._left = list(exchanges)
        self.requests: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self.answer)

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer as recorded."""
        self.requests.append(request)
        return recorded_answer(self.take(request), request)

    def take(self, request: httpx.Request) -> Exchange:
        """The next recorded exchange of that method and path; what must be seen is seen."""
        for exchange in self._left:
            if self._is_of(exchange, request):
                self._left.remove(exchange)
                _check_seen(exchange.request, request)
                return exchange
        left = [f"{each.request['method']} {each.request['path']}" for each in self._left]
        raise AssertionError(
            f"{request.method} {request.url.path} is not recorded (again); left: {left}"
        )

    def check_done(self) -> None:
        """Nothing recorded was left out."""
        left = [f"{each.request['method']} {each.request['path']}" for each in self._left]
        assert not left, f"recorded, but never requested: {left}"

    def _is_of(self, exchange: Exchange, request: httpx.Request) -> bool:
        paths = {request.url.path.removeprefix(base) for base in self._bases}
        wanted = exchange.request
        return wanted["method"] == request.method and wanted["path"] in paths


class FailingUpstream(RecordedUpstream):
    """Answers as recorded until call number `at`, which fails, as does all that follows."""

    def __init__(
        self, subject: Subject, exchanges: Sequence[Exchange], *, at: int, failure: Failure
    ) -> None:
        super().__init__(subject, exchanges)
        self._at = at
        self._failure = failure
        self.failed: httpx.Request | None = None

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer, or fail."""
        self.requests.append(request)
        if len(self.requests) <= self._at:
            return recorded_answer(self.take(request), request)
        whole = None
        if self.failed is None and self._left:
            whole = recorded_answer(self.take(request), request)
        self.failed = self.failed or request
        return self._failure.answer(request, whole)

    def check_one_attempt(self) -> None:
        """After the failure came nothing, but for the same read once or twice more."""
        after = self.requests[self._at + 1 :]
        told = [f"{each.method} {each.url.path}" for each in self.requests]
        assert all(each.method == "GET" and _same(each, self.failed) for each in after), (
            f"a push is one attempt, but after call {self._at + 1} had failed it went on: {told}"
        )
        assert len(after) < 3, f"a read is tried three times at most: {told}"


def _same(one: httpx.Request, other: httpx.Request | None) -> bool:
    return other is not None and (one.method, one.url) == (other.method, other.url)


def _base_paths(subject: Subject) -> set[str]:
    urls = [value for value in subject.environment().values() if "://" in value]
    return {"", *(urlsplit(url).path.rstrip("/") for url in urls)}


def _check_seen(wanted: dict[str, Any], request: httpx.Request) -> None:
    where = f"{request.method} {request.url.path}"
    if "query" in wanted:
        _check_part(wanted["query"], dict(request.url.params), where=f"{where} query")
    if "headers" in wanted:
        headers = {name.lower(): value for name, value in wanted["headers"].items()}
        _check_part(headers, dict(request.headers), where=f"{where} headers")
    if "json" in wanted:
        _check_part(wanted["json"], json.loads(request.content), where=f"{where} json")
    if "form" in wanted:
        _check_part(wanted["form"], form_of(request), where=f"{where} form")


def _check_part(wanted: Any, seen: Any, *, where: str) -> None:
    """All that is wanted is there; more may be."""
    match wanted, seen:
        case dict(), dict():
            for key, value in wanted.items():
                assert key in seen, f"{where} lacks {key!r}; has {sorted(seen)}"
                _check_part(value, seen[key], where=f"{where}.{key}")
        case list(), list():
            assert len(wanted) == len(seen), f"{where} has {len(seen)} items, not {len(wanted)}"
            for index, (one, other) in enumerate(zip(wanted, seen, strict=True)):
                _check_part(one, other, where=f"{where}[{index}]")
        case _:
            fits = wanted == seen or (isinstance(seen, str) and str(wanted) == seen)
            assert fits, f"{where} is {seen!r}, not {wanted!r}"


def form_of(request: httpx.Request) -> dict[str, str]:
    """The fields of a form; a file shows as its name."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        return dict(parse_qsl(request.content.decode(), keep_blank_values=True))
    message = message_from_bytes(
        b"Content-Type: " + kind.encode() + b"\r\n\r\n" + request.content, policy=HTTP
    )
    fields: dict[str, str] = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        fields[name] = part.get_filename() or payload.decode(errors="replace")
    return fields
