"""Whether the mapping can be used here, and whether its ids and those of the settings are theirs."""

import re
from collections.abc import Iterator
from collections.abc import Mapping as Table
from typing import Any

from connectors.sp4n.settings import Settings
from hub.contract import Mapping, Master, Status

WHERE = "mappings/sp4n.toml"
ACTIONS = ("nothing", "follow_up", "refer")
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


def faults(mapping: Mapping, *, by_hand: bool = False) -> Iterator[str]:
    """What would only show when something is told there, each a sentence that says what to write.

    `by_hand`: people pick categories by name, so every id needs its name.
    """
    for status, words in mapping.status_out.items():
        yield from _faults_of(f"{WHERE}: [status_out.{status.value}]", words)
    for category, word in mapping.category_out.items():
        if not _is_id(word):
            yield (
                f"{WHERE}: [category_out] {category} = {word!r} bukan angka; "
                "tulis category_id dari SP4N-LAPOR!."
            )
    if by_hand:
        yield from _nameless(mapping)
    agencies = mapping.tables.get("agency", {})
    if not isinstance(agencies, dict):
        yield f'{WHERE}: [agency] bukan tabel; tulis baris seperti "Dinas Kesehatan" = "990104".'
        return
    for agency, number in agencies.items():
        if not _is_id(number):
            yield (
                f"{WHERE}: [agency] {agency!r} = {number!r} bukan angka; "
                "tulis ID instansi dari SP4N-LAPOR!."
            )


def _faults_of(table: str, words: Any) -> Iterator[str]:
    if not isinstance(words, dict):
        yield f"{table} bukan tabel; tulis do dan text di bawahnya."
        return
    do, text = words.get("do"), words.get("text")
    if do not in ACTIONS:
        have = "belum punya do" if do is None else f"punya do = {do!r}, yang tidak dikenal"
        yield f"{table} {have}; tulis do = salah satu dari {', '.join(ACTIONS)}."
    if not isinstance(text, str) or not text.strip():
        yield f"{table} belum punya text; tulis kalimat yang dibaca warga di SP4N-LAPOR!."
    else:
        for name in sorted(set(_PLACEHOLDER.findall(text)) - {"agency"}):
            yield f"{table} text memakai {{{name}}}; yang diisi hanya {{agency}}."
    expected = words.get("expect", [])
    if not isinstance(expected, list) or not all(word in list(Status) for word in expected):
        known = ", ".join(Status)
        yield f"{table} expect = {expected!r}; tulis daftar [...] dari {known}."


def _nameless(mapping: Mapping) -> Iterator[str]:
    names = mapping.tables.get("category_name", {})
    if not isinstance(names, dict):
        yield f'{WHERE}: [category_name] bukan tabel; tulis baris seperti 928 = "Infrastruktur Jalan".'
        return
    for number in sorted(set(filter(_is_id, mapping.category_out.values()))):
        name = names.get(number)
        if not isinstance(name, str) or not name.strip():
            yield (
                f"{WHERE}: [category_name] belum punya nama untuk {number}; tulis nama kategori itu "
                "seperti di formulir SP4N-LAPOR!."
            )


def _is_id(value: Any) -> bool:
    text = str(value)
    return not isinstance(value, bool) and text.isascii() and text.isdecimal()


def problems(
    masters: Table[str, tuple[Master, ...]], *, settings: Settings, mapping: Mapping
) -> Iterator[str]:
    """A sentence for each id they do not know; none for a table that could not be fetched."""
    institutions = {master.id for master in masters.get("institutions", ())}
    templates = {master.id for master in masters.get("templates", ())}
    if institutions and str(settings.institution_id) not in institutions:
        yield (
            f"SP4N_INSTITUTION_ID {settings.institution_id} tidak ada di daftar instansi "
            "SP4N-LAPOR!; cari ID instansi Anda di daftar itu."
        )
    codes = {
        "SP4N_TEMPLATE_CODE": settings.template_code,
        "SP4N_ADDITION_TEMPLATE_CODE": settings.addition_template_code,
    }
    for name, code in codes.items():
        if templates and code and code not in templates:
            known = ", ".join(sorted(templates))
            yield f"{name} {code!r} bukan kode template SP4N-LAPOR!; yang ada: {known}."
    for agency, number in mapping.tables.get("agency", {}).items():
        if institutions and str(number) not in institutions:
            yield (
                f"mappings/sp4n.toml: [agency] {agency!r} memakai ID {number}, yang tidak ada "
                "di daftar instansi SP4N-LAPOR!; perbaiki ID-nya."
            )
