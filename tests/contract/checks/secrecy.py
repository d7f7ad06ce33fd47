"""Secrets stay in the settings, and what identifies a person stays out of sight."""

import logging
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import structlog

from hub.contract import Delivery, Opening, Raw, UnreadableError, UpstreamError
from tests.contract.checks.pushing import outcome, pushes
from tests.contract.deliveries import one_of_each
from tests.contract.failures import FAILURES
from tests.contract.recordings import situations, successes
from tests.contract.subjects import Subject
from tests.contract.upstreams import FailingUpstream, RecordedUpstream, silent

LOOKS_SECRET = re.compile(r"(TOKEN|SECRET|PASSWORD|BEARER|API_KEY)$")
SHORTEST = 8


@contextmanager
def told() -> Iterator[StringIO]:
    """Everything that is logged or printed meanwhile."""
    heard = StringIO()
    handler = logging.StreamHandler(heard)
    root, level, out, err = logging.getLogger(), logging.getLogger().level, sys.stdout, sys.stderr
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    sys.stdout = sys.stderr = heard
    try:
        with structlog.testing.capture_logs() as events:
            yield heard
        heard.writelines(repr(event) for event in events)
    finally:
        sys.stdout, sys.stderr = out, err
        root.removeHandler(handler)
        root.setLevel(level)


async def check_settings_hide(subject: Subject) -> None:
    """Neither the settings nor the connector show a secret when printed."""
    secrets = check_secrets_are_secret(subject)
    connector = subject.build(silent())
    await connector.aclose()
    settings = subject.settings()
    check_untold([repr(settings), str(settings), repr(connector), str(connector)], secrets)


def check_secrets_are_secret(subject: Subject) -> frozenset[str]:
    """What looks like a secret is a `SecretStr`, and long enough to be looked for."""
    secrets = subject.secrets()
    for name, value in subject.environment().items():
        if LOOKS_SECRET.search(name) and value:
            assert value in secrets, f"{name} looks like a secret, but its field is no SecretStr"
    short = [secret for secret in secrets if len(secret) < SHORTEST]
    assert not short, "settings.json: an invented secret needs 8 characters to be looked for"
    return secrets


async def check_errors_hide(subject: Subject) -> None:
    """No failure of a push, and nothing that is logged on the way, tells a secret or a person."""
    secrets = subject.secrets()
    for failure in FAILURES:
        for situation in successes(subject):
            upstream = FailingUpstream(subject, situation.exchanges, at=0, failure=failure)
            await _check_push_hides(subject, upstream, situation.delivery, secrets=secrets)
        for delivery in one_of_each(subject) if pushes(subject) else ():
            upstream = FailingUpstream(subject, (), at=0, failure=failure)
            await _check_push_hides(subject, upstream, delivery, secrets=secrets)


async def check_pushes_hide(subject: Subject) -> None:
    """What succeeds tells no secret and no person either."""
    for situation in situations(subject, "push"):
        upstream = RecordedUpstream(subject, situation.exchanges)
        await _check_push_hides(subject, upstream, situation.delivery, secrets=subject.secrets())


async def _check_push_hides(
    subject: Subject,
    upstream: RecordedUpstream,
    delivery: Delivery,
    *,
    secrets: Iterable[str],
) -> None:
    with told() as heard:
        seen = await outcome(subject.build(upstream.transport), delivery)
    texts = [heard.getvalue()]
    if isinstance(seen, UpstreamError):
        texts += _texts_of(seen)
    check_untold(texts, secrets)
    check_untold(texts, private_in(delivery), what="something private")
    check_untold([repr(delivery)], private_in(delivery), what="something private")


async def check_reading_hides(subject: Subject, raws: Iterable[Raw]) -> None:
    """News shows neither who speaks nor what was said, and reading logs neither."""
    connector = subject.build(silent())
    for raw in raws:
        try:
            with told() as heard:
                news = list(connector.read(raw))
        except UnreadableError:
            continue
        for each in news:
            check_untold([repr(each), heard.getvalue()], _identity(each), what="a person")
    await connector.aclose()


def private_in(delivery: Delivery) -> set[str]:
    """What must not be seen of a delivery: addresses, names, numbers, words."""
    private = set((delivery.recipient or {}).values())
    content = delivery.content
    private |= {getattr(content, name, None) or "" for name in ("text", "title", "note")}
    if isinstance(content, Opening) and content.reporter:
        private |= {content.reporter.name or "", content.reporter.phone or ""}
    return {each for each in private if len(each) > 3}


def check_untold(texts: Iterable[str], hidden: Iterable[str], *, what: str = "a secret") -> None:
    """None of the hidden is in the texts; which one it was is not repeated in the report."""
    for text in texts:
        found = [each for each in hidden if each in text]
        assert not found, f"{what} was told: {_masked(text, found)[:400]}"


def _masked(text: str, found: Iterable[str]) -> str:
    for each in found:
        text = text.replace(each, "***")
    return text


def _texts_of(error: BaseException | None) -> list[str]:
    texts: list[str] = []
    while error is not None:
        texts += [str(error), repr(error), getattr(error, "detail", "")]
        error = error.__cause__ or error.__context__
    return texts


def _identity(news: Any) -> set[str]:
    person = getattr(news, "person", None)
    if person is None:
        return set()
    numbers = {alias.partition(":")[2] for alias in person.aliases}
    known = {person.name or "", *numbers, *person.address.values()}
    # An id that the channel also gives the complaint or the conversation is no secret to the hub.
    public = {news.key, getattr(news, "external_id", None), getattr(news, "route", None)}
    return {each for each in known - public if len(each) > 3}
