"""A delivery that a person copies into their form, or that stands in a file. Pure."""

from collections.abc import Iterator
from urllib.parse import quote

from connectors.laporgub import translate_out
from connectors.laporgub.attachments import sorted_out
from connectors.laporgub.profile import Profile
from connectors.laporgub.settings import Settings
from connectors.laporgub.translate_out import Opened, Told
from hub.contract import (
    Addition,
    Delivery,
    Entry,
    Mapping,
    Mode,
    Notice,
    Opening,
    Slip,
    StatusUpdate,
    StoredFile,
    Unsendable,
)

NO_NOTICE = "LaporGub tidak punya jalan untuk menyampaikan pemberitahuan"
NOTHING = "Tidak ada yang perlu ditulis di LaporGub untuk perubahan ini; cukup tandai selesai."
IN_A_FILE = "Serahkan berkas ekspor kepada provinsi; baris ini "


def slip_of(delivery: Delivery, *, settings: Settings, mapping: Mapping, profile: Profile) -> Slip:
    """What is to be done, every text ready to copy. Raises `Unsendable` or `Unmapped`."""
    match delivery.content:
        case Opening() as opening:
            taken, kept = sorted_out(opening.files, settings)
            opened = translate_out.opened(
                delivery, opening, settings=settings, mapping=mapping, kept=kept
            )
            return _opening_slip(
                opening, opened, settings=settings, profile=profile, files=tuple(taken)
            )
        case StatusUpdate() as update:
            told = translate_out.moved(delivery, update, settings=settings, mapping=mapping)
            return _news_slip(delivery, told, settings=settings, profile=profile)
        case Addition() as addition:
            taken, kept = sorted_out(addition.files, settings)
            told = translate_out.added(delivery, addition, settings=settings, kept=kept)
            return _news_slip(
                delivery, told, settings=settings, profile=profile, files=tuple(taken)
            )
        case Notice():
            raise Unsendable(NO_NOTICE)


def page_of(external_id: str, settings: Settings) -> str:
    """Their page of a complaint."""
    return settings.page_url.replace("{ticket}", quote(external_id, safe=""))


def _opening_slip(
    opening: Opening,
    opened: Opened,
    *,
    settings: Settings,
    profile: Profile,
    files: tuple[StoredFile, ...],
) -> Slip:
    if settings.mode is Mode.FILE:
        todo = f"{IN_A_FILE}satu aduan baru. Minta nomor LaporGub-nya kembali, lalu `hub import`."
    else:
        todo = (
            "Buka formulir LaporGub dengan akun Anda, salin isian di bawah satu per satu, kirim, "
            "lalu ketik nomor LaporGub yang muncul di sini."
        )
        if opening.anonymous:
            todo += " Pelapor minta namanya tidak disebut: pilih Anonim."
        if files:
            todo += " Unduh lampirannya di sini dan unggah di sana."
    named = profile.create.fields
    entries = _file_entries if settings.mode is Mode.FILE else _form_entries
    return Slip(
        todo=todo,
        entries=tuple(
            Entry(named.get(word, word), label, text)
            for word, label, text in entries(opening, opened, settings=settings, profile=profile)
        ),
        link=settings.form_url,
        files=files,
        wants_number=True,
    )


def _form_entries(opening: Opening, opened: Opened, **_: object) -> Iterator[tuple[str, str, str]]:
    yield "title", "Judul", opened.title
    yield "text", "Isi aduan", opened.text
    yield "place", "Lokasi", opened.place
    yield "kind", "Jenis", "0 (rahasia)" if opening.secret else "1 (publik)"
    yield "category", "Kategori", opened.category


def _file_entries(
    opening: Opening, opened: Opened, *, settings: Settings, profile: Profile
) -> Iterator[tuple[str, str, str]]:
    yield "title", "Judul", opened.title
    yield "text", "Isi aduan", opened.text
    yield "category", "Kategori", opened.category
    yield "region", "Kabupaten/kota", settings.region_id
    yield "place", "Lokasi", opened.place
    yield "latitude", "Lintang", _degrees(opened.latitude)
    yield "longitude", "Bujur", _degrees(opened.longitude)
    yield "kind", "Jenis", str(profile.create.kinds["secret" if opening.secret else "public"])


def _news_slip(
    delivery: Delivery,
    told: Told,
    *,
    settings: Settings,
    profile: Profile,
    files: tuple[StoredFile, ...] = (),
) -> Slip:
    number = delivery.external_id
    if told.do == "nothing":
        # Without an entry there is nothing to be carried.
        return Slip(todo=NOTHING, entries=(), link=number and page_of(number, settings))
    if not number:
        raise Unsendable("aduan ini belum punya nomor LaporGub", code="no_external_id")
    named = profile.update.fields
    entries = [Entry(named["text"], "Tanggapan", told.text)]
    if told.word:
        entries.insert(0, Entry(named.get("status", "status"), "Status", told.word))
    if settings.mode is Mode.FILE:
        todo = f"{IN_A_FILE}kabar untuk aduan {number}."
    else:
        todo = f"Buka aduan {number} di LaporGub, lalu salin tanggapan di bawah."
        if told.word:
            todo = f"Buka aduan {number} di LaporGub, ubah statusnya, lalu salin tanggapannya."
        entries.insert(0, Entry("nomor_laporgub", "Nomor LaporGub", number))
    return Slip(todo=todo, entries=tuple(entries), link=page_of(number, settings), files=files)


def _degrees(value: float | None) -> str:
    return "" if value is None else f"{value:.5f}"
