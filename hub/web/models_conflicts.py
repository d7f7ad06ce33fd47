"""The JSON of contradictions: both sides, the rule that decided, and what a person chose."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from hub.domain.status import Status
from hub.store.desk import Standing


class SideOfConflict(BaseModel):
    """What one side says of the complaint."""

    model_config = ConfigDict(from_attributes=True)

    status: Status
    at: datetime = Field(description="Since when, by that side's own time, its clock put right.")
    said_by: str = Field(
        validation_alias="who",
        serialization_alias="from",
        description="A connector, or operator:<name>.",
        examples=["sp4n"],
    )
    word: str | None = Field(description="Their own word; null for ours.", examples=["Selesai"])


class ConflictOut(BaseModel):
    """A channel said something else than the complaint."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    ticket: str = Field(description="Our ticket.", examples=["PKL-26-000123"])
    speaks: str = Field(
        description="The ticket that speaks for it now.", examples=["PKL-26-000123"]
    )
    status: Status = Field(description="How the complaint stands now.")
    status_from: str = Field(
        description="Who said so last: a connector, or operator:<name>.",
        examples=["operator:rini"],
    )
    connector: str = Field(description="The channel that contradicted.", examples=["sp4n"])
    at: datetime = Field(description="When we heard of it.")
    ours: SideOfConflict
    theirs: SideOfConflict
    ahead: float = Field(
        description="By how many seconds their clock was ahead of ours, taken off their time."
    )
    rule: str = Field(
        description="same_minute, late, clock, first_decided, may_not_close, may_not_reopen, not_allowed,"
        " loop or unmoved; docs/status.md tells what each means.",
        examples=["same_minute"],
    )
    outcome: str = Field(
        description="theirs: their word was taken. ours: ours stands. person: somebody must say.",
        examples=["theirs"],
    )
    reason: str = Field(description="Why, as a sentence in Bahasa Indonesia.")
    asks_person: bool = Field(description="Nothing moves until somebody decides.")
    ended_at: datetime | None = Field(
        description="Since when it is over: they agree, something newer was said, or a person decided."
    )
    decided: Status | None = Field(description="What a person chose.")
    decided_by: str | None
    standing: Standing = Field(description="How the channel stands to us now.")


class HeldOut(BaseModel):
    """Channels undo each other; no single contradiction of it is open."""

    model_config = ConfigDict(from_attributes=True)

    ticket: str = Field(examples=["PKL-26-000123"])
    status: Status = Field(description="What holds until somebody decides.")
    held_since: datetime = Field(validation_alias="held_at")
    held_why: str = Field(description="Why, as a sentence in Bahasa Indonesia.")
    said: list[Status] = Field(description="What the channels show, and what holds.")


class ConflictList(BaseModel):
    """A page of contradictions, the latest first."""

    conflicts: list[ConflictOut]
    held: list[HeldOut] = Field(
        description="Complaints that are held without an open contradiction, on every page."
    )
    asking: int = Field(description="How many wait for a person in all.", examples=[1])
    open: int = Field(description="How many are open in all.", examples=[3])
    cursor: int | None = Field(description="Ask with it for the next page; null at the end.")


class ConflictDecision(BaseModel):
    """Which status holds, whoever said it."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    status: Status = Field(examples=["closed"])
    holds: Status | None = Field(
        None, description="What held when you looked; refused with 409 if that has changed."
    )
    why: str | None = Field(
        None, description="Kept in the history; channels are not told.", max_length=1000
    )
