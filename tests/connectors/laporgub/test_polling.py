from typing import Any

import httpx
import pytest

from hub.contract import Mapping, Report, Status, StatusNews
from tests.connectors.laporgub.conftest import API, OPENING, Build, delivery, told


def entry(number: int, changed: str = "2026-03-03T10:00:00+07:00", **other: Any) -> dict[str, Any]:
    return {
        "tiket": f"LGWP1000000{number}",
        "isi": "Jalan rusak",
        "status": "progres",
        "dibuat": "2026-03-02T08:00:00+07:00",
        "diubah": changed,
        **other,
    }


class Province:
    """Their interface: gives these bodies in turn and remembers what it was asked."""

    def __init__(self, *bodies: Any) -> None:
        self._bodies = list(bodies)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return httpx.Response(200, json=self._bodies.pop(0))

    @property
    def queries(self) -> list[dict[str, str]]:
        return [dict(request.url.params) for request in self.asked]


async def walked(connector: Any, cursor: str | None, pages: int) -> list[Any]:
    seen = []
    for _ in range(pages):
        seen.append(await connector.poll(cursor))
        cursor = seen[-1].cursor
    await connector.aclose()
    return seen


async def test_a_cursor_leads_on_and_its_last_page_is_asked_for_again(new: Build) -> None:
    province = Province(
        {"data": [entry(1), entry(2)], "berikut": "c2"},
        {"data": [entry(3)], "berikut": None},
        {"data": [entry(3), entry(4)], "berikut": "c3"},
    )
    first, second, third = await walked(new(province, **API), None, 3)
    assert [page.has_more for page in (first, second, third)] == [True, False, True]
    assert [page.cursor for page in (first, second, third)] == ["c2", "c2", "c3"]
    assert province.queries == [
        {"batas": "2"},
        {"batas": "2", "sejak": "c2"},
        {"batas": "2", "sejak": "c2"},
    ]
    # What was on the page already has not changed, and so has its key.
    assert third.raws[0].key == second.raws[0].key


async def test_pages_are_walked_anew_each_round(new: Build, tables: dict[str, Any]) -> None:
    tables["api"]["list"] |= {"paging": "page", "cursor": "hal", "next": ""}
    province = Province({"data": [entry(1), entry(2)]}, {"data": [entry(3)]}, {"data": []})
    words = Mapping.from_tables("laporgub", tables)
    first, second, third = await walked(new(province, words=words, **API), None, 3)
    assert [page.cursor for page in (first, second, third)] == ["2", None, None]
    assert [query["hal"] for query in province.queries] == ["1", "2", "1"]


async def test_the_newest_change_is_the_cursor_where_they_have_none(
    new: Build, tables: dict[str, Any]
) -> None:
    tables["api"]["list"] |= {"paging": "since"}
    later = "04-03-2026 09:00 WIB"
    province = Province({"data": [entry(1), entry(2, later)]}, {"data": [entry(2, later)]})
    words = Mapping.from_tables("laporgub", tables)
    first, second = await walked(new(province, words=words, **API), None, 2)
    assert (first.cursor, first.has_more) == ("2026-03-04T09:00:00+07:00", True)
    assert (second.cursor, second.has_more) == (first.cursor, False)
    assert second.raws[0].key == first.raws[1].key


async def test_a_full_page_of_one_moment_is_remarked_instead_of_read_for_ever(
    new: Build, tables: dict[str, Any]
) -> None:
    tables["api"]["list"] |= {"paging": "since"}
    words = Mapping.from_tables("laporgub", tables)
    connector = new(Province({"data": [entry(1), entry(2)]}), words=words, **API)
    (page,) = await walked(connector, "2026-03-03T10:00:00+07:00", 1)
    assert not page.has_more
    assert "perbesar LAPORGUB_PAGE_SIZE" in page.remarks[0]


async def test_what_nobody_reads_changes_no_key_and_identity_is_not_kept(new: Build) -> None:
    province = Province(
        {"data": [entry(1, dilihat=7, pelapor={"nama": "Warga Rekaan"})]},
        {"data": [entry(1, dilihat=8)]},
        {"data": [entry(1, status="selesai")]},
    )
    first, second, third = await walked(new(province, **API), None, 3)
    assert first.raws[0].key == second.raws[0].key != third.raws[0].key
    assert b"Warga Rekaan" not in first.raws[0].body


