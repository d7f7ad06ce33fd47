"""Integration API v3 over HTTP: one method per endpoint."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from mimetypes import MimeTypes
from typing import Any
from urllib.parse import quote

import httpx

from connectors.sp4n.pacing import Pacer
from connectors.sp4n.paging import Listed, is_object, joined, listed, rows
from connectors.sp4n.payloads import Complaint, FollowUp, Rejection
from connectors.sp4n.settings import Settings
from connectors.sp4n.wording import cut, tidy
from hub.contract import (
    LIMITS,
    TIMEOUT,
    Api,
    NotFound,
    OutcomeUnknown,
    StoredFile,
    Unavailable,
    Unsendable,
    UpstreamError,
    json_of,
)
from hub.contract.privacy import masked

LONGEST_REASON = 300
_ENDING = re.compile(r"\.[a-z]\w{1,4}\Z", re.IGNORECASE)
# What the standard library has no ending for.
_ENDINGS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
# Of its own, or it would know what the machine's mime.types happens to say.
_TYPES = MimeTypes()

Uploads = list[tuple[str, tuple[str, bytes, str]]]


def headers(settings: Settings) -> dict[str, str]:
    """Both credentials: the bearer with its prefix once, the token inside its braces."""
    prefix, bearer = settings.bearer_prefix.strip(), settings.bearer.get_secret_value().strip()
    if prefix and not bearer.lower().startswith(f"{prefix.lower()} "):
        bearer = f"{prefix} {bearer}"
    token = settings.token.get_secret_value().strip().strip("{}")
    return {settings.auth_header: bearer, "token": f"{{{token}}}", "Accept": "application/json"}


class Client:
    """What API v3 is known to answer to; there is no list of endpoints in public."""

    def __init__(
        self,
        settings: Settings,
        transport: httpx.AsyncBaseTransport | None,
        *,
        pacer: Pacer | None = None,
    ) -> None:
        self._settings = settings
        pacer = pacer or Pacer(settings.per_second)
        self._api = Api(
            httpx.AsyncClient(
                base_url=settings.base_url.rstrip("/"),
                headers=headers(settings),
                timeout=TIMEOUT,
                limits=LIMITS,
                transport=transport,
                # The hub paces pushes alone; looks, lists and repeated reads count as well.
                event_hooks={"request": [pacer.turn]},
            )
        )

    async def institutions(self) -> list[Mapping[str, Any]]:
        return await self._table("/masters/institutions/external")

    async def templates(self) -> list[Mapping[str, Any]]:
        return await self._table("/masters/templates")

    async def upload(self, files: Sequence[StoredFile]) -> list[int]:
        """Leave files there and get their ids. Nothing is filed yet: doubt is a plain failure."""
        parts = await _parts(("attachments[]" for _ in files), files)
        try:
            response = await self._api.write(
                "POST", "/complaints/complaint/file", files=parts, timeout=self._patient
            )
            body = json_of(response, unclear=OutcomeUnknown)
        except OutcomeUnknown as error:
            code = None if error.code == OutcomeUnknown.code else error.code
            raise Unavailable(error.detail, code=code, retry_after=error.retry_after) from error
        results = body.get("results")
        # Pictures and documents come apart; the first public client lost the pictures for months.
        both = results if is_object(results) else {}
        kinds = [rows(both.get(kind)) for kind in ("images", "docs")]
        ids = [row["id"] for kind in kinds for row in kind if "id" in row]
        if len(ids) != len(files):
            reason = _said(body, "tanpa penjelasan")
            detail = f"{len(files)} files sent, {len(ids)} ids back: {reason}"
            raise Unavailable(detail, code="ids_missing")
        return ids

    async def create(self, complaint: Complaint) -> str:
        """Open a complaint; its id stands in one of two places."""
        response = await self._api.write(
            "POST", self._settings.create_path, json=complaint, timeout=self._patient
        )
        body = json_of(response, unclear=OutcomeUnknown)
        results = body.get("results")
        inner = results.get("complaint") if is_object(results) else None
        for place in (body.get("complaint_id"), inner.get("id") if is_object(inner) else None):
            if place and not isinstance(place, bool) and isinstance(place, int | str):
                return str(place)
        raise OutcomeUnknown(
            _said(body, "jawaban SP4N-LAPOR! tidak menyebut nomor laporan"), code="id_missing"
        )

    async def detail(self, complaint_id: str) -> tuple[dict[str, Any], str | None]:
        """The complaint, and when it was seen by their clock. `NotFound` with their reason."""
        response = await self._api.read("GET", f"/complaints/{_safe(complaint_id)}/complaint")
        body = json_of(response, unclear=Unavailable)
        results = body.get("results")
        if not is_object(results) or not results.get("data"):
            raise _not_found(body)
        return body, _seen(response)

    async def followups(self, complaint_id: str) -> Listed:
        """All pages, in their order."""
        return await self._pages(f"/complaints/{_safe(complaint_id)}/followups", {})

    async def add_followup(self, fields: FollowUp, files: Sequence[StoredFile]) -> str | None:
        """Write as our institution's admin. The answer's shape is unknown; an id in it is used."""
        parts = await _parts((f"attachment[{i}]" for i in range(len(files))), files)
        # Multipart without files is only made from parts that have no file name.
        form: Any = [(name, (None, value)) for name, value in fields.items()]
        return _done(await self._api.write("POST", "/complaints/followup/add", files=form + parts))

    async def reject(self, complaint_id: str, rejection: Rejection) -> None:
        """Ask that another institution gets the complaint ("bukan wewenang")."""
        path = f"/complaints/process/{_safe(complaint_id)}/reject"
        _done(await self._api.write("POST", path, json=rejection))

    async def inbound(self, page: int) -> Listed:
        """One page of the list of reports sent to us."""
        settings = self._settings
        query = {"page": page, "page_size": settings.inbound_page_size}
        return await self._page(settings.inbound_path, query)

    async def aclose(self) -> None:
        await self._api.aclose()

    @property
    def _patient(self) -> httpx.Timeout:
        return httpx.Timeout(self._settings.submit_seconds, connect=30)

    async def _table(self, path: str) -> list[Mapping[str, Any]]:
        query = {"page_size": self._settings.masters_page_size}
        return (await self._pages(path, query)).rows

    async def _pages(self, path: str, query: Mapping[str, int]) -> Listed:
        pages: list[Listed] = []
        for page in range(1, self._settings.max_pages + 1):
            pages.append(await self._page(path, {**query, "page": page}))
            if not pages[-1].has_more:
                return joined(pages)
        raise Unavailable(
            f"daftar SP4N-LAPOR! lebih dari {self._settings.max_pages} halaman", code="endless"
        )

    async def _page(self, path: str, query: Mapping[str, int]) -> Listed:
        # The inbound path is a setting and may bring a query of its own.
        url = httpx.URL(path).copy_merge_params(query)
        body = json_of(await self._api.read("GET", str(url)), unclear=Unavailable)
        results = body.get("results")
        if not is_object(results):
            raise _not_found(body)
        return listed(results)


def _safe(complaint_id: str) -> str:
    return quote(complaint_id, safe="")


def _seen(response: httpx.Response) -> str | None:
    try:
        return parsedate_to_datetime(response.headers["date"]).isoformat()
    except (KeyError, ValueError):
        return None


def _not_found(body: Mapping[str, Any]) -> UpstreamError:
    return NotFound(_said(body, "results is null"), code="results_null")


def _done(response: httpx.Response) -> str | None:
    if not response.content.strip():
        return None
    body = json_of(response, unclear=OutcomeUnknown)
    # Theirs for "no" as well as for "nothing to tell"; reading back decides.
    if "results" in body and body["results"] is None:
        raise OutcomeUnknown(_said(body, "results is null"), code="results_null")
    results = body.get("results")
    made = results.get("id") if is_object(results) else None
    return str(made) if isinstance(made, int | str) and not isinstance(made, bool) else None


def _said(body: Mapping[str, Any], otherwise: str) -> str:
    """Their own sentence; masked, since it may repeat what was sent."""
    message = body.get("message")
    said = masked(tidy(message)).replace("\n", " ") if isinstance(message, str) else ""
    return cut(said, LONGEST_REASON) or otherwise


async def _parts(names: Iterable[str], files: Sequence[StoredFile]) -> Uploads:
    parts: Uploads = []
    for name, file in zip(names, files, strict=True):
        try:
            content = await asyncio.to_thread(file.path.read_bytes)
        except OSError as error:
            raise Unsendable(f"{file.file_name}: {error.strerror}", code="file_gone") from error
        parts.append((name, (_named(file), content, file.media_type)))
    return parts


def _named(file: StoredFile) -> str:
    """The file's name with an ending, by which it is opened there; photos of a chat have none."""
    if _ENDING.search(file.file_name):
        return file.file_name
    ending = _ENDINGS.get(file.media_type) or _TYPES.guess_extension(file.media_type)
    return f"{file.file_name}{ending or ''}"
