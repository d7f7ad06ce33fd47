"""What is answered when something goes wrong: a sentence, as JSON or as a page."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response

from hub.ports import DatabaseAway
from hub.web.auth import NeedsLogin
from hub.web.needs import NotKnown, NotPossible, OddNumber
from hub.web.render import Render

SENTENCES = {
    404: "Halaman ini tidak ada.",
    405: "Cara memanggil alamat ini tidak sesuai.",
    413: "Kiriman terlalu besar.",
}

AWAY = (
    "Basis data sedang tidak dapat dipakai; hub melanjutkan sendiri begitu ia kembali. Coba lagi "
    "sebentar lagi, dan lihat dulu apakah perubahan terakhir Anda sudah tercatat."
)
COME_AGAIN = {"Retry-After": "10"}

Handler = Callable[[Request, Any], Coroutine[Any, Any, Response]]


async def not_known(request: Request, error: NotKnown) -> Response:
    """No such thing."""
    return _answer(request, 404, str(error))


async def not_possible(request: Request, error: NotPossible) -> Response:
    """It exists, but not like this."""
    return _answer(request, 409, str(error))


async def odd_number(request: Request, error: OddNumber) -> Response:
    """It can be done, once somebody says that the number is meant."""
    if request.url.path.startswith("/api/"):
        answer = {"message": str(error), "number": error.number}
        return JSONResponse(answer, status_code=409)
    return _answer(request, 409, str(error))


async def refused(request: Request, error: HTTPException) -> Response:
    """Starlette or a route refused; its English stock phrases become ours."""
    is_stock = error.status_code in (404, 405)
    message = SENTENCES[error.status_code] if is_stock else str(error.detail)
    return _answer(request, error.status_code, message, headers=error.headers)


async def not_valid(request: Request, error: RequestValidationError) -> Response:
    """A field is missing or wrong; the sentence names it."""
    wrong = sorted({str(problem["loc"][-1]) for problem in error.errors()})
    message = f"Isian ini kurang atau tidak sesuai: {', '.join(wrong)}."
    return _answer(request, 422, message)


async def away(request: Request, error: DatabaseAway) -> Response:
    """Without a database there is nothing to show; what is wrong with it stands at /readyz."""
    del error
    return _answer(request, 503, AWAY, headers=COME_AGAIN)


async def broken(request: Request, error: Exception) -> Response:
    """Ours; the log has the details."""
    del error
    return _answer(request, 500, "Terjadi kesalahan di Simpul Aduan. Coba lagi sebentar lagi.")


async def needs_login(request: Request, error: NeedsLogin) -> Response:
    """Show the login; a part that refreshes itself gets a status its page understands."""
    del error
    if "hx-request" in request.headers:
        return Response(status_code=401)
    wanted = request.url.path if request.method == "GET" else "/"
    return RedirectResponse(f"/login?following={quote(wanted)}", status_code=303)


def _answer(
    request: Request, status: int, message: str, *, headers: Mapping[str, str] | None = None
) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"message": message}, status_code=status, headers=headers)
    render: Render = request.app.state.render
    page = render.page(request, "error.html", message=message, status_code=status)
    page.headers.update(headers or {})
    return page


HANDLERS: dict[int | type[Exception], Handler] = {
    NotKnown: not_known,
    NotPossible: not_possible,
    OddNumber: odd_number,
    HTTPException: refused,
    RequestValidationError: not_valid,
    NeedsLogin: needs_login,
    DatabaseAway: away,
    Exception: broken,
}
