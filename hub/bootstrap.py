"""Puts the pieces together; the only module that knows them all."""

import os
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from fastapi import FastAPI

from hub.clockwork import Clockwork, Loop
from hub.delivery.consequence import Consequences
from hub.delivery.decide import Decide
from hub.delivery.doubt import Doubts
from hub.delivery.pack import Packing
from hub.delivery.patience import Patience
from hub.delivery.relay import Relay, RelayRules
from hub.intake.accept import Accept
from hub.intake.fetch import FetchFiles, FileRules
from hub.intake.gather import CloseTurns, TurnRules
from hub.intake.importing import ImportFiles
from hub.intake.moves import Operator
from hub.intake.poll import Poll, PollRules
from hub.intake.read import ReadInbox
from hub.intake.receive import Receive
from hub.ports import Nudge
from hub.registry import Registry, load
from hub.rows import Topic
from hub.settings import Settings
from hub.store.agenda import Agenda
from hub.store.database import Database
from hub.store.seal import Seal
from hub.watch.housekeeping import (
    PRUNE_EVERY,
    RECLAIM_EVERY,
    SILENCE_EVERY,
    ChoreRules,
    Housekeeping,
)
from hub.watch.reach import Reach
from hub.web.app import create_app
from hub.web.doors import Connectors, Decisions, Identities, Moves, Webhooks
from hub.web.needs import Needs

POLL_EVERY_AT_MOST = timedelta(seconds=5)
MASTERS_EVERY = timedelta(minutes=10)


def utc_now() -> datetime:
    """The hub's one clock."""
    return datetime.now(tz=UTC)  # noqa: TID251 - everybody else is handed this


@dataclass(slots=True, kw_only=True)
class Hub:
    """The assembled hub; nothing runs yet."""

    settings: Settings
    registry: Registry
    database: Database
    read: ReadInbox
    turns: CloseTurns
    files: FetchFiles
    polls: dict[str, Poll]
    relays: dict[str, Relay]
    doubts: dict[str, Doubts]
    housekeeping: Housekeeping
    importing: ImportFiles
    web: FastAPI
    decide: Decide
    operator: Operator

    def clockwork(self) -> Clockwork:
        """All the work as loops, woken by the database's commits."""
        agenda = Agenda(self.database)
        works = Clockwork(clock=utc_now)
        works.add(
            Loop(name="inbox", step=self.read.step, due=agenda.inbox, topic=Topic.INBOX),
            Loop(name="turns", step=self.turns.step, due=agenda.turns, topic=Topic.TURNS),
            Loop(name="files", step=self.files.step, due=agenda.files, topic=Topic.FILES),
            Loop(name="reclaim", step=self.housekeeping.reclaim, every=RECLAIM_EVERY),
            Loop(name="prune", step=self.housekeeping.prune, every=PRUNE_EVERY),
            Loop(name="listen", step=self.housekeeping.listen, every=SILENCE_EVERY),
        )
        for name in self.registry.upstreams:
            works.add(*self._loops_of(name, agenda))
        self.database.nudge = works.nudge
        return works

    def _loops_of(self, name: str, agenda: Agenda) -> list[Loop]:
        poll, relay, doubts = self.polls[name], self.relays[name], self.doubts[name]
        return [
            Loop(
                name=f"relay:{name}", step=relay.step, due=_of(agenda.outbox, name),
                topic=Topic.OUTBOX, connector=name,
            ),
            Loop(
                name=f"doubts:{name}", step=doubts.step, due=_of(agenda.doubts, name),
                topic=Topic.OUTBOX, connector=name,
            ),
            Loop(
                name=f"inspect:{name}", step=poll.inspect, due=_of(agenda.inspections, name),
                topic=Topic.OUTBOX, connector=name,
            ),
            Loop(name=f"poll:{name}", step=poll.page, due=_of(agenda.poll, name)),
            Loop(name=f"masters:{name}", step=poll.masters, every=MASTERS_EVERY),
        ]  # fmt: skip


def _of(
    when: Callable[[str], Awaitable[datetime | None]], name: str
) -> Callable[[], Awaitable[datetime | None]]:
    return lambda: when(name)


