"""An invented day for the checker: both sides agree until a test says otherwise."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.faults.simulated.seen import Happening, Seen

BEGAN = datetime(2026, 1, 19, 1, 0, tzinfo=UTC)
CITIZEN, TICKET, NUMBER = "6281100001001", "PKL-26-000001", "9200000"
MESSAGE = "wamid.TIRUAN19b00001"
RECEIVED = f"Terima kasih, laporan Anda sudah kami terima dengan nomor aduan {TICKET}."
ANSWERED = f"Aduan {TICKET} sudah ditindaklanjuti.\nJawaban petugas: "
WORKING = f"Aduan {TICKET} sedang dikerjakan. Mohon bersabar, ya."
CLOSED = f"Aduan {TICKET} sudah selesai. Terima kasih sudah ikut menjaga Kota Pekalongan."
OPENING, FIRST, ANSWER, END = "a" * 32, "b" * 32, "c" * 32, "d" * 32


@dataclass
class DayBook:
    """A complaint of the chat that went to SP4N; an officer answered it and closed it."""

    journal: list[Happening] = field(default_factory=list)
    complaints: list[dict[str, Any]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)

    def happened(self, minute: float, where: str, kind: str, **facts: Any) -> None:
        """A line of the journal."""
        at = BEGAN + timedelta(minutes=minute)
        self.journal.append(Happening(len(self.journal), at, where, kind, facts))

    def told(self, minute: float, text: str, marker: str) -> None:
        """The citizen reads a message."""
        self.happened(
            minute, "whatsapp", "told", conversation=CITIZEN, message=f"wamid.{marker}",
            marker=marker, text=text,
        )  # fmt: skip

    def forget(self, kind: str, **facts: Any) -> None:
        """As if that had never happened."""
        gone = [
            each
            for each in self.journal
            if each.kind == kind and facts.items() <= each.facts.items()
        ]
        assert gone, f"there is no {kind} {facts}"
        self.journal = [each for each in self.journal if each not in gone]

    def again(self, kind: str, **facts: Any) -> None:
        """As if that had happened twice."""
        one = next(e for e in self.journal if e.kind == kind and facts.items() <= e.facts.items())
        self.journal.append(replace(one, number=len(self.journal)))

    def parcel(self, parcel_id: str) -> dict[str, Any]:
        """A parcel of the complaint."""
        for complaint in self.complaints:
            for parcel in complaint["parcels"]:
                if parcel["parcel_id"] == parcel_id:
                    return dict_of(parcel)
        raise KeyError(parcel_id)

    def card(self, **facts: Any) -> None:
        """Somebody is asked."""
        known = {
            "kind": "doubt",
            "parcel_id": None,
            "ticket": None,
            "connector": None,
            "inbox_id": None,
        }
        self.cards.append(known | facts)

    def seen(self) -> Seen:
        """Both sides."""
        return Seen(
            journal=self.journal,
            complaints=self.complaints,
            cards=self.cards,
        )


def dict_of(parcel: Any) -> dict[str, Any]:
    """The very dict, for tests that change it."""
    assert isinstance(parcel, dict)
    return parcel


def parcel(parcel_id: str, where: str, kind: str, **facts: Any) -> dict[str, Any]:
    """A parcel that arrived."""
    minute = facts.pop("minute", 0)
    return {
        "parcel_id": parcel_id,
        "connector": where,
        "kind": kind,
        "status": None,
        "state": "settled",
        "promised_at": (BEGAN + timedelta(minutes=minute)).isoformat(),
        "tries": [{"phase": "ended", "outcome": "settled", "detail": None}],
    } | facts


def a_good_day() -> DayBook:
    """Nothing is wrong with it."""
    book = DayBook()
    book.happened(
        0,
        "whatsapp",
        "said",
        conversation=CITIZEN,
        message=MESSAGE,
        complaint="lampu",
        text="mati",
    )
    book.happened(1, "sp4n", "filed", external_id=NUMBER, marker=TICKET)
    book.told(1, RECEIVED, FIRST)
    book.happened(30, "sp4n", "wrote", external_id=NUMBER, text="catatan sp-1")
    book.happened(30, "sp4n", "moved", external_id=NUMBER, status="Ditindaklanjuti oleh Instansi")
    book.told(33, f"{ANSWERED}catatan sp-1", ANSWER)
    book.happened(60, "sp4n", "moved", external_id=NUMBER, status="Ditutup oleh Admin")
    book.told(63, CLOSED, END)
    book.complaints.append(
        {
            "ticket": TICKET,
            "status": "closed",
            "routed_by": "aduan biasa",
            "merged_into": None,
            "in_step": True,
            "reports": [{"connector": "whatsapp", "external_id": f"…{MESSAGE[-8:]}"}],
            "sources": [
                source("whatsapp", "…00001001"),
                source("sp4n", NUMBER) | {"their_status": "Ditutup oleh Admin"},
            ],
            "history": [],
            "parcels": [
                parcel(OPENING, "sp4n", "opening", minute=1),
                parcel(FIRST, "whatsapp", "status", minute=1, status="received"),
                parcel(ANSWER, "whatsapp", "status", minute=33, status="answered"),
                parcel(END, "whatsapp", "status", minute=63, status="closed"),
            ],
        }
    )
    return book


def source(where: str, number: str) -> dict[str, Any]:
    """A channel that is in step."""
    return {
        "connector": where,
        "external_id": number,
        "their_status": None,
        "listens": True,
        "in_step": True,
        "standing": "in_step",
    }


def decided(minute: float, status: str, note: str = "") -> dict[str, Any]:
    """What an operator decided, as the public history has it."""
    at = (BEGAN + timedelta(minutes=minute)).isoformat()
    return {
        "status": status, "at": at, "known_at": at, "origin": "operator:rini", "outcome": "moved",
        "note": note,
    }  # fmt: skip
