"""The control API of the sandbox: what scripts and checkers call."""

import re
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import timedelta
from random import Random
from typing import Any

from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from hub.sandbox.answers import as_json, body_of
from hub.sandbox.faults import Fault, everything
from hub.sandbox.troupe import Troupe

_FAULT = TypeAdapter(Fault)
_FAULT_FIELDS = {field.name for field in fields(Fault)}


class Control:
    """Officers, faults, clock and journal, over JSON."""

    def __init__(self, troupe: Troupe) -> None:
        self._troupe = troupe
        self._stage = troupe.stage

    async def act(self, request: Request) -> Response:
        """Let the officers of one imitation, or of each, take one step."""
        name = (await body_of(request)).get("imitation")
        known = self._troupe.imitations.values()
        actors = [self._troupe.called(name)] if name else list(known)
        acted = [await actor.act(self._stage.rng) for actor in actors]
        return as_json({"acted": any(acted)})

    async def scenes(self, request: Request) -> Response:
        """The citizens' demo day, in order; the same seed gives the same day."""
        seed = _whole(request.query_params.get("seed", "0"), "seed")
        # Each imitation has its own dice: a new one beside it does not change its day.
        day = [
            {"imitation": name} | asdict(scene)
            for name, imitation in self._troupe.imitations.items()
            for scene in imitation.scenes(Random(f"{seed}/{name}"))  # noqa: S311 - play, not secrets
        ]
        return as_json(sorted(day, key=lambda scene: scene["at"]))

    async def faults(self, _: Request) -> Response:
        """All faults that are switched on."""
        return as_json(
            [
                {"imitation": name} | asdict(fault)
                for name, switch in self._troupe.switches.items()
                for fault in switch.faults
            ]
        )

    async def add_faults(self, request: Request) -> Response:
        """Switch on one fault, or by `"preset": "everything"` one of each kind."""
        wish = await body_of(request)
        switches = self._troupe.switches_of(wish.pop("imitation", "*"))
        added = _faults(wish)
        for switch in switches.values():
            # Each switch counts its own `times`.
            switch.faults.extend(replace(fault) for fault in added)
        return as_json({"added": len(added) * len(switches)})

    async def remove_faults(self, request: Request) -> Response:
        """Switch off all faults of one imitation, or of all."""
        switches = self._troupe.switches_of(request.query_params.get("imitation", "*"))
        removed = sum(len(switch.faults) for switch in switches.values())
        for switch in switches.values():
            switch.faults.clear()
        return as_json({"removed": removed})

    async def clock(self, _: Request) -> Response:
        """The time it is in the sandbox."""
        return as_json({"now": self._stage.clock.now().isoformat()})

    async def move_clock(self, request: Request) -> Response:
        """Let time pass, and let happen what then happens."""
        seconds = (await body_of(request)).get("advance_seconds")
        if not isinstance(seconds, int | float) or seconds < 0:
            raise HTTPException(400, "advance_seconds harus bilangan yang tidak negatif.")
        now = self._stage.clock.advance(timedelta(seconds=seconds))
        await self._troupe.tick()
        return as_json({"now": now.isoformat()})

    async def journal(self, request: Request) -> Response:
        """What happened, from event number `since` on, of one `kind` or of all."""
        since = _whole(request.query_params.get("since", "0"), "since")
        kind = request.query_params.get("kind")
        events = self._stage.journal.events[max(since, 0) :]
        return as_json([event.as_json() for event in events if kind in {None, event.kind}])

    async def environment(self, _: Request) -> Response:
        """The settings that make a hub talk to these imitations."""
        merged: dict[str, str] = {}
        for imitation in self._troupe.imitations.values():
            merged |= imitation.environment()
        return as_json(merged)


def _faults(wish: Mapping[str, Any]) -> list[Fault]:
    share = wish.get("share", 1.0)
    if not isinstance(share, int | float) or not 0 <= share <= 1:
        raise HTTPException(400, "share harus bilangan antara 0 dan 1.")
    if "preset" in wish:
        if wish["preset"] != "everything" or wish.keys() - {"preset", "share"}:
            raise HTTPException(400, 'preset hanya "everything", dengan share dan imitation.')
        return everything(share)
    if unknown := wish.keys() - _FAULT_FIELDS:
        words = ", ".join(sorted(unknown))
        raise HTTPException(400, f"Tidak dikenal pada saklar gangguan: {words}.")
    try:
        fault = _FAULT.validate_python(wish)
        re.compile(fault.route)
    except ValidationError as error:
        reasons = "; ".join(f"{each['loc'][0]}: {each['msg']}" for each in error.errors())
        raise HTTPException(400, f"Saklar gangguan tidak sah: {reasons}.") from error
    except re.error as error:
        raise HTTPException(400, f"route bukan pola yang sah: {error}.") from error
    return [fault]


def _whole(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise HTTPException(400, f"{name} harus bilangan bulat.") from None
