"""The JSON of the API, described for OpenAPI. No identity of a citizen is in any of it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from hub.domain.status import Status
from hub.store.desk import Standing
from hub.web.masking import shortened
from hub.web.models_conflicts import ConflictOut

Ticket = Annotated[str, Field(description="Our ticket.", examples=["PKL-26-000123"])]
Connector = Annotated[str, Field(description="Name of the channel.", examples=["sp4n"])]
ExternalId = Annotated[
    str | None,
    BeforeValidator(shortened),
    Field(description="The channel's own id; a long one is cut to its end.", examples=["9200001"]),
]


Voices = Annotated[int, Field(description="How many people said it.", examples=[12])]


class Row(BaseModel):
    """Made from a row of the desk."""

    model_config = ConfigDict(from_attributes=True)


class Message(BaseModel):
    """What went wrong, as a sentence in Bahasa Indonesia."""

    message: str = Field(examples=["Aduan PKL-26-000999 tidak ada."])


class ComplaintSummary(Row):
    """A complaint in a list."""

    ticket: Ticket
    title: str = Field(examples=["Lampu jalan padam di Jalan Merdeka"])
    status: Status
    category: str | None = Field(description="Our category code.", examples=["penerangan"])
    agency: str | None = Field(description="Who works on it.", examples=["Dinas Perhubungan"])
    opened_at: datetime
    updated_at: datetime
    channels: tuple[str, ...] = Field(description="Connectors that know it.", examples=[["sp4n"]])
    in_step: bool = Field(description="Whether all channels agree with us.")
    voices: Voices


class ComplaintList(BaseModel):
    """A page of complaints, the latest change first."""

    complaints: list[ComplaintSummary]
    cursor: str | None = Field(description="Ask with it for the next page; null at the end.")


class Attachment(Row):
    """A file of a report."""

    id: int
    kind: str = Field(examples=["image"])
    file_name: str | None
    media_type: str | None = Field(examples=["image/jpeg"])
    size: int | None = Field(description="Bytes.")
    state: str = Field(description="expected, stored or failed.", examples=["stored"])
    problem: str | None


class ReportOut(Row):
    """What one channel brought. Who reported is not part of it."""

    id: int
    connector: Connector
    external_id: ExternalId
    said_at: datetime
    received_at: datetime
    title: str | None
    text: str
    category: str | None
    latitude: float | None
    longitude: float | None
    place: str | None
    anonymous: bool
    secret: bool
    attachments: tuple[Attachment, ...]


class SourceOut(Row):
    """The complaint as one channel knows it."""

    connector: Connector
    external_id: ExternalId
    their_status: str | None = Field(description="Their own word.", examples=["Diproses"])
    shown: Status | None = Field(description="What that word means to us.")
    shown_at: datetime | None
    told: Status | None = Field(description="What they last acknowledged from us.")
    told_at: datetime | None
    disagrees: str | None = Field(description="Why their status contradicts ours.")
    listens: bool = Field(description="Whether it is told how things go on.")
    in_step: bool
    standing: Standing = Field(description="in_step, or the one thing that keeps it from that.")


class HistoryItem(Row):
    """A move, or news that could not move the complaint."""

    before: Status | None
    status: Status
    at: datetime = Field(description="The source's own time.")
    known_at: datetime
    origin: str = Field(description="A connector, or operator:<name>.", examples=["sp4n"])
    outcome: str = Field(examples=["moved"])
    note: str | None
    typed_by: str | None = Field(description="The operator who read it at the channel.")


class AttemptOut(Row):
    """One line of a parcel's append-only record."""

    number: int
    phase: str = Field(description="began, ended, readback, person or handed.", examples=["ended"])
    at: datetime
    outcome: str | None = Field(examples=["settled"])
    code: str | None = Field(examples=["outcome_unknown"])
    detail: str | None
    milliseconds: int | None
    who: str | None


class ReceiptOut(Row):
    """How far a message of ours got."""

    state: str = Field(examples=["delivered"])
    at: datetime
    code: str | None


class ParcelOut(Row):
    """News on its way to one channel."""

    parcel_id: str = Field(examples=["0f3c9a6be1d24c55a7f0c3b1d2e4f596"])
    connector: Connector
    kind: str = Field(examples=["status"])
    status: Status | None = Field(description="The status it carries, if it carries one.")
    state: str = Field(
        description="waiting, leased, handed, doubt, settled, abandoned or dropped."
    )
    promised_at: datetime
    due_at: datetime
    handed_at: datetime | None = Field(description="Since when people or files carry it.")
    handed_to: str | None
    settled_at: datetime | None
    attempts: int
    asks_person: bool
    code: str | None
    detail: str | None
    external_id: ExternalId
    receipt: str | None
    tries: tuple[AttemptOut, ...]
    receipts: tuple[ReceiptOut, ...]


class ComplaintOut(Row):
    """A complaint with its journey."""

    ticket: Ticket
    title: str
    text: str
    status: Status
    status_at: datetime
    status_from: str
    category: str | None
    agency: str | None
    routed_by: str | None = Field(
        description="The rule that said where it goes.", examples=["jalan provinsi"]
    )
    latitude: float | None
    longitude: float | None
    place: str | None
    said_at: datetime
    opened_at: datetime
    updated_at: datetime
    in_step: bool
    voices: Voices
    merged_into: str | None = Field(
        description="The ticket that speaks for this one now.", examples=["PKL-26-000120"]
    )
    continues: str | None = Field(
        description="The ended ticket of the same trouble.", examples=["PKL-26-000042"]
    )
    held_since: datetime | None = Field(
        description="Since when its channels undo each other: nothing moves it but a person."
    )
    held_why: str | None = Field(description="Why, as a sentence in Bahasa Indonesia.")
    reports: tuple[ReportOut, ...]
    sources: tuple[SourceOut, ...]
    history: tuple[HistoryItem, ...]
    parcels: tuple[ParcelOut, ...]
    conflicts: tuple[ConflictOut, ...] = Field(
        description="Where a channel said something else, the latest first."
    )
