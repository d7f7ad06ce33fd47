"""Which files go along, and what is said of those that stay with us."""

from collections import Counter
from collections.abc import Sequence

from connectors.laporgub.settings import Settings
from hub.contract import StoredFile

_KINDS = {"audio": "pesan suara", "video": "video", "image": "gambar"}
# Voice notes of WhatsApp are Opus in Ogg, and Ogg alone does not say that it sounds.
_VOICE = "application/ogg"
_TAKEN = ("gambar", "dokumen")


def sorted_out(
    files: Sequence[StoredFile], settings: Settings
) -> tuple[list[StoredFile], list[StoredFile]]:
    """Pictures and documents that a form is likely to take, and what stays with the ticket."""
    taken: list[StoredFile] = []
    kept: list[StoredFile] = []
    for file in files:
        fits = _kind(file) in _TAKEN and file.size <= settings.max_file_bytes
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
