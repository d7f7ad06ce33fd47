"""How many parcels may set out for an upstream now: its pace, its places, and what lies on the way."""

from datetime import datetime

from hub.contract.errors import UpstreamError, Verdict
from hub.delivery.pace import Pacer, at_once, ramp
from hub.delivery.probing import Probing
from hub.record.away import ANSWERS, SILENCE
from hub.rows import Gate


class Places:
    """The places of one upstream in this process. `packing`: leased, and not yet at its turn in the pace."""

    def __init__(self, pacer: Pacer, *, most: int) -> None:
        self._pacer = pacer
        self._most = most
        self._probing = Probing()
        self._new_first = False
        self.packing = 0

    @property
    def ready_at(self) -> datetime:
        """Before this nothing leaves, whatever is due: the pace, or an upstream that is away."""
        return max(self._pacer.ready_at, self._probing.next_at)

    def free(self, gate: Gate, *, under_way: int, now: datetime) -> int | None:
        """How many may be leased; None while all that may be under way is under way."""
        if _is_shut(gate, now=now) or self._pacer.ready_at > now:
            return 0
        self._pacer.share = ramp(None if gate.resumed_at is None else now - gate.resumed_at)
        places = at_once(self._most, self._pacer.share)
        is_probe = self._probing.is_on(gate, now=now)
        if is_probe or gate.paused_until is not None:
            # It was away, or has asked for a pause: one goes ahead and finds out.
            places = 1
        free = min(places - under_way, self._pacer.batch - self.packing)
        if free <= 0:
            return None
        return 0 if is_probe and self._probing.next_at > now else free

    def for_new(self, free: int) -> int:
        """How many of these are for what was promised just now: half, and the odd one every other time."""
        self._new_first = not self._new_first
        return (free + self._new_first) // 2

    def leased(self, number: int) -> None:
        """So many are being packed."""
        self.packing += number

    def packed(self, *, leaves: bool, now: datetime) -> None:
        """One of them was packed and leaves, or does not leave now."""
        self.packing -= 1
        if leaves:
            self._probing.leaves(now=now)

    def ended(self, error: UpstreamError | None = None) -> None:
        """A push is over, well or with `error`. What says nothing about the way there changes nothing."""
        if error is None or isinstance(error, ANSWERS):
            self._probing.answered()
        elif isinstance(error, SILENCE):
            self._probing.failed(in_doubt=error.verdict is Verdict.DOUBT)


def _is_shut(gate: Gate, *, now: datetime) -> bool:
    return gate.paused_until is not None and gate.paused_until > now
