from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from connectors.sp4n import build
from connectors.sp4n.check import faults
from connectors.sp4n.settings import Settings
from hub.contract import Mapping

Change = Callable[[dict[str, Any]], object]

WRONG: dict[str, tuple[Change, str]] = {
    "without do": (
        lambda words: words["status_out"]["closed"].pop("do"),
        "[status_out.closed] belum punya do; tulis do = salah satu dari nothing, follow_up, refer.",
    ),
    "unknown do": (
        lambda words: words["status_out"]["closed"].update(do="close"),
        "[status_out.closed] punya do = 'close', yang tidak dikenal; tulis do = salah satu dari ",
    ),
    "without text": (
        lambda words: words["status_out"]["answered"].update(text=" "),
        "[status_out.answered] belum punya text; tulis kalimat yang dibaca warga",
    ),
    "unknown placeholder": (
        lambda words: words["status_out"]["answered"].update(text="{agency}: {note}"),
        "[status_out.answered] text memakai {note}; yang diisi hanya {agency}.",
    ),
    "unknown expectation": (
        lambda words: words["status_out"]["closed"].update(expect=["ditutup"]),
        "[status_out.closed] expect = ['ditutup']; tulis daftar [...] dari received, ",
    ),
    "expectation without a list": (
        lambda words: words["status_out"]["closed"].update(expect="answered"),
        "[status_out.closed] expect = 'answered'; tulis daftar [...] dari ",
    ),
    "no table": (
        lambda words: words["status_out"].update(closed="tutup"),
        "[status_out.closed] bukan tabel; tulis do dan text di bawahnya.",
    ),
    "category in words": (
        lambda words: words["category_out"].update(jalan="Infrastruktur Jalan"),
        "[category_out] jalan = 'Infrastruktur Jalan' bukan angka; tulis category_id",
    ),
    "agency in words": (
        lambda words: words["agency"].update(Damkar="damkar"),
        "[agency] 'Damkar' = 'damkar' bukan angka; tulis ID instansi",
    ),
    "agency true": (
        lambda words: words["agency"].update(Damkar=True),
        "[agency] 'Damkar' = True bukan angka; tulis ID instansi",
    ),
    "agencies without a table": (
        lambda words: words.update(agency="990101"),
        "[agency] bukan tabel; tulis baris seperti",
    ),
}


@pytest.mark.parametrize(("change", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_what_would_fail_at_a_push_is_named_before(
    new_settings: Callable[..., Settings], tables: dict[str, Any], change: Change, sentence: str
) -> None:
    words = deepcopy(tables)
    change(words)
    with pytest.raises(ValueError, match=r"^mappings/sp4n\.toml: ") as caught:
        build(new_settings(), Mapping.from_tables("sp4n", words))
    [line] = str(caught.value).splitlines()
    assert line.startswith(f"mappings/sp4n.toml: {sentence}")


def test_everything_wrong_is_named_at_once_a_sentence_a_line(
    new_settings: Callable[..., Settings], tables: dict[str, Any]
) -> None:
    words = deepcopy(tables)
    words["status_out"]["closed"] = {}
    words["agency"]["Damkar"] = "x"
    with pytest.raises(ValueError, match="Damkar") as caught:
        build(new_settings(), Mapping.from_tables("sp4n", words))
    assert len(str(caught.value).splitlines()) == 3


def test_ids_may_be_numbers_or_text(tables: dict[str, Any]) -> None:
    words = deepcopy(tables)
    words["agency"]["Damkar"] = 990102
    words["category_out"]["jalan"] = 928
    assert not list(faults(Mapping.from_tables("sp4n", words)))


def test_what_people_carry_is_checked_like_what_is_pushed(tables: dict[str, Any]) -> None:
    words = deepcopy(tables)
    words["status_out"]["closed"] = {}
    with pytest.raises(ValueError, match=r"\[status_out\.closed\] belum punya do"):
        build(Settings(mode="file"), Mapping.from_tables("sp4n", words))


@pytest.mark.parametrize("names", [{}, {"928": " "}, "Infrastruktur Jalan"])
def test_people_need_a_name_for_every_category_the_api_does_not(
    new_settings: Callable[..., Settings], tables: dict[str, Any], names: Any
) -> None:
    words = {**deepcopy(tables), "category_out": {"jalan": "928"}, "category_name": names}
    mapping = Mapping.from_tables("sp4n", words)
    with pytest.raises(ValueError, match=r"\[category_name\]") as caught:
        build(Settings(mode="assisted"), mapping)
    assert len(str(caught.value).splitlines()) == 1
    assert build(new_settings(), mapping).name == "sp4n"
