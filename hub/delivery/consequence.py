"""What follows from a failed push: doubt, another try, or the end. The failure itself says which."""

from dataclasses import dataclass, field
from datetime import datetime

from hub.contract.connector import Traits
from hub.contract.errors import Unsendable, UpstreamError, Verdict, WindowClosed
from hub.delivery.parked import give_up
from hub.delivery.patience import Patience
from hub.delivery.settling import Settling
from hub.ports import Work
from hub.rows import Parcel


@dataclass(frozen=True, slots=True)
class Consequences:
    """`settling`: how long a doubt rests before anybody looks, and how often they do."""

    patience: Patience
    settling: Settling = field(default_factory=Settling)


async def follow(
    work: Work,
    parcel: Parcel,
    error: UpstreamError,
    *,
    traits: Traits,
    rules: Consequences,
    now: datetime,
) -> str:
    """Do what the failure says, and tell in a word what that was."""
    match error.verdict:
        case Verdict.DOUBT:
            rest = max(rules.settling.first, traits.receipt_within)
            await work.outbox.doubt(
                parcel, until=now + rest, code=error.code, detail=error.detail, at=now
            )
        case Verdict.GIVE_UP:
            await give_up(work, parcel, error, title=traits.title, at=now)
        case _:
            return await _again(work, parcel, error, traits=traits, rules=rules, now=now)
    return error.verdict.value


async def _again(
    work: Work,
    parcel: Parcel,
    error: UpstreamError,
    *,
    traits: Traits,
    rules: Consequences,
    now: datetime,
) -> str:
    if isinstance(error, WindowClosed) and parcel.person_id is not None:
        await work.people.close_window(parcel.person_id)
    wait = rules.patience.next_wait(
        error, attempts=parcel.attempts, promised_at=parcel.promised_at, now=now
    )
    if wait is None:
        spent = Unsendable(f"menyerah sesudah 7 hari: {error.detail}", code="spent")
        await give_up(work, parcel, spent, title=traits.title, at=now)
        return "spent"
    await work.outbox.postpone(parcel, until=now + wait, code=error.code, detail=error.detail)
    return error.verdict.value
