"""Un-merging: everything goes back where it was, moved on by what its own channels have said since."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from hub.domain.complaint import Complaint, Source
from hub.domain.status import Status
from hub.intake.additions import late_words_key, show_late_words
from hub.intake.carried_hold import give_hold_back
from hub.intake.merging import lock_both
from hub.intake.moves import MoveRefused
from hub.intake.open import open_complaint
from hub.intake.openings import take_up
from hub.intake.signpost import DEFAULT, Signpost
from hub.intake.standing import OPERATOR, heard_here, put_back
from hub.intake.voices import people_in
from hub.ports import Upstream, Work
from hub.record.disagree import conflict_key
from hub.record.promises import tell
from hub.rows import Merge


async def unmerge(
    work: Work,
    merge: Merge,
    *,
    who: str,
    why: str,
    upstreams: Mapping[str, Upstream],
    at: datetime,
    signpost: Signpost = DEFAULT,
) -> Complaint:
    """Undo a merge, or the joining of a report; the complaint that speaks for what was split off.

    Raises `MoveRefused` if it was undone before, or while another complaint speaks for the one that stayed.
    """
    parting = _Parting(work, merge, who=who, upstreams=upstreams, at=at)
    await parting.begin()
    if merge.lost_id is None:
        lost = await parting.open_anew(signpost)
    else:
        lost = await parting.restore(merge.lost_id)
    done = await work.matches.undone(merge.id, who=who, why=why, at=at, lost_id=lost.id)
    if not done:
        raise MoveRefused("Sudah dipisahkan.")
    return lost


class _Parting:
    """One merge that is undone, inside one transaction."""

    def __init__(
        self,
        work: Work,
        merge: Merge,
        *,
        who: str,
        upstreams: Mapping[str, Upstream],
        at: datetime,
    ) -> None:
        self._work = work
        self._merge = merge
        self._who = who
        self._upstreams = upstreams
        self._at = at
        # Where an opening goes on its way again; that says more than any status.
        self._revived: set[int] = set()

    async def begin(self) -> None:
        """Lock what it is about, and see whether it can be undone."""
        work, merge = self._work, self._merge
        stays, _ = await lock_both(work, merge.complaint_id, merge.lost_id or merge.complaint_id)
        current = await work.matches.merge(merge.id)
        if current is None or current.undone_at is not None:
            raise MoveRefused("Sudah dipisahkan.")
        if stays.merged_into is not None:
            speaks = await work.complaints.get(stays.merged_into)
            raise MoveRefused(
                f"Aduan {stays.ticket} sesudah itu digabung ke {speaks.ticket}; pisahkan itu lebih "
                "dulu."
            )
        self._stays = stays
        known = await work.complaints.sources(stays.id)
        self._leaving = [source for source in known if source.id in merge.source_ids]
        self._remaining = [source for source in known if source.id not in merge.source_ids]

    async def restore(self, lost_id: int) -> Complaint:
        """The complaint that was lost speaks for its own again."""
        work, stays, merge = self._work, self._stays, self._merge
        lost, told = await work.complaints.get(lost_id), stays.status
        await work.reports.assign(await self._reports(), lost.id)
        await work.complaints.repoint([source.id for source in self._leaving], lost.id)
        lost.merged_into, lost.voices = None, merge.before["lost"]["voices"]
        # Until now its channels were told what the other one was.
        lost.status, lost.status_at, lost.agency = told, stays.status_at, stays.agency
        is_moved = await self._move_back(lost, merge.before["lost"])
        await give_hold_back(work, stays, lost, before=merge.before, who=self._who, at=self._at)
        await self._write(lost, told, f"Dipisahkan dari aduan {stays.ticket}.")
        self._revived = await take_up(work, merge.before["dropped"], at=self._at)
        await self._give_cards(lost)
        await self._part(f"Aduan {lost.ticket} dipisahkan dari sini.")
        await self._tell_parted(lost, is_moved=is_moved)
        return lost

    async def open_anew(self, signpost: Signpost) -> Complaint:
        """The reports that joined get a complaint of their own."""
        work, stays, merge = self._work, self._stays, self._merge
        source = next(iter(self._leaving), None)
        reports = await work.reports.get(await self._reports())
        if not reports:
            # They went with their person when that one's complaint was parted from here.
            (first, *_) = await work.reports.get(merge.report_ids)
            return await work.complaints.get(first.complaint_id or stays.id)
        own = replace(stays)
        theirs = {"from": reports[0].connector, "agency": None, **merge.before["theirs"]}
        is_moved = await self._move_back(own, theirs)
        lost = await open_complaint(
            work, reports, upstreams=self._upstreams, at=self._at, signpost=signpost,
            status=own.status, status_at=own.status_at, source=source,
            note=f"Laporan ini kini kami tangani tersendiri, terpisah dari {stays.ticket}.",
        )  # fmt: skip
        self._revived = await take_up(work, merge.before["dropped"], at=self._at)
        await self._give_cards(lost)
        await self._part(f"Laporan yang bergabung dipisahkan ke aduan {lost.ticket}.")
        if source is not None and not self._is_chat(source):
            await self._tell_system(lost, source, is_moved=is_moved)
        return lost

    async def _give_cards(self, lost: Complaint) -> None:
        """What waits for a person about the one that leaves goes with it."""
        before, cards = self._merge.before, self._work.cards
        contradicting = [conflict_key(source) for source in self._leaving]
        await cards.repoint([*before.get("cards", ()), *contradicting], lost.id)
        if before.get("late_words"):
            await show_late_words(self._work, lost.id, at=self._at)
        if before.get("late_words_here"):
            await cards.close(late_words_key(self._stays), at=self._at, by=self._who)

    async def _reports(self) -> list[int]:
        """What was re-pointed, and what those said since who leave."""
        work, stays = self._work, self._stays
        here = set(await work.complaints.report_ids(stays.id))
        leaving = people_in(self._leaving) - people_in(self._remaining)
        since = await work.complaints.report_ids(stays.id, people=leaving)
        return sorted(here & {*self._merge.report_ids, *since})

    async def _move_back(self, complaint: Complaint, kept: Mapping[str, Any]) -> bool:
        """What its own channels have said since moves it on from where it stood."""
        gone = [source.id for source in self._leaving]
        heard = await self._work.complaints.heard_since(
            self._merge.before["mark"], self._stays.id, gone
        )
        return put_back(complaint, kept, heard, of=gone, by_operators=False, at=self._at)

    async def _part(self, note: str) -> None:
        """The one that stayed forgets what it heard from those who leave."""
        work, stays = self._work, self._stays
        told, is_moved = stays.status, False
        stays.voices = max(stays.voices - self._merge.before["gained"], 1)
        # Before its first merge nobody but its own channels had spoken.
        rows = await work.matches.merges_of(stays.id)
        ledger = [row for row in rows if row.complaint_id == stays.id]
        first = ledger[0].before
        gone, own = [[each.id for each in some] for some in (self._leaving, self._remaining)]
        heard = heard_here(
            await work.complaints.heard_since(first["mark"], stays.id, [*gone, *own]), ledger
        )
        if any(one.source_id in gone and one.outcome == "moved" for one in heard):
            is_moved = put_back(
                stays, first["stays"], heard, of=own, by_operators=True, at=self._at
            )
        await self._write(stays, told, note)
        for source in await work.complaints.sources(stays.id):
            if is_moved:
                note = "Status dibetulkan, karena aduan lain dipisahkan dari sini."
                await self._tell(stays, source, note)
            elif source.id in self._revived and stays.status is not Status.RECEIVED:
                await self._tell(stays, source, None)

    async def _tell_parted(self, lost: Complaint, *, is_moved: bool) -> None:
        for source in await self._work.complaints.sources(lost.id):
            if self._is_chat(source):
                note = (
                    f"Aduan Anda kembali kami tangani tersendiri dengan nomor {lost.ticket}, "
                    f"terpisah dari {self._stays.ticket}."
                )
                await self._tell(lost, source, note)
            elif source.id not in self._revived:
                await self._tell_system(lost, source, is_moved=is_moved)
            elif lost.status is not Status.RECEIVED:
                await self._tell(lost, source, None)

    async def _tell_system(self, lost: Complaint, source: Source, *, is_moved: bool) -> None:
        """It hears of it if it was told of the merge, or of a status that is not its own."""
        if is_moved or source.id in self._merge.before["named"]:
            note = f"Dipisahkan dari aduan {self._stays.ticket}; kembali ditangani tersendiri."
            await self._tell(lost, source, note)

    async def _tell(self, complaint: Complaint, source: Source, note: str | None) -> None:
        await tell(
            self._work, complaint, source, upstreams=self._upstreams, at=self._at, note=note,
            by_hub=True,
        )  # fmt: skip

    async def _write(self, complaint: Complaint, before: Status, note: str) -> None:
        await self._work.complaints.save(complaint, at=self._at)
        await self._work.complaints.add_history(
            complaint.id, before=before, status=complaint.status, at=self._at, known_at=self._at,
            origin=f"{OPERATOR}{self._who}", outcome="parted", note=note,
        )  # fmt: skip

    def _is_chat(self, source: Source) -> bool:
        upstream = self._upstreams.get(source.connector)
        return upstream is not None and upstream.connector.traits.speaks_to_citizens
