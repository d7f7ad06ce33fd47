"""The JSON of reports that may be the same, what was judged of them, and of merges."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from hub.domain.status import Status
from hub.web.models import Connector, Row, Ticket
from hub.web.models_desk import Wish


class EvidenceOut(BaseModel):
    """One thing that speaks for them being the same (above 0) or against it (below)."""

    name: str = Field(examples=["rt_other"])
    words: str = Field(examples=["RT lain (3 / 4)"])
    weight: float = Field(examples=[-2.8])


class SaidOut(Row):
    """A report that is laid beside another one. Who reported is not part of it."""

    id: int
    connector: Connector
    said_at: datetime
    text: str
    category: str | None = Field(description="As the channel gave it.")
    latitude: float | None
    longitude: float | None
    place: str | None
    secret: bool
    file_count: int


class SideOut(Row):
    """A complaint and the one of its reports to compare."""

    ticket: Ticket
    status: Status
    title: str
    report_count: int
    report: SaidOut | None


class RepeatOut(Row):
    """A report that may speak of a complaint there was already."""

    id: int
    verdict: str = Field(description="same, perhaps or different.", examples=["perhaps"])
    score: float = Field(description="The chance that they are the same.", examples=[0.62])
    evidence: Sequence[EvidenceOut]
    returns: bool = Field(description="The same trouble, but a later one.")
    at: datetime
    state: str = Field(
        description="open, later, same, different, or done: nobody is asked.", examples=["open"]
    )
    decided_by: str | None
    decided_at: datetime | None
    report: SideOut
    complaint: SideOut


class RepeatList(BaseModel):
    """What waits for a decision, the likeliest first, then the newest; what was put off comes last."""

    repeats: list[RepeatOut]
    waiting: int = Field(description="How many there are in all.")


class Verdict(Wish):
    """What a person decides."""

    verdict: Literal["same", "different", "later"]


class MergeOut(BaseModel):
    """What became one; `merge_id` undoes it."""

    merge_id: int
    stays: Ticket
    lost: Ticket


class DecisionOut(BaseModel):
    """What came of a decision; `merged` only if they are the same."""

    merged: MergeOut | None


class JudgedOut(Row):
    """The verdict on a report against one complaint."""

    id: int
    ticket: Ticket
    verdict: str = Field(examples=["different"])
    score: float
    evidence: Sequence[EvidenceOut]
    returns: bool
    at: datetime
    state: str
    decided_by: str | None
    decided_at: datetime | None
