"""Files as Meta keeps them: an id for seven days, an address for five minutes."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random

from connectors.whatsapp.sandbox import files
from hub.sandbox import Stage

KEPT = timedelta(days=7)
ADDRESS_VALID = timedelta(minutes=5)
MAKERS: dict[str, tuple[Callable[[Random], bytes], str]] = {
    "image": (files.photo, "image/jpeg"),
    "audio": (files.voice, "audio/ogg; codecs=opus"),
    "video": (files.video, "video/mp4"),
    "document": (files.document, "application/pdf"),
}


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """One file at the imitation."""

    id: str
    media_type: str
    content: bytes
    at: datetime

    @property
    def digest(self) -> bytes:
        return sha256(self.content).digest()


class MediaShelf:
    """All files citizens sent, and those uploaded by us."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._files: dict[str, StoredMedia] = {}

    def make(self, kind: str) -> StoredMedia:
        """A new file of a citizen."""
        maker, media_type = MAKERS[kind]
        return self.keep(maker(self._stage.rng), media_type)

    def keep(self, content: bytes, media_type: str) -> StoredMedia:
        """Put a file on the shelf."""
        now = self._stage.clock.now()
        media_id = f"9{int(now.timestamp()):011d}{len(self._files):05d}"
        self._files[media_id] = StoredMedia(media_id, media_type, content, now)
        return self._files[media_id]

    def find(self, media_id: str) -> StoredMedia | None:
        """The file, while Meta keeps it."""
        media = self._files.get(media_id)
        kept = media is not None and self._stage.clock.now() - media.at < KEPT
        return media if kept else None

    def address(self, media: StoredMedia) -> str:
        """Where it can be fetched for the next five minutes."""
        until = int((self._stage.clock.now() + ADDRESS_VALID).timestamp())
        return f"{self._stage.base_url}/upstream/whatsapp/files/{media.id}?ext={until}"

    def opened(self, media_id: str, until: str) -> StoredMedia | None:
        """The file behind an address that has not run out."""
        in_time = until.isdigit() and self._stage.clock.now().timestamp() < int(until)
        return self.find(media_id) if in_time else None

    def in_webhook(self, media: StoredMedia) -> dict[str, str]:
        """How a message names the file."""
        return {
            "id": media.id,
            "mime_type": media.media_type,
            "sha256": b64encode(media.digest).decode(),
            "url": self.address(media),
        }
