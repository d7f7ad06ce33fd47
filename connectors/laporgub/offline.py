"""What works in every mode and without the network: reading what came, slips, files, numbers."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connectors.laporgub import export, numbers, pairs, shapes, slips
from connectors.laporgub.payloads import text_at
from connectors.laporgub.profile import Profile
from connectors.laporgub.settings import Settings
from connectors.laporgub.translate_in import Origin, complaint_news
from connectors.laporgub.translate_status import overwritten, status_news
from hub.contract import (
    Delivery,
    ImportFile,
    Mapping,
    Mode,
    News,
    Node,
    Number,
    Pace,
    Raw,
    Slip,
    Traits,
    Unreadable,
    UnreadableError,
    parse_json,
)


class LaporGub:
    """LaporGub by cards and files; nothing goes over the network."""

    name = "laporgub"

    def __init__(self, settings: Settings, mapping: Mapping, *, profile: Profile) -> None:
        self._settings = settings
        self._mapping = mapping
        self._profile = profile

    @property
    def traits(self) -> Traits:
        settings = self._settings
        looks = settings.inspect_seconds if settings.mode is Mode.API else settings.page_seconds
        return Traits(
            title="LaporGub",
            mode=settings.mode,
            takes_complaints=True,
            poll_every=timedelta(seconds=settings.poll_seconds),
            inspect_every=timedelta(seconds=looks),
            pace=Pace(per_second=settings.per_second),
        )

    def read(self, raw: Raw) -> Iterator[News]:
        """An entry of the list, a complaint looked at, a public page, or a row of a file."""
        body = parse_json(raw.body)
        if not isinstance(body.value, dict):
            raise UnreadableError("isinya bukan objek JSON")
        try:
            yield from self._read(raw, body)
        except RecursionError as error:
            raise UnreadableError("JSON bersarang terlalu dalam") from error

    def _read(self, raw: Raw, body: Node) -> Iterator[News]:
        settings, mapping, profile = self._settings, self._mapping, self._profile
        origin = _origin(raw, body, profile)
        if "cut" in body:
            yield Unreadable(key=raw.key, reason=f"{origin.where} {text_at(body, 'cut')}")
        elif "pair" in body:
            yield from pairs.pair_news(
                body["pair"],
                origin,
                body["clash"],
                columns=profile.columns,
                settings=settings,
            )
        elif "row" in body or "item" in body:
            aduan = (
                shapes.row_of(body["row"])
                if "row" in body
                else shapes.item_of(body["item"], profile)
            )
            yield from complaint_news(aduan, origin, settings=settings, mapping=mapping)
        else:
            aduan = (
                shapes.page_of(body["page"])
                if "page" in body
                else shapes.item_of(body["one"], profile)
            )
            news = status_news(aduan, seen=origin.seen, settings=settings, mapping=mapping)
            if news and aduan.ticket:
                yield from overwritten(aduan, settings=settings, mapping=mapping)
                yield news
            else:
                yield origin.unreadable("status", "kosong")

    def open_export(self, path: Path) -> ImportFile:
        """Take an export of theirs, or the answer to one of ours, apart."""
        return export.open_export(path, self._profile.columns, self._settings)

    def slip(self, delivery: Delivery) -> Slip:
        """What a person copies there, or a file carries."""
        return slips.slip_of(
            delivery, settings=self._settings, mapping=self._mapping, profile=self._profile
        )

    def number(self, typed: str) -> Number:
        """Their number as an operator typed it, put right."""
        return numbers.number(typed, self._settings)

    async def aclose(self) -> None:
        """Nothing is open."""


def _origin(raw: Raw, body: Node, profile: Profile) -> Origin:
    columns = body["columns"]
    words = columns.value if isinstance(columns.value, dict) else {}
    named = {word: columns[word].text(word) or word for word in words}
    if "number" in body:
        where = f"{text_at(body, 'file')}, baris {text_at(body, 'number')}"
    else:
        where, named = f"Aduan {raw.external_id or 'tanpa nomor'}", dict(profile.item)
    return Origin(
        key=raw.key, where=where, columns=named, seen=_time(body, "written") or _time(body, "seen")
    )


def _time(body: Node, name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text_at(body, name)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
