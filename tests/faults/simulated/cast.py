"""Who complains of what on a simulated day: everything is invented, and no two complaints are alike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.faults.simulated.plan import Step

# How a complaint comes, and for how many in ten.
CHANNELS: Mapping[str, int] = {"whatsapp": 5, "laporgub": 2, "call112": 2, "counter": 1}
CITY = (
    "Lampu jalan di Jl. Jlamprang depan mushola mati sudah empat hari, gelap sekali",
    "Sampah di TPS Klego belum diangkut sejak Senin, baunya sampai ke rumah",
    "Got di Kradenan gang 2 mampet, kalau hujan airnya luber ke jalan",
    "Air PDAM di Poncol gang 5 mati dari subuh dan belum ada pemberitahuan",
    "Pohon di taman Poncol condong ke arah bangku, mohon dipangkas",
    "Parkir liar di sekitar alun-alun membuat jalan macet setiap sore",
    "Jalan lingkungan di Kraton Kidul berlubang cukup dalam, sudah dua minggu",
    "Sungai di Jenggot berwarna merah lagi dan berbau obat batik",
    "Antrean kartu keluarga di kecamatan lama sekali, loketnya hanya satu",
    "Pasar Banyurip becek, saluran pembuangannya tersumbat plastik",
    "Lampu taman di Mataram padam semua, anak-anak tidak bisa bermain malam",
    "Pedagang berjualan di trotoar Jl. Hayam Wuruk, pejalan kaki turun ke jalan",
    "Rob di Panjang Baru gang 5 sudah masuk teras, pompanya tidak menyala",
    "Bantuan sosial tetangga saya yang lansia belum cair tiga bulan",
    "Puskesmas Kusuma Bangsa tutup lebih awal dari jadwal yang tertulis",
    "Kabel menjuntai rendah di Jl. Cendrawasih, mengganggu orang lewat",
    "Sekolah di Medono kekurangan meja, murid duduk bertiga",
    "Bau limbah tahu di Duwet menyengat setiap pagi",
    "Iuran kebersihan ditarik dua kali di Pasirsari bulan ini",
    "Rumput di lapangan Sorogenen setinggi lutut dan banyak nyamuk",
)
PROVINCE = (
    "Jalan provinsi di Kuripan bergelombang sepanjang seratus meter, mohon ditambal",
    "Lampu di jalan provinsi dekat terminal mati, pengendara tidak melihat marka",
    "Saluran di tepi jalan provinsi Kandang Panjang tertutup tanah",
)
NATION = ("Lampu di jalur pantura dekat gerbang kota mati sepanjang satu kilometer",)
MORE = (
    "Tadi malam masih sama keadaannya",
    "Sebagai tambahan, letaknya persis di seberang warung soto",
    "Tetangga saya juga mengeluhkan hal ini",
    "Mohon kabar kapan dikerjakan, ya",
)
# What two people say of one trouble, with where it is: matching makes one complaint of both.
SHARED: tuple[tuple[str, str, str, tuple[float, float]], ...] = (
    (
        "Jalan berlubang dalam di Jl. Kurinci Podosugih depan toko roti Sinar, ada motor jatuh",
        "Lubang dalam di Jl. Kurinci Podosugih depan toko roti Sinar belum ditambal, ada motor jatuh",
        "Jl. Kurinci, Podosugih",
        (-6.8886, 109.6653),
    ),
    (
        "Lampu jalan mati di Jl. Truntum Krapyak depan SD, gelap gulita kalau malam",
        "Lampu jalan di Jl. Truntum Krapyak depan SD mati, malam hari gelap gulita",
        "Jl. Truntum, Krapyak",
        (-6.8742, 109.6893),
    ),
    (
        "Saluran di Jl. Bahari Kandang Panjang tersumbat sampah, air meluber ke jalan",
        "Air meluber ke jalan karena saluran Jl. Bahari Kandang Panjang tersumbat sampah",
        "Jl. Bahari, Kandang Panjang",
        (-6.8648, 109.6741),
    ),
)
CALLS = ("PJU", "JALAN RUSAK", "SAMPAH")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What somebody complains of, where, and how it is called in the journal."""

    name: str
    channel: str
    text: str
    who: str

    def said(self) -> tuple[str, dict[str, Any]]:
        """The step that brings it: act and facts."""
        match self.channel:
            case "whatsapp":
                return "say", {"who": self.who, "text": self.text, "complaint": self.name}
            case "laporgub":
                return "say", {
                    "connector": "laporgub", "isi": self.text, "nama": "Warga", "complaint": self.name,
                }  # fmt: skip
            case "call112":
                return "say", {
                    "connector": "call112", "type": "Normal", "category": CALLS[len(self.name) % 3],
                    "text": self.text, "phone": f"0{self.who[2:]}", "complaint": self.name,
                }  # fmt: skip
            case _:
                return "operator", {"action": "open", "text": self.text}


def troubles(rng: Random, count: int) -> list[Trouble]:
    """So many complaints of one day; the first two are of the chat and of the province."""
    texts = [*rng.sample(CITY, k=min(count, len(CITY)))]
    names, weights = list(CHANNELS), list(CHANNELS.values())
    day: list[Trouble] = []
    for number, city in enumerate(texts):
        channel = ("whatsapp", "laporgub")[number] if number < 2 else _one(rng, names, weights)
        text = rng.choice((*PROVINCE, *NATION)) if rng.random() < _ELSEWHERE else city
        # The end tells apart what two people say of one place.
        text = f"{text}. Sejak {number + 2} hari."
        day.append(Trouble(f"{channel}-{number}", channel, text, f"62811000{1001 + number}"))
    return day


_ELSEWHERE = 0.2


def shared(rng: Random, number: int, at: float) -> Iterator[Step]:
    """Two people complain of one trouble: one in the chat, one to the province."""
    said, again, place, (latitude, longitude) = SHARED[number]
    name, who = f"bersama-{number}", f"62811000{1101 + number}"
    chat = {"who": who, "complaint": name}
    pin = {"how": "location", "latitude": latitude, "longitude": longitude}
    form = {
        "connector": "laporgub", "isi": again, "nama": "Warga", "lokasi": place,
        "lat": str(latitude), "lon": str(longitude), "kategori": "infrastruktur",
    }  # fmt: skip
    yield Step(at, "say", {**chat, "text": said})
    yield Step(at + 1, "say", {**chat, **pin})
    yield Step(at + rng.uniform(30, 1200), "say", {**form, "complaint": f"{name}-lagi"})


def _one(rng: Random, names: list[str], weights: list[int]) -> str:
    return rng.choices(names, weights)[0]
