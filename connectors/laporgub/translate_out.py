"""Our words into theirs, the same for a call, a card and a row of a file. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from connectors.laporgub.attachments import kept_line
from connectors.laporgub.numbers import mark_line, ticket_line
from connectors.laporgub.settings import Settings
from connectors.laporgub.wording import cut, tidy
from hub.contract import Addition, Delivery, Mapping, Opening, Place, StatusUpdate, StoredFile
from hub.contract.privacy import masked

NAMELESS_AGENCY = "instansi terkait"
LONGEST_PLACE = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A complaint in their words."""

    title: str = field(repr=False)
    text: str = field(repr=False)
    category: str
    place: str = field(repr=False)
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """News of a complaint in their words. `word` is None for a text alone; `do` is the mapping's."""

    do: str
    text: str = field(repr=False)
    word: str | None = None


def opened(
    delivery: Delivery,
    opening: Opening,
    *,
    settings: Settings,
    mapping: Mapping,
    kept: Sequence[StoredFile],
) -> Opened:
    """The complaint as they want it. Who reports is not in it."""
    text = masked(tidy(opening.text))
    title = masked(tidy(opening.title)).replace("\n", " ") or text.partition("\n")[0]
    place, words = opening.place, _words_of(opening.place)
    point = place if place and place.has_point else None
    tail = (
        f"Lokasi: {words}" if words else "",
        f"Koordinat: {point.latitude:.5f}, {point.longitude:.5f}" if point else "",
        kept_line(kept, delivery.ticket),
        ticket_line(delivery.ticket),
    )
    ending = "\n".join(filter(None, tail))
    body = cut(text, settings.text_limit - len(ending) - 2)
    return Opened(
        title=cut(title or "Laporan warga", settings.title_limit),
        text="\n\n".join(filter(None, (body, ending))),
        category=mapping.from_category(opening.category),
        place=words,
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
    )


def moved(
    delivery: Delivery, update: StatusUpdate, *, settings: Settings, mapping: Mapping
) -> Told:
    """What is said there when a complaint has moved."""
    words = mapping.from_status(update.status)
    text = str(words["text"]).replace("{agency}", update.agency or NAMELESS_AGENCY)
    do = str(words["do"])
    return Told(
        do=do,
        text=_signed(f"{text} {update.note or ''}", delivery, settings),
        word=str(words["word"]) if do == "update" else None,
    )


def added(
    delivery: Delivery, addition: Addition, *, settings: Settings, kept: Sequence[StoredFile]
) -> Told:
    """What is said there when the citizen has said more."""
    more = tidy(addition.text) or "(berkas)"
    lines = (f"Tambahan dari pelapor: {more}", kept_line(kept, delivery.ticket))
    return Told(do="comment", text=_signed("\n".join(filter(None, lines)), delivery, settings))


def _signed(text: str, delivery: Delivery, settings: Settings) -> str:
    line = mark_line(delivery)
    return f"{cut(masked(tidy(text)), settings.text_limit - len(line) - 1)}\n{line}"


def _words_of(place: Place | None) -> str:
    words = masked(tidy(place.words or "")) if place else ""
    return cut(words.replace("\n", ", "), LONGEST_PLACE)
