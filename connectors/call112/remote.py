"""A log file behind an HTTP(S) address: fetched when it has changed, then read as a file."""

import asyncio
from dataclasses import asdict, dataclass, replace

from connectors.call112.client import Download, FileClient
from connectors.call112.lines import is_cut
from connectors.call112.pages import Mark, Portion, Reader
from connectors.call112.scratch import Scratch
from hub.contract import Unavailable, UpstreamError


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The state of the file that was read to its end, and how far a newer one (`stamp`) is.

    `same`: how often its content came in a row though it looks cut.
    """

    edition: str = ""
    etag: str = ""
    modified: str = ""
    digest: str = ""
    stamp: str = ""
    row: int = 0
    same: int = 0


# So often in a row the same half is what there is: some never end their last line.
ENOUGH = 10


class Remote:
    """One address. What is downloaded is removed as soon as it is read."""

    name = "file"

    def __init__(self, client: FileClient, *, reader: Reader, edition: str) -> None:
        self._client = client
        self._reader = reader
        self._edition = edition
        self._download: Download | None = None
        self._scratch = Scratch()

    async def poll(self, mark: Mark | None) -> Portion:
        """The next page of what was downloaded, else of what is new there."""
        state = State(**mark) if mark else State()
        if state.edition != self._edition:
            # A mended mapping may read what the former could not.
            state = State(edition=self._edition)
        try:
            self._scratch.sweep()
            return await self._portion(state, mark)
        except OSError as error:
            raise Unavailable(
                f"Berkas dari CALL112_FILE_URL tidak dapat disimpan: {error.strerror}", code="disk"
            ) from error

    async def _portion(self, state: State, mark: Mark | None) -> Portion:
        here = self._download
        if here is None or state.stamp != self._stamp(here) or not here.path.is_file():
            here = self._download = await self._fetched(state)
        if here is None:
            self._forget()
            return Portion(mark=mark)
        if here.digest == state.digest:
            # Their server has no names for the states of a file; its content tells.
            after = await self._named(here, replace(state, etag="", modified=""))
            self._forget()
            return Portion(mark=asdict(after))
        return await self._page(here, state)

    async def aclose(self) -> None:
        self._reader.close()
        self._forget()
        await self._client.aclose()

    async def _fetched(self, state: State) -> Download | None:
        self._reader.close()
        folder = self._scratch.folder()
        try:
            return await self._client.fetch(folder, etag=state.etag, modified=state.modified)
        except UpstreamError:
            # A part of it may be there.
            self._forget()
            raise

    async def _page(self, here: Download, state: State) -> Portion:
        stamp = self._stamp(here)
        row = state.row if state.stamp == stamp else 0
        taken = await asyncio.to_thread(self._reader.page, here.path, stamp=stamp, row=row)
        if not taken.is_last:
            after = replace(state, stamp=stamp, row=taken.row)
            return Portion(taken.raws, asdict(after), has_more=True, remarks=taken.remarks)
        # What cannot be read is not fetched again until it has changed.
        after = await self._named(here, State(edition=self._edition, digest=here.digest))
        self._forget()
        refused = (taken.refused,) if taken.refused else ()
        return Portion(taken.raws, asdict(after), remarks=taken.remarks + refused)

    async def _named(self, here: Download, state: State) -> State:
        """Remember what the server calls it, unless it is cut: half a file may bear the name of the whole.

        That may happen several times in a row, so it is asked for again and again, but not for ever.
        """
        same = state.same + 1
        if same < ENOUGH and await asyncio.to_thread(is_cut, here.path):
            return replace(state, same=same)
        return replace(state, etag=here.etag, modified=here.modified, same=same)

    def _forget(self) -> None:
        self._download = None
        self._scratch.clear()

    def _stamp(self, download: Download) -> str:
        return f"{download.digest}:{self._edition}"
