"""A push is one attempt, and its failure tells the hub the right thing."""

from typing import Any

from hub.contract import Acknowledged, Delivery, Pushes, Unmapped, Unsendable, UpstreamError
from tests.contract.as_json import as_json, error_of
from tests.contract.deliveries import samples
from tests.contract.failures import UNREACHABLE, Failure
from tests.contract.recordings import Exchange, Situation
from tests.contract.subjects import Subject
from tests.contract.upstreams import FailingUpstream, RecordedUpstream, silent


def pushes(subject: Subject) -> bool:
    """Whether the connector pushes at all."""
    return isinstance(subject.build(silent()), Pushes)


async def outcome(connector: Any, delivery: Delivery) -> Acknowledged | UpstreamError:
    """What a push gave, failure or not."""
    try:
        acknowledged: Acknowledged = await connector.push(delivery)
    except UpstreamError as error:
        return error
    finally:
        await connector.aclose()
    return acknowledged


async def check_push(subject: Subject, situation: Situation) -> None:
    """A push ends as expected, by the recorded calls alone."""
    upstream = RecordedUpstream(subject, situation.exchanges)
    seen = await outcome(subject.build(upstream.transport), situation.delivery)
    if "error" in situation.expected:
        _check_error(seen, situation.expected["error"])
    else:
        assert isinstance(seen, Acknowledged), f"not acknowledged: {seen!r}"
        told = {"external_id": seen.external_id, "facts": dict(seen.facts)}
        assert told == told | situation.expected["acknowledged"]
    upstream.check_done()


def _check_error(seen: Acknowledged | UpstreamError, expected: dict[str, Any]) -> None:
    assert isinstance(seen, UpstreamError), f"it should have failed, but gave {seen!r}"
    wanted = error_of(expected)
    assert as_json(seen) == as_json(wanted), seen.detail
    assert seen.verdict.value == expected["verdict"]
    if "retry_after" in expected:
        assert as_json(seen.retry_after) == expected["retry_after"]


async def check_failure(subject: Subject, situation: Situation, failure: Failure) -> None:
    """Whichever call of a recorded push fails, it is one attempt with the right verdict."""
    exchanges = situation.exchanges
    for at in range(len(exchanges)):
        if failure.name == "200_truncated" and "json" not in exchanges[at].response:
            continue
        upstream = FailingUpstream(subject, exchanges, at=at, failure=failure)
        seen = await outcome(subject.build(upstream.transport), situation.delivery)
        upstream.check_one_attempt()
        _check_verdict(
            seen, failure, is_last_write=_is_last_write(exchanges, at), upstream=upstream
        )


async def check_every_content(subject: Subject, failure: Failure) -> None:
    """Whatever the hub may want to send fails in that one way, is unsendable, or needs no call."""
    if not pushes(subject):
        return
    for delivery in samples(subject):
        upstream = FailingUpstream(subject, (), at=0, failure=failure)
        seen = await outcome(subject.build(upstream.transport), delivery)
        upstream.check_one_attempt()
        if upstream.failed is None:
            _check_without_a_call(seen, delivery)
        else:
            # It carries no files, so whatever is written is the thing itself.
            _check_verdict(seen, failure, is_last_write=True, upstream=upstream)


async def check_mapped(subject: Subject) -> None:
    """The mapping has a word for whatever the hub may want to send."""
    if not pushes(subject):
        return
    for delivery in samples(subject):
        upstream = FailingUpstream(subject, (), at=0, failure=UNREACHABLE)
        seen = await outcome(subject.build(upstream.transport), delivery)
        assert not isinstance(seen, Unmapped), f"{delivery.content}: {seen!r}"


def _check_without_a_call(seen: Acknowledged | UpstreamError, delivery: Delivery) -> None:
    assert isinstance(seen, Acknowledged | Unsendable), (
        f"without a call a push is acknowledged or unsendable, not {seen!r}: {delivery.content}"
    )


def _check_verdict(
    seen: Acknowledged | UpstreamError,
    failure: Failure,
    *,
    is_last_write: bool,
    upstream: FailingUpstream,
) -> None:
    failed = upstream.failed
    assert failed is not None, "the push never came to the call that was to fail"
    where = f"{failed.method} {failed.url.path} failed with {failure}"
    assert isinstance(seen, UpstreamError), f"{where}, but the push gave {seen!r}"
    wanted = failure.verdicts(is_write=failed.method != "GET", is_last_write=is_last_write)
    assert seen.verdict in wanted, (
        f"{where}: {type(seen).__name__} says {seen.verdict}, it should be {' or '.join(wanted)}"
    )
    if failure.retry_after is not None:
        told = seen.retry_after.total_seconds() if seen.retry_after else None
        assert told == failure.retry_after, f"{where}: retry_after is {told}"


def _is_last_write(exchanges: tuple[Exchange, ...], at: int) -> bool:
    return exchanges[at].is_write and not any(each.is_write for each in exchanges[at + 1 :])
