"""Reading what strangers send: nothing that is missing or odd raises anything but a sentence."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Node, UnreadableError, parse_json

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(10**300, 10**400)
    | st.floats()
    | st.text()
)
anything = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10
)


@given(anything, st.text())
def test_a_node_answers_whatever_its_value_is(value: Any, key: str) -> None:
    node = Node(value)
    assert isinstance(bool(node), bool)
    assert isinstance(node.text(), str | None)
    assert isinstance(node.number(), float | None)
    assert isinstance(key in node, bool)
    assert all(isinstance(each, Node) for each in node)
    inner = node[key][key]
    assert inner.path == f"$.{key}.{key}"


def or_its_reason(need: Callable[[], str | datetime]) -> str | datetime | UnreadableError:
    try:
        return need()
    except UnreadableError as error:
        return error


@given(anything)
def test_what_is_needed_is_there_or_its_path_is_named(value: Any) -> None:
    node = Node({"entry": value})["entry"]
    for needed in (or_its_reason(node.need_text), or_its_reason(node.need_time)):
        if isinstance(needed, UnreadableError):
            assert str(needed).startswith("$.entry ")
        else:
            assert needed


@given(st.binary())
def test_bytes_are_json_or_unreadable(body: bytes) -> None:
    try:
        expected = json.loads(body)
    except ValueError:
        with pytest.raises(UnreadableError):
            parse_json(body)
    else:
        assert repr(parse_json(body).value) == repr(expected)


@pytest.mark.parametrize("body", [b"[" * 100_000, b"1" * 5_000, b"", b"{", b"\xff"])
def test_a_body_that_is_no_json_is_unreadable(body: bytes) -> None:
    with pytest.raises(UnreadableError, match="not JSON"):
        parse_json(body)


def test_the_way_to_a_missing_value_is_told() -> None:
    node = parse_json(b'{"entry": [{"changes": [{"value": null}]}]}')
    change = next(iter(next(iter(node["entry"]))["changes"]))
    with pytest.raises(
        UnreadableError, match=r"\$\.entry\[0\]\.changes\[0\]\.value\.id is missing"
    ):
        change["value"]["id"].need_text()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("abc", "abc"),
        ("", ""),
        (9200001, "9200001"),
        (True, None),
        (None, None),
        ([], None),
        ({}, None),
    ],
)
def test_ids_come_as_text_or_number(value: Any, text: str | None) -> None:
    assert Node(value).text() == text


def test_a_default_is_for_what_is_no_text() -> None:
    assert Node(None).text("tanpa nama") == "tanpa nama"
    assert Node("").text("tanpa nama") == ""


@pytest.mark.parametrize("value", [1_772_429_400, "1772429400", 1_772_429_400_000, 1.7724294e9])
def test_a_time_is_aware_utc_however_it_is_written(value: Any) -> None:
    time = Node(value).need_time()
    assert time == datetime(2026, 3, 2, 5, 30, tzinfo=UTC)
    assert time.utcoffset() == timedelta()


@pytest.mark.parametrize("value", [None, "", "kemarin", True, [], 1e300, "nan", "inf", 10**400])
def test_what_is_no_time_is_unreadable(value: Any) -> None:
    with pytest.raises(UnreadableError, match="timestamp"):
        Node(value, "$.time").need_time()
