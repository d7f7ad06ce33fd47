"""The rest of the hub, as far as the web sees it: it remembers what it was asked to do."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from hub.contract import BadSignature, Entry, Mode, Slip
from hub.domain.status import Status
from hub.web.needs import Channel, Identity, Laid, Merged, NotKnown, NotPossible, OddNumber

TITLES = {"whatsapp": "WhatsApp", "sp4n": "SP4N-LAPOR!"}


@dataclass
class Mailroom:
    """Knows one channel that calls us; keeps bodies unless the disk is full."""

    kept: list[bytes] = field(default_factory=list)
    disk_is_full: bool = False

    def challenge(self, connector: str, query: Mapping[str, str]) -> str:
        self._known(connector)
        if query.get("hub.verify_token") != "kata-sandi":
            raise BadSignature("wrong token")
        return query["hub.challenge"]

    async def receive(self, connector: str, headers: Mapping[str, str], body: bytes) -> None:
        self._known(connector)
        if headers.get("x-hub-signature-256") != "sha256=benar":
            raise BadSignature("the signature does not fit")
        if self.disk_is_full:
            raise OSError(28, "No space left on device")
        self.kept.append(body)

    def _known(self, connector: str) -> None:
        if connector != "whatsapp":
            raise NotKnown(f"Kanal {connector} tidak ada.")


@dataclass
class Operators:
    """Writes down every decision; parcel "tiada" is not there and "selesai" is settled already."""

    decided: list[tuple[Any, ...]] = field(default_factory=list)

    async def found(self, parcel_id: str, *, external_id: str | None, who: str) -> None:
        self._decide("found", parcel_id, external_id, who)

    async def send_again(self, parcel_id: str, *, who: str) -> None:
        self._decide("send_again", parcel_id, who)

    async def replay(self, parcel_id: str, *, who: str) -> None:
        self._decide("replay", parcel_id, who)

    async def drop(self, parcel_id: str, *, who: str, why: str) -> None:
        self._decide("drop", parcel_id, who, why)

    async def pause(self, connector: str, *, who: str) -> None:
        self._decide("pause", connector, who)

    async def resume(self, connector: str, *, who: str) -> None:
        self._decide("resume", connector, who)

    async def read_again(self, inbox_id: int, *, who: str) -> None:
        self._decide("read_again", inbox_id, who)

    async def let_go(self, inbox_id: int, *, who: str, why: str) -> None:
        self._decide("let_go", inbox_id, who, why)

    async def close_card(self, card_id: int, *, who: str) -> None:
        self._decide("close_card", card_id, who)

    def _decide(self, *what: Any) -> None:
        if what[1] == "tiada":
            raise NotKnown("Kiriman tiada tidak ada.")
        if what[1] == "selesai":
            raise NotPossible("Kiriman ini sudah sampai; tidak ada yang perlu diputuskan.")
        self.decided.append(what)


@dataclass
class Counter:
    """Opens and moves complaints, on paper; the same key opens nothing new."""

    moved: list[tuple[Any, ...]] = field(default_factory=list)
    opened: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    async def move(
        self,
        ticket: str,
        status: Status,
        *,
        note: str | None,
        reason: str | None,
        agency: str | None,
        who: str,
    ) -> str:
        self.moved.append((ticket, status, note, reason, agency, who))
        return ticket

    async def open(self, *, request_key: str | None, **complaint: Any) -> str:
        if request_key in self.keys:
            return self.keys[request_key]
        ticket = f"PKL-26-{len(self.opened) + 900:06d}"
        self.opened[ticket] = complaint
        if request_key:
            self.keys[request_key] = ticket
        return ticket


@dataclass
class Carriers:
    """Writes down what was carried, and who holds what; numbers are odd unless they begin with "LGWP"."""

    carried: list[tuple[Any, ...]] = field(default_factory=list)
    held: dict[str, str] = field(default_factory=dict)

    async def lay(self, parcel_id: str) -> Laid:
        self._known(parcel_id)
        entries = (Entry("judul", "Judul laporan", "Lampu jalan padam"),)
        link = "https://laporgub.test/buat"
        slip = Slip(todo="Buat laporan baru.", entries=entries, link=link)
        return Laid(slip, None, self.held.get(parcel_id))

    async def take(self, parcel_id: str, *, who: str) -> None:
        self._note("take", parcel_id, who)
        self.held[parcel_id] = who

    async def put_back(self, parcel_id: str, *, who: str, why: str) -> None:
        self._note("put_back", parcel_id, who, why)

    async def done(
        self, parcel_id: str, *, number: str | None, who: str, is_sure: bool = False
    ) -> None:
        self._known(parcel_id)
        self._ask(number, is_sure=is_sure)
        self._note("done", parcel_id, number, who)

    async def refused(self, parcel_id: str, *, why: str, who: str) -> None:
        self._note("refused", parcel_id, why, who)

    async def correct(
        self,
        ticket: str,
        connector: str,
        *,
        number: str,
        why: str,
        who: str,
        is_sure: bool = False,
        wrong: str | None = None,
    ) -> None:
        self._ask(number, is_sure=is_sure)
        self._note("correct", ticket, connector, number, why, who, wrong)

    def _note(self, what: str, parcel_id: str, *rest: Any) -> None:
        self._known(parcel_id)
        self.carried.append((what, parcel_id, *rest))

    def _known(self, parcel_id: str) -> None:
        if parcel_id == "tiada":
            raise NotKnown("Tidak ada kiriman tiada.")
        if parcel_id == "selesai":
            raise NotPossible("Kiriman ini tidak (lagi) menunggu disalin.")

    def _ask(self, number: str | None, *, is_sure: bool) -> None:
        if number and not number.startswith("LGWP") and not is_sure:
            raise OddNumber(f"Nomor LaporGub biasanya LGWP dan 8 angka; {number} tidak.", number)


@dataclass
class Readers:
    """Writes down what operators read at a channel; knows the word "diproses"."""

    typed: list[tuple[Any, ...]] = field(default_factory=list)

    async def status(
        self,
        ticket: str,
        connector: str,
        *,
        word: str,
        note: str | None,
        at: datetime | None,
        who: str,
        number: str | None = None,
    ) -> str:
        if word != "diproses":
            raise NotPossible(f"Kata status «{word}» belum dikenal; pilih dari daftar.")
        self.typed.append((ticket, connector, word, note, at, who, number))
        return "Dicatat. Status aduan berubah, dan semua kanal lain sedang diberi tahu."


@dataclass
class Comparers:
    """Writes down what was decided; pair 404 is not there, pair 409 is decided, merge 409 undone."""

    decided: list[tuple[Any, ...]] = field(default_factory=list)

    async def same(self, match_id: int, *, who: str) -> Merged:
        self._note("same", match_id, who)
        return Merged(7, "PKL-26-000001", "PKL-26-000002")

    async def different(self, match_id: int, *, who: str) -> None:
        self._note("different", match_id, who)

    async def later(self, match_id: int, *, who: str) -> None:
        self._note("later", match_id, who)

    async def again(self, match_id: int, *, who: str) -> None:
        self._note("again", match_id, who)

    async def undo(self, merge_id: int, *, who: str, why: str) -> str:
        self._note("undo", merge_id, who, why)
        return "PKL-26-000002"

    async def merge_tickets(self, stays: str, lost: str, *, who: str) -> Merged:
        if lost == stays:
            raise NotPossible(f"Keduanya sudah menjadi satu aduan: {stays}.")
        self._note("merge", stays, lost, who)
        return Merged(8, stays, lost)

    def _note(self, what: str, number: int | str, *rest: Any) -> None:
        if number == 404:
            raise NotKnown("Pasangan laporan ini tidak ada.")
        if number == 409:
            raise NotPossible("Sudah diputuskan oleh budi: berbeda.")
        self.decided.append((what, number, *rest))


@dataclass
class Arbiters:
    """Writes down what was decided, and what was seen to hold.

    Contradiction 404 is not there, for 409 the status is neither side's.
    """

    decided: list[tuple[Any, ...]] = field(default_factory=list)
    saw: list[Status | None] = field(default_factory=list)

    async def decide(
        self,
        conflict_id: int,
        *,
        status: Status,
        who: str,
        why: str | None = None,
        holds: Status | None = None,
    ) -> str:
        if conflict_id == 404:
            raise NotKnown("Tidak ada pertentangan bernomor 404.")
        if conflict_id == 409:
            raise NotPossible(
                "Pilih «Diproses» atau «Selesai»; status lain lewat halaman aduannya."
            )
        self.decided.append(("decide", conflict_id, status, who, why))
        self.saw.append(holds)
        return "PKL-26-000001"

    async def release(
        self,
        ticket: str,
        *,
        status: Status,
        who: str,
        why: str | None = None,
        holds: Status | None = None,
    ) -> str:
        if ticket == "PKL-26-000009":
            raise NotPossible("Aduan PKL-26-000009 tidak sedang ditahan.")
        self.decided.append(("release", ticket, status, who, why))
        self.saw.append(holds)
        return ticket


@dataclass
class Vault:
    """Holds the identity of person 1 and writes down who looked."""

    looks: list[tuple[int, str, str]] = field(default_factory=list)

    async def uncover(self, person_id: int, *, who: str, why: str) -> Identity:
        self.looks.append((person_id, who, why))
        return Identity("Sari Wulandari", {"phone": "+62 811-000-0001"})


@dataclass
class Channels:
    """Two channels in use, one without settings; to SP4N people copy, a file goes to the rest."""

    def channel(self, connector: str) -> Channel:
        if connector == "whatsapp":
            return Channel()
        mode = Mode.ASSISTED if connector == "sp4n" else Mode.FILE
        return Channel(mode=mode, is_carried=True, status_words=("belum diproses", "diproses"))

    def titles(self) -> Mapping[str, str]:
        return TITLES

    def off(self) -> Mapping[str, str]:
        return {"laporgub": "LAPORGUB_API_KEY belum diisi."}

    def agencies(self) -> list[str]:
        return ["Dinas Perhubungan"]


@dataclass
class Reader:
    """Reads from one database."""

    engine: AsyncEngine

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        async with self.engine.connect() as connection:
            yield connection


@dataclass
class Unplugged:
    """A database that does not answer."""

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        raise ConnectionRefusedError("no database")
        yield


@dataclass
class StoppedClock:
    """Shows one time until it is set anew."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now
