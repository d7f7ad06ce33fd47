"""Facts in words that an operator reads: what speaks for it, what against, in order of weight."""

from collections.abc import Mapping

from hub.domain.matching.features import DAY, HOUR, Facts
from hub.domain.matching.gist import Gist
from hub.domain.matching.said import Evidence
from hub.domain.matching.topics import Topic
from hub.domain.wards import distance_m

# Facts that only steer the score, and those that another one says better.
_UNSAID = frozenset({"clashes", "spot_fine", "spot_street", "spot_ward", "spot_open", "same_there", "unit_here", "copied_here", "spot_street_ward", "channel_other", "topic_unknown"})  # fmt: skip

_WORDS = {
    "street_same": "jalan sama ({streets})",
    "street_other": "jalan lain ({one_streets} / {two_streets})",
    "alley_same": "gang sama",
    "alley_other": "gang lain ({one_alleys} / {two_alleys})",
    "house_same": "nomor rumah sama",
    "house_other": "nomor rumah lain ({one_houses} / {two_houses})",
    "rt_same": "RT sama",
    "rt_other": "RT lain ({one_rt} / {two_rt})",
    "rw_same": "RW sama",
    "rw_other": "RW lain ({one_rw} / {two_rw})",
    "unit_same": "RT/RW sama ({one_rt}/{one_rw})",
    "mark_same": "patokan sama ({marks})",
    "mark_other": "patokan lain ({one_marks} / {two_marks})",
    "side_same": "sisi patokan sama",
    "side_other": "sisi patokan lain",
    "ward_same_told": "kelurahan sama ({wards})",
    "ward_same_meant": "titik di kelurahan yang sama ({wards})",
    "ward_other_told": "kelurahan lain ({one_wards} / {two_wards})",
    "ward_other_meant": "titik di kelurahan lain ({one_wards} / {two_wards})",
    "outside_other": "yang satu di luar kota",
    "pin_within": "titik berjarak {metres}",
    "pin_near": "titik berjarak {metres}",
    "pin_apart": "titik berjarak {metres}",
    "pin_far": "titik berjarak {metres}",
    "topic_same": "{said}",
    "topic_shared": "pokok masalah bertumpang tindih",
    "topic_near": "pokok masalah berdekatan ({one_topic} / {two_topic})",
    "topic_other": "pokok masalah lain ({one_topic} / {two_topic})",
    "kind_same": "jenis masalah sama",
    "kind_other": "jenis masalah lain",
    "details_same": "rincian sama ({details})",
    "details_other": "rincian bertentangan",
    "amount_same": "angka sama ({amounts})",
    "amount_other": "angka lain",
    "wording": "kata-kata mirip {wording} %",
    "wording_close": "kata-kata hampir sama",
    "wording_copied": "kata-kata disalin",
    "copied_elsewhere": "kata-kata disalin, tetapi tempatnya lain",
    "named_alike_elsewhere": "nama tempat sama, tetapi di kelurahan lain",
    "began_after": "baru mulai sesudah laporan yang lama",
    "began_same": "mulai pada waktu yang sama",
    "began_other": "mulai pada waktu yang lain",
    "again_soon": "pelapor berkata sudah pernah melapor",
    "again_late": "pelapor berkata sudah pernah melapor",
    "returned_soon": "sempat diperbaiki, lalu terjadi lagi",
    "returned_late": "sempat diperbaiki, lalu terjadi lagi",
    "person_same": "pelapor sama",
    "person_other": "pelapor lain",
    "quoted": "menyebut nomor laporan yang lama",
    "name_same": "nama sama",
    "name_other": "nama lain",
    "photo_same": "foto sama",
    "one_persons_case": "urusan satu orang",
    "case_of_whom": "urusan orang, dan tidak jelas orang yang sama",
}


def evidence_of(
    facts: Facts,
    one: Gist,
    two: Gist,
    *,
    weights: Mapping[str, float],
    topics: Mapping[str, Topic],
) -> tuple[Evidence, ...]:
    """What operators read, the weightiest first."""
    words = _Words(one, two, topics)
    told = [
        Evidence(name, words.of(name, value), weights.get(name, 0.0) * value)
        for name, value in facts.items()
        if name not in _UNSAID
    ]
    return tuple(sorted((one for one in told if one.words), key=lambda e: -abs(e.weight)))


class _Words:
    """Fills in what the two gists say."""

    def __init__(self, one: Gist, two: Gist, topics: Mapping[str, Topic]) -> None:
        self._one, self._two, self._topics = one, two, topics

    def of(self, name: str, value: float) -> str:
        if name.startswith("gap_"):
            return f"berselang {_long(abs(self._one.at - self._two.at))}"
        known = _WORDS.get(name)
        if known is None:
            return name
        return known.format_map(_Lazy(self, value))

    def part(self, key: str, value: float) -> str:
        a, b = self._one.spot, self._two.spot
        side, _, name = key.partition("_")
        if name and side in ("one", "two"):
            gist = self._one if side == "one" else self._two
            if name == "topic":
                return self._label(gist)
            parts = getattr(gist.spot, name)
            if name == "wards" and not parts and gist.spot.pin:
                parts = {gist.spot.pin.ward}
            return ", ".join(str(part) for part in sorted(parts, key=str))
        match key:
            case "metres" if a.pin and b.pin:
                return _metres(
                    distance_m(
                        (a.pin.latitude, a.pin.longitude), (b.pin.latitude, b.pin.longitude)
                    )
                )
            case "said":
                return self._said()
            case "details":
                return ", ".join(sorted(self._one.details & self._two.details))
            case "amounts":
                return ", ".join(
                    f"{n} {unit}"
                    for unit in sorted(self._one.amounts.keys() & self._two.amounts.keys())
                    for n in sorted(self._one.amounts[unit] & self._two.amounts[unit])
                )
            case "wording":
                return f"{100 * value:.0f}"
            case "wards":
                mine = a.wards or {a.pin.ward if a.pin else ""}
                return ", ".join(sorted(str(ward) for ward in mine))
            case _:
                mine, theirs = getattr(a, key, frozenset()), getattr(b, key, frozenset())
                return ", ".join(str(part) for part in sorted(mine & theirs or mine, key=str))

    def _label(self, gist: Gist) -> str:
        topic = self._topics.get(gist.topic or "")
        return topic.label if topic else "tidak jelas"

    def _said(self) -> str:
        topic = self._one.topic or ""
        mine, theirs = self._one.shown.get(topic), self._two.shown.get(topic)
        if mine and theirs and mine != theirs:
            return f"«{mine}» ~ «{theirs}»"
        return f"sama-sama {self._label(self._one)}"


class _Lazy(dict[str, str]):
    """Asks for a part only when a sentence needs it."""

    def __init__(self, words: _Words, value: float) -> None:
        super().__init__()
        self._words, self._value = words, value

    def __missing__(self, key: str) -> str:
        return self._words.part(key, self._value)


def _long(seconds: int) -> str:
    if seconds < 2 * HOUR:
        return f"{seconds // 60} menit"
    return f"{seconds // HOUR} jam" if seconds < 2 * DAY else f"{seconds // DAY} hari"


def _metres(metres: float) -> str:
    return f"{metres:.0f} m" if metres < 1000 else f"{metres / 1000:.1f} km".replace(".", ",")
