"""A file of call detail records: which layout it has, and what is odd in it."""

from collections.abc import Sequence
from itertools import islice

from connectors.call112.cdr import BadCell, Shape, grouped, id_of, shape_of, tell
from connectors.call112.detect import Found
from connectors.call112.findings import Findings
from connectors.call112.lines import escaped_bytes, has_escaped
from connectors.call112.profiles import Profile
from connectors.call112.settings import Settings
from connectors.call112.sheets import Row, Sheet
from connectors.call112.window import Window
from hub.contract import ImportFile, Mapping

_DISPOSITIONS = frozenset({"answered", "no answer", "busy", "failed", "congestion", "cancel"})


def fits(beginning: Sequence[Row], profile: Profile) -> bool:
    """Whether the first rows have the columns of this layout, and an outcome where it belongs."""
    width, at = len(profile.header), profile.position("disposition")
    rows = [row for row in beginning if any(row)]
    alike = [row for row in rows if len(row) == width and row[at].lower() in _DISPOSITIONS]
    return bool(rows) and len(alike) * 2 > len(rows)


def opened(
    sheet: Sheet, *, found: Found, findings: Findings, settings: Settings, mapping: Mapping
) -> ImportFile:
    """The calls of the file. Rows are looked through first, so that what is odd is known before."""
    names = found.usual()
    shape = shape_of(names, profile=found.profile, settings=settings, mapping=mapping)
    total = _survey(sheet, found=found, shape=shape, findings=findings)
    rows = (row for _, row in islice(sheet.numbered(), found.number, None) if row is not None)
    raws = grouped(rows, shape)
    return ImportFile(total=total, raws=raws, remarks=findings.told())


def _survey(sheet: Sheet, *, found: Found, shape: Shape, findings: Findings) -> int:
    """How many calls there are; what is odd goes to the findings."""
    number, total = found.number, 0
    seen, calls = Window[int, int](), Window[str, bool]()
    for number, row in islice(sheet.numbered(), found.number, None):
        if row is None or len(row) < shape.width:
            if row != ():
                _short(row, number, found=found, findings=findings)
            continue
        if not "".join(row).isascii():
            _letters(row, number, found=found, findings=findings)
        try:
            tell(None, row, shape)
        except BadCell as error:
            column = found.profile.says(str(error))
            findings.note(number, column, "tidak terbaca; baris tidak dihitung")
            continue
        if (first := seen.get(hash(row))) is not None:
            column = found.profile.says("unique_id")
            findings.note(number, column, f"sama dengan baris {first}; dihitung sekali")
            continue
        seen.add(hash(row), number)
        if (call_id := id_of(row, shape)) not in calls:
            calls.add(call_id, True)
            total += 1
    findings.say(f"{findings.file}: {number - found.number} baris CDR menjadi {total} panggilan.")
    return total


def _short(row: Row | None, number: int, *, found: Found, findings: Findings) -> None:
    titles = found.titles()
    if row is None:
        why = "tanda kutip tidak ditutup; baris ini dan sesudahnya tidak dihitung"
        findings.note(number, titles[0], why)
        return
    why = f"baris terpotong, {len(row)} dari {len(titles)} kolom; tidak dihitung"
    findings.note(number, titles[len(row) - 1], why)


def _letters(row: Row, number: int, *, found: Found, findings: Findings) -> None:
    for title, cell in zip(found.titles(), row, strict=False):
        if has_escaped(cell):
            why = f"bukan UTF-8 (byte {escaped_bytes(cell)}); dibaca sebagai Latin-1"
            findings.note_once(number, title, why, kind="letters")
