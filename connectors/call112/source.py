"""The connector: what the hub may ask of the call centre's log."""

import json
from collections.abc import Iterator
from collections.abc import Mapping as Table
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import httpx

from connectors.call112 import callback, export, records, translate
from connectors.call112.client import FileClient
from connectors.call112.columns import fitted, lacking
from connectors.call112.database import Database
from connectors.call112.folder import Folder
from connectors.call112.kept import Origin
from connectors.call112.pages import Mark, Portion, Reader, edition
from connectors.call112.profiles import profile_named
from connectors.call112.remote import Remote
from connectors.call112.rows import Cells
from connectors.call112.settings import Settings
from hub.contract import (
    Counted,
    Delivery,
    ImportFile,
    Mapping,
    Mode,
    News,
    Number,
    Page,
    Raw,
    Slip,
    Traits,
    UnreadableError,
    UpstreamError,
)


class _Source(Protocol):
    """One place where the log is found; `name` is its part of the cursor."""

    @property
    def name(self) -> str: ...
    async def poll(self, mark: Mark | None) -> Portion: ...
    async def aclose(self) -> None: ...


class Call112:
    """The log of calls, from every source that is set; nothing goes there but a call-back list."""

    name = "call112"

    def __init__(
        self,
        settings: Settings,
        mapping: Mapping,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._mapping = mapping
        self._sources = tuple(self._configured(transport))

    @property
    def traits(self) -> Traits:
        callback_list = self._settings.callback
        return Traits(
            title="Layanan 112",
            mode=Mode.FILE if callback_list else Mode.API,
            done_when_exported=callback_list,
            poll_every=timedelta(seconds=self._settings.poll_seconds),
        )

    def read(self, raw: Raw) -> Iterator[News]:
        """A row that was kept."""
        return translate.read(raw, settings=self._settings, mapping=self._mapping)

    def open_export(self, path: Path) -> ImportFile:
        """Take a file of the call centre apart."""
        return export.open_export(path, settings=self._settings, mapping=self._mapping)

    async def poll(self, cursor: str | None) -> Page:
        """What comes next, source by source. One that fails holds up no other, and says so in a remark."""
        marks = _marks(cursor)
        portions: list[Portion] = []
        failed: dict[str, UpstreamError] = {}
        for source in self._sources:
            try:
                portion = await source.poll(marks.get(source.name))
            except UpstreamError as error:
                failed[source.name] = error
                continue
            marks[source.name] = portion.mark
            portions.append(portion)
            if portion.has_more:
                # The others come when this one is through: waiting for one that is away takes time.
                break
        if not portions:
            raise next(iter(failed.values()))
        return Page(
            tuple(raw for portion in portions for raw in portion.raws),
            json.dumps(marks),
            has_more=portions[-1].has_more,
            remarks=(*_sentences(failed), *_remarks(portions)),
        )

    def slip(self, delivery: Delivery) -> Slip:
        """One row of the call-back list."""
        return callback.slip(delivery, self._mapping)

    def number(self, typed: str) -> Number:
        """The number of a call, put right."""
        return callback.number(typed)

    async def aclose(self) -> None:
        """Let go of files and connections."""
        for source in self._sources:
            await source.aclose()

    def _configured(self, transport: httpx.AsyncBaseTransport | None) -> Iterator[_Source]:
        settings = self._settings
        word = edition(self._mapping.tables, settings.profile)
        if settings.folder:
            yield Folder(
                Path(settings.folder),
                reader=self._reader(),
                edition=word,
                settle_seconds=settings.settle_seconds,
                keep_days=settings.keep_days,
            )
        if settings.file_url:
            client = FileClient(settings, transport=transport)
            yield Remote(client, reader=self._reader(), edition=word)
        if settings.database_url.get_secret_value():
            yield self._database()

    def _reader(self) -> Reader:
        return Reader(self.open_export, page_rows=self._settings.page_rows)

    def _database(self) -> Database:
        settings, mapping = self._settings, self._mapping
        try:
            profile = profile_named(mapping, settings.profile)
        except UnreadableError as error:
            raise ValueError(f"CALL112_PROFILE: {error}") from error
        name = settings.table or "CALL112_QUERY"

        def record_of(cells: Cells, row: str) -> Raw | Counted:
            origin = Origin(name, row)
            ours = {fitted(column, profile): cell for column, cell in cells.items()}
            return records.record_of(
                ours, profile=profile, origin=origin, settings=settings, mapping=mapping
            )

        return Database(
            settings, record_of=record_of, lacking=lambda names: lacking(names, profile)
        )


def _marks(cursor: str | None) -> dict[str, Mark | None]:
    marks: dict[str, Mark | None] = json.loads(cursor) if cursor else {}
    return marks


def _remarks(portions: list[Portion]) -> Iterator[str]:
    for portion in portions:
        yield from portion.remarks


def _sentences(failed: Table[str, UpstreamError]) -> Iterator[str]:
    for name, error in failed.items():
        yield f"Satu sumber log 112 ({name}) sedang gagal, yang lain jalan terus: {error.detail}"
