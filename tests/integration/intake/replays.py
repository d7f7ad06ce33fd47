"""A replay as `hub replay` makes it, without its pace."""

from collections import Counter

from hub.intake.replaying import Again, Becomes
from hub.store.replay import kept
from tests.journey.city import City


async def no_wait() -> None:
    """Nobody else is there."""


async def replayed(
    city: City, *, connector: str | None = None, dry_run: bool = False
) -> list[Again]:
    """Read everything again that is kept; what came of each piece."""
    async with city.hub.database.reading() as connection:
        items = await kept(connection, connector=connector, since=None)
    found: list[Again] = []
    async for _, pieces in city.hub.replaying.run(items, dry_run=dry_run, wait=no_wait):
        found += pieces
    return found


def counts(found: list[Again]) -> dict[Becomes, int]:
    return dict(Counter(each.becomes for each in found))


def words(found: list[Again]) -> set[str]:
    return {each.word for each in found}
