"""Puts the pieces together; the only module that knows them all."""

import os
import random
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from hub.clockwork import Clockwork, Loop
from hub.contract import Mode
from hub.delivery.consequence import Consequences
from hub.delivery.decide import Decide
from hub.delivery.doubt import Doubts
from hub.delivery.exporting import ExportFiles
from hub.delivery.handover import HandOver
from hub.delivery.handwork import Handwork
from hub.delivery.pack import Packing
from hub.delivery.patience import Patience
from hub.delivery.relay import Relay, RelayRules
from hub.delivery.settling import Settling
from hub.intake.accept import Accept
from hub.intake.catching_up import EVERY as CATCH_UP_EVERY
from hub.intake.catching_up import CatchUp
from hub.intake.contradictions import Contradictions
from hub.intake.fetch import FetchFiles, FileRules
from hub.intake.gather import CloseTurns, TurnRules
from hub.intake.importing import ImportFiles
from hub.intake.looks import LookRules, Looks
from hub.intake.moves import Operator
from hub.intake.pictured import Pictured
from hub.intake.poll import Poll, PollRules
from hub.intake.read import ReadInbox
from hub.intake.receive import Receive
from hub.intake.repeats import Repeats
from hub.intake.replaying import Replaying
from hub.intake.signpost import Signpost
from hub.intake.typed import Typed
from hub.ports import Nudge
from hub.registry import Registry, load
from hub.rows import Topic
from hub.settings import Settings
from hub.store.agenda import Agenda
from hub.store.database import Database
from hub.store.seal import Seal
from hub.watch.agreement import EVERY as REPAIR_EVERY
from hub.watch.agreement import Repair
from hub.watch.housekeeping import (
    PRUNE_EVERY,
    RECLAIM_EVERY,
    SILENCE_EVERY,
    ChoreRules,
    Housekeeping,
)
from hub.watch.reach import Reach
from hub.web.app import create_app
from hub.web.doors import (
    Comparisons,
    Conflicts,
    Connectors,
    Decisions,
    Hands,
    Identities,
    Moves,
    Readings,
    Webhooks,
)
from hub.web.needs import Needs

POLL_EVERY_AT_MOST = timedelta(seconds=5)
MASTERS_EVERY = timedelta(minutes=10)
CHECKPOINT_EVERY = timedelta(seconds=30)


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
    looks: dict[str, Looks]
    relays: dict[str, Relay | HandOver]
    doubts: dict[str, Doubts]
    housekeeping: Housekeeping
    repair: Repair
    importing: ImportFiles
    exporting: ExportFiles
    handwork: Handwork
    typed: Typed
    web: FastAPI
    decide: Decide
    operator: Operator
    catch_up: CatchUp
    replaying: Replaying

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
            Loop(name="catch_up", step=self.catch_up.step, every=CATCH_UP_EVERY),
            Loop(name="checkpoint", step=self.database.checkpoint, every=CHECKPOINT_EVERY),
            Loop(name="repair", step=self.repair.step, every=REPAIR_EVERY),
            Loop(name="listen", step=self.housekeeping.listen, every=SILENCE_EVERY),
            Loop(name="remind", step=self.housekeeping.remind, every=SILENCE_EVERY),
        )
        for name in self.registry.upstreams:
            works.add(*self._loops_of(name, agenda))
        self.database.nudge = works.nudge
        return works

    def _loops_of(self, name: str, agenda: Agenda) -> list[Loop]:
        poll, relay, doubts = self.polls[name], self.relays[name], self.doubts[name]
        looks = self.looks[name]
        return [
            Loop(
                name=f"relay:{name}", step=relay.step, due=_ready(relay, _of(agenda.outbox, name)),
                topic=Topic.OUTBOX, connector=name,
            ),
            Loop(
                name=f"doubts:{name}", step=doubts.step, due=_of(agenda.doubts, name),
                topic=Topic.OUTBOX, connector=name,
            ),
            Loop(
                name=f"look:{name}", step=looks.step,
                due=lambda: agenda.looks(name, looks.budget),
            ),
            Loop(name=f"poll:{name}", step=poll.page, due=_of(agenda.poll, name)),
            Loop(name=f"masters:{name}", step=poll.masters, every=MASTERS_EVERY),
        ]  # fmt: skip


def _of(
    when: Callable[[str], Awaitable[datetime | None]], name: str
) -> Callable[[], Awaitable[datetime | None]]:
    return lambda: when(name)


def _ready(
    relay: Relay | HandOver, due: Callable[[], Awaitable[datetime | None]]
) -> Callable[[], Awaitable[datetime | None]]:
    """Not before the relay may let anything go: it would be woken for nothing."""
    if isinstance(relay, HandOver):
        return due

    async def when() -> datetime | None:
        at = await due()
        return None if at is None else max(at, relay.ready_at)

    return when


