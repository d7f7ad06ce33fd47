"""Our words into theirs. Pure: settings, mapping and a delivery in, a body out."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Literal
from zoneinfo import ZoneInfo

from connectors.sp4n.payloads import Complaint, FollowUp, Rejection
from connectors.sp4n.settings import Settings
from connectors.sp4n.wording import cut, tidy
from hub.contract import (
    Addition,
    Delivery,
    Mapping,
    Opening,
    Place,
    StatusUpdate,
    StoredFile,
    Unmapped,
    Unsendable,
)
from hub.contract.mapping import folded
from hub.contract.privacy import masked

_MARKER = r"\(ref\. [\w-]+/([0-9a-f]{12})\)"
# As the last line; or at the end of a single line, for they lose line breaks now and then.
_SIGNED = re.compile(rf"(?:\A[^\n]*|\n){_MARKER}\Z")
TICKET = re.compile(r"(?:No\. tiket: |#)([A-Z]{2,}-[0-9A-Z-]*\d[0-9A-Z-]*)")
LONGEST_PLACE = 250
NAMELESS_AGENCY = "instansi terkait"
_KINDS = {"audio": "pesan suara", "video": "video", "image": "gambar"}
# Voice notes of WhatsApp are Opus in Ogg, and Ogg alone does not say that it sounds.
_VOICE = "application/ogg"


def their_id(delivery: Delivery) -> str:
    """Their id of the complaint; `Unsendable` before it has one."""
    if not delivery.external_id:
        raise Unsendable("laporan ini belum punya nomor SP4N-LAPOR!", code="no_external_id")
    return delivery.external_id


def done_there(
    update: StatusUpdate, mapping: Mapping
) -> Literal["nothing", "remark", "follow_up", "refer"]:
    """What is done there when a complaint has moved; `Unmapped` for anything else."""
    match mapping.from_status(update.status)["do"]:
        case "nothing":
            # That a report has been put together with another one is written there all the same.
            return "remark" if update.by_hub else "nothing"
        case "follow_up":
            return "follow_up"
        case "refer":
            return "refer"
        case unknown:
            raise Unmapped(f"[status_out.{update.status}] do = {unknown!r}")


def marker_line(delivery: Delivery) -> str:
    """The line that a follow-up of ours is found again by."""
    return f"(ref. {delivery.ticket}/{delivery.parcel_id[:12]})"


def our_mark(text: str) -> str | None:
    """The mark that ends a text of ours; None where somebody else goes on, or only quotes us."""
    found = _SIGNED.search(text)
    return found.group(1) if found else None


def sorted_out(
    files: Sequence[StoredFile], settings: Settings
) -> tuple[list[StoredFile], list[StoredFile]]:
    """The files they take, and those that stay with us."""
    taken: list[StoredFile] = []
    kept: list[StoredFile] = []
    for file in files:
        fits = file.media_type in settings.file_types and file.size <= settings.max_file_bytes
        (taken if fits and len(taken) < settings.max_files else kept).append(file)
    return taken, kept


def kept_line(kept: Sequence[StoredFile], ticket: str) -> str:
    """Such as "1 pesan suara disimpan pada tiket PKL-...": an officer knows what to ask for."""
    kinds = Counter(map(_kind, kept))
    named = [f"{count} {kind}" for kind, count in kinds.items()]
    return f"{', '.join(named)} disimpan pada tiket {ticket}." if named else ""


def _kind(file: StoredFile) -> str:
    if file.media_type == _VOICE:
        return _KINDS["audio"]
    return _KINDS.get(file.media_type.partition("/")[0], "dokumen")


def opened(
    delivery: Delivery,
    opening: Opening,
    *,
    settings: Settings,
    mapping: Mapping,
    file_ids: Sequence[int],
    kept: Sequence[StoredFile],
) -> Complaint:
    """The complaint as they want it. Who reports is in it only where SP4N_NEW_USERS says so."""
    text = masked(tidy(opening.text))
    title = masked(tidy(opening.title)).replace("\n", " ") or text.partition("\n")[0]
    return {
        "title": cut(title or "Laporan warga", settings.title_limit),
        "content": _content(delivery, opening, text=text, kept=kept, limit=settings.content_limit),
        "channel": settings.channel_id,
        **_reporter(delivery, opening, settings),
        **({} if settings.is_inbox is None else {"is_inbox": settings.is_inbox}),
        "is_disposisi_slider": settings.dispose_at_once,
        **({"disposition_id": settings.institution_id} if settings.dispose_at_once else {}),
        "classification_id": settings.classification_id,
        "category_id": category_id(opening.category, mapping),
        "location_id": settings.location_id,
        "priority_program_id": None,
        "community_id": None,
        "copy_externals": None,
        "date_of_incident": _day(opening, settings.zone, settings.date_format),
        "info_disposition": "-",
        "info_attachments": None,
        "tags_raw": f"#{delivery.ticket}",
        "is_approval": settings.is_approval,
        "is_anonymous": opening.anonymous,
        "is_secret": opening.secret,
        "is_priority": False,
        "attachments": _attachments(file_ids, settings),
    }


def told(update: StatusUpdate, mapping: Mapping) -> str:
    """What a follow-up says when a complaint has moved."""
    text = str(mapping.from_status(update.status)["text"])
    text = text.replace("{agency}", update.agency or NAMELESS_AGENCY)
    return masked(tidy(f"{text} {update.note or ''}"))


def added(addition: Addition, kept: Sequence[StoredFile], ticket: str) -> str:
    """What a follow-up says when the citizen has said more."""
    more = masked(tidy(addition.text)) or "(berkas)"
    return "\n".join(filter(None, (f"Tambahan dari pelapor: {more}", kept_line(kept, ticket))))


def signed(text: str, delivery: Delivery, settings: Settings) -> str:
    """The text, ended by the line it is found again by."""
    line = marker_line(delivery)
    return f"{cut(text, settings.content_limit - len(line) - 1)}\n{line}"


def followed_up(
    delivery: Delivery, text: str, *, template_code: str, settings: Settings
) -> FollowUp:
    """The form of a follow-up, from our institution to itself, as a public client did."""
    institution = str(settings.institution_id)
    return {
        "user_id": str(settings.admin_user_id or settings.user_id),
        "institution_from_id": institution,
        "institution_to_id": institution,
        "complaint_id": delivery.external_id or "",
        "info_disposition": "-",
        "template_code": template_code,
        "rating": "0",
        "is_secret": "0",
        "content": signed(text, delivery, settings),
    }


def rejected(
    delivery: Delivery, update: StatusUpdate, *, settings: Settings, mapping: Mapping
) -> Rejection:
    """The request to hand the complaint to the institution it belongs to."""
    return {
        "is_request": 1,
        "reason": institution_id(update.agency, mapping),
        "reason_description": signed(told(update, mapping), delivery, settings),
        "not_authority": 1,
    }


def category_id(category: str | None, mapping: Mapping) -> int:
    """Their id of our category; `Unmapped` where [category_out] has no number for it."""
    word = mapping.from_category(category)
    if not word.isdecimal():
        raise Unmapped(f"category {category!r} leads to {word!r}, which is no id")
    return int(word)


def institution_id(agency: str | None, mapping: Mapping) -> str:
    """Their id of an agency; `Unmapped` where [agency] has no word for it."""
    ids = {folded(name): str(number) for name, number in mapping.tables.get("agency", {}).items()}
    try:
        return ids[folded(agency or "")]
    except KeyError:
        raise Unmapped(f"agency {agency!r}") from None


def _content(
    delivery: Delivery, opening: Opening, *, text: str, kept: Sequence[StoredFile], limit: int
) -> str:
    ticket = delivery.ticket
    tail = (*_place_lines(opening.place), kept_line(kept, ticket), f"No. tiket: {ticket}")
    ending = "\n".join(filter(None, tail))
    return "\n\n".join(filter(None, (cut(text, limit - len(ending) - 2), ending)))


def place_text(place: Place | None) -> str:
    """The place in one line, as a form has it."""
    words, point = _place_parts(place)
    return " ".join(filter(None, (words, f"({point})" if words and point else point)))


def _place_lines(place: Place | None) -> list[str]:
    words, point = _place_parts(place)
    return [f"Lokasi: {words}" if words else "", f"Koordinat: {point}" if point else ""]


def _place_parts(place: Place | None) -> tuple[str, str]:
    if place is None:
        return "", ""
    words = cut(masked(tidy(place.words or "")).replace("\n", ", "), LONGEST_PLACE)
    return words, f"{place.latitude:.5f}, {place.longitude:.5f}" if place.has_point else ""


def _reporter(delivery: Delivery, opening: Opening, settings: Settings) -> Complaint:
    person = opening.reporter
    if settings.new_users and person and person.name and person.phone:
        email = settings.new_user_email.replace("{ticket}", delivery.ticket.lower())
        return {
            "is_new_user_slider": True,
            "nameUser": person.name,
            "phoneUser": person.phone,
            "emailUser": email or None,
        }
    return {"is_new_user_slider": False, "user_id": settings.user_id}


def _day(opening: Opening, zone: ZoneInfo, form: str) -> str:
    return opening.said_at.astimezone(zone).strftime(form)


def _attachments(ids: Sequence[int], settings: Settings) -> str | Literal[False]:
    if not ids:
        return False
    dot = "." if settings.attachment_encoding == "dot" else ""
    return f"[{','.join(map(str, ids))}]{dot}"
