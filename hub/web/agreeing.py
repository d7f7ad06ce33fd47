"""Everything there is to say about agreement, the same on the page, in the API and at the terminal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_timedelta

from hub.store import desk
from hub.store.desk import Agreement, Disagreement, Round, Standing, TimeToAgreement, WhyUnknown
from hub.web.bar import Part, parts_of
from hub.web.times import LOCALE, NEARLY, Times

WINDOWS = (7, 30)
LISTED = 50

# One bar is made of these, in this order; each has its colour and its words.
SHARES = (
    ("agreeing", Standing.IN_STEP, "selaras"),
    ("on_its_way", Standing.ON_ITS_WAY, "dalam perjalanan"),
    ("in_doubt", Standing.DOUBT, "diragukan, sedang diperiksa hub"),
    ("waiting_for_person", Standing.PERSON, "menunggu petugas"),
    ("contradicting", Standing.CONTRADICTS, "bertentangan"),
    ("unreadable", Standing.UNREADABLE, "tidak terbaca di sana"),
    ("untold", Standing.UNTOLD, "belum disampaikan"),
)

WHY = {
    Standing.IN_STEP: "Sepakat.",
    Standing.ON_ITS_WAY: "Kabar terakhir sedang menuju ke sana, atau belum terlihat di sana.",
    Standing.DOUBT: "Hasil kiriman terakhir belum pasti; hub sedang memeriksanya di sana.",
    Standing.PERSON: "Ada kiriman yang menunggu petugas: diputuskan atau disalin.",
    Standing.CONTRADICTS: "Di sana statusnya lain daripada status kita.",
    Standing.UNREADABLE: "Status di sana berkali-kali tidak dapat dilihat, atau nomornya tidak dikenal lagi.",
    Standing.UNTOLD: "Status terakhir belum disampaikan, dan tidak ada kiriman yang menuju ke sana.",
}

NEXT_STEPS = {
    WhyUnknown.UNREADABLE: "Perbaiki pemetaan atau berkasnya, lalu tekan «baca ulang» atau jalankan "
    "`hub replay --connector {connector}`.",
    WhyUnknown.UNKNOWN_SOURCE: "Muat laporannya dengan `hub import {connector} BERKAS`. Bila ini aduan kita "
    "dengan nomor lain, betulkan nomornya di halaman aduan.",
    WhyUnknown.LET_GO: "Petugas sudah melepasnya. Bila ternyata perlu, muat lagi berkas yang benar.",
}
WHY_UNKNOWN = {
    WhyUnknown.UNREADABLE: "tidak terbaca",
    WhyUnknown.UNKNOWN_SOURCE: "hanya statusnya yang terdengar",
    WhyUnknown.LET_GO: "dilepaskan petugas",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel: how its sources stand, how long it takes, and what its looks came to."""

    connector: str
    title: str
    agreement: Agreement
    times: Sequence[TimeToAgreement]
    last: Round | None
    under_way: Round | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """What `gather` found. `unknown` are the latest of `unknown_total`."""

    agreement: Agreement
    times: Sequence[TimeToAgreement]
    channels: Sequence[Channel]
    oldest: Disagreement | None
    unknown_total: int
    unknown: Sequence[desk.UnknownHere]


async def gather(connection: Any, titles: Mapping[str, str], *, now: datetime) -> Everything:
    """Ask the desk for all of it."""
    agreements = await desk.agreement_by_channel(connection)
    rounds = await desk.rounds_by_channel(connection)
    windows = [await desk.times_to_agreement(connection, days=days, now=now) for days in WINDOWS]

    def times(name: str) -> list[TimeToAgreement]:
        empty = (TimeToAgreement(days=days) for days in WINDOWS)
        return [found.get(name, none) for found, none in zip(windows, empty, strict=True)]

    channels = []
    for name in dict.fromkeys([*titles, *agreements]):
        looked = rounds.get(name, desk.ChannelRounds())
        channels.append(
            Channel(
                connector=name,
                title=titles.get(name, name),
                agreement=agreements.get(name, Agreement()),
                times=times(name),
                last=looked.last,
                under_way=looked.under_way,
            )
        )
    unknown_total, unknown = await desk.unknown_here(connection, limit=LISTED)
    return Everything(
        agreement=desk.together(agreements.values()),
        times=times(desk.ALL),
        channels=channels,
        oldest=await desk.oldest_disagreement(connection),
        unknown_total=unknown_total,
        unknown=unknown,
    )


def shares_of(agreement: Agreement) -> list[tuple[str, str, int]]:
    """Kind, words and number of every share, nought or not."""
    return [(kind.value, what, getattr(agreement, name)) for name, kind, what in SHARES]


def bar(agreement: Agreement) -> list[Part]:
    """The shares of one bar."""
    return parts_of(shares_of(agreement))


def why(oldest: Disagreement) -> str:
    """Say why a source does not agree; what is written down of it says more than its standing."""
    return oldest.reason or WHY[oldest.standing]


def next_step(unknown: desk.UnknownHere) -> str:
    """Say what to do about something that is there and not here."""
    return NEXT_STEPS[unknown.why].format(connector=unknown.connector)


def span(seconds: float | None) -> str:
    """14 menit; kurang dari sedetik."""
    if seconds is None:
        return "-"
    if seconds < 1:
        return "kurang dari sedetik"
    return format_timedelta(timedelta(seconds=seconds), threshold=NEARLY, locale=LOCALE)


def round_told(row: Round, times: Times) -> str:
    """Selesai 2 jam yang lalu: 40 aduan dalam 3 menit, 41 kali melihat, 1 tidak terbaca."""
    if row.took is None or row.ended_at is None:
        return (
            f"Berjalan sejak {times.ago(row.began_at)}: {row.looked} dari {row.sources} aduan, "
            f"{row.calls} kali melihat."
        )
    told = (
        (row.unreadable, "tidak terbaca"),
        (row.found.get("repaired", 0), "diperbaiki"),
        (row.found.get("explained", 0), "dijelaskan"),
    )
    found = "".join(f", {number} {what}" for number, what in told if number)
    return (
        f"Selesai {times.ago(row.ended_at)}: {row.sources} aduan dalam "
        f"{span(row.took.total_seconds())}, {row.calls} kali melihat{found}."
    )
