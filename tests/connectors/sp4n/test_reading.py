import html
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.sp4n import payloads
from connectors.sp4n.fingerprint import fingerprint
from connectors.sp4n.moments import moment, worded
from connectors.sp4n.offline import OfflineSp4n
from connectors.sp4n.settings import Settings
from connectors.sp4n.source import PollingSp4n, Sp4n
from connectors.sp4n.translate_out import our_mark
from connectors.sp4n.wording import cleaned, cut, filled, plain, repaired
from hub.contract import Mapping, Raw, Report, StatusNews, Unreadable, UnreadableError
from tests.connectors.sp4n.conftest import answering

KEYS = (
    "results", "data", "data_logs", "status_logs", "status_name", "status_new", "date",
    "created_at", "institution_from", "institution_to_name", "content", "template_code",
    "template_content", "attachments", "docs", "path", "id", "name", "0", "1", "note",
)  # fmt: skip
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(
        ("01-02-2026 10:00:00", "99-99-9999 10:00:00", "9999-12-31T23:59:59-14:00", "\ud800", "\0",
         "Ditutup oleh Sistem", "{{ institution_to }}", "<b>", '{"status_new": [1]}', "{"),
    )
)  # fmt: skip
hostile = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=25,
)
cells = st.dictionaries(st.sampled_from(sorted(payloads.COLUMNS)), hostile, max_size=8)
bodies = (
    hostile
    | st.fixed_dictionaries({"detail": hostile, "followups": hostile, "seen": hostile})
    | st.fixed_dictionaries(
        {
            "detail": st.fixed_dictionaries(
                {"results": st.fixed_dictionaries({"data": hostile, "data_logs": hostile})}
            ),
            "followups": hostile,
        }
    )
    | st.fixed_dictionaries({"row": cells | hostile, "file": hostile, "generated": hostile})
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=bodies)
def test_reading_is_total_over_hostile_json(mapping: Mapping, body: Any) -> None:
    reader = OfflineSp4n(Settings(mode="file"), mapping)
    try:
        news = list(reader.read(Raw(key="k", body=json.dumps(body).encode(), external_id=None)))
    except UnreadableError:
        assert not isinstance(body, dict)
        return
    assert news
    for each in news:
        repr(each).encode()
        assert "\0" not in repr(each)


@given(body=st.binary(max_size=40))
def test_what_is_no_json_is_unreadable_and_nothing_worse(body: bytes) -> None:
    reader = OfflineSp4n(Settings(mode="file"), Mapping(name="sp4n"))
    try:
        news = list(reader.read(Raw(key="k", body=body)))
    except UnreadableError:
        return
    assert all(isinstance(each, Unreadable | Report | StatusNews) for each in news)


def test_json_nested_too_deep_is_unreadable(reader: Any) -> None:
    for depth in (500, 100_000):
        body = b'{"detail":' + b"[" * depth + b"]" * depth + b"}"
        try:
            assert list(reader.read(Raw(key="k", body=body)))
        except UnreadableError:
            continue


def detail(**data: Any) -> dict[str, Any]:
    logs = [{"date": "02-03-2026 08:00:00", "status_new": {"name": "Terverifikasi"}}]
    return {"results": {"data": {"status_name": "Terverifikasi"} | data, "data_logs": logs}}


def test_a_countdown_or_a_counter_that_moves_on_is_no_news() -> None:
    one = fingerprint(detail(tenggat="9 hari", dilihat=3, note="Selesai otomatis dalam 9 hari"))
    other = fingerprint(detail(tenggat="8 hari", dilihat=7, note="Selesai otomatis dalam 8 hari"))
    assert one == other


@pytest.mark.parametrize(
    "changed",
    [
        {"status_name": "Ditutup oleh Admin"},
        {"disposition_name": "Dinas Lain"},
        {"status_logs": [{"note": "Mohon foto"}]},
    ],
)
def test_what_we_read_makes_another_fingerprint(changed: dict[str, Any]) -> None:
    assert fingerprint(detail()) != fingerprint(detail(**changed))


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "UTC"])
def test_times_of_the_api_are_in_the_zone_of_the_setting(
    mapping: Mapping, new_settings: Callable[..., Settings], zone: str
) -> None:
    reader = OfflineSp4n(new_settings(timezone=zone), mapping)
    body = json.dumps({"detail": detail(), "followups": []}).encode()
    [news] = reader.read(Raw(key="k", body=body, external_id="1"))
    assert isinstance(news, StatusNews)
    assert news.at == datetime(2026, 3, 2, 1 if zone == "Asia/Jakarta" else 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "time", "expected"),
    [
        ("9 Jan 2024", "04:05:34", "2024-01-09T04:05:34+00:00"),
        ("29 May 2023", "23:59:59", "2023-05-29T23:59:59+00:00"),
        ("1 Agustus 2025", "00.00.01", "2025-08-01T00:00:01+00:00"),
        ("01 Peb 2025", "", "2025-02-01T00:00:00+00:00"),
        ("5 DES. 2025", "07:00", "2025-12-05T07:00:00+00:00"),
        ("2025-12-05", "07:00:00", "2025-12-05T07:00:00+00:00"),
        ("05-12-2025", "07:00:00", "2025-12-05T07:00:00+00:00"),
        ("2025-12-05 07:00:00", "", "2025-12-05T07:00:00+00:00"),
        ("31 Feb 2025", "07:00:00", None),
        ("5 Foo 2025", "07:00:00", None),
        ("5 Des 2025", "25:00:00", None),
        ("", "", None),
    ],
)
def test_dates_of_exports_in_both_languages(day: str, time: str, expected: str | None) -> None:
    at = worded(day, time, Settings(mode="file").export_zone)
    assert (at.isoformat() if at else None) == expected


