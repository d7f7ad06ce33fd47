"""What the imitation remembers: complaints, their timeline and files, switches."""

from dataclasses import dataclass, field
from datetime import datetime

from connectors.laporgub.sandbox.words import NEW, NEXT, folded


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that hangs on a complaint."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What somebody filled in. `public` False is rahasia; `our_ticket` is the city's own number."""

    text: str
    title: str
    place: str
    category: str
    city: str
    public: bool = True
    lat: float | None = None
    lon: float | None = None
    anonymous: bool = False
    name: str = ""
    our_ticket: str | None = None
    files: tuple[Upload, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A node of a complaint's timeline, under the status of its time.

    `ref`: the marker the city gave with its follow-up.
    """

    id: int
    at: datetime
    title: str
    text: str
    by: str
    ref: str | None = None
    is_answer: bool = False


@dataclass(slots=True, kw_only=True)
class Complaint:
    """A complaint as this imitation keeps it. `turn`: how many changes there were before its last."""

    id: int
    ticket: str
    at: datetime
    form: Form
    status: str = NEW
    changed: datetime = field(init=False)
    turn: int = 0
    lines: list[Line] = field(default_factory=list)
    files: list[Upload] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.changed = self.at
        self.files = list(self.form.files)

    @property
    def is_on_desk(self) -> bool:
        """Whether the officers know what comes next."""
        return folded(self.status) in NEXT

    @property
    def answer(self) -> str:
        """What an officer wrote last."""
        return next((line.text for line in reversed(self.lines) if line.is_answer), "")


@dataclass(slots=True)
class Switches:
    """What nobody outside knows of the real one, to be tried both ways."""

    captcha: bool = False
    too_many: bool = False
    untidy: bool = False
    messy_answer: bool = False
