"""Files as a message names them. Names and hashes come from strangers."""

import re
import unicodedata
from base64 import b64decode
from hashlib import sha256

from connectors.whatsapp.payloads import id_in
from hub.contract import AttachmentRef, Node

KINDS = ("image", "video", "audio", "voice", "document", "sticker")
LONGEST_FILE_NAME = 120
LONGEST_TYPE = 100
_SHA256_HEX = re.compile(r"[0-9a-f]{64}")


def attachment(kind: str, media: Node) -> AttachmentRef | None:
    """The file of a media message; None without an id to fetch it by.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
    """
    media_id = id_in(media["id"])
    if media_id is None:
        return None
    file_name = display_name(media["filename"].text() or "", longest=LONGEST_FILE_NAME)
    return AttachmentRef(
        ref=media_id,
        kind="voice" if media["voice"].value is True else kind,
        media_type=(media["mime_type"].text() or "")[:LONGEST_TYPE] or None,
        file_name=file_name or None,
        sha256=_hex(media["sha256"].text() or ""),
    )


def display_name(given: str, *, longest: int) -> str:
    """A name fit to be shown: no path, no control or direction characters; its end is kept."""
    last = re.split(r"[/\\]", given)[-1]
    visible = "".join(char for char in last if unicodedata.category(char)[0] != "C")
    return " ".join(visible.split()).strip(" .")[-longest:]


def _hex(given: str) -> str | None:
    """Webhooks carry base64, the media endpoint was seen with hex; anything else is no hash."""
    if _SHA256_HEX.fullmatch(given.lower()):
        return given.lower()
    try:
        raw = b64decode(given, validate=True)
    except ValueError:
        return None
    return raw.hex() if len(raw) == sha256().digest_size else None
