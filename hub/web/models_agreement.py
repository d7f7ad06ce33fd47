"""The JSON of the agreement."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import Field

from hub.domain.status import Status
from hub.store.desk import Standing, WhyUnknown
from hub.web.models import Connector, Row, Ticket


class CountedOut(Row):
    """N of M sources agree; the six reasons make up the rest."""

    total: int = Field(examples=[40])
    agreeing: int = Field(examples=[37])
    on_its_way: int = Field(examples=[1])
    in_doubt: int = Field(examples=[1])
    waiting_for_person: int = Field(examples=[1])
    contradicting: int = Field(examples=[0])
    unreadable: int = Field(
        description="Looked at in vain three times in a row, or their number is gone.",
        examples=[0],
    )
    untold: int = Field(description="Out of step with nothing on its way.", examples=[0])
    oldest: datetime | None = Field(description="When the oldest disagreement began.")


class TimeOut(Row):
    """From promise to acknowledgement: what arrived within `days`, and what has not arrived yet."""

    days: int = Field(examples=[7])
    number: int = Field(examples=[412])
    waiting: int = Field(
        description="Of these not there yet; each counts as long as it has waited."
    )
    p50: float | None = Field(description="Seconds.", examples=[1.4])
    p95: float | None = Field(description="Seconds.", examples=[96.0])


class RoundOut(Row):
    """One pass over everything the channel knows."""

    began_at: datetime
    ended_at: datetime | None
    sources: int = Field(description="How many there were to look at when it began.")
    looked: int = Field(description="How many of them have been looked at.")
    calls: int = Field(description="Looks; one may be several requests.")
    unreadable: int
    found: Mapping[str, int] = Field(
        description="At its end: standing -> number, and what was repaired and explained.",
        examples=[{"in_step": 39, "unreadable": 1, "repaired": 0, "explained": 0}],
    )


class ChannelAgreementOut(CountedOut):
    """The same of one channel; without rounds where it cannot be looked at."""

    connector: Connector
    title: str = Field(examples=["SP4N-LAPOR!"])
    times: list[TimeOut]
    last_round: RoundOut | None = Field(description="The last one that was completed.")
    round_under_way: RoundOut | None


class DisagreementOut(Row):
    """The source that has been out of step for longest."""

    since: datetime
    seconds: int = Field(examples=[840])
    ticket: Ticket
    connector: Connector
    standing: Standing
    status: Status = Field(description="Ours.")
    their_status: str | None = Field(examples=["Dalam Proses"])
    why: str


class UnknownHereOut(Row):
    """Known there and unknown here."""

    inbox_id: int
    connector: Connector
    external_id: str | None = Field(description="Their number, where it could be read.")
    why: WhyUnknown
    reason: str | None
    heard_at: datetime
    next_step: str


class AgreementOut(CountedOut):
    """How far all channels agree, what keeps the others from it, and how long it takes."""

    oldest_seconds: int | None = Field(examples=[840])
    sentence: str = Field(examples=["37 dari 40 selaras, ketidakselarasan tertua 14 menit"])
    oldest_disagreement: DisagreementOut | None
    times: list[TimeOut]
    channels: list[ChannelAgreementOut]
    unknown_here: list[UnknownHereOut] = Field(description="The latest fifty.")
    unknown_here_total: int
