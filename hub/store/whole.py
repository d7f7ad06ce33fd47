"""The whole of a round: which sources are looked at, and which have not been yet."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_

from hub.store.tables import sources


def to_look_at(connector: str) -> tuple[ColumnElement[bool], ...]:
    """What a round is about: sources that listen and have a number there."""
    return (
        sources.c.connector == connector,
        sources.c.listens,
        sources.c.external_id.is_not(None),
    )


def not_looked_at(connector: str, began_at: datetime) -> tuple[ColumnElement[bool], ...]:
    """What is left of a round; a source that was linked later belongs to the next one."""
    return (
        *to_look_at(connector),
        or_(sources.c.looked_at.is_(None), sources.c.looked_at < began_at),
        sources.c.linked_at <= began_at,
    )
