"""Invented call detail records, with what makes real ones hard to read."""

import random
from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

BEGINNING = datetime(2025, 1, 1)  # noqa: DTZ001 - the exchange writes its local time
# Rows of a call that come late enough for the reader to have let go of it.
FAR_BEHIND = 20_000
OFTEN_LATE = OFTEN_TWICE = 0.001
OFTEN_BROKEN = 0.0001
# A row that was cut off, and one of a day that there is not: neither tells of a call.
CUT = '"","628110000001","s","ntpd-112"\n'
NO_DAY = (
    '"","628110000001","s","ntpd-112","","PJSIP/trunk-ntpd-0","","Queue","","2025-02-30 10:00:00","",'
    '"2025-02-30 10:00:09",9,0,"NO ANSWER","DOCUMENTATION","pbx112-0.0","","","pbx112-0.0",0\n'
)


def write_cdr(file: Path, rows: int) -> int:
    """Write that many rows in the stock order of 21 columns; how many calls they tell of."""
    chance = random.Random(112)  # noqa: S311 - the same file every time
    late: deque[tuple[int, str]] = deque()
    calls = written = 0
    # Caller names are in whatever the telephone company sends; single bytes are no UTF-8.
    with file.open("w", encoding="latin-1", newline="") as out:
        while written + len(late) < rows:
            calls += 1
            for line in islice(call(chance, calls), rows - written - len(late)):
                if chance.random() < OFTEN_LATE:
                    late.append((written + FAR_BEHIND, line))
                    continue
                out.write(line)
                written += 1
            if chance.random() < OFTEN_TWICE and written + len(late) < rows:
                out.write(line)
                written += 1
            if chance.random() < OFTEN_BROKEN and written + len(late) < rows:
                out.write(chance.choice((CUT, NO_DAY)))
                written += 1
            while late and late[0][0] <= written:
                out.write(late.popleft()[1])
                written += 1
        out.writelines(line for _, line in late)
    return calls


def call(chance: random.Random, number: int) -> Iterator[str]:
    """The rows of one call: the greeting, then each agent at whom it rang."""
    at = BEGINNING + timedelta(seconds=number * 60 + chance.randrange(50))
    caller = "anonymous" if chance.random() < 0.03 else f"62811000{chance.randrange(10_000):04}"
    name = (
        caller
        if chance.random() < 0.9
        else chance.choice(("TOKO \xa5 MAKMUR", 'BU ""SRI""', "PAK, RT 03"))
    )
    unique = f"pbx112-{int(at.timestamp())}.{number}"
    rung = chance.randrange(5)
    for step in range(rung + 1):
        rings, talks = chance.randrange(5, 20), 0
        if step == 0 or (step == rung and chance.random() < 0.7):
            talks = chance.randrange(3, 300)
        application = '"Queue","q112,t,,,45"' if step else '"Playback","ntpd/selamat-datang"'
        answer = f"{at + timedelta(seconds=rings)}" if talks else ""
        ended = at + timedelta(seconds=rings + talks)
        yield (
            f'"","{caller}","{112 if step else "s"}","ntpd-112","""{name}"" <{caller}>",'
            f'"PJSIP/trunk-ntpd-{number:08x}","{f"PJSIP/ct0{step}-{number:08x}" if step else ""}",'
            f'{application},"{at}","{answer}","{ended}",{rings + talks},{talks},'
            f'"{"ANSWERED" if talks else "NO ANSWER"}","DOCUMENTATION","{unique}","","","{unique}",'
            f"{number * 5 + step}\n"
        )
        at = ended
