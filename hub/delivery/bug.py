"""A fault of our own: where it happened, never what it was about."""

import traceback

import structlog

from hub.rows import Parcel

log = structlog.get_logger()


def note_bug(event: str, parcel: Parcel, error: Exception) -> str:
    """Log the fault and return its code. The text of an exception may quote a citizen; its place does not."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    log.error(
        event,
        parcel_id=parcel.parcel_id,
        connector=parcel.connector,
        error=type(error).__name__,
        place=f"{frame.name}, line {frame.lineno}",
    )
    return f"bug_{type(error).__name__}"[:60]
