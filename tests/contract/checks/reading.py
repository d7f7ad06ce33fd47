"""Reading is total: whatever is done to a body, the pieces that can be read are read."""

from collections.abc import Iterable
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import Any, get_args

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject

from hub.contract import News, Raw, UnreadableError
from tests.contract.as_json import as_json
from tests.contract.mutations import mutated, without_each
from tests.contract.subjects import Subject
from tests.contract.upstreams import silent


async def check_read_is_total(subject: Subject, raws: Iterable[Raw]) -> None:
    """Every key taken away in turn, then bodies mutated at random."""
    connector = subject.build(silent())
    known = list(raws)
    try:
        for raw in known:
            check_keys(connector, raw)
            for body in without_each(raw.body):
                check_keys(connector, replace(raw, body=body))
        _check_mutations(connector, known)
    finally:
        await connector.aclose()


def check_news(connector: Any, raw: Raw) -> list[Any]:
    """It raises nothing but `UnreadableError`, and what it yields can be kept apart."""
    first, again = _read(connector, raw), _read(connector, raw)
    assert as_json(first) == as_json(again), "reading twice gives different news"
    for news in first:
        assert isinstance(news, get_args(News)), f"{news!r} is no news"
        assert isinstance(news.key, str), f"the key {news.key!r} of {news!r} is no text"
        assert news.key.strip(), f"{news!r} has no key"
        _check_times(news)
    return first


def check_keys(connector: Any, raw: Raw) -> None:
    """In what an upstream really sends, two different pieces have two keys."""
    keys: dict[str, Any] = {}
    for news in check_news(connector, raw):
        told = as_json(news)
        assert keys.setdefault(news.key, told) == told, f"two different pieces of key {news.key!r}"


def _read(connector: Any, raw: Raw) -> list[Any]:
    try:
        return list(connector.read(raw))
    except UnreadableError:
        return []
    except Exception as error:
        body = raw.body[:2000].decode(errors="replace")
        raise AssertionError(f"read raised {error!r} on {body}") from error


def _check_times(value: Any) -> None:
    if isinstance(value, datetime):
        assert value.tzinfo is not None, f"{value} does not say its zone"
    elif is_dataclass(value):
        for field in fields(value):
            _check_times(getattr(value, field.name))
    elif isinstance(value, tuple):
        for each in value:
            _check_times(each)


def _check_mutations(connector: Any, raws: list[Raw]) -> None:
    @settings(
        max_examples=300,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def anything_goes(data: DataObject) -> None:
        raw = data.draw(st.sampled_from(raws))
        body = raw.body
        for _ in range(data.draw(st.integers(1, 3))):
            body = mutated(body, data)
        check_news(connector, replace(raw, body=body))

    anything_goes()
