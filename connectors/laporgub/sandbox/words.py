"""The words of the imitation: statuses, categories, kabupaten and kota."""

from collections.abc import Mapping

OWN_CITY = "3375"

# As they are spelled there: no two places agree on capitals.
SPELLINGS = (
    "Belum Dijawab",
    "Menunggu",
    "Verifikasi",
    "Diverifikasi",
    "PROGRES",
    "Dalam Tindakan",
    "Selesai",
    "Tuntas",
    "Tidak Layak",
    "Ditolak",
    "SPAM",
    "Bukan wewenang",
    "dikembalikan",
)
NEW = "Belum Dijawab"
# How far a word is along the way; a word nobody knows is nowhere yet.
_FAR: Mapping[str, int] = {
    "verifikasi": 1,
    "diverifikasi": 1,
    "progres": 2,
    "dalam tindakan": 2,
    "selesai": 3,
    "tuntas": 3,
    "tidak layak": 3,
    "ditolak": 3,
    "spam": 3,
    "bukan wewenang": 3,
}
# What officers do when nobody tells them what; every other word rests until somebody does.
NEXT: Mapping[str, str] = {
    "belum dijawab": "Verifikasi",
    "menunggu": "Verifikasi",
    "verifikasi": "PROGRES",
    "diverifikasi": "PROGRES",
    "progres": "Selesai",
    "dalam tindakan": "Selesai",
}

# Some end in a blank, as in the data set that was published.
CATEGORIES = (
    "infrastruktur",
    "sosial masyarakat",
    "pendidikan",
    "permades dan kependudukan",
    "energi",
    "kepegawaian",
    "lingkungan",
    "keuangan dan aset ",
    "kesehatan",
    "lain-lain ",
    "ekonomi dan industri",
    "bencana ",
    "forkominda",
    "pertanian",
    "pembangunan daerah",
    "pariwisata dan budaya",
    "saberpungli",
)
NO_CATEGORY = "lain-lain "

CITIES: Mapping[str, str] = {
    "3301": "KABUPATEN CILACAP",
    "3302": "KABUPATEN BANYUMAS",
    "3303": "KABUPATEN PURBALINGGA",
    "3304": "KABUPATEN BANJARNEGARA",
    "3305": "KABUPATEN KEBUMEN",
    "3306": "KABUPATEN PURWOREJO",
    "3307": "KABUPATEN WONOSOBO",
    "3308": "KABUPATEN MAGELANG",
    "3309": "KABUPATEN BOYOLALI",
    "3310": "KABUPATEN KLATEN",
    "3311": "KABUPATEN SUKOHARJO",
    "3312": "KABUPATEN WONOGIRI",
    "3313": "KABUPATEN KARANGANYAR",
    "3314": "KABUPATEN SRAGEN",
    "3315": "KABUPATEN GROBOGAN",
    "3316": "KABUPATEN BLORA",
    "3317": "KABUPATEN REMBANG",
    "3318": "KABUPATEN PATI",
    "3319": "KABUPATEN KUDUS",
    "3320": "KABUPATEN JEPARA",
    "3321": "KABUPATEN DEMAK",
    "3322": "KABUPATEN SEMARANG",
    "3323": "KABUPATEN TEMANGGUNG",
    "3324": "KABUPATEN KENDAL",
    "3325": "KABUPATEN BATANG",
    "3326": "KABUPATEN PEKALONGAN",
    "3327": "KABUPATEN PEMALANG",
    "3328": "KABUPATEN TEGAL",
    "3329": "KABUPATEN BREBES",
    "3371": "KOTA MAGELANG",
    "3372": "KOTA SURAKARTA",
    "3373": "KOTA SALATIGA",
    "3374": "KOTA SEMARANG",
    OWN_CITY: "KOTA PEKALONGAN",
    "3376": "KOTA TEGAL",
}


def folded(word: str) -> str:
    """Lower case, without stray blanks."""
    return " ".join(word.lower().split())


_SPELLED: Mapping[str, str] = {folded(word): word for word in SPELLINGS}
_CATEGORY: Mapping[str, str] = {folded(word): word for word in CATEGORIES}


def spelled(status: str) -> str | None:
    """The status as it is spelled there; None for a word that is not in use."""
    return _SPELLED.get(folded(status))


def category_of(word: str) -> str | None:
    """The category as it is spelled there; None for one that is not in use."""
    return _CATEGORY.get(folded(word)) if word.strip() else NO_CATEGORY


def how_far(status: str) -> int:
    """0 at the beginning, 3 at the end."""
    return _FAR.get(folded(status), 0)
