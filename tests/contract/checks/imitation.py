"""The imitation obeys the recordings: it understands the connector, and is understood."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

from hub.contract import (
    Absent,
    Acknowledged,
    Delivery,
    Fetches,
    Found,
    Inspects,
    KeepsMasters,
    Opening,
    Polls,
    Pushes,
    ReadsBack,
    Receives,
    Report,
    StatusNews,
    Unreadable,
)
from tests.contract.checks.inbound import news_in
from tests.contract.recordings import successes
from tests.contract.subjects import Subject
from tests.contract.trial import SCENES, Trial, trial_of

STEPS = 40


async def check_play_is_news(subject: Subject) -> None:
    """What citizens do there comes in as reports, and their attachments can be fetched."""
    async with trial_of(subject) as trial:
        await trial.play()
        connector: Any = trial.connector
        news: list[Any] = []
        if isinstance(connector, Receives):
            news = trial.told()
            assert any(isinstance(each, Report) for each in news), (
                f"{SCENES} scenes were played, but {len(trial.webhooks)} webhooks hold no report"
            )
        if isinstance(connector, Polls):
            page = await connector.poll(None)
            news += news_in(connector, page.raws)
        _check_readable(news)
        await _check_attachments(connector, news)


async def check_pushes_arrive(subject: Subject) -> None:
    """What was acknowledged in the recordings is acknowledged there, and found again."""
    async with trial_of(subject) as trial:
        if not isinstance(trial.connector, Pushes):
            return
        await trial.play()
        if isinstance(trial.connector, KeepsMasters):
            assert await trial.connector.masters()
        opened: str | None = None
        for situation in sorted(successes(subject), key=lambda each: not _opens(each.delivery)):
            delivery = _addressed(situation.delivery, trial, opened=opened)
            acknowledged = await trial.connector.push(delivery)
            assert isinstance(acknowledged, Acknowledged), f"{situation}: {acknowledged!r}"
            await _check_found(trial.connector, delivery)
            if _opens(delivery):
                opened = acknowledged.external_id
                assert opened, f"{situation}: acknowledged without an id"
        if opened and isinstance(trial.connector, Inspects):
            await _check_inspection(trial, opened)


async def _check_found(connector: Any, delivery: Delivery) -> None:
    if isinstance(connector, ReadsBack):
        seen = await connector.find(delivery)
        assert not isinstance(seen, Absent), f"pushed, but not found: {delivery.content}"
        other = replace(delivery, parcel_id=uuid4().hex, ticket="PKL-2026-999999")
        seen = await connector.find(other)
        assert not isinstance(seen, Found), f"never pushed, but found: {delivery.content}"


async def _check_inspection(trial: Trial, opened: str) -> None:
    for _ in range(STEPS):
        if not await trial.imitation.act(trial.rng):
            break
    raw = await trial.connector.inspect(opened)
    again = await trial.connector.inspect(opened)
    assert raw.key == again.key, "inspected twice without a change, but under two keys"
    news = list(trial.connector.read(raw))
    _check_readable(news)
    seen = [each for each in news if isinstance(each, StatusNews) and each.external_id == opened]
    assert seen, f"inspecting {opened} tells no status: {news!r}"
    assert all(each.status for each in seen), f"unknown words: {[each.theirs for each in seen]}"


def _opens(delivery: Delivery) -> bool:
    return isinstance(delivery.content, Opening)


def _addressed(delivery: Delivery, trial: Trial, *, opened: str | None) -> Delivery:
    """The recorded delivery, to a complaint or a citizen that the imitation knows."""
    fresh = replace(delivery, parcel_id=uuid4().hex)
    if trial.connector.traits.takes_complaints and not _opens(delivery):
        assert opened, f"{trial.subject} takes complaints, but no successful opening is recorded"
        fresh = replace(fresh, external_id=opened)
    if delivery.recipient is not None:
        reports = [each for each in trial.told() if isinstance(each, Report) and each.person]
        assert reports, f"nobody wrote to {trial.subject} whom we could answer"
        report = reports[0]
        assert report.person
        fresh = replace(
            fresh,
            recipient=report.person.address,
            route=report.route,
            external_id=delivery.external_id and report.external_id,
        )
    return fresh


async def _check_attachments(connector: Any, news: list[Any]) -> None:
    if not isinstance(connector, Fetches):
        return
    for report in [each for each in news if isinstance(each, Report)]:
        for attachment in report.attachments:
            parts = [part async for part in connector.fetch(attachment.ref, route=report.route)]
            assert b"".join(parts), f"{attachment} is empty"


def _check_readable(news: list[Any]) -> None:
    unreadable = [each.reason for each in news if isinstance(each, Unreadable)]
    assert not unreadable, f"the imitation tells what cannot be read: {unreadable}"