async def test_a_profile_with_other_names_reads_and_writes_them(
    new: Build, tables: dict[str, Any]
) -> None:
    api = tables["api"]
    api["list"] |= {"path": "/v9/list", "items": "result.rows", "next": "result.more"}
    api["item"] |= {"ticket": "no.full", "text": "body", "status": "state.name", "updated": "upd"}
    api["update"] |= {"method": "PUT", "path": "/v9/{tiket}/note", "id": "ok.id"}
    api["update"]["fields"] = {"text": "note.body", "status": "note.state"}
    row = {"no": {"full": "LGWP10000001"}, "body": "Jalan", "state": {"name": "SELESAI"}}
    row |= {"dibuat": "2 Maret 2026 08.00", "upd": "Selasa, 3 Maret 2026 pukul 10.00 WIB"}
    province = Province({"result": {"rows": [row], "more": None}}, {"ok": {"id": 9}})
    given = API | {"auth_header": "Authorization", "auth_prefix": "Bearer"}
    connector = new(province, words=Mapping.from_tables("laporgub", tables), **given)
    (raw,) = (await connector.poll(None)).raws
    report, status = connector.read(raw)
    assert isinstance(report, Report)
    assert isinstance(status, StatusNews)
    assert (report.said_at.isoformat(), status.at.isoformat()) == (
        "2026-03-02T01:00:00+00:00",
        "2026-03-03T03:00:00+00:00",
    )
    pushed = await connector.push(delivery(told(Status.VERIFIED)))
    assert pushed.external_id == "9"
    asked = province.asked[1]
    assert (asked.method, asked.url.path) == ("PUT", "/v9/LGWP10000001/note")
    assert asked.headers["authorization"] == "Bearer kunci-rekaan-untuk-uji"
    assert b'"state":"verifikasi"' in asked.content
    await connector.aclose()


async def test_without_a_search_a_person_looks_for_what_is_in_doubt(
    new: Build, tables: dict[str, Any]
) -> None:
    del tables["api"]["search"]
    connector = new(Province(), words=Mapping.from_tables("laporgub", tables), **API)
    found = await connector.find(delivery(OPENING))
    assert "tidak punya pencarian" in found.reason
    await connector.aclose()


async def test_their_list_of_cities_is_compared_with_ours(new: Build) -> None:
    rows = [{"id": "3374", "name": "KOTA SEMARANG"}, {"id": 3375, "name": "KOTA PEKALONGAN"}]
    connector = new(Province({"data": rows}), **API)
    masters = await connector.masters()
    assert connector.check_masters(masters) == ()
    await connector.aclose()
    other = new(Province(), region_id="3399", **API)
    assert "LAPORGUB_REGION_ID 3399" in other.check_masters(masters)[0]
    await other.aclose()


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("SELESAI ", "closed"),
        ("Tuntas", "closed"),
        ("verifikasi", "verified"),
        ("Diverifikasi", "verified"),
        ("Belum Diverifikasi", "received"),
        ("progres", "in_progress"),
        ("Dalam  Tindakan", "in_progress"),
        ("belum dijawab", "received"),
        ("Menunggu", "received"),
        ("Tidak Layak", "archived"),
        ("SPAM", "archived"),
        ("Laporan ditolak", "archived"),
        ("bukan wewenang", "referred"),
        ("Disposisi ke Dinas PU", "forwarded"),
        ("dikembalikan", None),
        ("dialihkan ke JNN", None),
    ],
)
def test_their_status_words_mean_ours(mapping: Mapping, word: str, status: str | None) -> None:
    assert mapping.to_status(word) == status


SECTORS = """infrastruktur, sosial masyarakat, pendidikan, permades dan kependudukan, energi,
kepegawaian, lingkungan, keuangan dan aset, kesehatan, lain-lain, ekonomi dan industri, bencana,
forkominda, pertanian, pembangunan daerah, pariwisata dan budaya, saberpungli"""


def test_all_seventeen_categories_are_known_with_stray_blanks(mapping: Mapping) -> None:
    words = [" ".join(word.split()) for word in SECTORS.split(",")]
    assert len(words) == 17
    assert all(mapping.to_category(f" {word.upper()}  ") for word in words)
    assert set(mapping.category_out.values()) <= set(words)
