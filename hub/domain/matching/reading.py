"""`Reader` makes a gist of what was told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from hub.domain.matching.gist import Gist
from hub.domain.matching.letters import legible
from hub.domain.matching.places import Found, Gazetteer, PlaceReader
from hub.domain.matching.said import Told
from hub.domain.matching.since import since
from hub.domain.matching.spot import Pin, Spot
from hub.domain.matching.topics import Signs, Topic
from hub.domain.matching.words import Words
from hub.domain.wards import Wards

# Whole numbers of tickets as channels give them, when citizens quote them.
_QUOTED = re.compile(
    r"\b(?:wa-\d{4,}|[a-z]{3,6}\d{6,}|\d{7,9}|112-\d{6}-\d{3,}|[a-z]{2,4}-20\d\d-\d{3,})\b"
)
_NAME = re.compile(
    r"\bnama\s*(?:lengkap)?\s*:\s*([a-z]+(?: [a-z]+){0,2}?)(?= *(?:\n|nik|alamat|no|lokasi|,|$))"
)
_AMOUNT = re.compile(r"\b(\d+(?:[.,]\d+)?) ?(cm|m|meter|ribu|juta|titik|lampu|tiang|kk|rumah|orang|ekor|jam|detik|menit)\b")  # fmt: skip
_AGAIN = re.compile(
    r"laporan (?:kedua|ketiga|lanjutan)|(?:sudah|pernah|sebelum|wis|udah|sdh) (?:\w+ ){0,3}(?:lapor|laporkan|laporan|menelepon|penelepon|adukan)\b(?! (?:pak )?(?:rt|rw|kelurahan|lurah|dinas))"
    r"|menindaklanjuti laporan|menyambung laporan|sehubungan dengan (?:tiket|laporan)|lapor (?:yang|yg|sing) ke|laporanku|laporan (?:kemarin|yang dulu)|kaping (?:pindho|2)|bola-? ?bali lapor|laporan berulang"
    r"|(?:masih|isih) (?:sama|pada bae)|tidak ada perubahan|belum ada (?:perubahan|yang datang)|lapor (?:\w+ ){0,2}(?:tidak direspon|didiamkan|belum ada tindakan)"
)
_RETURNED = re.compile(
    r"(?:bulan (?:lalu|kemarin)|dulu|dahulu|sebelum|sasi (?:wingi|kemarin)|baru (?:\w+ ){0,3}|sudah|sempat|pernah) (?:\w+ ){0,3}(?:diperbaiki|perbaiki|ditangani|tangani|dibenarkan|beres|selesai)(?: \w+){0,5} (?:lagi|terulang|berulang)\b"
    r"|(?:perbaikan|perbaiki|penanganan) (?:bulan lalu|terakhir) (?:hanya|tidak) bertahan|kambuh|kumat|dan sekarang (?:terulang|berulang)"
)


_AT_FIRST, _FADING, _LAST, _BESIDE = 10, 0.04, 0.4, 0.25
_BESIDES = frozenset({"akibat", "gara", "karena", "bekas", "habis", "setelah", "kena", "juga", "katanya", "situ", "padahal"})  # fmt: skip
_NAMED_FIRST = 1.0
_FILED = 4.0  # the channel's own category, where it points to one topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Everything that is known about words and places of a city."""

    words: Words
    topics: Mapping[str, Topic]
    topic_signs: Signs
    kind_signs: Signs
    detail_signs: Signs
    detail_topics: Mapping[str, str]
    gazetteer: Gazetteer
    wards: Wards
    zone: tzinfo
    categories: Mapping[str, str] = field(default_factory=dict)
    pin_error: Mapping[str, float] = field(default_factory=dict)

    def read(self, told: Told) -> Gist:
        """The gist of a report. Anything may stand in the text; nothing is refused."""
        text = legible(told.text)
        found = PlaceReader(self.gazetteer).read(text)
        free = [token for i, token in enumerate(found.tokens) if i not in found.used]
        said = self.words.standard([t for t in free if t.isalnum()])
        line = " ".join(said)
        topics, shown = self._topics(said, told.category)
        kinds = {code: hit.strength for code, hit in self.kind_signs.find(said).items()}
        spelt = " ".join(t for t in free if t.isalnum() or t in ".:")
        local = told.said_at.astimezone(self.zone)
        began = since(spelt, local) or since(line, local)
        return Gist(
            at=int(told.said_at.timestamp()),
            channel=told.channel,
            number=told.number.lower() if _QUOTED.fullmatch(told.number.lower()) else "",
            person=told.person,
            category=told.category,
            spot=self._spot(told, found),
            topics=topics,
            kinds={
                k: v for k, v in kinds.items() if k.partition(".")[0] == next(iter(topics), "")
            },
            shown=shown,
            details=frozenset(
                name for name in self.detail_signs.find(said) if self.detail_topics[name] in topics
            ),
            amounts=_amounts(line),
            words=frozenset(w for w in said if w not in self.words.stop and not w.isdigit()),
            names=frozenset(name.strip() for name in _NAME.findall(text)),
            began=None if began is None else (_seconds(began[0]), _seconds(began[1])),
            again=bool(_AGAIN.search(line) or _AGAIN.search(spelt)),
            returned=bool(_RETURNED.search(line) or _RETURNED.search(spelt)),
            quoted=frozenset(_QUOTED.findall(text)) - {told.number.lower()},
            photos=told.photos,
        )

    def _topics(
        self, said: list[str], category: str | None
    ) -> tuple[dict[str, float], dict[str, str]]:
        """The topics that the words name clearly, strongest first."""
        hits = self.topic_signs.find(said, _worth(said))
        strength = {code: hit.strength for code, hit in hits.items()}
        first = min((hit.first for hit in hits.values()), default=0)
        for code, hit in hits.items():
            if hit.first == first < len(said):
                strength[code] += _NAMED_FIRST
        if category and (meant := self.categories.get(category.strip().lower())):
            strength[meant] = strength.get(meant, 0.0) + _FILED
        if not strength:
            return {}, {}
        best = max(strength.values())
        kept = sorted(
            ((code, s) for code, s in strength.items() if s >= 0.4 * best),
            key=lambda one: -one[1],
        )[:3]
        return dict(kept), {code: hits[code].shown for code, _ in kept if code in hits}

    def _spot(self, told: Told, found: Found) -> Spot:
        wards = {w.name.lower() for w in (self._ward(told.ward),) if w is not None}
        wards |= {(w.name.lower() if (w := self._ward(name)) else name) for name in found.wards}
        return Spot(
            streets=frozenset(found.streets),
            alleys=frozenset(found.alleys),
            houses=frozenset(found.houses),
            rt=frozenset(found.rt),
            rw=frozenset(found.rw),
            marks=frozenset(found.marks),
            sides=frozenset(found.sides),
            wards=frozenset(wards),
            pin=self._pin(told, found),
            outside=found.outside,
        )

    def _ward(self, name: str | None):
        return self.wards.named(name) if name else None

    def _pin(self, told: Told, found: Found) -> Pin | None:
        point: tuple[float, float] | None = found.point
        error = 15.0
        if point is None and told.latitude is not None and told.longitude is not None:
            point = told.latitude, told.longitude
            error = self.pin_error.get(told.channel, self.pin_error.get("default", 60.0))
        if point is None or point == (0, 0):
            return None
        if any(
            abs(point[0] - lat) < 1e-6 and abs(point[1] - lon) < 1e-6
            for lat, lon in self.gazetteer.default_pins
        ):
            return None
        ward = self.wards.at(*point)
        return Pin(*point, error, ward.name.lower() if ward else None)


def _worth(said: list[str]) -> list[float]:
    """How much each word says of the trouble itself: people name it first, then causes and effects."""
    worth = [max(_LAST, 1.0 - max(0, i - _AT_FIRST) * _FADING) for i in range(len(said))]
    for i, word in enumerate(said):
        if word in _BESIDES:
            # "gara-gara ketimpa pohon tumbang", "gotnya juga mampet": said beside the matter.
            start = i - 2 if word == "juga" else i
            for j in range(max(0, start), min(len(said), i + 5)):
                worth[j] = min(worth[j], _BESIDE)
    return worth


def _amounts(line: str) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for number, unit in _AMOUNT.findall(line):
        found.setdefault("m" if unit == "meter" else unit, set()).add(number.replace(",", "."))
    return {unit: frozenset(numbers) for unit, numbers in found.items()}


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