@asynccontextmanager
async def open_hub(settings: Settings, *, nudge: Nudge | None = None) -> AsyncIterator[Hub]:
    """Assemble the hub, bring the tables up to date, and close everything at the end."""
    registry = load(settings.mappings_dir)
    database = Database(
        settings.database_url,
        seal=Seal(settings.secrets),
        ticket_prefix=settings.ticket_prefix,
        new_id=lambda: uuid4().hex,
        nudge=nudge,
    )
    try:
        await database.migrate()
        yield assemble(settings, registry, database)
    finally:
        await registry.aclose()
        await database.aclose()


def assemble(settings: Settings, registry: Registry, database: Database) -> Hub:
    """Hand everything to everybody."""
    upstreams, begin = registry.upstreams, database.begin
    packing = Packing(
        folder=settings.files_dir, files_wait=timedelta(seconds=settings.files_wait_seconds)
    )
    reach = Reach(
        begin=begin, clock=utc_now, titles={n: u.connector.traits.title for n, u in upstreams.items()},
        pause=timedelta(seconds=settings.pause_seconds),
        throttled=timedelta(seconds=settings.throttled_seconds),
    )  # fmt: skip
    turns = TurnRules(
        quiet=timedelta(seconds=settings.turn_seconds),
        longest=timedelta(seconds=settings.turn_longest_seconds),
    )
    patience = Patience(
        chance=random.SystemRandom().random,
        first=timedelta(seconds=settings.patience_first_seconds),
    )
    rules = RelayRules(
        owner=f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}",
        consequences=Consequences(patience, timedelta(seconds=settings.doubt_seconds)),
        packing=packing,
    )
    poll_rules = PollRules(after_error=timedelta(seconds=settings.poll_error_seconds))
    accept = Accept(upstreams=upstreams, turns=turns)
    read = ReadInbox(begin=begin, accept=accept, clock=utc_now)
    receive = Receive(begin=begin, upstreams=upstreams, clock=utc_now)
    decide = Decide(begin=begin, upstreams=upstreams, clock=utc_now)
    operator = Operator(begin=begin, upstreams=upstreams, clock=utc_now)
    needs = Needs(
        webhooks=Webhooks(receive),
        decides=Decisions(decide),
        moves=Moves(operator),
        uncovers=Identities(begin=begin, clock=utc_now),
        desk=database,
        connectors=Connectors(registry.upstreams, registry.off),
        clock=utc_now,
        api_keys=settings.keys,
        secret_key=settings.secrets[0],
        timezone=settings.timezone,
        city=settings.city_code,
        categories=registry.categories,
    )
    return Hub(
        settings=settings,
        registry=registry,
        database=database,
        read=read,
        turns=CloseTurns(begin=begin, upstreams=upstreams, clock=utc_now),
        files=FetchFiles(
            begin=begin, upstreams=upstreams, clock=utc_now,
            rules=FileRules(folder=settings.files_dir, largest=settings.max_file_bytes),
        ),
        polls={
            name: Poll(
                begin=begin, upstream=upstream, clock=utc_now, reach=reach, rules=poll_rules
            )
            for name, upstream in upstreams.items()
        },
        relays={
            name: Relay(
                begin=begin, upstreams=upstreams, name=name, clock=utc_now, reach=reach,
                rules=rules,
            )
            for name in upstreams
        },
        doubts={
            name: Doubts(
                begin=begin, upstreams=upstreams, name=name, clock=utc_now, reach=reach,
                packing=packing,
                patience=patience,
                look_again=timedelta(seconds=2 * settings.doubt_seconds),
            )
            for name in upstreams
        },
        housekeeping=Housekeeping(
            begin=begin, upstreams=upstreams, clock=utc_now,
            rules=ChoreRules(
                raw_kept=timedelta(days=settings.raw_days),
                settling=timedelta(seconds=settings.doubt_seconds),
                silence=timedelta(hours=settings.silence_hours),
            ),
        ),
        importing=ImportFiles(begin=begin, upstreams=upstreams, clock=utc_now, read=read),
        web=create_app(needs),
        decide=decide,
        operator=operator,
    )  # fmt: skip
