"""Tell what somebody said in a chat: a complaint, more about one, or just a greeting.

This is where the conversation that asks for what is missing will stand; for now it tells three things apart.
Pure: words in, verdict out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hub.domain.status import Status
from hub.rows import KeptReport

SAID_TOGETHER = timedelta(minutes=2)
SAID_ON = timedelta(minutes=15)
TOLD_LATELY = timedelta(hours=48)
FEW_WORDS = 8

_GREETINGS = {
    "halo", "hallo", "hai", "hi", "hello", "p", "ping", "permisi", "min", "admin", "mimin", "kak",
    "pak", "bu", "bapak", "ibu", "mas", "mbak", "gan", "bos", "assalamualaikum", "assalamu",
    "asalamualaikum", "alaikum", "wr", "wb", "waalaikumsalam", "salam", "selamat", "pagi", "siang",
    "sore", "malam", "sugeng", "enjing", "dalu", "test", "tes", "cek", "nuwun", "kulonuwun", "mau",
    "tanya", "lapor", "apakah", "aktif", "ini", "dengan", "dan", "semua", "sehat",
}  # fmt: skip
_THANKS = {
    "terima", "kasih", "terimakasih", "makasih", "makasi", "trims", "thanks", "thank", "you", "tks",
    "suwun", "matur", "nuwun", "sip", "ok", "oke", "okee", "baik", "siap", "mantap", "banyak", "ya",
    "iya", "sama", "alhamdulillah", "pak", "bu", "min", "admin", "kak", "mas", "mbak", "atas",
    "bantuannya", "infonya", "informasinya", "responnya", "sudah", "dibantu", "nggih", "njih",
}  # fmt: skip
_REALLY_THANKS = {
    "kasih", "terimakasih", "makasih", "makasi", "trims", "thanks", "thank", "suwun", "tks", "nuwun",
}  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


class Said(StrEnum):
    """What a turn was."""

    COMPLAINT = "complaint"
    MORE = "more"
    GREETING = "greeting"
    THANKS = "thanks"


def said_apart(reports: Sequence[KeptReport]) -> list[list[KeptReport]]:
    """What came together but was said at different times, as after an outage, is several things said."""
    parts: list[list[KeptReport]] = []
    for report in reports:
        if parts and report.said_at - parts[-1][-1].said_at <= SAID_TOGETHER:
            parts[-1].append(report)
        else:
            parts.append([report])
    return parts


@dataclass(frozen=True, slots=True)
class Spoke:
    """What the person spoke of before: when they last said something, where that complaint stands since."""

    at: datetime
    status: Status
    status_since: datetime


def judge(reports: Sequence[KeptReport], before: Spoke | None) -> Said:
    """Tell what a turn was, given what the person spoke of before."""
    words = [word for report in reports for word in _WORD.findall(report.text.lower())]
    bare = not any(report.file_count or _has_place(report) for report in reports)
    polite = _only_polite(words) if bare else None
    if before is None:
        return polite or Said.COMPLAINT
    # Messages come in any order: what comes last may have been said first.
    since = min(abs(report.said_at - before.at) for report in reports)
    if polite is Said.THANKS or (polite is not None and words and since > SAID_TOGETHER):
        return polite
    if _goes_on(words, before, reports, since=since):
        return Said.MORE
    # A thumb or a bare number that belongs to nothing is no complaint either.
    return polite or Said.COMPLAINT


def _goes_on(
    words: Sequence[str], before: Spoke, reports: Sequence[KeptReport], *, since: timedelta
) -> bool:
    """Whether it belongs to what was said before; a sentence is a new matter until matching says else."""
    if since <= SAID_TOGETHER or before.status is Status.NEEDS_INFO:
        return True
    if len(words) > FEW_WORDS:
        return False
    # A pin, a photo without words, a scrap of an address; or a word on what we just told them.
    told = reports[0].said_at - before.status_since
    asked = before.status in (Status.ANSWERED, Status.CLOSED) and told <= TOLD_LATELY
    return asked or (since <= SAID_ON and not before.status.is_final)


def _has_place(report: KeptReport) -> bool:
    return report.latitude is not None or bool(report.place)


def _only_polite(words: Sequence[str]) -> Said | None:
    if not words:
        return Said.GREETING
    if any(word in _REALLY_THANKS for word in words) and all(word in _THANKS for word in words):
        return Said.THANKS
    if all(word in _GREETINGS | _THANKS for word in words):
        return Said.GREETING
    return None
