"""The REST profile the connector proposes to the province; nothing like it is public today.

Files may come with a new complaint (multipart, `lampiran` as often as needed) or after it, by
POST /api/aduan/{tiket}/lampiran. Every write is done before it is answered.
"""

from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from connectors.laporgub.sandbox.desk import Desk
from connectors.laporgub.sandbox.forms import filled_in, marker_in, said
from connectors.laporgub.sandbox.parts import given
from connectors.laporgub.sandbox.records import Complaint
from connectors.laporgub.sandbox.shapes import detail_of, entry_of
from connectors.laporgub.sandbox.words import CITIES, OWN_CITY

KEY = "kunci-tiruan-laporgub"
ROWS_AT_MOST = 200
CREATED = 201

Endpoint = Callable[[Request], Awaitable[Response]]


class Api:
    """What answers to the key of one city; it sees the complaints of its own area."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[BaseRoute]:
        """All endpoints, each behind the key; the list of cities needs none."""
        guarded: tuple[tuple[str, str, Endpoint], ...] = (
            ("POST", "/api/aduan", self.create),
            ("GET", "/api/aduan", self.listed),
            ("GET", "/api/aduan/{ticket}", self.detail),
            ("POST", "/api/aduan/{ticket}/lampiran", self.attach),
            ("GET", "/api/aduan/{ticket}/lampiran/{number:int}", self.attachment),
            ("POST", "/api/aduan/{ticket}/tindak-lanjut", self.follow_up),
        )
        return [
            Route("/api/get-city", self.cities),
            *(
                Route(path, self._guarded(endpoint), methods=[method])
                for method, path, endpoint in guarded
            ),
        ]

    def _guarded(self, endpoint: Endpoint) -> Endpoint:
        async def answer(request: Request) -> Response:
            if request.headers.get("x-api-key") != KEY:
                return _says("Kunci API tidak dikenal.", 401)
            try:
                return await endpoint(request)
            except LookupError as error:
                return _says(str(error.args[0]), 404)
            except ValueError as error:
                return _says(str(error), 422)

        return answer

    async def cities(self, _: Request) -> Response:
        """Kabupaten and kota, without a key, as the real one gives them."""
        return JSONResponse({"data": [{"id": id_, "name": name} for id_, name in CITIES.items()]})

    async def create(self, request: Request) -> Response:
        """A new complaint; the same number of ours again is a second one."""
        facts, files = await given(request)
        complaint = self._desk.file(filled_in(facts, files))
        return JSONResponse(
            {"data": {"id": complaint.id, "tiket": complaint.ticket}}, status_code=CREATED
        )

    async def listed(self, request: Request) -> Response:
        """What has changed since `sejak` in the order of change, or what has our number."""
        query = request.query_params
        ours = query.get("nomor_luar")
        known = self._desk.of_our_ticket(ours) if ours else self._desk.complaints.values()
        since, size = _whole(query, "sejak", 0), _whole(query, "batas", 50)
        rows = sorted(
            (each for each in known if each.form.city == OWN_CITY and each.turn > since),
            key=lambda each: each.turn,
        )
        shown = rows[: max(1, min(size, ROWS_AT_MOST))]
        following = str(shown[-1].turn) if len(shown) < len(rows) else None
        entries = [entry_of(each, self._desk.switches) for each in shown]
        return JSONResponse({"data": entries, "berikut": following})

    async def detail(self, request: Request) -> Response:
        """A complaint with its timeline."""
        complaint = self._complaint(request)
        return JSONResponse({"data": detail_of(complaint, self._desk.switches)})

    async def attach(self, request: Request) -> Response:
        """Files for a complaint that is there already."""
        complaint = self._complaint(request)
        _, files = await given(request)
        if not files:
            raise ValueError("lampiran wajib diisi")
        self._desk.attach(complaint, files)
        return JSONResponse({"data": {"lampiran": len(complaint.files)}}, status_code=CREATED)

    async def attachment(self, request: Request) -> Response:
        """The bytes of one file."""
        files = self._complaint(request).files
        number: int = request.path_params["number"]
        if not 1 <= number <= len(files):
            raise LookupError("Lampiran tidak ada.")
        file = files[number - 1]
        return Response(file.content, media_type=file.media_type)

    async def follow_up(self, request: Request) -> Response:
        """What the city adds to a complaint, with or without a status."""
        complaint = self._complaint(request)
        facts, files = await given(request)
        text = said(facts, "isi")
        line = self._desk.follow_up(
            complaint,
            text,
            status=said(facts, "status"),
            marker=said(facts, "ref") or marker_in(text),
        )
        if files:
            self._desk.attach(complaint, files)
        return JSONResponse({"data": {"id": line.id}}, status_code=CREATED)

    def _complaint(self, request: Request) -> Complaint:
        ticket = request.path_params["ticket"]
        try:
            return self._desk.complaint(ticket)
        except ValueError as error:
            raise LookupError(str(error)) from error


def _says(message: str, status: int) -> Response:
    return JSONResponse({"message": message}, status_code=status)


def _whole(query: Mapping[str, str], name: str, otherwise: int) -> int:
    text = query.get(name, "")
    if text and not text.isdigit():
        raise ValueError(f"{name} {text!r} tidak dikenal")
    return int(text) if text else otherwise
