"""Who is asking: an API key in a header, or a session that began with one."""

import hashlib
import hmac
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.responses import Response

from hub.contract import same_secret
from hub.web.given import GivenNeeds, GivenRender
from hub.web.needs import Needs

bearer = HTTPBearer(auto_error=False, description="One of the keys of HUB_API_KEYS.")
router = APIRouter(include_in_schema=False)


class NeedsLogin(Exception):
    """A page was asked for without a session."""


def api_operator(
    needs: GivenNeeds,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> str:
    """Name whose key it is."""
    name = _owner(needs, given.credentials) if given else None
    if name is None:
        raise HTTPException(
            401,
            "Kunci API tidak ada atau tidak dikenal. Kirim: Authorization: Bearer <kunci>.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    return name


def page_operator(request: Request, needs: GivenNeeds) -> str:
    """Name who logged in; a key that was changed or taken away ends its sessions."""
    name = request.session.get("who")
    key = needs.api_keys.get(name) if isinstance(name, str) else None
    if not isinstance(name, str) or key is None:
        raise NeedsLogin
    if not same_secret(str(request.session.get("mark")), _mark(needs, key)):
        raise NeedsLogin
    return name


def same_origin(request: Request) -> None:
    """Refuse a form that was not sent from one of our own pages."""
    if request.method == "POST":
        origin = urlsplit(request.headers.get("origin", "")).netloc
        if not origin or origin != request.headers.get("host"):
            raise HTTPException(403, "Formulir ini tidak dikirim dari halaman Simpul Aduan.")


ApiOperator = Annotated[str, Depends(api_operator)]
PageOperator = Annotated[str, Depends(page_operator)]


def local(path: str) -> str:
    """Keep a path on this site; anything else becomes the first page."""
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_ours and path.isprintable() else "/"


@router.get("/login")
async def login_form(request: Request, render: GivenRender, following: str = "/") -> HTMLResponse:
    """Ask for a key."""
    return render.page(request, "login.html", following=local(following))


@router.post("/login", dependencies=[Depends(same_origin)])
async def login(
    request: Request,
    needs: GivenNeeds,
    render: GivenRender,
    *,
    key: Annotated[str, Form()] = "",
    following: Annotated[str, Form()] = "/",
) -> Response:
    """Begin a session for the owner of the key."""
    name = _owner(needs, key.strip())
    if name is None:
        return render.page(
            request, "login.html", following=local(following), wrong=True, status_code=401
        )
    request.session.clear()
    request.session.update(who=name, mark=_mark(needs, needs.api_keys[name]))
    return RedirectResponse(local(following), status_code=303)


@router.post("/logout", dependencies=[Depends(same_origin)])
async def logout(request: Request) -> Response:
    """End the session."""
    request.session.clear()
    return RedirectResponse("/login", status_code=303)


def _owner(needs: Needs, given: str) -> str | None:
    # Every key is compared, so that the time taken does not tell which one nearly fits.
    fits = [name for name, key in needs.api_keys.items() if same_secret(given, key)]
    return fits[0] if fits and given else None


def _mark(needs: Needs, key: str) -> str:
    return hmac.new(needs.secret_key.encode(), key.encode(), hashlib.sha256).hexdigest()[:32]
