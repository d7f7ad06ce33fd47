"""The use cases behind what the web needs: their errors become the web's two."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Protocol

from hub.contract import HandsOver
from hub.delivery.decide import Decide, DecisionRefused, NoSuchThing
from hub.delivery.handwork import Handwork, LooksOdd
from hub.domain.status import Status
from hub.intake import repeats
from hub.intake.contradictions import Contradictions
from hub.intake.moves import MoveRefused, NoSuchComplaint, Operator
from hub.intake.receive import Receive, UnknownConnector
from hub.intake.typed import Typed
from hub.ports import Begin, Clock, Upstream
from hub.web.needs import Channel, Identity, Laid, Merged, NotKnown, NotPossible, OddNumber


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    try:
        yield
    except (NoSuchThing, NoSuchComplaint) as error:
        raise NotKnown(str(error)) from error
    except LooksOdd as error:
        raise OddNumber(str(error), error.number) from error
    except (DecisionRefused, MoveRefused) as error:
        raise NotPossible(str(error)) from error


class Webhooks:
    """`ReceivesWebhooks`."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive

    def challenge(self, connector: str, query: Mapping[str, str]) -> str:
        """Answer a verification."""
        try:
            return self._receive.challenge(connector, query)
        except UnknownConnector as error:
            raise NotKnown(f"Tidak ada konektor {connector} yang menerima webhook.") from error

    async def receive(self, connector: str, headers: Mapping[str, str], body: bytes) -> None:
        """Keep a webhook."""
        try:
            await self._receive.receive(connector, headers, body)
        except UnknownConnector as error:
            raise NotKnown(f"Tidak ada konektor {connector} yang menerima webhook.") from error


class Decisions:
    """`Decides`."""

    def __init__(self, decide: Decide) -> None:
        self._decide = decide

    async def found(self, parcel_id: str, *, external_id: str | None, who: str) -> None:
        """It is there."""
        async with _translated():
            await self._decide.found(parcel_id, external_id=external_id, who=who)

    async def send_again(self, parcel_id: str, *, who: str) -> None:
        """It is not there."""
        async with _translated():
            await self._decide.send_again(parcel_id, who=who)

    async def replay(self, parcel_id: str, *, who: str) -> None:
        """Try what was given up."""
        async with _translated():
            await self._decide.replay(parcel_id, who=who)

    async def drop(self, parcel_id: str, *, who: str, why: str) -> None:
        """It need not be sent."""
        async with _translated():
            await self._decide.drop(parcel_id, who=who, why=why)

    async def pause(self, connector: str, *, who: str) -> None:
        """Send nothing there."""
        async with _translated():
            await self._decide.pause(connector, who=who)

    async def resume(self, connector: str, *, who: str) -> None:
        """Send again."""
        async with _translated():
            await self._decide.resume(connector, who=who)

    async def read_again(self, inbox_id: int, *, who: str) -> None:
        """Read a kept raw thing again."""
        async with _translated():
            await self._decide.read_again(inbox_id, who=who)

    async def let_go(self, inbox_id: int, *, who: str, why: str) -> None:
        """A kept raw thing need not be read."""
        async with _translated():
            await self._decide.let_go(inbox_id, who=who, why=why)

    async def close_card(self, card_id: int, *, who: str) -> None:
        """Put a card away."""
        async with _translated():
            await self._decide.close_card(card_id, who=who)


class Moves:
    """`Moves` of the needs."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator

    async def move(
        self,
        ticket: str,
        status: Status,
        *,
        note: str | None,
        reason: str | None,
        agency: str | None,
        who: str,
    ) -> str:
        """Move a complaint."""
        async with _translated():
            return await self._operator.move(
                ticket, status, note=note, reason=reason, agency=agency, who=who
            )

    async def open(
        self,
        *,
        text: str,
        title: str | None,
        category: str | None,
        place: str | None,
        latitude: float | None,
        longitude: float | None,
        who: str,
        request_key: str | None,
    ) -> str:
        """Open a complaint."""
        async with _translated():
            return await self._operator.open(
                text=text, title=title, category=category, place=place, latitude=latitude,
                longitude=longitude, who=who, request_key=request_key,
            )  # fmt: skip


class Hands:
    """`Carries`."""

    def __init__(self, handwork: Handwork) -> None:
        self._handwork = handwork

    async def lay(self, parcel_id: str) -> Laid:
        """Make the slip."""
        async with _translated():
            laid = await self._handwork.lay(parcel_id)
        return Laid(laid.slip, laid.why, laid.parcel.handed_to)

    async def take(self, parcel_id: str, *, who: str) -> None:
        """It is theirs now."""
        async with _translated():
            await self._handwork.take(parcel_id, who=who)

    async def put_back(self, parcel_id: str, *, who: str, why: str) -> None:
        """It is nobody's again."""
        async with _translated():
            await self._handwork.put_back(parcel_id, who=who, why=why)

    async def done(
        self, parcel_id: str, *, number: str | None, who: str, is_sure: bool = False
    ) -> None:
        """It is there."""
        async with _translated():
            await self._handwork.done(parcel_id, number=number, who=who, is_sure=is_sure)

    async def refused(self, parcel_id: str, *, why: str, who: str) -> None:
        """They did not take it."""
        async with _translated():
            await self._handwork.refused(parcel_id, why=why, who=who)

    async def correct(
        self, ticket: str, connector: str, *, number: str, why: str, who: str,
        is_sure: bool = False, wrong: str | None = None,
    ) -> None:  # fmt: skip
        """Put a number right that was typed wrong."""
        async with _translated():
            await self._handwork.correct(
                ticket, connector, number=number, why=why, who=who, is_sure=is_sure, wrong=wrong
            )


