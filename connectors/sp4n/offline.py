"""What works without the API: reading what came, and importing Laporan Ringkas."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from connectors.sp4n import export, shapes, translate_in, translate_listed, translate_rows
from connectors.sp4n.settings import Mode, Settings
from hub.contract import (
    ImportFile,
    Mapping,
    News,
    Pace,
    Raw,
    Traits,
    UnreadableError,
    parse_json,
)


class ImportingSp4n:
    """SP4N-LAPOR! for a city without the API: nothing goes there yet, but its exports are read."""

    name = "sp4n"

    def __init__(self, settings: Settings, mapping: Mapping) -> None:
        self._settings = settings
        self._mapping = mapping

    @property
    def traits(self) -> Traits:
        settings = self._settings
        return Traits(
            title="SP4N-LAPOR!",
            # Files and assisted come later: a complaint promised to them would wait for ever.
            takes_complaints=settings.mode is Mode.API,
            wants_identity=settings.new_users,
            poll_every=timedelta(seconds=settings.poll_seconds),
            inspect_every=timedelta(seconds=settings.inspect_seconds),
            pace=Pace(per_second=settings.per_second),
        )

    def read(self, raw: Raw) -> Iterator[News]:
        """An inspection, a row of an export, or an entry of the inbound list."""
        settings, mapping = self._settings, self._mapping
        body = shapes.scrubbed(parse_json(raw.body))
        if not isinstance(body.value, dict):
            raise UnreadableError("not a JSON object")
        if "detail" in body:
            yield translate_in.status_news(raw, body, zone=settings.zone, mapping=mapping)
        elif "row" in body:
            yield from translate_rows.row_news(raw, body, settings=settings, mapping=mapping)
        else:
            yield from translate_listed.listed_news(raw, body, settings=settings, mapping=mapping)

    def open_export(self, path: Path) -> ImportFile:
        """Take a Laporan Ringkas apart."""
        return export.open_export(path)

    async def aclose(self) -> None:
        """Nothing is open."""
