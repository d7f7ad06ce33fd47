"""What rows of exports and entries of the inbound list have in common as reports. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from connectors.sp4n import payloads
from connectors.sp4n.translate_out import TICKET
from connectors.sp4n.wording import cleaned, without_countdown
from hub.contract import Alarm, Mapping, News, Place, Report, StatusNews, Unmapped
from hub.contract.mapping import folded
from hub.contract.privacy import masked

# Of a status word in a key, which has its limits.
LONGEST_WORD = 80


def with_status(
    report: Report, *, status_at: datetime, mapping: Mapping, seen: str = ""
) -> Iterator[News]:
    """The report, and its present status as news of its own; `seen` is when that was looked up."""
    theirs = report.their_status
    if theirs is None:
        yield report
        return
    status = mapping.to_status(without_countdown(theirs))
    # A word that returns after another one is news again, under a later time.
    known_by = (
        report.external_id,
        folded(theirs)[:LONGEST_WORD],
        f"{status_at:%Y%m%dT%H%M%S}",
        seen,
    )
    yield replace(report, status=status, status_at=status_at)
    yield StatusNews(
        key=":".join(("status", *filter(None, known_by))),
        external_id=report.external_id,
        theirs=theirs,
        status=status,
        at=status_at,
        # Neither list nor export says since when: a follow-up of ours changes its date, too.
        by_then=True,
        note=report.facts.get(payloads.REASON),
        agency=report.facts.get(payloads.AGENCY),
    )


def category_of(mapping: Mapping, *theirs: str) -> str | None:
    """Our category for the first of their words that the mapping knows."""
    for word in theirs:
        try:
            if code := mapping.to_category(word):
                return code
        except Unmapped:
            continue
    return None


def unknown_category(report: Report, *theirs: str) -> Iterator[Alarm]:
    """A card for a category that the mapping does not know; the report itself is taken."""
    words = [word for word in theirs if word]
    if report.category is None and words:
        yield Alarm(
            key=f"category:{folded(' '.join(words))}",
            code="unmapped_category",
            text=f"Kategori SP4N {' '.join(words)!r} belum ada padanannya; laporan diterima tanpa kategori.",
            next_step=f"Tambahkan {words[-1]!r} pada [category_in] di mappings/sp4n.toml.",
        )


def ticket_in(*texts: str) -> str | None:
    """Our ticket number, if it is quoted."""
    found = next(filter(None, map(TICKET.search, texts)), None)
    return found.group(1) if found else None


def place_of(parts: list[str]) -> Place | None:
    """A place in words, from the smallest part to the largest."""
    words = ", ".join(filter(None, (masked(cleaned(part)) for part in parts)))
    return Place(words=words) if words else None
