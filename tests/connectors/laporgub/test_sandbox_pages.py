from collections.abc import AsyncIterator

import pytest
from bs4 import BeautifulSoup

from tests.connectors.laporgub.sandboxed import Province, province

LABEL = "Tiruan (imitasi), dibuat dari kode klien publik — bukan LaporGub Jawa Tengah"


@pytest.fixture
async def there() -> AsyncIterator[Province]:
    new = province()
    async with new.client:
        new.client.headers.pop("X-Api-Key")
        yield new


async def test_anybody_sees_the_timeline_under_both_addresses(there: Province) -> None:
    ticket = await there.reported()
    await there.play("move", ticket=ticket, status="progres", text="Petugas sudah di lokasi.")
    pages = [await there.client.get(f"/detail/{ticket}{end}") for end in ("", ".html")]
    assert pages[0].text == pages[1].text
    nodes = BeautifulSoup(pages[0].text, "html.parser").select(".timeline-content")
    assert [
        [
            node.select_one(f".timeline-{part}").get_text(strip=True)  # type: ignore[union-attr]
            for part in ("title", "user", "description")
        ]
        for node in nodes
    ] == [
        ["Laporan diterima", "Admin LaporGub (tiruan)", ""],
        [
            "PROGRES",
            "Dinas Pekerjaan Umum Bina Marga dan Cipta Karya (tiruan)",
            "Petugas sudah di lokasi.",
        ],
    ]
    assert all(node.select_one(".timeline-date") for node in nodes)


async def test_an_unchanged_page_is_answered_304_until_it_changes(there: Province) -> None:
    ticket = await there.reported()
    first = await there.client.get(f"/detail/{ticket}")
    known = {"If-None-Match": first.headers["etag"]}
    weak = {"If-None-Match": f"W/{first.headers['etag']}"}
    unchanged, weakly = [
        await there.client.get(f"/detail/{ticket}", headers=asked) for asked in (known, weak)
    ]
    await there.play("answer", ticket=ticket, text="Terima kasih.")
    changed = await there.client.get(f"/detail/{ticket}", headers=known)
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert weakly.status_code == 304
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]


async def test_a_secret_complaint_has_no_public_page_but_the_key_still_opens_it(
    there: Province,
) -> None:
    ticket = await there.reported(jenis="0")
    key = {"X-Api-Key": there.imitation.environment()["LAPORGUB_API_KEY"]}
    assert (await there.client.get(f"/detail/{ticket}")).status_code == 404
    assert (await there.client.get(f"/api/aduan/{ticket}", headers=key)).status_code == 200


async def test_an_old_number_and_an_unknown_prefix_have_pages_too(there: Province) -> None:
    old = await there.reported(awalan="lama")
    other = await there.reported(awalan="lgjn")
    assert old.isdigit()
    assert other.startswith("LGJN")
    assert (await there.client.get(f"/main/detail/{old}.html")).status_code == 200
    assert (await there.client.get(f"/detail/{other}")).status_code == 200


async def test_a_captcha_stands_in_front_of_every_page_while_it_is_switched_on(
    there: Province,
) -> None:
    ticket = await there.reported()
    await there.play("switch", captcha="on")
    asked = await there.client.get(f"/detail/{ticket}")
    assert asked.status_code == 200
    assert "bukan robot" in asked.text
    assert "timeline-content" not in asked.text
    await there.play("switch", captcha="off")
    assert "timeline-content" in (await there.client.get(f"/detail/{ticket}")).text


async def test_too_many_requests_are_refused_while_it_is_switched_on(there: Province) -> None:
    ticket = await there.reported()
    await there.play("switch", too_many="on")
    refused = await there.client.get(f"/detail/{ticket}")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")


async def test_every_page_says_that_it_is_an_imitation(there: Province) -> None:
    ticket = await there.reported(jenis="1")
    shown = [
        (await there.client.get(path)).text
        for path in (f"/detail/{ticket}", "/detail/LGWP99999999", "http://sandbox/play/laporgub")
    ]
    for switch in ("captcha", "too_many"):
        await there.play("switch", captcha="off", too_many="off")
        await there.play("switch", **{switch: "on"})
        shown.append((await there.client.get(f"/detail/{ticket}")).text)
    assert all(LABEL in page for page in shown)
    assert len(set(shown)) == 5


async def test_what_a_citizen_wrote_is_text_on_every_page(there: Province) -> None:
    ticket = await there.reported(isi="<script>alert(1)</script>", lokasi='"><b>')
    for path in (f"/detail/{ticket}", "http://sandbox/play/laporgub"):
        page = (await there.client.get(path)).text
        assert "<script>" not in page
        assert "<b>" not in page
        assert "&lt;script&gt;" in page


async def test_the_form_has_the_boxes_of_the_real_one_in_their_order(there: Province) -> None:
    page = BeautifulSoup(
        (await there.client.get("http://sandbox/play/laporgub")).text, "html.parser"
    )
    boxes = page.select("#buat-aduan form [name]")
    assert [box["name"] for box in boxes][:4] == ["isi", "lokasi", "jenis", "lampiran"]


async def test_the_form_files_a_complaint_with_its_file_and_shows_the_number(
    there: Province,
) -> None:
    answer = await there.client.post(
        "http://sandbox/play/laporgub/create",
        data={
            "isi": "Jalan rusak.\r\n\r\nNomor di Simpul Aduan: PKL-2026-000123",
            "lokasi": "Kuripan",
            "jenis": "0",
        },
        files={"lampiran": ("foto.jpg", b"\xff\xd8", "image/jpeg")},
    )
    following = answer.url.join(answer.headers["location"])
    page = BeautifulSoup((await there.client.get(following)).text, "html.parser")
    shown = page.select_one("#nomor-tiket")
    assert answer.status_code == 303
    assert shown is not None
    assert shown.text == "LGWP10000001"
    # Browsers end lines in their own way.
    assert "Jalan rusak.\n\nNomor" in page.text
    assert "1 lampiran" in page.text
    assert "Rahasia" in page.text
    assert there.journal("filed") == [{"external_id": "LGWP10000001", "marker": "PKL-2026-000123"}]
