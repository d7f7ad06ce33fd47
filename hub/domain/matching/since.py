"""Since when a trouble lasts, as the words tell it: what began later is another trouble.

Times are aware; the words mean the clock on the citizen's wall, so the caller gives the local time of saying.
"""

import re
from datetime import datetime, timedelta

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
# In Indonesian and in Javanese.
_NUMBERS = {
    word: number
    for number, words in enumerate((
        "se satu siji", "dua loro rong ro", "tiga telung telu", "empat patang", "lima limang", "enam nem",
        "tujuh pitung", "delapan wolung", "sembilan sangang", "sepuluh",
    ), start=1)
    for word in words.split()
}  # fmt: skip
_N = rf"(\d{{1,2}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_DAYS = {
    word: day
    for day, words in enumerate((
        "senin senen", "selasa", "rabu rebo", "kamis kemis", "jumat jemuah", "sabtu setu", "minggu ahad",
    ))
    for word in words.split()
}  # fmt: skip
_LED = r"(?:sejak|dari|dr|kawit|mulai|wiwit|ssejak|sejk|sjak|seejak)"
_CLOCK = re.compile(rf"{_LED} (?:sekitar )?(?:pukul|jam|jm) (\d{{1,2}})(?:[.:](\d{{2}}))?")
_HOURS = re.compile(rf"(?:sudah|sdh|udah|udh|dah|wis|selama) {_N} ?jam\b")
_SPAN = re.compile(
    rf"\b{_N} ?(hari|hr|dina|minggu|mgg|bulan|bln|sasi)\b(?! ?(?:lalu|sekali|depan|kemarin|kemaren))"
)
_DATE = re.compile(rf"{_LED} (?:tanggal|tgl) (\d{{1,2}})\b")
_NAMED_DAY = re.compile(rf"{_LED} (?:hari )?({'|'.join(_DAYS)})\b(?! lalu)")
_NEARLY_A_MONTH = re.compile(r"\bhampir (?:se|1 )bulan\b|\bhampir sebulan\b")
# "Setiap 3 hari", "baru 3 bulan diaspal": a span, but not since when the trouble lasts.
_NO_SPAN = re.compile(r"\b(?:tiap|setiap|per|baru|setelah|selama|diaspal|kurang dari|belum)\b ?$")
_LOOK_BACK = 14  # letters, enough for the longest of these words
# Every day of the month comes within so many days, the 31st too.
_TWO_MONTHS = 62
_LENGTH = {
    "hari": 1,
    "hr": 1,
    "dina": 1,
    "minggu": 7,
    "mgg": 7,
    "bulan": 30,
    "bln": 30,
    "sasi": 30,
}
# Words, and days ago: at least, at most. "Sejak kemarin" may be two days, or a few hours past midnight.
_AGO = (
    (r"\b(?:barusan|baru saja|beberapa menit lalu|lagi bae|baru aja)\b", 0.0, 0.06),
    (rf"{_LED} (?:tadi|mau) ?(?:pagi|siang|sore|malam|malem|mlm|bengi)?\b|\bkawit mau\b", 0.0, 0.8),
    (r"\bpirang-? ?pirang jam\b|\bbeberapa jam\b", 0.05, 0.8),
    (rf"{_LED} (?:semalam|tadi malam|semalem)\b|\bmau bengi\b", 0.1, 1.6),
    (rf"{_LED} (?:kemarin|kemaren|kemmarin|kmrn|kmren|wingi|kmaren|kemrin)\b(?! lusa)", 0.1, 2.0),
    (r"\bbeberapa hari (?:ini|terakhir)\b", 1.5, 7.5),
    (
        r"\bsemingguan\b|\bseminggu (?:lebih|luwih)\b|\bsejak minggu lalu\b|\b(?:sudah|sdh) seminggu\b",
        6.0, 14.5,
    ),
    (r"\b(?:dua|2) mingguan\b|\brong minggu\b|\bhampir sebulan\b", 13.0, 30.0),
    (r"\bsebulan lebih\b|\bsasian\b|\bsebulan\b", 27.0, 60.0),
    (r"\bberbulan-? ?bulan\b", 45.0, 200.0),
)  # fmt: skip
_SAID_AGO = tuple((re.compile(words), least, most) for words, least, most in _AGO)


def since(text: str, said_at: datetime) -> tuple[datetime, datetime] | None:
    """The earliest and the latest moment the trouble may have begun; None if nothing is said of it.

    `text` is legible (lower case), `said_at` local time.
    """
    for read in (_by_clock, _by_nearly, _by_span, _by_date, _by_day, _by_word):
        if (found := read(text, said_at)) is not None:
            return found
    return None


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


def _by_clock(text: str, said_at: datetime) -> tuple[datetime, datetime] | None:
    if found := _CLOCK.search(text):
        hour, minute = int(found[1]) % 24, int(found[2] or 0) % 60
        began = said_at.replace(hour=hour, minute=minute, second=0)
        if began > said_at + _HOUR:
            began -= _DAY
        slack = timedelta(minutes=10) if found[2] else _HOUR
        return began - slack, began + slack
    if found := _HOURS.search(text):
        began = said_at - _number(found[1]) * _HOUR
        # "Sudah 3 jam" is said from half past two on until the fourth hour is over.
        return began - 1.2 * _HOUR, began + 0.5 * _HOUR
    return None


def _by_nearly(text: str, said_at: datetime) -> tuple[datetime, datetime] | None:
    if _NEARLY_A_MONTH.search(text):
        # People say it from the third week on.
        return said_at - 31 * _DAY, said_at - 19 * _DAY
    return None


def _by_span(text: str, said_at: datetime) -> tuple[datetime, datetime] | None:
    for found in _SPAN.finditer(text):
        before = text[max(0, found.start() - _LOOK_BACK) : found.start()]
        if _NO_SPAN.search(before):
            continue
        unit, number = _LENGTH[found[2]], _number(found[1])
        days = unit * number
        # "dua minggu" is anything until the third week has passed.
        return said_at - (days + unit + 0.6) * _DAY, said_at - (days - 0.9) * _DAY
    return None


def _by_date(text: str, said_at: datetime) -> tuple[datetime, datetime] | None:
    if found := _DATE.search(text):
        day = int(found[1])
        for back in range(_TWO_MONTHS):
            began = said_at - back * _DAY
            if began.day == day:
                start = began.replace(hour=0, minute=0, second=0)
                return start, start + _DAY
    return None


def _by_day(text: str, said_at: datetime) -> tuple[datetime, datetime] | None:
    if found := _NAMED_DAY.search(text):
        back = (said_at.weekday() - _DAYS[found[1]]) % 7 or 7
        start = (said_at - back * _DAY).replace(hour=0, minute=0, second=0)
        return start, start + _DAY
    return None


def _by_word(text: str, said_at: datetime) -> tuple[datetime, datetime] | None:
    for pattern, least, most in _SAID_AGO:
        if pattern.search(text):
            return said_at - most * _DAY, said_at - least * _DAY
    return None
