"""News that an operator read on a channel's own page and typed in: it goes the way of all news."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from hub.contract.news import StatusNews
from hub.domain.authority import Authorities
from hub.domain.complaint import Source
from hub.intake.case import EVERYBODY_ASKS
from hub.intake.moves import MoveRefused, NoSuchComplaint, refuse_merged
from hub.intake.statuses import take_status
from hub.ports import Begin, Clock, Upstream, Work
from hub.record.speaking import numbered
from hub.record.write import write_down

# Clocks on desks differ; what lies further ahead is a slip of the finger.
AHEAD = timedelta(minutes=5)

UNMOVED = {
    "known": "Dicatat, tetapi kanal itu sudah berkata lain sesudah waktu tersebut.",
    "late": "Dicatat, tetapi status aduan tidak berubah: kabar itu lebih lama daripada yang berlaku.",
}


class Typed:
    """`status` is one transaction; every other channel is told in it."""

    def __init__(
        self,
        *,
        begin: Begin,
        upstreams: Mapping[str, Upstream],
        clock: Clock,
        authorities: Authorities = EVERYBODY_ASKS,
    ) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._clock = clock
        self._authorities = authorities

    async def status(
        self,
        ticket: str,
        connector: str,
        *,
        word: str,
        note: str | None,
        at: datetime | None,
        who: str,
        number: str | None = None,
    ) -> str:
        """Take in what the channel shows now, in its own word; returns a sentence that says what came of it.

        `at`: when it changed there (None: now). `number`: theirs, where they have several.
        Raises `NoSuchComplaint` or `MoveRefused`.
        """
        now = self._clock()
        upstream = self._upstreams.get(connector)
        if upstream is None:
            raise MoveRefused(f"Konektor {connector} tidak aktif.")
        status = upstream.mapping.to_status(word)
        if status is None:
            raise MoveRefused(
                f"Kata status «{word}» belum dikenal; pilih dari daftar, atau tambahkan ke [status_in] "
                f"di mappings/{connector}.toml."
            )
        if at is not None and at > now + AHEAD:
            raise MoveRefused("Waktunya di masa depan; periksa tanggal dan jamnya.")

        async def write(work: Work) -> str:
            source, others = await _source(work, ticket, connector, number=number)
            news = StatusNews(
                key=f"typed:{uuid4().hex}",
                external_id=source.external_id or "",
                theirs=word.strip(),
                status=status,
                at=at or now,
                note=note,
            )
            outcome = await take_status(
                work, connector, news, upstreams=self._upstreams, at=now, typed_by=who,
                is_dated=at is not None, authorities=self._authorities,
            )  # fmt: skip
            await work.upstreams.heard(connector, at=now)
            return _said(outcome.word, outcome.reason, others=others)

        return await write_down(self._begin, write)


async def _source(
    work: Work, ticket: str, connector: str, *, number: str | None
) -> tuple[Source, bool]:
    """The source that was read, and whether another one would be told of it."""
    complaint = await work.complaints.by_ticket(ticket)
    if complaint is not None:
        await refuse_merged(work, complaint)
    sources = await work.complaints.sources(complaint.id) if complaint else []
    found = numbered(sources, connector, number)
    if not found:
        raise NoSuchComplaint(f"Aduan {ticket} belum punya nomor di {connector}.")
    if len(found) > 1:
        known = ", ".join(str(each.external_id) for each in found)
        raise MoveRefused(
            f"Aduan {ticket} punya beberapa nomor di {connector}: pilih dari {known}."
        )
    return found[0], any(each.id != found[0].id and each.listens for each in sources)


def _said(word: str, reason: str | None, *, others: bool) -> str:
    match word:
        case "moved" if others:
            return "Dicatat. Status aduan berubah; kanal lain yang mengenal aduan ini diberi tahu."
        case "moved":
            return "Dicatat. Status aduan berubah; tidak ada kanal lain yang perlu diberi tahu."
        case "conflict":
            return f"Dicatat, tetapi bertentangan: {reason}"
        case "held":
            held = "aduan ini ditahan sampai petugas memutuskan."
            return f"Dicatat, tetapi tidak diterapkan: {held} {reason or ''}".rstrip()
        case _:
            return UNMOVED.get(word, "Dicatat. Status aduan tidak berubah karenanya.")
