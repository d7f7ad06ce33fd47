"""What people do at the imitation: copy into its form, complain, carry files, work as officers."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from random import Random
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from connectors.laporgub.sandbox.batches import Batches
from connectors.laporgub.sandbox.desk import NAME, PREFIX, Desk
from connectors.laporgub.sandbox.forms import filled_in, marker_in, prefix_of, said, ticket_in
from connectors.laporgub.sandbox.officers import Officers
from connectors.laporgub.sandbox.parts import upload_of
from connectors.laporgub.sandbox.records import Complaint, Switches, Upload
from hub.sandbox import Stage

Facts = Mapping[str, Any]
Action = Callable[[Facts], Awaitable[Facts]]


class Counter:
    """Each action takes facts and answers with facts; `ValueError` is a sentence for whoever acts."""

    def __init__(self, desk: Desk, batches: Batches, stage: Stage) -> None:
        self._desk = desk
        self._batches = batches
        self._stage = stage
        self._officers = Officers(desk)
        self.last_ticket = ""
        self.actions: Mapping[str, Action] = {
            "create": self.create,
            "report": self.report,
            "follow_up": self.follow_up,
            "upload": self.upload,
            "download": self.download,
            "move": self.move,
            "answer": self.answer,
            "finish_all": self.finish_all,
            "switch": self.switch,
        }

    def act(self, rng: Random) -> bool:
        """One step of the officers."""
        return self._officers.act(rng)

    async def create(self, facts: Facts) -> Facts:
        """An operator of the city copies a card into the form; our ticket is a line of `isi`."""
        form = filled_in(facts, await _files_of(facts))
        marker = ticket_in(form.text)
        complaint = self._desk.file(form, marker=marker)
        self.last_ticket = complaint.ticket
        return _shown(complaint) | {"marker": marker}

    async def report(self, facts: Facts) -> Facts:
        """A citizen complains to the province; `awalan` chooses another kind of number."""
        form = filled_in(facts, await _files_of(facts))
        complaint = self._desk.file(form, prefix=prefix_of(facts, PREFIX))
        self._stage.journal.write(
            NAME,
            "said",
            complaint=facts.get("complaint"),
            conversation=complaint.ticket,
            message=complaint.ticket,
            text=form.text,
        )
        return _shown(complaint)

    async def follow_up(self, facts: Facts) -> Facts:
        """An operator of the city copies a status or an addition under a complaint."""
        complaint = self._desk.complaint(facts.get("ticket"))
        text = said(facts, "isi")
        marker = said(facts, "marker") or marker_in(text)
        line = self._desk.follow_up(complaint, text, status=said(facts, "status"), marker=marker)
        return _shown(complaint) | {"id": line.id, "marker": marker}

    async def upload(self, facts: Facts) -> Facts:
        """A file of the city: `path` on the disk, `text`, or `file` from a form."""
        return self._batches.upload(await _content_of(facts))

    async def download(self, _: Facts) -> Facts:
        """Their export."""
        return {"csv": self._batches.download()}

    async def move(self, facts: Facts) -> Facts:
        """An officer sets a status, perhaps with words."""
        complaint = self._desk.complaint(facts.get("ticket"))
        self._desk.move(complaint, said(facts, "status"), text=said(facts, "text"))
        return _shown(complaint)

    async def answer(self, facts: Facts) -> Facts:
        """An officer answers."""
        complaint = self._desk.complaint(facts.get("ticket"))
        self._desk.answer(complaint, said(facts, "text"))
        return _shown(complaint)

    async def finish_all(self, _: Facts) -> Facts:
        """The officers work until nothing is left."""
        steps = 0
        while self._officers.act(self._stage.rng):
            steps += 1
        return {"steps": steps}

    async def switch(self, facts: Facts) -> Facts:
        """Turn switches on or off."""
        known = {field.name for field in fields(Switches)}
        if unknown := facts.keys() - known:
            raise ValueError(f"Tidak ada saklar {', '.join(sorted(unknown))}.")
        wanted = {name: str(value).lower() in {"true", "1", "on"} for name, value in facts.items()}
        self._desk.switches = replace(self._desk.switches, **wanted)
        return asdict(self._desk.switches)


def _shown(complaint: Complaint) -> dict[str, Any]:
    return {"ticket": complaint.ticket, "status": complaint.status}


async def _files_of(facts: Facts) -> tuple[Upload, ...]:
    part = facts.get("lampiran")
    # A browser sends an empty part where nothing was chosen.
    if isinstance(part, UploadFile) and part.filename:
        return (await upload_of(part),)
    return ()


async def _content_of(facts: Facts) -> bytes:
    part = facts.get("file")
    if isinstance(part, UploadFile):
        return await part.read()
    if path := said(facts, "path"):
        try:
            return await run_in_threadpool(Path(path).read_bytes)
        except OSError as error:
            raise ValueError(f"{path} tidak terbaca: {error.strerror}.") from error
    return str(facts.get("text") or "").encode()
