"""What operators read for each fact, in Bahasa Indonesia."""

from collections.abc import Callable, Mapping

from hub.domain.matching.sides import Sides

Phrase = Callable[[Sides], str]


def _plain(words: str) -> Phrase:
    return lambda _: words


def _shared(words: str, part: str) -> Phrase:
    """What both name stands behind the words."""
    return lambda sides: _behind(words, sides.shared(part))


def _each(words: str, part: str) -> Phrase:
    """What the one names and what the other names stand behind the words."""
    return lambda sides: _behind(words, sides.each(part))


def _behind(words: str, inside: str) -> str:
    return f"{words} ({inside})" if inside else words


PHRASES: Mapping[str, Phrase] = {
    "street_same": _shared("jalan sama", "streets"),
    "street_other": _each("jalan lain", "streets"),
    "alley_same": _shared("gang sama", "alleys"),
    "alley_other": _each("gang lain", "alleys"),
    "house_same": _shared("nomor rumah sama", "houses"),
    "house_other": _each("nomor rumah lain", "houses"),
    "rt_same": _shared("RT sama", "rt"),
    "rt_other": _each("RT lain", "rt"),
    "rw_same": _shared("RW sama", "rw"),
    "rw_other": _each("RW lain", "rw"),
    "unit_same": lambda s: f"RT/RW sama ({s.shared('rt')}/{s.shared('rw')})",
    "mark_same": _shared("patokan sama", "marks"),
    "mark_other": _each("patokan lain", "marks"),
    "side_same": lambda s: _behind("sisi patokan sama", s.same_side()),
    "side_other": lambda s: _behind("sisi patokan lain", s.each_side()),
    "ward_same_told": lambda s: _behind("kelurahan sama", s.shared_wards()),
    "ward_same_meant": lambda s: _behind(f"kelurahan sama menurut {s.how()}", s.shared_wards()),
    "ward_other_told": lambda s: _behind("kelurahan lain", s.each_wards()),
    "ward_other_meant": lambda s: _behind(f"kelurahan lain menurut {s.how()}", s.each_wards()),
    "named_alike_elsewhere": _plain("nama tempat sama, tetapi di kelurahan lain"),
    "outside_other": _plain("yang satu di kabupaten tetangga"),
    "pin_within": lambda s: f"titik berjarak {s.metres()}",
    "pin_near": lambda s: f"titik berjarak {s.metres()}",
    "pin_apart": lambda s: _behind("titik berjauhan", s.metres()),
    "pin_far": lambda s: _behind("titik berjauhan", s.metres()),
    "topic_same": lambda s: s.matter(),
    "topic_shared": lambda s: _behind("pokok masalah bertumpang tindih", s.each_topic()),
    "topic_near": lambda s: _behind("pokok masalah berdekatan", s.each_topic()),
    "topic_other": lambda s: _behind("pokok masalah lain", s.each_topic()),
    "kind_same": _plain("jenis masalah sama"),
    "kind_other": _plain("jenis masalah lain"),
    "details_same": lambda s: _behind("rincian sama", s.details_shared()),
    "details_other": lambda s: _behind("rincian bertentangan", s.details_at_odds()),
    "amount_same": lambda s: _behind("angka sama", s.amounts_shared()),
    "amount_other": lambda s: _behind("angka lain", s.amounts_at_odds()),
    "wording": lambda s: f"kata-kata mirip {s.facts['wording']:.0%}".replace("%", " %"),
    "wording_close": _plain("kata-kata hampir sama"),
    "wording_copied": _plain("kata-kata disalin"),
    "copied_elsewhere": _plain("kata-kata disalin, tetapi tempatnya lain"),
    "gap": lambda s: s.gap(),
    "began_after": _plain("baru mulai sesudah laporan yang lama"),
    "began_same": _plain("mulai pada waktu yang sama"),
    "began_other": _plain("mulai pada waktu yang lain"),
    "again_soon": _plain("pelapor berkata sudah pernah melapor"),
    "again_late": _plain("pelapor berkata sudah pernah melapor"),
    "returned_soon": _plain("sempat diperbaiki, lalu terjadi lagi"),
    "returned_late": _plain("sempat diperbaiki, lalu terjadi lagi"),
    "person_same": _plain("pelapor sama"),
    "person_other": _plain("pelapor lain"),
    # A name that stands in a report is shown with the report, and nowhere else.
    "name_same": _plain("nama yang disebut sama"),
    "name_other": _plain("nama yang disebut lain"),
    "quoted": _plain("menyebut nomor laporan yang lama"),
    "photo_same": _plain("foto sama"),
    "channel_other": _plain("kanal lain"),
    "one_persons_case": _plain("urusan perorangan"),
    "case_of_whom": _plain("urusan perorangan, dan tidak jelas apakah orangnya sama"),
}
