"""A file of the call centre taken apart: its log of tickets (XLSX, CSV) or of its exchange."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from connectors.call112 import cdr_file, queue_log
from connectors.call112.detect import Found, detect, missing_in
from connectors.call112.fields import zone_of
from connectors.call112.findings import Findings
from connectors.call112.kept import Origin
from connectors.call112.profiles import Profile, profile_named, profiles_of
from connectors.call112.records import record_of
from connectors.call112.settings import Settings
from connectors.call112.sheets import UNFIT, Row, Sheet, sheets_of
from connectors.call112.survey import Survey
from connectors.call112.tickets import Table
from hub.contract import Counted, ImportFile, Mapping, Raw, UnreadableError

# The header of a sheet stands within so many rows.
BEGINNING = 60


@dataclass(frozen=True, slots=True)
class Source:
    """A file with what is needed to read it."""

    path: Path
    sheets: tuple[Sheet, ...]
    beginnings: tuple[tuple[Row, ...], ...]
    settings: Settings
    mapping: Mapping


def open_export(path: Path, *, settings: Settings, mapping: Mapping) -> ImportFile:
    """Take a file apart. It is gone through twice, so that what is odd is known before its rows.

    `UnreadableError` says which columns each profile misses, and how to write a new one.
    """
    try:
        sheets = sheets_of(path)
        beginnings = tuple(sheet.beginning(BEGINNING) for sheet in sheets)
        source = Source(path, sheets, beginnings, settings, mapping)
        return _opened(source, profiles=_profiles(settings, mapping))
    except UNFIT as error:
        raise UnreadableError(
            f"{path.name}: berkas tidak terbaca sebagai XLSX atau CSV ({type(error).__name__}); buka "
            "dan simpan ulang, lalu kirim lagi."
        ) from error


def _profiles(settings: Settings, mapping: Mapping) -> tuple[Profile, ...]:
    if settings.profile:
        return (profile_named(mapping, settings.profile),)
    return profiles_of(mapping)


def _opened(source: Source, *, profiles: Sequence[Profile]) -> ImportFile:
    findings = Findings(source.path.name)
    first = source.beginnings[0] if source.beginnings else ()
    for profile in profiles:
        if profile.kind == "queue_log" and queue_log.fits(first):
            findings.say(
                f"Profil {profile.name} dikenali: baris bergaris tegak dengan waktu di depan."
            )
            zone = zone_of(profile, source.settings)
            return queue_log.opened(source.path, zone=zone, findings=findings)
        if profile.headless and cdr_file.fits(first, profile):
            found = Found(profile, 0, profile.header, profile.header)
            findings.say(f"Profil {profile.name} dikenali: {found.explained()}.")
            return _cdr(source, source.sheets[0], found=found, findings=findings)
    return _with_header(source, profiles, findings)


def _with_header(source: Source, profiles: Sequence[Profile], findings: Findings) -> ImportFile:
    pairs = zip(source.sheets, source.beginnings, strict=True)
    hits = [(sheet, hit) for sheet, rows in pairs if (hit := detect(rows, profiles)) is not None]
    if not hits:
        raise UnreadableError(_no_profile(source, profiles))
    best = max((hit for _, hit in hits), key=lambda hit: hit.fitting)
    for sheet, hit in hits:
        if hit.profile == best.profile:
            name = f", lembar {sheet.name}" if sheet.name else ""
            findings.say(f"Profil {hit.profile.name} dikenali: {hit.explained()}{name}.")
    if best.profile.kind == "cdr":
        sheet = next(sheet for sheet, hit in hits if hit is best)
        return _cdr(source, sheet, found=best, findings=findings)
    tables = [Table(sheet, hit) for sheet, hit in hits if hit.profile == best.profile]
    survey = Survey(findings, source.settings, source.mapping)
    for table in tables:
        survey.look(table)
    return ImportFile(total=survey.total, raws=_raws(source, tables), remarks=survey.told())


def _cdr(source: Source, sheet: Sheet, *, found: Found, findings: Findings) -> ImportFile:
    return cdr_file.opened(
        sheet, found=found, findings=findings, settings=source.settings, mapping=source.mapping
    )


def _raws(source: Source, tables: Iterable[Table]) -> Iterator[Raw | Counted]:
    written = datetime.fromtimestamp(source.path.stat().st_mtime, UTC).isoformat()
    for table in tables:
        for entry in table.entries():
            if entry.is_header or entry.broken is not None:
                continue
            yield record_of(
                entry.cells(),
                profile=entry.found.profile,
                origin=Origin(source.path.name, entry.number, written),
                settings=source.settings,
                mapping=source.mapping,
            )


def _no_profile(source: Source, profiles: Sequence[Profile]) -> str:
    rows = [row for beginning in source.beginnings for row in beginning]
    lacks = "; ".join(
        f"{profile.name} tidak menemukan kolom {', '.join(missing_in(rows, profile))}"
        for profile in profiles
        if not profile.headless
    )
    return (
        f"{source.path.name}: tidak ada profil yang cocok ({lacks or 'tidak ada profil bertajuk'}). Salin "
        f"salah satu berkas di mappings/call112/ dengan nama baru, isi header, find dan [columns] "
        f"menurut berkas ini, lalu coba `hub import call112 {source.path.name} --preview`."
    )