def test_a_time_outside_the_calendar_is_no_time() -> None:
    zone = Settings(mode="file").zone
    assert moment("0001-01-01T00:00:00", zone) is None
    assert moment("9999-12-31T23:59:59-14:00", zone) is None


@given(text=st.text())
def test_mojibake_is_mended_and_what_is_right_stays_right(text: str) -> None:
    broken = "".join(
        bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode()
    )
    ascii_only = text.encode("ascii", "ignore").decode()
    assert repaired(ascii_only) == ascii_only
    if text and all(ord(sign) > 0x2FF for sign in text):
        assert repaired(broken) == text


@pytest.mark.parametrize("text", ["Wali Kota é", "“x” — ok…", "à la carte ©", "naïve café 20°"])
def test_text_that_only_looks_odd_is_left_alone(text: str) -> None:
    assert repaired(text) == text
    assert cleaned(text) == text


def test_scripts_go_and_their_words_with_them() -> None:
    assert (
        plain("<p>Sudah<br>beres</p><script>curi()</script><style>p{}</style>") == "Sudah\nberes"
    )
    assert plain('<a href="javascript:x">tautan</a> &lt;b&gt; 3 < 5') == "tautan <b> 3 < 5"


def test_a_placeholder_nobody_can_fill_is_left_out() -> None:
    words = {"institution_to": "Dinas Contoh"}
    assert filled("ke {{institution_to_link}} {{ apa }}!", words) == "ke Dinas Contoh !"


@given(text=st.text(), limit=st.integers(1, 50))
def test_a_cut_text_is_never_longer_than_its_limit(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= max(limit, 1)


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Sudah.\n(ref. PKL-2026-000123/0123456789ab)", "0123456789ab"),
        ("Sudah. (ref. PKL-2026-000123/0123456789ab)", "0123456789ab"),
        ("(ref. PKL-2026-000123/0123456789ab)", "0123456789ab"),
        ("Sudah.\n(ref. PKL-2026-000123/0123456789ab)\nLampu sudah menyala.", None),
        ("Menjawab (ref. PKL-2026-000123/0123456789ab): sudah.", None),
        ("Baris satu.\nMenjawab (ref. PKL-2026-000123/0123456789ab)", None),
        ("(ref. PKL-2026-000123/0123456789ab).", None),
        ("Sudah.", None),
        ("", None),
    ],
)
def test_only_what_ends_in_our_marker_is_ours(text: str, mark: str | None) -> None:
    assert our_mark(text) == mark


@given(below=st.text(min_size=1).filter(lambda text: plain(text) and "ref." not in text))
def test_nothing_that_is_written_below_a_quote_of_us_is_swallowed(below: str) -> None:
    quoted = "Sudah.<br>(ref. PKL-2026-000123/0123456789ab)<br>"
    assert our_mark(plain(quoted + html.escape(below))) is None


async def test_a_status_that_returns_without_a_history_is_news_again(
    mapping: Mapping, new_settings: Callable[..., Settings]
) -> None:
    def undated(word: str, day: int) -> dict[str, Any]:
        data = {"status_name": word, "updated_at": f"0{day}-03-2026 08:00:00"}
        return {"results": {"data": data, "data_logs": []}}

    looks = (
        undated("Terverifikasi", 1), undated("Terverifikasi", 1),
        undated("Menunggu Kelengkapan Informasi", 2), undated("Terverifikasi", 3),
    )  # fmt: skip
    none = httpx.Response(200, json={"results": {"data": []}})
    answers = [each for look in looks for each in (httpx.Response(200, json=look), none)]
    transport, _ = answering(*answers)
    connector = Sp4n(new_settings(), mapping, transport=transport)
    raws = [await connector.inspect("9200001") for _ in looks]
    keys = [news.key for raw in raws for news in connector.read(raw)]
    assert len({raw.key for raw in raws}) == len(set(keys)) == 3
    assert raws[0].key == raws[1].key


async def test_a_listed_status_that_returns_is_kept_again(
    mapping: Mapping, new_settings: Callable[..., Settings]
) -> None:
    entries = [
        {"id": 1, "created_at": "01-03-2026 08:00:00", "status_name": word, "updated_at": at}
        for word, at in (
            ("Terverifikasi", "01-03-2026 08:00:00"),
            ("Ditunda", "02-03-2026 08:00:00"),
            ("Terverifikasi", "03-03-2026 08:00:00"),
        )
    ]
    pages = (httpx.Response(200, json={"results": {"data": [entry]}}) for entry in entries)
    transport, _ = answering(*pages)
    connector = PollingSp4n(new_settings(inbound_path="/x"), mapping, transport=transport)
    raws = [raw for _ in entries for raw in (await connector.poll(None)).raws]
    assert len({raw.key for raw in raws}) == 3
