import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.sp4n.settings import Settings
from connectors.sp4n.translate_out import opened
from hub.contract import Delivery, Mapping, Opening, Place
from hub.contract.privacy import masked
from tests.connectors.sp4n.conftest import SAID_AT

PLACES = (
    "Jl. Veteran No 17 RT 04 RW 12",
    "Jl. Imam Bonjol 119, RT.07/06, Kel. Kandang Panjang",
    "Gang 3 nomor 12, kode pos 51111",
    "Blok C2 No. 8-10 RT 004/RW 012",
    "depan SDN 05, seberang Toko 88",
    "KM 12,5 Pantura",
    "Koordinat: -6.88860, 109.67530",
    "-6.888601 109.675301",
    "pukul 08.00-16.00 sejak 08-12-2026",
    "laporan nomor 10511992 tanggal 18/01/2026 21:14",
    "No. tiket PKL-2026-000123",
    "iuran Rp 15.000.000",
    "08-12-2026 08.00-16.00",
    "jam 08.00-12.00 13.00-16.00",
    "01/02/2026-05/02/2026",
    "2026-12-08 2026-12-09",
)
SEPARATORS = ("", " ", "-", ".")
BETWEEN_DIGITS = ("", " ", ".", "-", "/", "\u00a0", "\u2011", "\u2013")
not_digits = st.characters(exclude_categories=("Nd", "Cs"))
digits = st.text("0123456789", min_size=4, max_size=4)


@st.composite
def niks(draw: Callable[..., str]) -> str:
    number = f"337599{draw(digits)}{draw(digits)}{draw(st.sampled_from(('00', '12')))}"
    mark = draw(st.sampled_from(SEPARATORS))
    if mark and draw(st.booleans()):
        return mark.join((number[:6], number[6:12], number[12:]))
    return mark.join(number[i : i + 4] for i in range(0, 16, 4))


@st.composite
def scattered_niks(draw: Callable[..., str]) -> str:
    """One sign at most between any two digits, each gap on its own."""
    number = f"337599{draw(digits)}{draw(digits)}00"
    gaps = draw(st.lists(st.sampled_from(BETWEEN_DIGITS), min_size=15, max_size=15))
    return "".join(map(str.__add__, number, [*gaps, ""]))


@st.composite
def phones(draw: Callable[..., str]) -> str:
    start = draw(st.sampled_from(("0", "62", "+62", "+62 ")))
    operator = draw(st.sampled_from(("811", "812", "813", "856", "877", "895")))
    mark = draw(st.sampled_from(SEPARATORS))
    return start + mark.join((operator, "0000", draw(digits)))


def only_digits(text: str) -> str:
    return re.sub(r"\D", "", text)


words = st.sampled_from(("hub ", "WA:", "NIK", "nik saya ", "tolong ", "(", "telp. ", "\n", ""))


@given(
    before=words, nik=niks(), after=st.sampled_from(("", ".", " tolong", "tolong", ")", ",Jl."))
)
def test_no_nik_survives_however_it_is_written(before: str, nik: str, after: str) -> None:
    text = masked(f"{before}{nik}{after}")
    assert only_digits(nik) not in only_digits(text)
    assert "[disensor]" in text


@given(
    before=words,
    nik=scattered_niks(),
    after=st.sampled_from(("", ".", " tolong", "tolong", ")", ",Jl.", "/", " - ")),
)
def test_no_nik_survives_one_sign_between_any_of_its_digits(
    before: str, nik: str, after: str
) -> None:
    assert masked(f"{before}{nik}{after}") == f"{before}[disensor]{after}"


@given(place=st.sampled_from(PLACES), nik=scattered_niks())
def test_places_survive_beside_a_scattered_nik(place: str, nik: str) -> None:
    assert masked(f"{place}, {nik}") == f"{place}, [disensor]"


@given(nik=niks(), phone=phones(), mark=st.sampled_from((" ", "/", "-")))
def test_a_nik_and_a_phone_number_in_a_row_are_both_masked(
    nik: str, phone: str, mark: str
) -> None:
    for text in (masked(f"{nik}{mark}{phone}"), masked(f"{phone}{mark}{nik}")):
        assert len(only_digits(text)) < 4


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("33 7501 230485 0001", "[disensor]"),
        ("3375-01 230485.0001", "[disensor]"),
        ("No 17 3375990000000037", "No 17 [disensor]"),
        ("0811-0000-1234 0812-0000-1234", "[disensor] [disensor]"),
        ("3375 9900 0810 0000 0811 0000 0000", "[disensor] [disensor]"),
        ("08-12-2026 (0285) 421123", "08-12-2026 [disensor]"),
        ("08-12-2026 0811-0000-1234", "08-12-2026 [disensor]"),
        ("(0285) 421123 08-12-2026", "[disensor] 08-12-2026"),
    ],
)
def test_numbers_in_a_row_are_told_apart(text: str, seen: str) -> None:
    assert masked(text) == seen


@given(
    before=words, phone=phones(), after=st.sampled_from(("", ".", " tolong", "tolong", ")", "/"))
)
def test_no_phone_number_survives_however_it_is_written(
    before: str, phone: str, after: str
) -> None:
    text = masked(f"{before}{phone}{after}")
    assert only_digits(phone)[-8:] not in only_digits(text)
    assert "[disensor]" in text


@given(place=st.sampled_from(PLACES), nik=niks(), phone=phones())
def test_places_survive_beside_what_is_masked(place: str, nik: str, phone: str) -> None:
    assert masked(f"{nik}, {place}, {phone}") == f"[disensor], {place}, [disensor]"


@pytest.mark.parametrize("place", PLACES)
def test_places_dates_and_ticket_numbers_survive(place: str) -> None:
    assert masked(place) == place


@pytest.mark.parametrize(
    "private",
    [
        "warga.rekaan@contoh.example",
        "(0285) 000123",
        "0 8 1 1 0 0 0 0 1 2 3 4",
        "337599000000003",
        "33759900000000371",
        "33.75.99.000000.0037",
    ],
)
def test_other_ways_to_a_person_are_masked(private: str) -> None:
    assert masked(f"saya {private} ya") == "saya [disensor] ya"


def test_what_was_redacted_before_stays_as_it_was() -> None:
    text = "NIK saya [NOMOR KTP DISENSOR], [EMAIL DISENSOR]"
    assert masked(text) == text


@given(nik=niks(), phone=phones(), filler=st.text(not_digits, max_size=60))
def test_nothing_of_a_reporter_is_in_an_opened_complaint(
    nik: str, phone: str, filler: str
) -> None:
    private = f"NIK {nik} dan {phone} ya"
    complaint = opened(
        Delivery(
            parcel_id="0" * 32,
            ticket="PKL-2026-000123",
            content=(
                opening := Opening(
                    title=private,
                    text=f"{filler}\n{private}\n{filler}",
                    said_at=SAID_AT,
                    place=Place(words=private),
                )
            ),
        ),
        opening,
        settings=Settings(mode="file"),
        mapping=Mapping(name="sp4n", category_out={"-": "110"}),
        file_ids=(),
        kept=(),
    )
    ticket_line = complaint["content"].rpartition("\n")[2]
    content = complaint["content"].removesuffix(ticket_line)
    seen = only_digits(complaint["title"] + " " + content)
    assert only_digits(nik) not in seen
    assert only_digits(phone)[-8:] not in seen
