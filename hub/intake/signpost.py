"""Where a new complaint goes: the rules of routing, and the words that overrule them all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from hub.domain.complaint import Complaint
from hub.domain.emergency import EmergencyWords
from hub.domain.routing import EVERYWHERE, Decision, Routes, Subject
from hub.intake.emergency import Speaker, emergency_in
from hub.ports import Upstream, Work
from hub.rows import Card, KeptReport


@dataclass(frozen=True, slots=True)
class Signpost:
    """Reads a complaint and points. Without rules it points everywhere."""

    routes: Routes = field(default_factory=Routes.everywhere)
    emergency: EmergencyWords = field(default_factory=EmergencyWords.none)

    def urgent(self, reports: Sequence[KeptReport], *, at: datetime) -> str | None:
        """The phrase of an emergency in one of the reports, or in all of them together."""
        said = [(f"{each.title or ''}\n{each.text}", each) for each in reports]
        if len(reports) > 1:
            said.append(("\n".join(report.text for report in reports), reports[-1]))
        # The same words again are searched once, as said last.
        for text, report in dict(said).items():
            if phrase := emergency_in(self.emergency, text, speaker=speaker_of(report), at=at):
                return phrase
        return None

    def point(self, complaint: Complaint, *, urgent: bool) -> Decision:
        """Which rule fires."""
        place = complaint.place.words if complaint.place else None
        return self.routes.decide(
            Subject(
                channel=complaint.status_from,
                texts=(complaint.title, complaint.text, place or ""),
                category=complaint.category,
                emergency=urgent,
            )
        )


DEFAULT = Signpost()


def speaker_of(report: KeptReport) -> Speaker:
    """Who said it."""
    return Speaker(
        report.connector, report.external_id, report.person_id, report.route, report.said_at
    )


async def show_dead_ends(
    work: Work,
    complaint: Complaint,
    decision: Decision,
    *,
    upstreams: Mapping[str, Upstream],
    at: datetime,
) -> None:
    """The rule points to nobody who is there: one card for each, however many complaints wait."""
    away = [
        target
        for target in decision.targets
        if target != EVERYWHERE
        and not (target in upstreams and upstreams[target].connector.traits.takes_complaints)
    ]
    if len(away) < len(decision.targets):
        return
    for target in away:
        card = Card(
            key=f"route_off:{target}",
            kind="route_off",
            text=f"Rute «{decision.rule}» menunjuk {target}, yang mati: aduan {complaint.ticket} tinggal "
            "di hub.",
            next_step=f"Aktifkan {target} atau ubah mappings/routes.toml, lalu jalankan `hub check`; "
            "aduan yang tertinggal diteruskan dengan tangan.",
        )
        await work.cards.open(card, at=at)
