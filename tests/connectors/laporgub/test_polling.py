from typing import Any

import httpx
import pytest

from hub.contract import (
    Mapping,
    Raw,
    Report,
    Status,
    StatusNews,
    UnreadableError,
    Unsendable,
    UpstreamError,
)
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


async def test_only_what_the_profile_names_is_kept_of_an_answer(new: Build) -> None:
    line = {"isi": "Tim meninjau", "waktu": "2026-03-03T10:00:00+07:00", "judul": "Progres"}
    identity: dict[str, Any] = {
        "nama_pelapor": "Warga Rekaan",
        "telp": "081100001234",
        "user": {"nik": "nik-1"},
    }
    lines = [line | {"pelapor": "Warga Rekaan", "petugas": {"nama": "Warga Rekaan"}}]
    whole = entry(1, linimasa=lines, pelapor={"nama": "Warga Rekaan"}, **identity)
    connector = new(Province({"data": [whole]}, {"data": whole}), **API)
    raws = [*(await connector.poll(None)).raws, await connector.inspect("LGWP10000001")]
    for raw in raws:
        for secret in (b"Warga Rekaan", b"081100001234", b"nik-1", b"pelapor", b"telp"):
            assert secret not in raw.body
    (status,) = connector.read(raws[1])
    assert [answer.text for answer in status.answers] == ["Tim meninjau"]
    await connector.aclose()


async def test_a_field_the_hub_has_no_word_for_is_not_kept_though_the_profile_names_it(
    new: Build, tables: dict[str, Any]
) -> None:
    tables["api"]["item"]["reporter"] = "pelapor.nama"
    words = Mapping.from_tables("laporgub", tables)
    whole = entry(1, pelapor={"nama": "Warga Rekaan"})
    connector = new(Province({"data": [whole]}), words=words, **API)
    (page,) = await walked(connector, None, 1)
    assert b"Warga Rekaan" not in page.raws[0].body


@pytest.mark.parametrize(
    ("kind", "secret"),
    [
        (0, True),
        ("0", True),
        ("0.0", True),
        (0.0, True),
        ("0 (rahasia)", True),
        ("Rahasia", True),
        (" PRIVATE ", True),
        ("privat", True),
        (1, False),
        ("1 (publik)", False),
        ("publik", False),
        ("", False),
    ],
)
async def test_secret_is_known_however_it_is_written(new: Build, kind: Any, secret: bool) -> None:
    connector = new(Province({"data": [entry(1, jenis=kind)]}), **API)
    (page,) = await walked(connector, None, 1)
    report, _ = connector.read(page.raws[0])
    assert report.secret is secret


@pytest.mark.parametrize("kinds", [{"public": 0, "secret": 1}, {"public": False, "secret": True}])
async def test_the_profile_says_which_kind_is_secret(
    new: Build, tables: dict[str, Any], kinds: dict[str, Any]
) -> None:
    tables["api"]["create"]["jenis"] = kinds
    words = Mapping.from_tables("laporgub", tables)
    rows = [entry(1, jenis=kinds["secret"]), entry(2, jenis=kinds["public"])]
    connector = new(Province({"data": rows, "berikut": None}), words=words, **API)
    (page,) = await walked(connector, None, 1)
    reports = [next(connector.read(raw)) for raw in page.raws]
    assert [report.secret for report in reports] == [True, False]


async def test_one_date_in_the_future_does_not_silence_the_list(
    new: Build, tables: dict[str, Any]
) -> None:
    tables["api"]["list"] |= {"paging": "since"}
    rows = [entry(1), entry(2, "2099-03-03T10:00:00+07:00")]
    province = Province({"data": rows}, {"data": rows[1:] * 2})
    connector = new(province, words=Mapping.from_tables("laporgub", tables), **API)
    first, second = await walked(connector, None, 2)
    assert first.cursor == second.cursor == "2026-03-03T10:00:00+07:00"
    assert [len(page.raws) for page in (first, second)] == [2, 2]
    (remark,) = first.remarks
    assert remark == (
        "Waktu ubah '2099-03-03T10:00:00+07:00' pada daftar LaporGub ada di masa depan; tidak "
        "dipakai sebagai batas."
    )
    assert not second.has_more
    assert "tidak terjangkau" in second.remarks[0]


