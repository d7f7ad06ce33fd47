"""Walks tests/connectors/<name>/recordings: what came in, and what we and they said."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from hub.contract import Delivery, Raw
from tests.contract.as_json import delivery_of
from tests.contract.subjects import Subject

MEDIA_TYPES = {
    ".json": "application/json",
    ".csv": "text/csv",
    ".html": "text/html",
    ".txt": "text/plain",
    ".xml": "application/xml",
}


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A call of ours and its answer; what stands in `request` must be seen in the call."""

    request: dict[str, Any]
    response: dict[str, Any]

    @property
    def is_write(self) -> bool:
        """Whether the call may change something there."""
        return self.request["method"] not in {"GET", "HEAD"}


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A folder of recordings, named for what it shows."""

    name: str
    folder: Path

    def __str__(self) -> str:
        return self.name

    def json(self, name: str) -> Any:
        """One of its JSON files."""
        file = self.folder / name
        assert file.is_file(), f"{self.folder.name} lacks {name}"
        return json.loads(file.read_text())

    @property
    def expected(self) -> Any:
        """What must come of it."""
        return self.json("expected.json")

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """The calls, in the order they are expected."""
        return tuple(
            Exchange(request=each["request"], response=each["response"])
            for each in self.json("exchange.json")
        )

    @property
    def raw(self) -> Raw:
        """What came in, byte for byte; raw.json may name key, media type and external id."""
        bodies = sorted(self.folder.glob("body.*"))
        assert len(bodies) == 1, f"{self.folder.name} needs one body.<ext>, has {len(bodies)}"
        body = bodies[0].read_bytes()
        told = {
            "key": sha256(body).hexdigest(),
            "media_type": MEDIA_TYPES.get(bodies[0].suffix, "application/octet-stream"),
        }
        if (self.folder / "raw.json").is_file():
            told |= self.json("raw.json")
        return Raw(body=body, **told)

    @property
    def delivery(self) -> Delivery:
        """What we are to push."""
        return delivery_of(self.json("delivery.json"), folder=self.folder)

    @property
    def is_acknowledged(self) -> bool:
        """Whether the push of this situation succeeds."""
        return "acknowledged" in self.expected


def situations(subject: Subject, way: str) -> Iterator[Situation]:
    """All situations of `inbound`, `poll` or `push`, by name."""
    for folder in sorted((subject.recordings / way).glob("*/")):
        yield Situation(name=folder.name, folder=folder)


def successes(subject: Subject) -> list[Situation]:
    """The pushes that are acknowledged after at least one call."""
    return [
        each for each in situations(subject, "push") if each.is_acknowledged and each.exchanges
    ]
