"""The JSON of the desk: health, what waits for a person, and what people send."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hub.domain.status import Status
from hub.web.models import Connector, Row, Ticket

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class HealthOut(Row):
    """A channel at a glance."""

    connector: Connector
    title: str = Field(examples=["SP4N-LAPOR!"])
    heard_at: datetime | None = Field(description="When it last brought news.")
    reached_at: datetime | None = Field(description="When we last reached it.")
    lost_since: datetime | None = Field(description="Since when we cannot reach it.")
    waiting: int = Field(description="Parcels promised and not yet there.")
    oldest_waiting: datetime | None
    to_carry: int = Field(description="Parcels that people or files carry, not confirmed yet.")
    oldest_to_carry: datetime | None
    in_doubt: int = Field(description="Parcels whose outcome is unknown.")
    parked: int = Field(description="Parcels given up, waiting for a person.")
    unreadable: int = Field(description="Things received that could not be read.")
    paused: bool
    paused_until: datetime | None
    pause_code: str | None
    pause_detail: str | None
    held_by: str | None = Field(description="The operator who paused it.")


class HealthList(BaseModel):
    """Every channel; `off` says why a channel is not in use."""

    connectors: list[HealthOut]
    off: dict[str, str]


class CardOut(Row):
    """Something that asks for a person, with the next step."""

    id: int
    kind: str
    connector: str | None
    ticket: str | None
    parcel_id: str | None
    inbox_id: int | None = Field(description="What to read again, once it can be read.")
    text: str
    next_step: str
    opened_at: datetime
    seen: int = Field(description="How often it came up since.")
    last_at: datetime


class ParcelItem(Row):
    """A parcel that a person may have to settle."""

    id: int = Field(description="Give the last one as `after` for the next page.")
    parcel_id: str
    connector: Connector
    kind: str = Field(examples=["opening"])
    status: Status | None
    state: str = Field(examples=["doubt"])
    asks_person: bool = Field(description="The channel cannot tell; only a person can.")
    promised_at: datetime
    doubt_since: datetime | None
    attempts: int
    code: str | None
    detail: str | None
    handed_at: datetime | None = Field(description="Since when it waits to be copied.")
    handed_to: str | None = Field(description="Who copies it just now.")
    ticket: str | None


class Wish(BaseModel):
    """What somebody sends; an unknown field is a mistake and not ignored."""

    model_config = ConfigDict(extra="forbid")


class NewComplaint(Wish):
    """A complaint that an operator writes down."""

    text: Words = Field(examples=["Lampu jalan padam sejak tiga hari."])
    title: Words | None = Field(None, examples=["Lampu jalan padam"])
    category: Words | None = Field(None, examples=["penerangan"])
    place: Words | None = Field(None, examples=["Jalan Merdeka 12"])
    latitude: float | None = Field(None, ge=-90, le=90, examples=[-6.8886])
    longitude: float | None = Field(None, ge=-180, le=180, examples=[109.6753])


class Move(Wish):
    """Where the complaint goes. Re-opening an end needs a `reason`."""

    status: Status = Field(examples=["in_progress"])
    note: Words | None = Field(None, description="Told to the channels and the citizen.")
    reason: Words | None = Field(None, description="Why an ended complaint is opened again.")
    agency: Words | None = Field(
        None,
        description="Whose matter it is; needed for `referred`.",
        examples=["Dinas Perhubungan"],
    )


class FoundThere(Wish):
    """The push in doubt did arrive."""

    external_id: Words | None = Field(None, description="Their id of it.", examples=["9200001"])


class Drop(Wish):
    """The parcel is not to be sent any more."""

    why: Words = Field(examples=["Aduan ini sudah diselesaikan lewat telepon."])


class LetGo(Wish):
    """What came in and could not be read need not be read any more."""

    why: Words = Field(examples=["Sudah dimuat lagi dengan berkas yang benar."])


class CarriedThere(Wish):
    """It has been copied there."""

    number: Words | None = Field(
        None, description="Their number of it; needed for an opening.", examples=["LGWP12345678"]
    )
    is_sure: bool = Field(False, description="The number is meant, odd as it looks.")


class Because(Wish):
    """Why it did not go there."""

    why: Words = Field(examples=["Sudah pernah dilaporkan warga lain."])


class EntryOut(Row):
    """One box of the channel's form."""

    name: str = Field(description="Its column in a file.", examples=["judul"])
    label: str = Field(description="What stands beside it in their form.", examples=["Judul"])
    text: str


class SlipFile(Row):
    """An attachment that goes with it."""

    file_name: str
    media_type: str
    size: int = Field(description="Bytes.")


class SlipOut(Row):
    """What is to be done at the channel, with every text ready to copy."""

    todo: str
    entries: tuple[EntryOut, ...]
    link: str | None = Field(description="Their form, or their page of the complaint.")
    files: tuple[SlipFile, ...]
    wants_number: bool = Field(description="Done only with their number.")


class TicketOut(BaseModel):
    """The complaint concerned."""

    ticket: Ticket
