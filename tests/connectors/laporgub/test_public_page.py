from typing import Any

import httpx
import pytest

from connectors.laporgub.page import PageReader
from connectors.laporgub.profile_reading import profile_of
from connectors.laporgub.settings import Settings
from hub.contract import Held, NotFound, Status, Throttled, Unavailable, Unreachable, UpstreamError
from tests.connectors.laporgub.conftest import NUMBER, Build

PAGE = """<html><h1>Aduan</h1><p>Telepon/Email: 081100001234</p>
<div class="timeline">
 <div class="timeline-content"><h3 class="timeline-title"> Progres </h3>
  <span class="timeline-date">03-03-2026 10:00 WIB</span>
  <span class="timeline-user">Dinas PU Bina Marga</span>
  <div class="timeline-description"><p>Tim <b>meninjau</b>.</p><script>x()</script></div></div>
 <div class="timeline-content"><h3 class="timeline-title">Menunggu</h3>
  <span class="timeline-date">02-03-2026 08:00 WIB</span>
  <span class="timeline-user">Warga Rekaan</span>
  <div class="timeline-description">Jalan rusak, hub 081100001234</div></div>
</div></html>"""
CAPTCHA = "<html><h1>Verifikasi bahwa Anda bukan robot</h1></html>"


class Site:
    """Their site: gives these answers in turn, the last one again and again."""

    def __init__(self, *answers: httpx.Response | type[httpx.TransportError]) -> None:
        self._answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, type):
            raise answer("made to fail", request=request)
        return answer


