"""Identities: sealed, found by blind aliases, each look written down."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.contract.news import Person
from hub.rows import Listening
from hub.store.seal import Seal
from hub.store.statements import insert_new
from hub.store.tables import aliases, looks, people


class SqlPeople:
    """`hub.ports.People`."""

    def __init__(self, connection: AsyncConnection, *, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    async def know(
        self, connector: str, person: Person, *, at: datetime, heard_at: datetime | None
    ) -> int:
        """The person's id, new or known; their address and name are refreshed."""
        person_id = await self._find(connector, person.aliases)
        if person_id is None:
            person_id = await self._add(connector, person, at=at)
        else:
            await self._refresh(person_id, person.address, name=person.name)
        for alias in person.aliases:
            await self._add_alias(connector, alias, person_id)
        if heard_at is not None:
            await self._heard(person_id, heard_at)
        return person_id

    async def hold(self, connector: str, names: Collection[str]) -> None:
        """Before several people are written to in one transaction: always in the same order.

        Otherwise two transactions about the same people wait for each other, and one is undone.
        """
        if self._connection.dialect.name != "postgresql":
            return
        blinds = (self._seal.blind(f"{connector}:{name}") for name in names)
        for key in sorted(int(blind[:15], 16) for blind in blinds):
            await self._connection.execute(select(func.pg_advisory_xact_lock(key)))

    async def rename(
        self,
        connector: str,
        *,
        known: str,
        new: str,
        address: Mapping[str, str],
        replaces: bool,
    ) -> int | None:
        """Give a known person another alias; None if nobody has the known one."""
        person_id = await self._by_alias(connector, known)
        if person_id is None:
            return None
        if replaces and known != new:
            # Whoever had the new alias before has it no longer: it goes with its owner, or the
            # owner's next words would be taken for those of somebody else.
            await self._forget_alias(connector, new)
            await self._forget_alias(connector, known)
        await self._add_alias(connector, new, person_id)
        # A new number is why an identity changes: the old one may be somebody else's tomorrow.
        await self._refresh(person_id, address, name=None, forget=replaces)
        return person_id

    async def listening(self, person_id: int) -> Listening:
        """How to answer the person now."""
        row = (
            await self._connection.execute(select(people).where(people.c.id == person_id))
        ).one()
        identity = self._seal.open_json(row.sealed_identity)
        return Listening(
            address=identity["address"],
            name=identity.get("name"),
            heard_at=row.heard_at,
            window_closed=row.window_closed,
        )

    async def close_window(self, person_id: int) -> None:
        """The upstream says that free text is no longer allowed, whatever our clock thinks."""
        await self._connection.execute(
            update(people).where(people.c.id == person_id).values(window_closed=True)
        )

    async def look(self, person_id: int, *, who: str, why: str, at: datetime) -> None:
        """Write down that somebody saw the identity (UU 27/2022, art. 31)."""
        await self._connection.execute(
            looks.insert().values(person_id=person_id, who=who, why=why, at=at)
        )

    async def _find(self, connector: str, names: tuple[str, ...]) -> int | None:
        strongest, *weaker = names
        if (person_id := await self._by_alias(connector, strongest)) is not None:
            return person_id
        for alias in weaker:
            person_id = await self._by_alias(connector, alias)
            # A phone number that already belongs to another account stays there: two citizens
            # are never made one because a weaker alias says so.
            if person_id is not None and not await self._has_kind(person_id, _kind(strongest)):
                return person_id
        return None

    async def _by_alias(self, connector: str, alias: str) -> int | None:
        found = await self._connection.scalar(
            select(aliases.c.person_id).where(
                aliases.c.connector == connector, aliases.c.blind == self._seal.blind(alias)
            )
        )
        return None if found is None else int(found)

    async def _has_kind(self, person_id: int, kind: str) -> bool:
        found = await self._connection.scalar(
            select(aliases.c.id).where(aliases.c.person_id == person_id, aliases.c.kind == kind)
        )
        return found is not None

    async def _add(self, connector: str, person: Person, *, at: datetime) -> int:
        identity = {"address": dict(person.address), "name": person.name}
        added = await self._connection.execute(
            people.insert()
            .values(
                connector=connector,
                sealed_identity=self._seal.close_json(identity),
                known_since=at,
            )
            .returning(people.c.id)
        )
        person_id = int(added.scalar_one())
        if await self._add_alias(connector, person.aliases[0], person_id):
            return person_id
        # Somebody else has added the same person a moment ago: the alias tells who won.
        await self._connection.execute(people.delete().where(people.c.id == person_id))
        winner = await self._by_alias(connector, person.aliases[0])
        if winner is None:
            raise LookupError("an alias was taken and given back at the same moment")
        await self._refresh(winner, person.address, name=person.name)
        return winner

    async def _refresh(
        self,
        person_id: int,
        address: Mapping[str, str],
        *,
        name: str | None,
        forget: bool = False,
    ) -> None:
        sealed = await self._connection.scalar(
            select(people.c.sealed_identity)
            .where(people.c.id == person_id)
            # Whoever merely refers to the person (a source, a parcel) need not wait.
            .with_for_update(key_share=True)
        )
        identity = self._seal.open_json(sealed or b"")
        fresh = {
            "address": dict(address) if forget else identity["address"] | dict(address),
            "name": name or identity.get("name"),
        }
        if fresh != identity:
            await self._connection.execute(
                update(people)
                .where(people.c.id == person_id)
                .values(sealed_identity=self._seal.close_json(fresh))
            )

    async def _forget_alias(self, connector: str, alias: str) -> None:
        await self._connection.execute(
            aliases.delete().where(
                aliases.c.connector == connector, aliases.c.blind == self._seal.blind(alias)
            )
        )

    async def _add_alias(self, connector: str, alias: str, person_id: int) -> bool:
        added = await insert_new(
            self._connection,
            aliases,
            {
                "connector": connector,
                "kind": _kind(alias),
                "blind": self._seal.blind(alias),
                "person_id": person_id,
            },
        )
        return added is not None

    async def _heard(self, person_id: int, heard_at: datetime) -> None:
        # Messages come in any order; the window counts from the latest one the citizen sent.
        await self._connection.execute(
            update(people)
            .where(
                people.c.id == person_id,
                (people.c.heard_at.is_(None)) | (people.c.heard_at < heard_at),
            )
            .values(heard_at=heard_at, window_closed=False)
        )


def _kind(alias: str) -> str:
    return alias.partition(":")[0]
