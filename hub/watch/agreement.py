"""The repairing half of the reconciliation: a missed promise is made anew, once, and counted."""

from collections.abc import Mapping
from datetime import timedelta

import structlog

from hub.ports import Begin, Clock, Upstream
from hub.record.promises import tell

log = structlog.get_logger()

EVERY = timedelta(minutes=5)
BATCH = 100


class Repair:
    """`step` finds whom nobody is telling the present status, and has them told.

    Every promise is made in the transaction that caused it, so there is nothing to find: unless the
    hub has a bug, or somebody went back to a backup.
    """

    def __init__(self, *, begin: Begin, upstreams: Mapping[str, Upstream], clock: Clock) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._clock = clock

    async def step(self) -> bool:
        """All of them, each in a transaction of its own; never more at once."""
        await self.all()
        return False

    async def all(self) -> int:
        """How many were repaired."""
        repaired, after = 0, 0
        while True:
            async with self._begin() as work:
                found = await work.untold.find(after=after, limit=BATCH)
            for source_id in found:
                repaired += await self._repair(source_id)
            if len(found) < BATCH:
                return repaired
            after = found[-1]

    async def _repair(self, source_id: int) -> bool:
        async with self._begin() as work:
            source = await work.complaints.source_by_id(source_id)
            if source is None:
                return False
            # Locked first: whoever moves the complaint promises in the same transaction.
            complaint = await work.complaints.get(source.complaint_id)
            if not await work.untold.is_still(source_id, complaint.id):
                return False
            # Promised and let go by a person, or there and taken back: that is somebody's will.
            if await work.untold.last_promised(source_id) is complaint.status:
                return False
            promised = await tell(
                work, complaint, source, upstreams=self._upstreams, at=self._clock(), note=None
            )
            if promised:
                await work.rounds.repaired(source.connector)
        if promised:
            log.warning("agreement.repaired", connector=source.connector, ticket=complaint.ticket)
        return promised
