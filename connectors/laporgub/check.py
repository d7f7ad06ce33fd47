"""Whether the mapping can be used: what would otherwise only show when something is told there."""

import re
from collections.abc import Iterator
from typing import Any

from connectors.laporgub.profile_reading import WHERE, profile_of
from hub.contract import Mapping, Status

ACTIONS = ("nothing", "comment", "update")
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


def faults(mapping: Mapping) -> Iterator[str]:
    """Sentences that say what to write."""
    try:
        profile_of(mapping.tables)
    except ValueError as error:
        yield f"{error}."
    for status, words in mapping.status_out.items():
        yield from _faults_of(f"{WHERE}: [status_out.{status.value}]", words, mapping)
    for code in mapping.tables.get("regions", {}):
        if not (code.isascii() and code.isdecimal()):
            yield f"{WHERE}: [regions] {code!r} bukan kode; tulis kode Kemendagri tanpa titik."


def _faults_of(table: str, words: Any, mapping: Mapping) -> Iterator[str]:
    if not isinstance(words, dict):
        yield f"{table} bukan tabel; tulis do dan text di bawahnya."
        return
    do, text, word = words.get("do"), words.get("text"), words.get("word")
    if do not in ACTIONS:
        have = "belum punya do" if do is None else f"punya do = {do!r}, yang tidak dikenal"
        yield f"{table} {have}; tulis do = salah satu dari {', '.join(ACTIONS)}."
    if do == "update" and not (isinstance(word, str) and mapping.to_status(word)):
        yield f"{table} word = {word!r} tidak ada di [status_in]; tulis kata status LaporGub."
    if not isinstance(text, str) or not text.strip():
        yield f"{table} belum punya text; tulis kalimat yang dibaca di LaporGub."
    else:
        for name in sorted(set(_PLACEHOLDER.findall(text)) - {"agency"}):
            yield f"{table} text memakai {{{name}}}; yang diisi hanya {{agency}}."
    expected = words.get("expect", [])
    if not isinstance(expected, list) or not all(each in list(Status) for each in expected):
        yield f"{table} expect = {expected!r}; tulis daftar [...] dari {', '.join(Status)}."
