"""What has to be done now and then: leases of the dead, raw bytes past their time, channels gone quiet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from hub.contract.connector import Inspects, Mode, Pushes
from hub.ports import Begin, Clock, Upstream
from hub.rows import Card

RECLAIM_EVERY = timedelta(seconds=10)
PRUNE_EVERY = timedelta(hours=1)
SILENCE_EVERY = timedelta(minutes=10)
CARRIED_WITHIN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class ChoreRules:
    """`settling`: how long a doubt rests before a look. `silence`: after it a quiet channel gets a card."""

    raw_kept: timedelta = timedelta(days=30)
    settling: timedelta = timedelta(seconds=30)
    silence: timedelta = timedelta(hours=24)


class Housekeeping:
    """Small chores, each one transaction."""

    def __init__(
        self, *, begin: Begin, upstreams: Mapping[str, Upstream], clock: Clock, rules: ChoreRules
    ) -> None:
        self._begin = begin
        self._upstreams = upstreams
        self._clock = clock
        self._rules = rules

    async def reclaim(self, *, all_leases: bool = False) -> bool:
        """Leases whose holder is gone go on: in doubt if the push had begun, else as if never leased."""
        async with self._begin() as work:
            for name, upstream in self._upstreams.items():
                rest = max(self._rules.settling, upstream.connector.traits.receipt_within)
                await work.outbox.reclaim(
                    name, now=self._clock(), rest=rest, all_leases=all_leases
                )
                connector = upstream.connector
                if connector.traits.mode is Mode.API and isinstance(connector, Pushes):
                    # It was carried by hand until now: what nobody has begun with is pushed.
                    await work.hands.take_back(name, at=self._clock())
                if isinstance(connector, Inspects):
                    await work.complaints.inspect_unseen(name, at=self._clock())
        return False

    async def take_over(self) -> None:
        """At the start of the only process: whatever is still leased belongs to one that is gone."""
        await self.reclaim(all_leases=True)
        async with self._begin() as work:
            await work.upstreams.free_leases(now=self._clock())

    async def prune(self) -> bool:
        """Forget raw bytes that were read long ago."""
        async with self._begin() as work:
            await work.inbox.prune(before=self._clock() - self._rules.raw_kept)
        return False

    async def remind(self) -> bool:
        """What lies waiting to be carried for a day becomes one card for each channel."""
        now = self._clock()
        async with self._begin() as work:
            for name, upstream in self._upstreams.items():
                number, since = await work.hands.oldest(name)
                if since is None or now - since < CARRIED_WITHIN:
                    await work.cards.close(f"carry:{name}", at=now, by="hub")
                    continue
                days = (now - since).days
                await work.cards.open(
                    Card(
                        key=f"carry:{name}",
                        kind="carry",
                        connector=name,
                        text=f"{number} kiriman ke {upstream.connector.traits.title} menunggu disalin, "
                        f"yang tertua sudah {days} hari.",
                        next_step="Buka halaman «Disalin petugas», atau tulis berkasnya dengan "
                        f"`hub export {name}`, lalu muat jawabannya.",
                    ),
                    at=now,
                )
        return False

    async def listen(self) -> bool:
        """A channel that used to speak and has gone quiet becomes one card, until it speaks again."""
        now = self._clock()
        async with self._begin() as work:
            for name, upstream in self._upstreams.items():
                heard = await work.upstreams.heard_at(name)
                if heard is None or now - heard < self._rules.silence:
                    await work.cards.close(f"silence:{name}", at=now, by="hub")
                    continue
                title = upstream.connector.traits.title
                hours = round(self._rules.silence.total_seconds() / 3600)
                await work.cards.open(
                    Card(
                        key=f"silence:{name}",
                        kind="silence",
                        connector=name,
                        text=f"Tidak ada kabar apa pun dari {title} selama {hours} jam.",
                        next_step="Kirim satu pesan percobaan. Bila tidak muncul di sini, periksa "
                        "alamat webhook, token dan jaringan.",
                    ),
                    at=now,
                )
        return False
