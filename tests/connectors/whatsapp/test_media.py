"""Files are fetched by id, and the token is shown to nobody but Meta."""

from collections.abc import Callable

import httpx
import pytest

from hub.contract import NotFound, Rejected, Unauthorized, UpstreamError
from tests.connectors.whatsapp.given import OUR_NUMBER, connector

FILE = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1"
Answer = Callable[[httpx.Request], httpx.Response]


class Meta:
    """The Graph API and its file server: one address for a file after the other."""

    def __init__(self, *addresses: str, files: Answer | None = None) -> None:
        self._addresses = list(addresses)
        self._files = files or (lambda _: httpx.Response(200, content=b"isi berkas"))
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path.startswith("/v25.0/"):
            return httpx.Response(200, json={"url": self._addresses.pop(0), "id": "1"})
        return self._files(request)

    async def fetched(self, ref: str = "1", **settings: object) -> bytes:
        """What the connector gets."""
        whatsapp = connector(httpx.MockTransport(self), **settings)
        try:
            parts = [part async for part in whatsapp.fetch(ref, route=OUR_NUMBER)]
        finally:
            await whatsapp.aclose()
        return b"".join(parts)

    async def refused(self, ref: str = "1", **settings: object) -> UpstreamError:
        """Why the connector does not get it."""
        with pytest.raises(UpstreamError) as raised:
            await self.fetched(ref, **settings)
        return raised.value

    @property
    def hosts(self) -> list[str]:
        return [request.url.host for request in self.requests]


async def test_a_file_is_asked_for_by_id_and_fetched_with_the_token_and_our_own_name() -> None:
    meta = Meta(FILE)
    assert await meta.fetched() == b"isi berkas"
    asked, fetched = meta.requests
    assert str(asked.url) == f"https://graph.facebook.com/v25.0/1?phone_number_id={OUR_NUMBER}"
    assert fetched.headers["authorization"] == "Bearer token-contoh-rahasia"
    assert fetched.headers["user-agent"].startswith("SimpulAduan/")


@pytest.mark.parametrize(
    "address",
    [
        "https://contoh.example/berkas",
        "http://lookaside.fbsbx.com/berkas",
        "https://fbsbx.com.contoh.example/berkas",
        "https://contohfbsbx.com/berkas",
        "https://lookaside.fbsbx.com@contoh.example/berkas",
        "https://lookaside.fbsbx.com:8443/berkas",
        "https://graph.facebook.com.contoh.example/",
        "http://graph.facebook.com/berkas",
        "https://127.0.0.1/berkas",
        "file:///etc/passwd",
        "bukan alamat",
        "https://[::1/rusak",
        "",
    ],
)
async def test_a_foreign_address_is_never_called(address: str) -> None:
    meta = Meta(address)
    error = await meta.refused()
    assert isinstance(error, Rejected)
    assert error.code == "media_host"
    assert meta.hosts == ["graph.facebook.com"]


@pytest.mark.parametrize("host", ["lookaside.fbsbx.com", "a.b.fbsbx.com", "LOOKASIDE.FBSBX.COM"])
async def test_the_file_servers_of_meta_are_called(host: str) -> None:
    assert await Meta(f"https://{host}/berkas").fetched() == b"isi berkas"


async def test_a_redirect_is_not_followed_wherever_it_leads() -> None:
    away = {"location": "https://contoh.example/berkas"}
    meta = Meta(FILE, files=lambda _: httpx.Response(302, headers=away))
    assert isinstance(await meta.refused(), Rejected)
    assert meta.hosts == ["graph.facebook.com", "lookaside.fbsbx.com"]


async def test_the_configured_host_is_trusted_with_its_port_and_no_other_port() -> None:
    base = "http://127.0.0.1:9000/upstream/whatsapp"

    def answer(request: httpx.Request) -> httpx.Response:
        if "/v25.0/" in request.url.path:
            return httpx.Response(200, json={"url": addresses.pop()})
        return httpx.Response(200, content=b"isi")

    addresses = [
        "http://127.0.0.1:9001/files/1",
        "http://127.0.0.1:9000/upstream/whatsapp/files/1",
    ]
    whatsapp = connector(httpx.MockTransport(answer), base_url=base)
    assert [part async for part in whatsapp.fetch("1", route=None)] == [b"isi"]
    with pytest.raises(Rejected):
        [part async for part in whatsapp.fetch("1", route=None)]
    await whatsapp.aclose()


async def test_an_address_that_ran_out_is_asked_for_once_more() -> None:
    def files(request: httpx.Request) -> httpx.Response:
        return httpx.Response(404 if "mid=1" in str(request.url) else 200, content=b"isi")

    meta = Meta(FILE, FILE.replace("mid=1", "mid=2"), files=files)
    assert await meta.fetched() == b"isi"
    assert len(meta.requests) == 4


async def test_a_file_that_is_gone_twice_is_gone_for_good() -> None:
    meta = Meta(FILE, FILE, files=lambda _: httpx.Response(404))
    assert isinstance(await meta.refused(), NotFound)
    assert len(meta.requests) == 4


async def test_an_id_meta_no_longer_knows_is_gone_for_good() -> None:
    error = {"code": 100, "error_subcode": 33, "message": "does not exist"}
    whatsapp = connector(httpx.MockTransport(lambda _: httpx.Response(400, json={"error": error})))
    with pytest.raises(NotFound):
        [part async for part in whatsapp.fetch("1", route=OUR_NUMBER)]
    await whatsapp.aclose()


async def test_a_token_that_ran_out_pauses_instead_of_giving_the_file_up() -> None:
    assert isinstance(
        await Meta(FILE, files=lambda _: httpx.Response(401)).refused(), Unauthorized
    )


@pytest.mark.parametrize(
    "ref", ["../me", "1/../../x", "..", "1?fields=x", "1#", "", "1\n", "\uff11"]
)
async def test_an_id_that_could_leave_its_place_in_the_address_is_not_asked_for(ref: str) -> None:
    meta = Meta()
    assert isinstance(await meta.refused(ref), NotFound)
    assert meta.requests == []


async def test_a_file_is_dropped_as_soon_as_it_is_too_large() -> None:
    meta = Meta(FILE)
    assert (await meta.refused(max_media_bytes=4)).code == "too_large"
    assert await Meta(FILE).fetched(max_media_bytes=10) == b"isi berkas"