class DecidesRepeats(Protocol):
    """The use case behind the desk of reports that may be the same."""

    async def same(self, match_id: int, *, who: str) -> repeats.Merged: ...
    async def different(self, match_id: int, *, who: str) -> None: ...
    async def later(self, match_id: int, *, who: str) -> None: ...
    async def again(self, match_id: int, *, who: str) -> None: ...
    async def undo(self, merge_id: int, *, who: str, why: str) -> str: ...
    async def merge_tickets(self, stays: str, lost: str, *, who: str) -> repeats.Merged: ...


class Comparisons:
    """`Compares`."""

    def __init__(self, deciding: DecidesRepeats) -> None:
        self._repeats = deciding

    async def same(self, match_id: int, *, who: str) -> Merged:
        """One complaint speaks for both."""
        async with _translated():
            done = await self._repeats.same(match_id, who=who)
        return Merged(done.merge_id, done.stays, done.lost)

    async def different(self, match_id: int, *, who: str) -> None:
        """They are two."""
        async with _translated():
            await self._repeats.different(match_id, who=who)

    async def later(self, match_id: int, *, who: str) -> None:
        """Another time."""
        async with _translated():
            await self._repeats.later(match_id, who=who)

    async def again(self, match_id: int, *, who: str) -> None:
        """It waits again."""
        async with _translated():
            await self._repeats.again(match_id, who=who)

    async def undo(self, merge_id: int, *, who: str, why: str) -> str:
        """Part again what was merged."""
        async with _translated():
            return await self._repeats.undo(merge_id, who=who, why=why)

    async def merge_tickets(self, stays: str, lost: str, *, who: str) -> Merged:
        """Merge what nobody asked about."""
        async with _translated():
            done = await self._repeats.merge_tickets(stays, lost, who=who)
        return Merged(done.merge_id, done.stays, done.lost)


class Conflicts:
    """`DecidesConflicts`."""

    def __init__(self, contradictions: Contradictions) -> None:
        self._contradictions = contradictions

    async def decide(
        self,
        conflict_id: int,
        *,
        status: Status,
        who: str,
        why: str | None = None,
        holds: Status | None = None,
    ) -> str:
        """Say what holds."""
        async with _translated():
            return await self._contradictions.decide(
                conflict_id, status=status, who=who, why=why, holds=holds
            )

    async def release(
        self,
        ticket: str,
        *,
        status: Status,
        who: str,
        why: str | None = None,
        holds: Status | None = None,
    ) -> str:
        """Let the words of the channels count again."""
        async with _translated():
            return await self._contradictions.release(
                ticket, status=status, who=who, why=why, holds=holds
            )


class Readings:
    """`TakesTyped`."""

    def __init__(self, typed: Typed) -> None:
        self._typed = typed

    async def status(
        self,
        ticket: str,
        connector: str,
        *,
        word: str,
        note: str | None,
        at: datetime | None,
        who: str,
        number: str | None = None,
    ) -> str:
        """Take in what the channel shows."""
        async with _translated():
            return await self._typed.status(
                ticket, connector, word=word, note=note, at=at, who=who, number=number
            )


class Identities:
    """`Uncovers`: shown once, and written down."""

    def __init__(self, *, begin: Begin, clock: Clock) -> None:
        self._begin = begin
        self._clock = clock

    async def uncover(self, person_id: int, *, who: str, why: str) -> Identity:
        """The identity, after the look is part of the same transaction."""
        async with self._begin() as work:
            await work.people.look(person_id, who=who, why=why, at=self._clock())
            listening = await work.people.listening(person_id)
        return Identity(name=listening.name, contact=listening.address)


class Connectors:
    """`Knows`."""

    def __init__(self, upstreams: Mapping[str, Upstream], off: Mapping[str, str]) -> None:
        self._upstreams = upstreams
        self._off = off

    def channel(self, connector: str) -> Channel:
        """How it is served; one that is off is served by nobody."""
        upstream = self._upstreams.get(connector)
        if upstream is None:
            return Channel()
        words = (*upstream.mapping.status_in, *(each.text for each in upstream.mapping.families))
        return Channel(
            mode=upstream.connector.traits.mode,
            is_carried=isinstance(upstream.connector, HandsOver),
            status_words=tuple(dict.fromkeys(words)),
        )

    def titles(self) -> Mapping[str, str]:
        """The connectors that work."""
        return {name: up.connector.traits.title for name, up in self._upstreams.items()}

    def off(self) -> Mapping[str, str]:
        """Those that do not, and why."""
        return self._off

    def agencies(self) -> Sequence[str]:
        """The agencies that mappings have a word for, for the forms."""
        tables = (upstream.mapping.tables for upstream in self._upstreams.values())
        return sorted({name for table in tables for name in table.get("agency", {})})
