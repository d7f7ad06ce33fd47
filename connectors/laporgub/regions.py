"""Kabupaten and kota, by code or by name."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.contract import Mapping as Words
from hub.contract.mapping import folded

_SHORT = {"kab.": "kabupaten", "kab": "kabupaten", "kodya": "kota", "prov.": "provinsi"}
_LONGEST_CODE = 4


@dataclass(frozen=True, slots=True)
class Regions:
    """[regions] of the mapping: Kemendagri codes without dots."""

    names: Mapping[str, str]

    @classmethod
    def of(cls, mapping: Words) -> "Regions":
        """Those of a mapping."""
        return cls(mapping.tables.get("regions", {}))

    def code(self, said: str) -> str | None:
        """The code of "3375", "33.75" or "Kota Pekalongan"; None if nobody knows it.

        "Pekalongan" alone is nobody's: it may be the kota or the kabupaten.
        """
        digits = said.replace(".", "").strip()
        if digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_CODE:
            return digits
        first, _, rest = folded(said).partition(" ")
        name = f"{_SHORT.get(first, first)} {rest}".strip()
        return next((code for code, known in self.names.items() if folded(known) == name), None)

    def name(self, code: str) -> str:
        """What people call it."""
        return self.names.get(code, f"wilayah {code}")