async def test_what_is_the_future_is_told_by_their_clock(
    new: Build, tables: dict[str, Any]
) -> None:
    tables["api"]["list"] |= {"paging": "since"}
    told = {"date": "Fri, 06 Mar 2026 03:00:00 GMT"}
    rows = [entry(1), entry(2, "2026-03-09T10:00:00+07:00")]

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"data": rows}, headers=told)

    connector = new(answer, words=Mapping.from_tables("laporgub", tables), **API)
    (page,) = await walked(connector, None, 1)
    assert page.cursor == "2026-03-03T10:00:00+07:00"


async def test_cursors_in_a_circle_end_a_round(new: Build) -> None:
    a, b = {"data": [entry(1)], "berikut": "b"}, {"data": [entry(2)], "berikut": "a"}
    pages = await walked(new(Province(a, b, a, b, a), **API), "a", 5)
    assert [page.has_more for page in pages] == [True, True, False, True, True]
    assert "mengulang halaman" in pages[2].remarks[0]


async def test_a_list_that_ignores_the_page_number_ends_a_round(
    new: Build, tables: dict[str, Any]
) -> None:
    tables["api"]["list"] |= {"paging": "page", "cursor": "hal", "next": ""}
    same = {"data": [entry(1), entry(2)]}
    words = Mapping.from_tables("laporgub", tables)
    first, second = await walked(new(Province(same, same), words=words, **API), None, 2)
    assert (first.cursor, first.has_more) == ("2", True)
    assert (second.cursor, second.has_more) == (None, False)


async def test_a_round_is_never_longer_than_its_limit_and_goes_on_later(new: Build) -> None:
    bodies = [{"data": [entry(number)], "berikut": f"c{number}"} for number in range(201)]
    pages = await walked(new(Province(*bodies), **API), None, 201)
    assert [page.has_more for page in pages[198:]] == [True, False, True]
    assert pages[199].cursor == "c199"


@pytest.mark.parametrize("said", ["lgwp 10000009", "https://laporgub.example/detail/LGWP10000009"])
async def test_the_number_of_what_was_opened_is_put_right(new: Build, said: str) -> None:
    connector = new(Province({"data": {"tiket": said}}), **API)
    assert (await connector.push(delivery(OPENING))).external_id == "LGWP10000009"
    await connector.aclose()


async def test_what_is_found_without_a_number_is_left_to_a_person(new: Build) -> None:
    nameless = {"nomor_luar": "PKL-2026-000123", "isi": "Jalan rusak"}
    connector = new(Province({"data": [nameless]}), **API)
    found = await connector.find(delivery(OPENING))
    assert "tanpa nomor" in found.reason
    await connector.aclose()


@pytest.mark.parametrize(
    ("do", "answer", "sentence"),
    [
        ("push", httpx.Response(201, json={"data": {}}), "tidak menyebut nomor aduan"),
        ("push", httpx.Response(409, json={}), "mungkin sudah ada di LaporGub"),
        ("poll", httpx.Response(200, json={"data": 1}), "tidak memuat daftar pada 'data'"),
        ("inspect", httpx.Response(200, json={"data": 1}), "tidak memuat aduan"),
    ],
)
async def test_what_operators_read_of_a_failure_is_in_their_language(
    new: Build, do: str, answer: httpx.Response, sentence: str
) -> None:
    connector = new(lambda _: answer, **API)
    given = {"push": delivery(OPENING), "poll": None, "inspect": "LGWP10000001"}[do]
    with pytest.raises(UpstreamError) as caught:
        await getattr(connector, do)(given)
    assert sentence in caught.value.detail
    await connector.aclose()


async def test_news_of_a_complaint_without_a_number_is_refused_in_their_language(
    new: Build,
) -> None:
    connector = new(Province(), **API)
    with pytest.raises(Unsendable, match="belum punya nomor LaporGub"):
        await connector.push(delivery(told(Status.VERIFIED), external_id=None))
    await connector.aclose()


@pytest.mark.parametrize(("body", "sentence"), [(b"[]", "bukan objek"), (b"5", "bukan objek")])
def test_a_body_that_cannot_be_read_says_so_in_their_language(
    new: Build, body: bytes, sentence: str
) -> None:
    with pytest.raises(UnreadableError, match=sentence):
        list(new().read(Raw(key="x", body=body)))
