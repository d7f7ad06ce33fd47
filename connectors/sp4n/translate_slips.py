"""A delivery as people carry it into LAPOR!: in the words that the API would be given. Pure."""

from collections.abc import Sequence
from urllib.parse import quote

from connectors.sp4n import translate_out
from connectors.sp4n.settings import Settings
from hub.contract import (
    Addition,
    Delivery,
    Entry,
    Mapping,
    Notice,
    Opening,
    Slip,
    StatusUpdate,
    StoredFile,
    Unsendable,
)

NO_NOTICE = "SP4N-LAPOR! tidak punya jalan untuk menyampaikan pemberitahuan"
# Columns of our file; beside one of these the number is not theirs to fill in.
FOLLOW_UP = "tindak_lanjut"
REFERRAL = "alasan_bukan_wewenang"


def slip_of(delivery: Delivery, *, settings: Settings, mapping: Mapping) -> Slip:
    """What to do there. Fails like a push does."""
    match delivery.content:
        case Opening() as opening:
            return _to_open(delivery, opening, settings=settings, mapping=mapping)
        case StatusUpdate() as update:
            return _to_tell(delivery, update, settings=settings, mapping=mapping)
        case Addition() as addition:
            return _to_add(delivery, addition, settings)
        case Notice():
            raise Unsendable(NO_NOTICE)


def _to_open(
    delivery: Delivery, opening: Opening, *, settings: Settings, mapping: Mapping
) -> Slip:
    taken, kept = translate_out.sorted_out(opening.files, settings)
    complaint = translate_out.opened(
        delivery, opening, settings=settings, mapping=mapping, file_ids=(), kept=kept
    )
    category = str(complaint["category_id"])
    entries = [
        Entry("judul", "Judul Laporan", complaint["title"]),
        Entry("isi", "Isi Laporan", complaint["content"]),
        Entry("tanggal_kejadian", "Tanggal Kejadian", complaint["date_of_incident"]),
        Entry("lokasi", "Lokasi Kejadian", translate_out.place_text(opening.place)),
        Entry("kategori", "Kategori Laporan", _named(category_name(category, mapping), category)),
        Entry("klasifikasi", "Klasifikasi Laporan", settings.classification_name),
        Entry("instansi_tujuan", "Instansi Tujuan", _own_institution(settings)),
        Entry("anonim", "Anonim", _yes_or_no(complaint["is_anonymous"])),
        Entry("rahasia", "Rahasia", _yes_or_no(complaint["is_secret"])),
    ]
    if settings.new_users:
        entries += [
            Entry("nama_pelapor", "Nama Pelapor", complaint.get("nameUser", "")),
            Entry("telepon_pelapor", "Nomor Telepon", complaint.get("phoneUser", "")),
            Entry("surel_pelapor", "Alamat E-mail", complaint.get("emailUser") or ""),
        ]
    return Slip(
        todo="Buat laporan baru di SP4N-LAPOR! dengan isian ini"
        f"{_with(taken)}, lalu catat Tracking ID yang diberikan.",
        entries=tuple(entries),
        link=settings.form_url,
        files=tuple(taken),
        wants_number=True,
    )


def _to_tell(
    delivery: Delivery, update: StatusUpdate, *, settings: Settings, mapping: Mapping
) -> Slip:
    match translate_out.done_there(update, mapping):
        case "nothing":
            # Without an entry there is nothing to be carried.
            return Slip(
                todo="Tidak ada yang perlu ditulis di SP4N-LAPOR! untuk perubahan ini; cukup "
                "tandai selesai.",
                entries=(),
                link=_page(delivery, settings),
            )
        case "refer":
            return _to_refer(delivery, update, settings=settings, mapping=mapping)
        case "follow_up" | "remark":
            text = translate_out.told(update, mapping)
            return _follow_up(delivery, text, settings, label="Tindak Lanjut")


def _to_refer(
    delivery: Delivery, update: StatusUpdate, *, settings: Settings, mapping: Mapping
) -> Slip:
    complaint_id = translate_out.their_id(delivery)
    rejection = translate_out.rejected(delivery, update, settings=settings, mapping=mapping)
    agency = _named(update.agency or "", rejection["reason"])
    return Slip(
        todo=f"Buka laporan {complaint_id} di SP4N-LAPOR!, pilih Bukan Wewenang, lalu pilih "
        "instansi tujuan dan salin alasannya utuh.",
        entries=(
            Entry("instansi_tujuan", "Instansi Tujuan", agency),
            Entry(REFERRAL, "Alasan Bukan Wewenang", rejection["reason_description"]),
        ),
        link=_page(delivery, settings),
    )


def _to_add(delivery: Delivery, addition: Addition, settings: Settings) -> Slip:
    taken, kept = translate_out.sorted_out(addition.files, settings)
    text = translate_out.added(addition, kept, delivery.ticket)
    return _follow_up(delivery, text, settings, label="Tambahan dari Pelapor", files=taken)


def _follow_up(
    delivery: Delivery,
    text: str,
    settings: Settings,
    *,
    label: str,
    files: Sequence[StoredFile] = (),
) -> Slip:
    complaint_id = translate_out.their_id(delivery)
    return Slip(
        todo=f"Buka laporan {complaint_id} di SP4N-LAPOR! dan kirim teks ini sebagai tindak lanjut"
        f"{_with(files)}. Salin utuh: baris (ref. ...) di akhirnya dipakai untuk mengenalinya lagi.",
        entries=(Entry(FOLLOW_UP, label, translate_out.signed(text, delivery, settings)),),
        link=_page(delivery, settings),
        files=tuple(files),
    )


def category_name(category_id: str, mapping: Mapping) -> str:
    """Their name of a category, which is what their form shows; empty where [category_name] has none."""
    return str(mapping.tables.get("category_name", {}).get(category_id, ""))


def _own_institution(settings: Settings) -> str:
    if not settings.dispose_at_once:
        return ""
    known = str(settings.institution_id) if settings.institution_id else ""
    return _named(settings.institution_name, known)


def _named(name: str, number: str) -> str:
    return " ".join(filter(None, (name, f"({number})" if name and number else number)))


def _yes_or_no(is_so: bool) -> str:
    return "Ya" if is_so else "Tidak"


def _with(files: Sequence[StoredFile]) -> str:
    return f", dengan {len(files)} lampiran" if files else ""


def _page(delivery: Delivery, settings: Settings) -> str:
    if settings.page_url and delivery.external_id:
        return settings.page_url.replace("{id}", quote(delivery.external_id, safe=""))
    return settings.form_url
