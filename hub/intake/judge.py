"""Tell what somebody said in a chat: a complaint, more about one, or just a greeting.

This is where the conversation that asks for what is missing will stand; for now it tells three things apart.
Pure: words in, verdict out.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from hub.ports import KeptReport

SAID_TOGETHER = timedelta(minutes=2)
SAID_ON = timedelta(minutes=15)
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


def judge(reports: Sequence[KeptReport], *, spoke_before: datetime | None, has_open: bool) -> Said:
    """Tell what a turn was. `spoke_before`: when the person last said something about a complaint."""
    words = [word for report in reports for word in _WORD.findall(report.text.lower())]
    bare = not any(report.file_count or _has_place(report) for report in reports)
    if bare and (only := _only_polite(words)):
        return only
    if spoke_before is None:
        return Said.COMPLAINT
    since = min(report.said_at for report in reports) - spoke_before
    if since <= SAID_TOGETHER:
        return Said.MORE
    if not has_open:
        return Said.COMPLAINT
    # Later, a pin, a photo without words or a scrap of an address completes what was said;
    # a sentence is a new matter until matching says otherwise.
    if since <= SAID_ON and len(words) <= FEW_WORDS:
        return Said.MORE
    return Said.COMPLAINT


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
