"""Rules of routing: the first that fits, proven to leave no complaint without one."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.routing import EVERYWHERE, NO_RULE, Routes, Subject
from hub.domain.routing_proof import problems, remarks
from hub.domain.routing_tables import routes_of

ROOT = Path(__file__).parents[3]
REAL = routes_of(tomllib.loads((ROOT / "mappings" / "routes.toml").read_text(encoding="utf-8")))
CATEGORIES = ("jalan", "sampah")
CHANNELS = ("whatsapp", "operator", "sp4n")
ALL = {"name": "semua", "to": ["sp4n"], "why": "x"}
OWNERS = [
    {"name": "provinsi", "words": ["jalan provinsi"], "roads": ["Jalan Contoh Lingkar"]},
    {"name": "kota", "words": ["jalan provinsi lama", "jalan kampung"]},
]


def rules(*rows: dict[str, Any], **more: Any) -> Routes:
    return routes_of({"route": list(rows), "authority": OWNERS, **more})


def rule(name: str, *, to: str = "sp4n", **when: Any) -> dict[str, Any]:
    return {"name": name, "when": when, "to": [to], "why": f"karena {name}"}


def proven(routes: Routes) -> tuple[str, ...]:
    return problems(
        routes, categories=CATEGORIES, channels=CHANNELS, targets_known=("sp4n", "laporgub"),
        is_emergency=lambda text: "kebakaran" in text,
    )  # fmt: skip


def fired(routes: Routes, words: str = "", **more: Any) -> str:
    return routes.decide(
        Subject(channel=more.pop("channel", "whatsapp"), texts=(words,), **more)
    ).rule


def test_the_first_rule_that_fits_wins_and_says_why() -> None:
    routes = rules(
        rule("a", to="laporgub", category=["jalan"]), rule("b", category=["jalan"]), ALL
    )
    decision = routes.decide(Subject(channel="whatsapp", category="jalan"))
    assert (decision.rule, decision.targets, decision.why) == ("a", ("laporgub",), "karena a")
    assert decision.includes("laporgub")
    assert not decision.includes("sp4n")


def test_a_list_is_any_of_and_the_keys_together_are_all_of() -> None:
    routes = rules(
        rule("a", category=["jalan", "sampah"], channel=["whatsapp"], emergency=False), ALL
    )
    assert fired(routes, category="sampah") == "a"
    assert fired(routes, category="sampah", channel="operator") == "semua"
    assert fired(routes, category="sampah", emergency=True) == "semua"
    assert fired(routes, category=None) == "semua"
    assert fired(rules(rule("tanpa", category=["-"]), ALL), category=None) == "tanpa"


@pytest.mark.parametrize(
    ("words", "owner"),
    [
        ("JALAN  PROVINSI, rusak", "provinsi"),
        ("di jl. contoh\nlingkar berlubang", "provinsi"),
        ("Jln Contoh Lingkar", "provinsi"),
        ("jalan provinsi lama", "kota"),
        ("bukan jalan provinsi", None),
        ("bukan termasuk jalan provinsi", None),
        ("Ini bukannya jalan provinsi?", None),
        ("tidak termasuk jalan provinsi", None),
        ("Ini jalan kampung, bukan bagian dari jalan provinsi", "kota"),
        ("Bukan gang tetapi jalan provinsi", "provinsi"),
        ("Rambu tidak ada di jalan provinsi", "provinsi"),
        ("bukan hanya jalan provinsi yang rusak", "provinsi"),
        ("Sampah tidak diangkut di jalan provinsi", "provinsi"),
        ("Bukan jalan kampung, ini jalan provinsi", "provinsi"),
        ("Jalan kampung dekat jalan provinsi", "kota"),
        ("Di dekat jalan provinsi, jalan kampung kami berlubang", "kota"),
        ("Di seberang Jalan Contoh Lingkar jalan kampung ambles", "kota"),
        ("Jalan provinsi berlubang, juga jalan kampung", "provinsi"),
        ("Lampu di pinggir jalan provinsi mati", "provinsi"),
        ("Jalan Contoh Lingkar Dalam rusak", None),
        ("Jl. Contoh Lingkar II", None),
        ("lubang di Jalan Contoh Lingkar dalam sekali", "provinsi"),
        ("Jalan Contoh Lingkar Dalam dan Jalan Contoh Lingkar", "provinsi"),
        ("jalan provinsional", None),
        ("perjalanan provinsi", None),
        ("jalan desa", None),
    ],
)
def test_whose_road_it_is_stands_in_whole_words_and_the_first_that_is_meant_wins(
    words: str, owner: str | None
) -> None:
    assert rules(ALL).authority_in(words) == owner
    routes = rules(rule("p", authority=["provinsi"]), rule("k", authority=["kota"]), ALL)
    assert fired(routes, words) == {"provinsi": "p", "kota": "k", None: "semua"}[owner]


def test_no_name_is_read_across_title_text_and_place() -> None:
    routes = rules(rule("p", authority=["provinsi"]), ALL)
    apart = Subject(channel="whatsapp", texts=("Perbaikan jalan", "provinsi Jawa Tengah", ""))
    assert routes.decide(apart).rule == "semua"
    meant = Subject(channel="whatsapp", texts=("Bukan", "Jalan provinsi rusak", "Dekat pasar"))
    assert routes.decide(meant).rule == "p"


@pytest.mark.parametrize("category", ["adminduk", "sampah", "bansos"])
def test_what_has_nothing_to_do_with_a_road_is_not_sent_to_its_owner(category: str) -> None:
    for words in ("Rumah saya di pinggir jalan provinsi", "Jl. Contoh Pantai", "jalan nasional"):
        subject = Subject(channel="operator", texts=(words,), category=category)
        assert REAL.decide(subject).rule == "aduan biasa"


def test_what_the_demo_day_says_of_provincial_roads_goes_to_the_province() -> None:
    day = tomllib.loads(
        (ROOT / "connectors/whatsapp/sandbox/day.toml").read_text(encoding="utf-8")
    )
    said = [each["text"] for each in day["complaint"] if "jalan provinsi" in each["text"].lower()]
    assert len(said) > 5
    assert {fired(REAL, text) for text in said} == {"jalan provinsi"}


def test_a_place_is_found_in_whole_words() -> None:
    routes = rules(rule("taman", place=["Taman Kota"]), ALL)
    assert fired(routes, "lampu di taman, kota kami") == "taman"
    assert fired(routes, "taman kotak") == "semua"


def test_without_rules_every_complaint_goes_everywhere() -> None:
    decision = Routes.everywhere().decide(Subject(channel="whatsapp"))
    assert decision.targets == (EVERYWHERE,)
    assert decision.includes("anybody")
    assert proven(Routes.everywhere()) == ()


def test_the_rules_that_come_with_the_hub_are_total() -> None:
    categories = tomllib.loads((ROOT / "mappings" / "categories.toml").read_text())["categories"]
    channels = ("whatsapp", "sp4n", "laporgub", "call112", "operator")
    found = problems(
        REAL, categories=categories, channels=channels, targets_known=("sp4n", "laporgub"),
        is_emergency=lambda text: "Barusan ada kecelakaan" in text,
    )  # fmt: skip
    assert found == ()
    assert REAL.samples


@given(
    words=st.text(), channel=st.sampled_from(CHANNELS), category=st.none() | st.text(min_size=1),
    emergency=st.booleans(),
)  # fmt: skip
def test_rules_that_are_proven_total_leave_nobody_without_one(
    words: str, channel: str, category: str | None, *, emergency: bool
) -> None:
    subject = Subject(channel=channel, texts=(words,), category=category, emergency=emergency)
    assert REAL.decide(subject) is not NO_RULE


def test_a_gap_is_named_by_an_example() -> None:
    [problem] = proven(rules(rule("a", category=["jalan", "sampah", "-"])))
    assert "tidak ada rute untuk kanal whatsapp, kategori (kategori baru)" in problem
    assert "tambahkan rute tanpa when" in problem
    assert fired(rules(rule("a", category=["jalan"])), category="sampah") == "tanpa rute"


def test_a_place_closes_no_gap() -> None:
    [problem] = proven(rules(rule("a", place=["taman"])))
    assert "tidak ada rute" in problem


@pytest.mark.parametrize(
    ("routes", "told"),
    [
        (rules(ALL, rule("b", category=["jalan"])), "'b' tidak pernah terpakai karena rute semua"),
        (
            rules(rule("x", place=["taman"]), rule("y", place=["taman"], category=["jalan"]), ALL),
            "'y' tidak pernah terpakai karena rute x selalu mendahuluinya",
        ),
        (
            rules(rule("e", emergency=True), rule("f", emergency=False), ALL),
            "'semua' tidak pernah terpakai karena rute e, f",
        ),
        (rules(rule("a", category=["kucing"]), ALL), "kategori 'kucing' tidak dikenal"),
        (rules(rule("a", category=["kucing"]), ALL), "'a' tidak pernah terpakai karena tidak ada"),
        (rules(rule("a", authority=["desa"]), ALL), "wewenang 'desa' tidak dikenal; yang ada: -, kota"),
        (rules(rule("a", channel=["telegram"]), ALL), "kanal 'telegram' tidak dikenal"),
        (rules(rule("a", to="telegram", category=["jalan"]), ALL), "tujuan 'telegram' tidak dikenal"),
        (rules(rule("semua", category=["jalan"]), ALL), "[[route]] 'semua' ada dua kali"),
        (routes_of({"route": [ALL], "authority": [OWNERS[0]] * 2}), "'provinsi' ada dua kali"),
        (
            rules(ALL, sample=[{"text": "t", "channel": "sp4n", "expect": "lain"}]),
            "contoh «t» seharusnya memakai rute 'lain', tetapi yang terpakai 'semua'",
        ),
        (
            rules(ALL, sample=[{"text": "t", "channel": "fax", "expect": "semua"}]),
            "contoh «t»: kanal 'fax' tidak dikenal",
        ),
        (
            rules(ALL, sample=[{"text": "t", "channel": "sp4n", "category": "x", "expect": "semua"}]),
            "contoh «t»: kategori 'x' tidak dikenal",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_rules_is_told(routes: Routes, told: str) -> None:
    found = proven(routes)
    assert any(told in problem for problem in found), found
    assert all(problem.startswith("mappings/routes.toml: ") for problem in found)


def test_a_rule_that_one_place_alone_still_reaches_is_used() -> None:
    routes = rules(rule("x", place=["taman"]), rule("y", place=["taman", "pasar"]), ALL)
    assert proven(routes) == ()


def test_a_sample_is_an_emergency_when_its_words_are() -> None:
    sample = {"text": "kebakaran!", "channel": "whatsapp", "expect": "e"}
    assert proven(rules(rule("e", emergency=True), ALL, sample=[sample])) == ()


def test_a_rule_that_points_to_what_is_off_is_remarked_upon() -> None:
    routes = rules(rule("a", to="laporgub", category=["jalan"]), {**ALL, "to": [EVERYWHERE]})
    [remark] = remarks(routes, targets_on=["sp4n"])
    assert remark == "rute 'a' menunjuk laporgub, yang mati: aduan itu tinggal di hub"


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"route": [{"to": [], "why": "x"}]}, "[[route]] '?' belum punya name"),
        ({"route": [{"name": "a", "to": []}]}, "[[route]] 'a' belum punya why"),
        ({"route": [{"name": "a", "why": "x"}]}, "[[route]] 'a': to harus berupa daftar"),
        ({"route": [{**ALL, "when": {"street": ["x"]}}]}, "when tidak mengenal 'street'"),
        ({"route": [{**ALL, "when": {"category": []}}]}, "category kosong"),
        ({"route": [{**ALL, "when": {"category": "x"}}]}, "category harus berupa daftar"),
        ({"route": [{**ALL, "when": {"emergency": "ya"}}]}, "emergency harus true atau false"),
        ({"route": [{**ALL, "when": "selalu"}]}, "when harus berupa tabel"),
        ({"route": [{**ALL, "name": "n" * 101}]}, "paling panjang 100 huruf"),
        ({"authority": [{"words": ["x"]}]}, "[[authority]] '?' belum punya name"),
        ({"sample": [{"text": "t", "channel": "sp4n"}]}, "[[sample]] 't' belum punya expect"),
        ({"route": ["semua"]}, "[[route]] harus berupa tabel"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_where_to_mend_it(
    tables: dict[str, Any], told: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        routes_of(tables)