@asynccontextmanager
async def open_hub(settings: Settings, *, nudge: Nudge | None = None) -> AsyncIterator[Hub]:
    """Assemble the hub, bring the tables up to date, and close everything at the end."""
    registry = load(
        settings.mappings_dir,
        city_code=settings.city_code,
        zone=ZoneInfo(settings.timezone) if settings.matching else None,
    )
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The settings, in the words of whoever goes by them."""

    turns: TurnRules
    polls: PollRules
    looks: LookRules
    files: FileRules
    relay: RelayRules
    chores: ChoreRules

    @classmethod
    def of(cls, settings: Settings) -> "Rules":
        """Read them off."""
        patience = Patience(
            chance=random.SystemRandom().random, first=_seconds(settings.patience_first_seconds)
        )
        settling = Settling(_seconds(settings.doubt_seconds), settings.doubt_looks)
        return cls(
            turns=TurnRules(
                quiet=_seconds(settings.turn_seconds),
                longest=_seconds(settings.turn_longest_seconds),
            ),
            polls=PollRules(after_error=_seconds(settings.poll_error_seconds)),
            looks=LookRules(
                per_minute=settings.looks_per_minute,
                after_error=_seconds(settings.poll_error_seconds),
            ),
            files=FileRules(folder=settings.files_dir, largest=settings.max_file_bytes),
            relay=RelayRules(
                owner=f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:6]}",
                consequences=Consequences(patience, settling),
                packing=Packing(
                    folder=settings.files_dir, files_wait=_seconds(settings.files_wait_seconds)
                ),
            ),
            chores=ChoreRules(
                raw_kept=timedelta(days=settings.raw_days),
                settling=settling.first,
                silence=timedelta(hours=settings.silence_hours),
            ),
        )


def assemble(settings: Settings, registry: Registry, database: Database) -> Hub:
    """Hand everything to everybody."""
    upstreams, begin, clock = registry.upstreams, database.begin, utc_now
    rules = Rules.of(settings)
    knows = Connectors(upstreams, registry.off)
    reach = Reach(
        begin=begin, clock=clock, titles=knows.titles(),
        pause=_seconds(settings.pause_seconds), throttled=_seconds(settings.throttled_seconds),
    )  # fmt: skip
    signpost = Signpost(registry.routes, registry.emergency)
    accept = Accept(
        upstreams=upstreams, turns=rules.turns, signpost=signpost, matching=registry.matching,
        authorities=registry.authorities,
    )  # fmt: skip
    read = ReadInbox(begin=begin, accept=accept, clock=clock)
    decide = Decide(begin=begin, upstreams=upstreams, clock=clock)
    operator = Operator(begin=begin, upstreams=upstreams, clock=clock, signpost=signpost)
    handwork = Handwork(begin=begin, upstreams=upstreams, clock=clock, packing=rules.relay.packing)
    repeats = Repeats(begin=begin, upstreams=upstreams, clock=clock, signpost=signpost)
    typed = Typed(begin=begin, upstreams=upstreams, clock=clock, authorities=registry.authorities)
    contradictions = Contradictions(begin=begin, upstreams=upstreams, clock=clock)
    receive = Receive(begin=begin, upstreams=upstreams, clock=clock)
    return Hub(
        settings=settings,
        registry=registry,
        database=database,
        read=read,
        turns=CloseTurns(
            begin=begin, upstreams=upstreams, clock=clock, signpost=signpost,
            matching=registry.matching,
        ),
        files=FetchFiles(
            begin=begin, upstreams=upstreams, clock=clock, rules=rules.files,
            pictured=Pictured(registry.matching),
        ),
        polls={
            name: Poll(begin=begin, upstream=upstream, clock=clock, reach=reach, rules=rules.polls)
            for name, upstream in upstreams.items()
        },
        looks={
            name: Looks(
                begin=begin, upstream=upstream, clock=clock, reach=reach, rules=rules.looks
            )
            for name, upstream in upstreams.items()
        },
        repair=Repair(begin=begin, upstreams=upstreams, clock=clock),
        relays={
            name: Relay(
                begin=begin, upstreams=upstreams, name=name, clock=clock, reach=reach,
                rules=rules.relay,
            )
            if upstream.connector.traits.mode is Mode.API
            else HandOver(
                begin=begin, upstreams=upstreams, name=name, clock=clock, rules=rules.relay
            )
            for name, upstream in upstreams.items()
        },
        doubts={
            name: Doubts(
                begin=begin, upstreams=upstreams, name=name, clock=clock, reach=reach,
                packing=rules.relay.packing, patience=rules.relay.consequences.patience,
                settling=rules.relay.consequences.settling,
            )
            for name in upstreams
        },
        housekeeping=Housekeeping(
            begin=begin, upstreams=upstreams, clock=clock, rules=rules.chores
        ),
        importing=ImportFiles(begin=begin, upstreams=upstreams, clock=clock, read=read),
        exporting=ExportFiles(
            begin=begin, upstreams=upstreams, clock=clock, packing=rules.relay.packing
        ),
        handwork=handwork,
        typed=typed,
        web=create_app(
            Needs(
                webhooks=Webhooks(receive),
                decides=Decisions(decide),
                compares=Comparisons(repeats),
                conflicts=Conflicts(contradictions),
                wards=registry.wards,
                trouble=lambda: database.presence.problem,
                moves=Moves(operator),
                carries=Hands(handwork),
                typed=Readings(typed),
                uncovers=Identities(begin=begin, clock=clock),
                desk=database,
                connectors=knows,
                clock=clock,
                api_keys=settings.keys,
                secret_key=settings.secrets[0],
                timezone=settings.timezone,
                city=settings.city_code,
                categories=registry.categories,
                files_dir=settings.files_dir,
                reasons={rule.name: rule.why for rule in registry.routes.rules if not rule.to},
                urgent_routes=frozenset(
                    rule.name for rule in registry.routes.rules if rule.emergency
                ),
            )
        ),
        decide=decide,
        operator=operator,
        catch_up=CatchUp(begin=begin, clock=clock, matching=registry.matching),
        replaying=Replaying(begin=begin, accept=accept, clock=clock),
    )  # fmt: skip


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=number)
