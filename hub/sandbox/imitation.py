"""What the harness asks of an imitation; connectors/<name>/sandbox.py has `build(stage)`."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol

from starlette.types import ASGIApp


@dataclass(frozen=True, slots=True)
class Scene:
    """Something a person does `at` seconds into the demo day, by `play(action, facts)`."""

    at: float
    action: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Imitation(Protocol):
    """An imitated upstream.

    `app` answers what the real upstream would, mounted at /upstream/<name> behind the fault
    switch. `environment` are the settings that make a hub talk to it. `play` is what people do
    there (citizens, officers), from the page, the API or a script; it raises `ValueError` with a
    sentence. `tick` lets time-driven things happen (redelivery, auto-close); called every second
    and after a clock change. `scenes` is what citizens do on a demo day; `act` lets the officers
    take one step and says whether anything was left to do. `page` is HTML for the harness's page.
    """

    @property
    def name(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def app(self) -> ASGIApp: ...
    def environment(self) -> Mapping[str, str]: ...
    def scenes(self, rng: Random) -> Iterable[Scene]: ...
    async def play(self, action: str, facts: Mapping[str, Any]) -> Mapping[str, Any]: ...
    async def act(self, rng: Random) -> bool: ...
    async def tick(self) -> None: ...
    def page(self) -> str: ...
    async def aclose(self) -> None: ...
