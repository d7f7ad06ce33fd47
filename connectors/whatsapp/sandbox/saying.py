"""What a citizen can send, and how our messages look on a phone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.whatsapp.sandbox.media import MediaShelf

LARGEST_ALBUM = 30

# What the chat shows, and the message's type with what stands under it.
Said = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Way:
    """What somebody wants to say, from a form, a script or JSON."""

    facts: Mapping[str, Any]
    shelf: MediaShelf

    @property
    def text(self) -> str:
        return str(self.facts.get("text") or "").strip()

    def number(self, name: str, otherwise: float) -> float:
        """A number somebody typed."""
        try:
            return float(self.facts.get(name) or otherwise)
        except ValueError:
            raise ValueError(f"{name} harus berupa angka") from None

    def file(self, kind: str, **more: Any) -> dict[str, Any]:
        """A message with a new file in it."""
        media = self.shelf.in_webhook(self.shelf.make(kind))
        return {"type": kind, kind: {**media, **{key: one for key, one in more.items() if one}}}


def say(way: Way) -> Iterator[Said]:
    """A text."""
    if not way.text:
        raise ValueError("Tulis dulu pesannya")
    yield way.text, {"type": "text", "text": {"body": way.text}}


def photo(way: Way) -> Iterator[Said]:
    """One photo, maybe with a caption."""
    yield f"📷 {way.text}".strip(), way.file("image", caption=way.text)


def album(way: Way) -> Iterator[Said]:
    """Several photos; the first has the caption."""
    count = min(max(int(way.number("count", 3)), 1), LARGEST_ALBUM)
    yield from photo(way)
    for _ in range(count - 1):
        yield "📷", way.file("image")


def voice(way: Way) -> Iterator[Said]:
    """A voice note, then maybe a line of text."""
    yield "🎤 pesan suara", way.file("audio", voice=True)
    if way.text:
        yield from say(way)


def video(way: Way) -> Iterator[Said]:
    """A video, maybe with a caption."""
    yield f"🎬 {way.text}".strip(), way.file("video", caption=way.text)


def document(way: Way) -> Iterator[Said]:
    """A PDF."""
    name = str(way.facts.get("filename") or "surat.pdf")
    yield f"📄 {name}", way.file("document", filename=name, caption=way.text)


def location(way: Way) -> Iterator[Said]:
    """A pin; somewhere in the city unless said otherwise."""
    pin: dict[str, Any] = {
        "latitude": way.number("latitude", -6.8886),
        "longitude": way.number("longitude", 109.6753),
    }
    # `name` is the citizen's.
    named = {"name": way.facts.get("place"), "address": way.facts.get("address")}
    pin |= {key: str(words) for key, words in named.items() if words}
    yield f"📍 {pin['latitude']}, {pin['longitude']}", {"type": "location", "location": pin}


def button(way: Way) -> Iterator[Said]:
    """A tap on a quick reply of a template."""
    label = way.text or "Ya"
    tapped = {"payload": str(way.facts.get("payload") or label), "text": label}
    said: dict[str, Any] = {"type": "button", "button": tapped}
    if quoted := way.facts.get("quoted"):
        said["context"] = {"id": quoted}
    yield f"🔘 {label}", said


Saying = Callable[[Way], Iterator[Said]]
SAYINGS: dict[str, Saying] = {
    "say": say,
    "photo": photo,
    "album": album,
    "voice": voice,
    "video": video,
    "document": document,
    "location": location,
    "button": button,
}


@dataclass(frozen=True, slots=True)
class Told:
    """One of our messages, as sent to POST /messages."""

    sent: Mapping[str, Any]

    @property
    def text(self) -> str:
        """What the citizen reads."""
        if self.sent["type"] == "text":
            return str(self.sent["text"]["body"])
        template = self.sent["template"]
        values = [
            str(one.get("text"))
            for part in template.get("components", ())
            for one in part.get("parameters", ())
        ]
        return f"[{template['name']}] {' · '.join(values)}"
