from typing import Any

import pytest


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("LGWP10000001", "LGWP10000001"),
        ("  lgwp 1000 0001 ", "LGWP10000001"),
        ("#LGWP10000001", "LGWP10000001"),
        ("https://laporgub.jatengprov.go.id/detail/lgwp10000001.html", "LGWP10000001"),
        ("https://laporgub.jatengprov.go.id/aduan-berhasil/LGWP10000001?x=1", "LGWP10000001"),
        ("LGMS1234567", "LGMS1234567"),
        ("155121", "155121"),
    ],
)
def test_a_number_is_put_right_without_a_word(assisted: Any, typed: str, number: str) -> None:
    assert (assisted.number(typed).text, assisted.number(typed).odd) == (number, None)


def test_eight_digits_get_the_prefix_and_a_second_look(assisted: Any) -> None:
    number = assisted.number(" 1000 0001")
    assert number.text == "LGWP10000001"
    assert number.odd == "Kami tambahkan LGWP di depan 10000001; periksa kembali."


@pytest.mark.parametrize("typed", ["JNN-2026-17", "LGWP1", "123456789", "", "\x00", "\ud800"])
def test_any_other_number_is_kept_with_a_warning(assisted: Any, typed: str) -> None:
    number = assisted.number(typed)
    assert "tidak seperti nomor LaporGub" in number.odd
    number.text.encode()


def test_the_pattern_is_a_setting(new: Any) -> None:
    connector = new(ticket_pattern=r"JNN-\d+")
    assert connector.number("jnn-17").odd is None
    assert connector.number("LGWP10000001").odd
