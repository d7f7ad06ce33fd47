"""Words that stand before the name of a place, however they are typed; the names are the gazetteer's."""

import re

# "jl", "jln", "jlan", "jaln", "dalan", "dalna": nobody types it twice alike.
STREET = re.compile(r"j+l+n*|j[a-z]?l+a?n+|jala[a-z]|ja?la?a?n+|ln|d[a]?la?n|dalna")
ALLEY = frozenset({"gg", "gang", "gng"})
WARD = frozenset({"kel", "kelurahan", "kelrahan", "desa", "ds", "lurah"})
VILLAGE = frozenset({"desa", "ds"})
# Behind one of these a name is a place, in Indonesian and in Javanese.
PREPOSITIONS = frozenset({
    "di", "ning", "nang", "neng", "lewat", "alamat", "lokasi", "warga", "dari", "sekitar", "d",
    "ring", "teng", "sepanjang",
})  # fmt: skip
# Ends the name of a landmark: "depan masjid yang baru".
NO_NAME = frozenset({
    "rt", "rw", "no", "kec", "yang", "dan", "ada", "sudah", "sejak", "tolong", "mohon", "pak", "min",
})  # fmt: skip
# What has a name of its own is a place without "depan" before it.
INSTITUTIONS = frozenset({
    "sd", "smp", "sma", "smk", "mi", "mts", "tk", "paud", "tpq", "puskesmas", "rumah sakit",
    "klinik", "posyandu", "masjid", "musholla", "pondok pesantren",
})  # fmt: skip
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii")


def alley_name(word: str) -> str:
    """Gang III is gang 3, gang 03 too; gang Mawar is called so."""
    if word in _ROMAN:
        return str(_ROMAN.index(word) + 1)
    return word.lstrip("0") or "0" if word.isdigit() else word
