"""News that has been overtaken says nothing any more."""

from hub.ports import Work
from hub.rows import Kind, Parcel


async def is_old_news(work: Work, parcel: Parcel) -> bool:
    """A bare status that was parked or postponed while a newer one arrived."""
    if parcel.kind is not Kind.STATUS or parcel.needed or parcel.content.get("note"):
        return False
    return await work.outbox.is_superseded(parcel)
