"""Asterisk's queue_log: who waited how long, and who was answered. Nothing of the caller is kept.

https://docs.asterisk.org/Configuration/Applications/Queue-Logs/
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.call112.exchange import ABANDONED, ANSWERED, EXITED, OPEN, Call, key_of
from connectors.call112.findings import Findings
from connectors.call112.lines import count_lines, escaped_bytes, has_escaped, is_cut, lines_of
from connectors.call112.window import Window
from hub.contract import Counted, ImportFile

_PARTS = 5
_NO_CALL = frozenset({"NONE", "REALTIME", ""})
_EPOCH_DIGITS = range(9, 12)
# Where in the parameters an outcome tells how long was waited and talked.
_ANSWERED = {
    "COMPLETEAGENT": (0, 1),
    "COMPLETECALLER": (0, 1),
    "BLINDTRANSFER": (2, 3),
    "ATTENDEDTRANSFER": (2, 3),
    "TRANSFER": (2, 3),
}
_EXITED = {"EXITWITHKEY": 3, "EXITWITHTIMEOUT": 2, "EXITEMPTY": 2}
_SILENT = frozenset({"RINGNOANSWER", "RINGCANCELED"})
_PARAMETERS = {
    "ENTERQUEUE": ("URL", "CALLERID", "ORIGPOSITION", "CIDNAME"),
    "CONNECT": ("HOLDTIME", "BRIDGEDUNIQUEID", "RINGTIME"),
    "COMPLETEAGENT": ("HOLDTIME", "CALLTIME", "ORIGPOSITION"),
    "COMPLETECALLER": ("HOLDTIME", "CALLTIME", "ORIGPOSITION"),
    "ABANDON": ("POSITION", "ORIGPOSITION", "WAITTIME"),
    "EXITWITHKEY": ("KEY", "POSITION", "ORIGPOSITION", "WAITTIME"),
    "EXITWITHTIMEOUT": ("POSITION", "ORIGPOSITION", "WAITTIME"),
}
_COLUMNS = ("EPOCH", "UNIQUEID", "QUEUE", "MEMBER", "EVENT")


def fits(beginning: Sequence[Sequence[str]]) -> bool:
    """Whether the first lines are parts between bars that begin with a time and name an event."""
    rows = [row for row in beginning if any(row)]
    return sum(map(_is_event, rows)) * 2 > len(rows)


def opened(path: Path, *, zone: ZoneInfo, findings: Findings) -> ImportFile:
    """The calls of the log."""
    lines = count_lines(path)
    whole = lines - is_cut(path)
    total, others = _survey(path, findings, whole=whole)
    findings.say(
        f"{path.name}: {lines} baris menjadi {total} panggilan; {others} baris bukan tentang panggilan."
    )
    return ImportFile(total=total, raws=_calls(path, zone, whole=whole), remarks=findings.told())


def _survey(path: Path, findings: Findings, *, whole: int) -> tuple[int, int]:
    """How many calls there are, and lines about something else."""
    total, others, previous = 0, 0, ""
    calls = Window[str, bool]()
    for number, line in enumerate(lines_of(path), start=1):
        parts = line.rstrip("\r\n").split("|")
        if number > whole:
            _cut(parts, number, findings)
        elif not _is_event(parts):
            findings.note(number, _column(parts, len(parts) - 1), "baris tidak terbaca; dilewati")
        elif line == previous:
            findings.note(number, "EVENT", f"sama dengan baris {number - 1}; dihitung sekali")
        elif parts[1] in _NO_CALL:
            others += 1
        elif parts[1] not in calls:
            calls.add(parts[1], True)
            total += 1
        if not line.isascii():
            _letters(parts, number, findings)
        previous = line
    return total, others


def _cut(parts: Sequence[str], number: int, findings: Findings) -> None:
    column = _column(parts, len(parts) - 1)
    findings.note(
        number, column, "baris terakhir belum selesai ditulis; dibaca bila sudah lengkap"
    )


def _letters(parts: Sequence[str], number: int, findings: Findings) -> None:
    for index, part in enumerate(parts):
        if has_escaped(part):
            why = f"bukan UTF-8 (byte {escaped_bytes(part)}); dibaca sebagai Latin-1"
            findings.note_once(number, _column(parts, index), why, kind="letters")


def _column(parts: Sequence[str], index: int) -> str:
    if index < _PARTS:
        return _COLUMNS[index]
    event, place = parts[_PARTS - 1], index - _PARTS
    names = _PARAMETERS.get(event, ())
    return names[place] if place < len(names) else f"{event} parameter {place + 1}"


def _is_event(parts: Sequence[str]) -> bool:
    return len(parts) >= _PARTS and parts[0].isdigit() and len(parts[0]) in _EPOCH_DIGITS


def _calls(path: Path, zone: ZoneInfo, *, whole: int) -> Iterator[Counted]:
    calls = Window[str, Call]()
    for number, line in enumerate(lines_of(path), start=1):
        parts = line.rstrip("\r\n").split("|")
        if number > whole or not _is_event(parts) or parts[1] in _NO_CALL:
            continue
        call = calls.get(parts[1])
        if call is None:
            call = Call(key_of(parts[1]), _day(parts[0], zone))
            if (oldest := calls.add(parts[1], call)) is not None:
                yield oldest.counted()
        _tell(call, parts[4], parts[_PARTS:])
    for call in calls.values():
        yield call.counted()


def _tell(call: Call, event: str, told: Sequence[str]) -> None:
    if event in _ANSWERED:
        waited, talked = _ANSWERED[event]
        # After CONNECT the same word with less is known.
        call.became(ANSWERED, waited=_seconds(told, waited), talked=_seconds(told, talked))
    elif event == "CONNECT":
        call.became(ANSWERED, waited=_seconds(told, 0), less=1)
    elif event == "ABANDON":
        call.became(ABANDONED, waited=_seconds(told, 2))
    elif event in _EXITED:
        call.became(EXITED, waited=_seconds(told, _EXITED[event]))
    elif event == "ENTERQUEUE" or event in _SILENT:
        call.became(OPEN)


def _seconds(told: Sequence[str], index: int) -> int | None:
    return int(told[index]) if index < len(told) and told[index].isdigit() else None


def _day(epoch: str, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(int(epoch), zone).date()
