"""What an administrator looks at now and then: our mapping beside copies of their tables."""

from pathlib import Path

from hub.bootstrap import open_hub
from hub.contract import KeepsMasters, Master
from hub.settings import Settings


async def masters_remarks(settings: Settings | None) -> tuple[str, ...]:
    """What the last copy of an upstream's own tables says of our settings; nothing if there is none."""
    if settings is None:
        return ()
    _, _, file = settings.database_url.partition(":///")
    if settings.database_url.startswith("sqlite") and not Path(file).exists():  # noqa: ASYNC240
        return ()  # looking must not make a database
    remarks: list[str] = []
    async with open_hub(settings) as hub, hub.database.begin() as work:
        for name, upstream in hub.registry.upstreams.items():
            copy = await work.upstreams.masters(name)
            if copy is None or not isinstance(upstream.connector, KeepsMasters):
                continue
            masters = {table: tuple(Master(*row) for row in rows) for table, rows in copy.items()}
            remarks += upstream.connector.check_masters(masters)
    return tuple(remarks)
