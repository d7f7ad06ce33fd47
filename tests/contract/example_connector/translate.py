"""Their words and ours."""

import re
from collections.abc import Iterator

from hub.contract import (
    Addition,
    Delivery,
    Entry,
    Ignored,
    Mapping,
    News,
    Node,
    Number,
    Opening,
    Person,
    Raw,
    Report,
    Slip,
    StatusNews,
    StatusUpdate,
    Unmapped,
    Unreadable,
    UnreadableError,
    Unsendable,
    parse_json,
)
from hub.contract.reading import storable

# Whoever reads the board must not read a telephone number or a NIK on it.
_LEADS_TO_A_PERSON = re.compile(r"\+?\d(?:[ .-]?\d){7,}")


def read(raw: Raw, mapping: Mapping) -> Iterator[News]:
    """The news of a webhook (many posts) or of a look at one post."""
    body = parse_json(raw.body)
    if not isinstance(body.value, dict):
        raise UnreadableError("no object")
    if not body["pos"]:
        yield Ignored(key=raw.key, reason="no posts")
    for number, post in enumerate(body["pos"]):
        try:
            yield status_news(raw, post, mapping) if raw.external_id else report(post, mapping)
        except (UnreadableError, Unmapped) as error:
            yield Unreadable(key=f"{raw.key}:{number}", reason=str(error))


def report(post: Node, mapping: Mapping) -> Report:
    """A post that a citizen pinned."""
    post_id, author = post["id"].need_text(), post["penulis"]
    phone = author["telepon"].text() or ""
    return Report(
        key=f"post:{post_id}",
        external_id=post_id,
        said_at=post["dipasang"].need_time(),
        text=post["isi"].need_text(),
        category=mapping.to_category(post["kategori"].text()),
        person=Person((f"phone:{phone}",), {"phone": phone}, author["nama"].text())
        if phone
        else None,
    )


def status_news(raw: Raw, post: Node, mapping: Mapping) -> StatusNews:
    """Where a post stands."""
    theirs = post["status"].need_text()
    return StatusNews(
        key=raw.key,
        external_id=post["id"].need_text(),
        theirs=theirs,
        status=mapping.to_status(theirs),
        at=post["diubah"].need_time(),
    )


def told(delivery: Delivery, mapping: Mapping) -> dict[str, str]:
    """What we write on the board."""
    match delivery.content:
        case Opening() as opening:
            return {
                "isi": masked(opening.text),
                "kategori": mapping.from_category(opening.category),
                "penanda": delivery.ticket,
            }
        case StatusUpdate() as update:
            words = {
                "isi": mapping.from_status(update.status)["text"].format(agency=update.agency)
            }
            return words | {"penanda": delivery.parcel_id}
        case Addition() as addition:
            return {"isi": masked(addition.text), "penanda": delivery.parcel_id}
        case _:
            raise Unsendable("the board knows no notices")


def slip(delivery: Delivery, mapping: Mapping) -> Slip:
    """The same words, for whoever pins them by hand."""
    words = told(delivery, mapping)
    if isinstance(delivery.content, Opening):
        text = f"{words['isi']}\n\nNomor tiket: {delivery.ticket}"
        return Slip(
            todo="Tempel pos baru di Papan Warga dengan isian ini, lalu catat nomornya.",
            entries=(Entry("isi", "Isi", text), Entry("kategori", "Kategori", words["kategori"])),
            files=delivery.content.files,
            wants_number=True,
        )
    if delivery.external_id is None:
        raise Unsendable("no post to write below")
    return Slip(
        todo=f"Tulis jawaban ini di bawah pos {delivery.external_id} di Papan Warga.",
        entries=(Entry("isi", "Isi jawaban", words["isi"]),),
    )


def number(typed: str) -> Number:
    """The number of a post, as the board writes it."""
    text = "".join(storable(typed).split()).lstrip("#")
    looks_right = text.isascii() and text.isdecimal()
    return Number(
        text, None if looks_right else f"{text!r} tidak seperti nomor pos; periksa lagi."
    )


def masked(text: str) -> str:
    """The text without long numbers."""
    return _LEADS_TO_A_PERSON.sub("[disensor]", text)
