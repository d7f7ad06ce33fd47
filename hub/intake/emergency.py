"""An emergency in a citizen's words: one card at once, and one line that says to call 112."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from hub.contract.news import Report
from hub.domain.emergency import EmergencyWords
from hub.intake.outcome import Outcome
from hub.ports import Upstream, Work
from hub.record.promises import promise_notice
from hub.rows import Card

# What was said longer ago came late or from a file; whoever needed 112 has called it since.
NOW = timedelta(hours=6)
NOTICE = "emergency"
ABOUT = ", aduan "
NEXT_STEP = (
    "Telepon 112 sekarang juga dan teruskan laporan ini, lalu baca aduannya dan putuskan "
    "kelanjutannya."
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who said something, where and when."""

    connector: str
    external_id: str
    person_id: int | None
    route: str | None
    at: datetime


def emergency_in(
    words: EmergencyWords, text: str, *, speaker: Speaker, at: datetime
) -> str | None:
    """The phrase of an emergency that was said just now, unless 112 itself passed it on."""
    if speaker.connector in words.knows_already or at - speaker.at > NOW:
        return None
    return words.find(text)


async def heed(
    work: Work,
    connector: str,
    report: Report,
    *,
    about: Outcome,
    words: EmergencyWords,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> None:
    """Raise the alarm over a report that was just taken in, if it calls for one."""
    # A complaint that was opened has raised its alarm already; what we knew did so then.
    if about.word not in ("gathered", "added", "repeat"):
        return
    speaker = Speaker(connector, report.external_id, None, report.route, report.said_at)
    text = f"{report.title or ''}\n{report.text}"
    phrase = emergency_in(words, text, speaker=speaker, at=at)
    if phrase is None:
        return
    if report.person is not None:
        known = await work.people.know(connector, report.person, at=at, heard_at=report.said_at)
        speaker = replace(speaker, person_id=known)
    ticket = None
    if about.complaint_id is not None:
        ticket = (await work.complaints.get(about.complaint_id)).ticket
    await raise_alarm(work, speaker, phrase, upstreams=upstreams, at=at, ticket=ticket)


async def raise_alarm(
    work: Work,
    speaker: Speaker,
    phrase: str,
    *,
    upstreams: Mapping[str, Upstream],
    at: datetime,
    ticket: str | None,
) -> None:
    """Open the card; only with a new one the citizen is told, so that nobody is told twice of one."""
    upstream = upstreams.get(speaker.connector)
    channel = upstream.connector.traits.title if upstream else speaker.connector
    key = f"emergency:{speaker.connector}:{speaker.person_id or speaker.external_id}"
    tickets = dict.fromkeys([*await _tickets_before(work, key, at=at), *filter(None, [ticket])])
    about = f"{ABOUT}{', '.join(tickets)}" if tickets else ""
    card = Card(
        key=key,
        kind="emergency",
        connector=speaker.connector if upstream else None,
        text=f"Kata darurat «{phrase}» dalam laporan lewat {channel}{about}.",
        next_step=NEXT_STEP,
    )
    is_new = await work.cards.open(card, at=at)
    if not is_new or upstream is None or speaker.person_id is None:
        return
    if upstream.connector.traits.speaks_to_citizens:
        await promise_notice(
            work,
            speaker.connector,
            NOTICE,
            person_id=speaker.person_id,
            route=speaker.route,
            at=at,
        )


async def _tickets_before(work: Work, key: str, *, at: datetime) -> list[str]:
    """The complaints that the open card names; one of another emergency makes way for a new one."""
    standing = await work.cards.standing(key)
    if standing is None:
        return []
    text, since = standing
    if at - since > NOW:
        await work.cards.close(key, at=at, by="hub")
    # Whoever reads the new card still has to decide on these.
    named = text.removesuffix(".").rpartition(ABOUT)[2] if ABOUT in text else ""
    return named.split(", ") if named else []
