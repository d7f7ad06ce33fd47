"""What can go wrong at an upstream, and what follows from it.

UpstreamError
├── Unreachable       RETRY     no byte left this machine, or an idempotent read failed
├── Unavailable       RETRY     it answered, but not to the point, and nothing was changed
├── Throttled         RETRY     it asked us to slow down (`retry_after`, `scope`)
├── WindowClosed      RETRY     the conversation is closed to free text: once more, as a template
├── Unauthorized      PAUSE     our credentials are not accepted
├── Held              PAUSE     the account is restricted, unpaid or awaiting a review
├── OutcomeUnknown    DOUBT     it may have been done: time-out, reset, 5xx, unreadable answer
├── Rejected          GIVE_UP   it understood and said no
│   └── NotFound      GIVE_UP   it does not know that id
├── Unsendable        GIVE_UP   ours: the delivery cannot be put in their words
└── Unmapped          GIVE_UP   ours: the mapping has no word for it

Unreadable and BadSignature are about what comes in, not about a push.
"""

from datetime import timedelta
from enum import StrEnum
from typing import ClassVar


class Verdict(StrEnum):
    """What the hub does next with a parcel."""

    RETRY = "retry"
    PAUSE = "pause"
    DOUBT = "doubt"
    GIVE_UP = "give_up"


class Scope(StrEnum):
    """Whom a failure concerns: this parcel alone, or everything that goes to the upstream."""

    PARCEL = "parcel"
    CONNECTOR = "connector"


class UpstreamError(Exception):
    """A failed exchange with an upstream. `detail` is for operators and holds no secret."""

    verdict: ClassVar[Verdict] = Verdict.RETRY
    scope: ClassVar[Scope] = Scope.PARCEL
    code: str = "upstream_error"

    def __init__(
        self,
        detail: str = "",
        *,
        code: str | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after
        if code is not None:
            self.code = code


class Unreachable(UpstreamError):
    """No connection: nothing can have been done there."""

    code = "unreachable"


class Unavailable(UpstreamError):
    """An idempotent read got a 5xx, or an answer that is not what was asked for."""

    code = "unavailable"


class Throttled(UpstreamError):
    """The upstream asked all of us to slow down."""

    scope = Scope.CONNECTOR
    code = "throttled"


class PairThrottled(UpstreamError):
    """Too many messages to this one recipient; the others are not concerned."""

    code = "pair_throttled"


class WindowClosed(UpstreamError):
    """Free text is no longer allowed to this recipient; an approved template is."""

    code = "window_closed"


class Unauthorized(UpstreamError):
    """The credentials are wrong, expired or lack a right."""

    verdict = Verdict.PAUSE
    scope = Scope.CONNECTOR
    code = "unauthorized"


class Held(UpstreamError):
    """The upstream holds our account; a person has to settle it there."""

    verdict = Verdict.PAUSE
    scope = Scope.CONNECTOR
    code = "held"


class OutcomeUnknown(UpstreamError):
    """It may have been done. Never send again before looking."""

    verdict = Verdict.DOUBT
    code = "outcome_unknown"


class Rejected(UpstreamError):
    """The upstream understood and refused; the same again gets the same answer."""

    verdict = Verdict.GIVE_UP
    code = "rejected"


class NotFound(Rejected):
    """The upstream does not know the id we named."""

    code = "not_found"


class Unsendable(UpstreamError):
    """The delivery lacks something the upstream needs; nothing was sent."""

    verdict = Verdict.GIVE_UP
    code = "unsendable"


class Unmapped(UpstreamError):
    """The mapping has no word for this; mend the mapping, then replay."""

    verdict = Verdict.GIVE_UP
    code = "unmapped"


class UnreadableError(Exception):
    """Something that came in cannot be read; the hub keeps the raw bytes and shows them."""


class BadSignature(Exception):
    """A webhook does not prove that it comes from the upstream."""
