"""An operator at the page of what is to be copied: reads it, files it there, types back the number."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
from bs4 import BeautifulSoup

from hub.demo.cast import Tally
from hub.demo.processes import BY_HAND, MODE, Stand


@dataclass(slots=True)
class Copied:
    """A parcel that lies on the desk: where it goes and what is to be written there."""

    parcel_id: str
    connector: str
    kind: str
    ticket: str
    marker: str
    is_free: bool
    is_mine: bool
    in_file: bool
    number: str
    boxes: Mapping[str, str]


@dataclass(slots=True)
class Copier:
    """Works through the hub's real pages, as a person would: nothing here knows the API.

    `carried`: what has been filed there and not been typed back yet; `tickets`: ours by their number,
    of what was carried; `typed`: what was read off the channel's own page last.
    """

    stand: Stand
    tally: Tally
    carried: dict[str, str] = field(default_factory=dict)
    tickets: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)

    async def work(self) -> None:
        """Once through the list, and once over what the channels show."""
        async with self.stand.browser() as browser, self.stand.control() as control:
            for parcel_id in await _listed(browser):
                await self._copy(browser, control, parcel_id)
            await self._read_off(browser, control)

    async def _copy(
        self, browser: httpx.AsyncClient, control: httpx.AsyncClient, parcel_id: str
    ) -> None:
        path = f"/carry/{parcel_id}"
        found = _copied(await browser.get(path))
        if found is None or not (found.is_mine or found.is_free):
            return
        if parcel_id not in self.carried:
            if found.in_file or self.stand.environment[MODE] != "assisted":
                return  # what has not been begun by hand leaves in a file, or by itself
            await browser.post(f"{path}/take")
            found = _copied(await browser.get(path))
            if found is None or not found.is_mine or found.in_file:
                return  # it has gone another way, or somebody else was quicker
            self.carried[parcel_id] = await _file_there(control, found)
        number = self.carried[parcel_id]
        self.tickets[number] = found.ticket
        answer = await browser.post(f"{path}/done", data={"number": number})
        if answer.is_success:
            self.tally.settled[f"copied to {found.connector} by hand"] += 1
            del self.carried[parcel_id]

    async def _read_off(self, browser: httpx.AsyncClient, control: httpx.AsyncClient) -> None:
        """What the channel's own page shows since, typed into the complaint's page."""
        shown = await _shown_there(control)
        for external_id, word in shown.items():
            ticket = self.tickets.get(external_id)
            if ticket is None or self.typed.get(external_id) == word:
                continue
            path = f"/complaints/{ticket}/channels/{BY_HAND}/status"
            answer = await browser.post(path, data={"word": word})
            if answer.is_success:
                self.tally.settled["status typed from their page"] += 1
                self.typed[external_id] = word


async def _listed(browser: httpx.AsyncClient) -> list[str]:
    page = BeautifulSoup((await browser.get("/carry")).text, "html.parser")
    return [str(row["data-parcel"]) for row in page.select("tr[data-parcel]")]


def _copied(answer: httpx.Response) -> Copied | None:
    page = BeautifulSoup(answer.text, "html.parser")
    slip = page.select_one("article.slip")
    if slip is None:
        return None
    boxes = {
        str(box["data-name"]): box.get_text().removeprefix("\n")
        for box in page.select("textarea[data-name]")
    }
    return Copied(
        parcel_id=str(slip["data-parcel"]),
        connector=str(slip["data-connector"]),
        kind=str(slip["data-kind"]),
        ticket=str(slip["data-ticket"]),
        marker=str(slip["data-marker"]),
        is_free=page.select_one("form.take") is not None,
        is_mine=slip["data-mine"] == "yes",
        in_file=page.select_one("#in-file") is not None,
        number=str(slip["data-number"]),
        boxes=boxes,
    )


async def _file_there(control: httpx.AsyncClient, found: Copied) -> str:
    """Copy every box into their form; the number their page shows afterwards."""
    facts: dict[str, str] = {**found.boxes}
    action = "create"
    if found.kind != "opening":
        action = "follow_up"
        facts |= {"ticket": found.number, "marker": found.marker}
    answer = await control.post(f"/play/{found.connector}/{action}", json=facts)
    answer.raise_for_status()
    return str(answer.json()["ticket"])


async def _shown_there(control: httpx.AsyncClient) -> dict[str, str]:
    """The last status word of every complaint, as their own page has it."""
    journal = (await control.get("/control/journal")).json()
    return {
        str(event["facts"]["external_id"]): str(event["facts"]["status"])
        for event in journal
        if event["kind"] == "moved" and event["imitation"] == BY_HAND
    }