class Watch:
    """A clock that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def reader_of(site: Site, tables: Any, **given: Any) -> tuple[PageReader, Watch]:
    settings, watch = Settings(mode="assisted", read_page=True, **given), Watch()
    transport = httpx.MockTransport(site)
    return PageReader(settings, profile_of(tables), transport=transport, clock=watch), watch


async def failure_of(reader: PageReader, number: str = NUMBER) -> UpstreamError:
    with pytest.raises(UpstreamError) as caught:
        await reader.look(number)
    return caught.value


async def test_the_newest_title_is_the_status_and_citizens_are_not_kept(new: Build) -> None:
    site = Site(httpx.Response(200, html=PAGE))
    connector = new(
        site, read_page=True, page_agent="SimpulAduan/0.1 (+diskominfo@contoh.example)"
    )
    raw = await connector.inspect(NUMBER)
    (news,) = connector.read(raw)
    assert (news.external_id, news.theirs, news.status) == (NUMBER, "Progres", Status.IN_PROGRESS)
    assert [(each.text, each.author) for each in news.answers] == [
        ("Tim meninjau.", "Dinas PU Bina Marga")
    ]
    assert b"081100001234" not in raw.body
    assert b"Warga Rekaan" not in raw.body
    assert site.asked[0].headers["user-agent"] == "SimpulAduan/0.1 (+diskominfo@contoh.example)"
    assert str(site.asked[0].url) == f"https://laporgub.jatengprov.go.id/detail/{NUMBER}"
    await connector.aclose()


async def test_the_other_form_of_the_address_is_a_setting(tables: Any) -> None:
    site = Site(httpx.Response(200, html=PAGE))
    reader, _ = reader_of(site, tables, page_url="https://x.example/detail/{ticket}.html")
    await reader.look("LG/1")
    assert str(site.asked[0].url) == "https://x.example/detail/LG%2F1.html"
    await reader.aclose()


async def test_an_unchanged_page_is_asked_for_conditionally_and_keeps_its_key(tables: Any) -> None:
    told = {"etag": '"e1"', "last-modified": "Tue, 03 Mar 2026 03:00:00 GMT"}
    site = Site(httpx.Response(200, html=PAGE, headers=told), httpx.Response(304))
    reader, watch = reader_of(site, tables)
    first = await reader.look(NUMBER)
    watch.now += 21_600
    again = await reader.look(NUMBER)
    assert again.key == first.key
    assert site.asked[1].headers["if-none-match"] == '"e1"'
    assert site.asked[1].headers["if-modified-since"] == told["last-modified"]
    await reader.aclose()


async def test_only_the_timeline_makes_a_new_key(tables: Any) -> None:
    pages = (PAGE, PAGE.replace("Aduan", "Aduan (7 dilihat)"), PAGE.replace("meninjau", "selesai"))
    reader, watch = reader_of(Site(*(httpx.Response(200, html=page) for page in pages)), tables)
    keys = []
    for _ in pages:
        keys.append((await reader.look(NUMBER)).key)
        watch.now += 21_600
    assert keys[0] == keys[1] != keys[2]
    await reader.aclose()


@pytest.mark.parametrize("answer", [httpx.Response(200, html=PAGE), httpx.Response(404)])
async def test_a_page_is_not_read_again_before_its_time(
    tables: Any, answer: httpx.Response
) -> None:
    site = Site(answer)
    reader, watch = reader_of(site, tables)
    for now in (0, 60, 21_599):
        watch.now = now
        if answer.is_success:
            await reader.look(NUMBER)
        else:
            assert isinstance(await failure_of(reader), NotFound)
    assert len(site.asked) == 1
    watch.now = 21_600
    await reader.look(NUMBER) if answer.is_success else await failure_of(reader)
    assert len(site.asked) == 2
    await reader.aclose()


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        (httpx.Response(403), Held, "page_403"),
        (httpx.Response(200, html=CAPTCHA), Held, "captcha"),
        (httpx.Response(429, headers={"retry-after": "90"}), Throttled, "throttled"),
    ],
)
async def test_who_is_not_wanted_stops_reading_every_page(
    tables: Any, answer: httpx.Response, kind: type[UpstreamError], code: str
) -> None:
    site = Site(answer)
    reader, watch = reader_of(site, tables)
    errors = [await failure_of(reader, number) for number in (NUMBER, "LGWP10000002")]
    assert [(type(each), each.code) for each in errors] == [(kind, code)] * 2
    assert len(site.asked) == 1
    watch.now = 21_600
    await failure_of(reader, "LGWP10000002")
    assert len(site.asked) == 2
    await reader.aclose()


async def test_a_login_is_never_tried(tables: Any) -> None:
    site = Site(
        httpx.Response(302, headers={"location": "/login"}), httpx.Response(200, html="<form>")
    )
    reader, _ = reader_of(site, tables)
    assert (await failure_of(reader)).code == "page_login"
    assert [request.method for request in site.asked] == ["GET", "GET"]
    await reader.aclose()


async def test_a_page_without_a_timeline_is_no_news(tables: Any) -> None:
    reader, _ = reader_of(Site(httpx.Response(200, html="<p>Pemeliharaan</p>")), tables)
    error = await failure_of(reader)
    assert (type(error), error.code) == (Unavailable, "no_timeline")
    await reader.aclose()


async def test_a_page_that_was_not_reached_may_be_tried_again_at_once(tables: Any) -> None:
    site = Site(httpx.ConnectError, httpx.Response(200, html=PAGE))
    reader, _ = reader_of(site, tables)
    assert isinstance(await failure_of(reader), Unreachable)
    await reader.look(NUMBER)
    await reader.aclose()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Dinas PU Bina Marga", True),
        ("DINAS-PU", True),
        ("Admin LaporGub", True),
        ("Badan Pendapatan Daerah", True),
        ("Kota Pekalongan", True),
        ("Dinasti Putri", False),
        ("Badan Suwito", False),
        ("Adminah", False),
        ("Pelapor (Kota Pekalongan)", False),
        ("Warga Kota", False),
    ],
)
async def test_a_name_is_kept_only_if_it_is_an_office(tables: Any, name: str, kept: bool) -> None:
    page = PAGE.replace("Dinas PU Bina Marga", name)
    reader, _ = reader_of(Site(httpx.Response(200, html=page)), tables)
    assert (name.encode() in (await reader.look(NUMBER)).body) is kept
    await reader.aclose()


async def test_a_phone_number_in_a_title_is_not_kept(tables: Any) -> None:
    page = PAGE.replace("> Progres <", "> Hubungi 081100001234 <")
    reader, _ = reader_of(Site(httpx.Response(200, html=page)), tables)
    assert b"081100001234" not in (await reader.look(NUMBER)).body
    await reader.aclose()


async def test_a_redirect_is_followed_only_on_their_own_site(tables: Any) -> None:
    away = httpx.Response(302, headers={"location": "https://lain.example/masuk"})
    site = Site(away)
    reader, _ = reader_of(site, tables)
    error = await failure_of(reader)
    assert (type(error), error.code) == (Held, "page_elsewhere")
    assert [request.url.host for request in site.asked] == ["laporgub.jatengprov.go.id"]
    await reader.aclose()
    near = httpx.Response(301, headers={"location": f"/detail/{NUMBER}.html"})
    reader, _ = reader_of(Site(near, httpx.Response(200, html=PAGE)), tables)
    assert (await reader.look(NUMBER)).external_id == NUMBER
    await reader.aclose()
