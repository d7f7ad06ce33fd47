"""Their words and ours."""

from collections.abc import Iterator

from hub.contract import (
    Addition,
    Delivery,
    Ignored,
    Mapping,
    News,
    Node,
    Opening,
    Person,
    Raw,
    Report,
    StatusNews,
    StatusUpdate,
    Unmapped,
    Unreadable,
    UnreadableError,
    Unsendable,
    parse_json,
)


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
                "isi": opening.text,
                "kategori": mapping.from_category(opening.category),
                "penanda": delivery.ticket,
            }
        case StatusUpdate() as update:
            words = {
                "isi": mapping.from_status(update.status)["text"].format(agency=update.agency)
            }
            return words | {"penanda": delivery.parcel_id}
        case Addition() as addition:
            return {"isi": addition.text, "penanda": delivery.parcel_id}
        case _:
            raise Unsendable("the board knows no notices")
