"""What works without the API: reading what came, files in, and slips for people and files out."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from connectors.sp4n import (
    export,
    numbers,
    shapes,
    translate_answers,
    translate_in,
    translate_listed,
    translate_rows,
    translate_slips,
)
from connectors.sp4n.settings import Settings
from hub.contract import (
    Delivery,
    ImportFile,
    Mapping,
    News,
    Number,
    Pace,
    Raw,
    Slip,
    Traits,
    UnreadableError,
    parse_json,
)


class OfflineSp4n:
    """SP4N-LAPOR! for a city without the API: people or files carry what goes there."""

    name = "sp4n"

    def __init__(self, settings: Settings, mapping: Mapping) -> None:
        self._settings = settings
        self._mapping = mapping

    @property
    def traits(self) -> Traits:
        settings = self._settings
        return Traits(
            title="SP4N-LAPOR!",
            mode=settings.mode,
            takes_complaints=True,
            wants_identity=settings.new_users,
            poll_every=timedelta(seconds=settings.poll_seconds),
            inspect_every=timedelta(seconds=settings.inspect_seconds),
            pace=Pace(per_second=settings.per_second),
        )

    def read(self, raw: Raw) -> Iterator[News]:
        """An inspection, a row of an export or an answer file, or an entry of the inbound list."""
        settings, mapping = self._settings, self._mapping
        body = shapes.scrubbed(parse_json(raw.body))
        if not isinstance(body.value, dict):
            raise UnreadableError("isinya bukan objek JSON")
        if "detail" in body:
            yield translate_in.status_news(raw, body, zone=settings.zone, mapping=mapping)
        elif "row" in body:
            yield from translate_rows.row_news(raw, body, settings=settings, mapping=mapping)
        elif "answer" in body:
            yield from translate_answers.answer_news(raw, body)
        else:
            yield from translate_listed.listed_news(raw, body, settings=settings, mapping=mapping)

    def open_export(self, path: Path) -> ImportFile:
        """Take a Laporan Ringkas or an answer file apart."""
        return export.open_export(path)

    def slip(self, delivery: Delivery) -> Slip:
        """What people do there by hand, in the words that a push would send."""
        return translate_slips.slip_of(delivery, settings=self._settings, mapping=self._mapping)

    def number(self, typed: str) -> Number:
        """A Tracking ID, put right."""
        return numbers.number(typed)

    async def aclose(self) -> None:
        """Nothing is open."""
