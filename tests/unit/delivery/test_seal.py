"""The seal: what is closed opens again, during a rotation too, and tells nothing while it is closed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.store.seal import Seal, WrongKey

OLD, NEW = "the old secret", "the new secret"
old, new, rotating = Seal([OLD]), Seal([NEW]), Seal([NEW, OLD])
# JSON has no lone surrogates and no bytes.
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
    max_leaves=8,
)


@given(st.binary())
def test_what_is_sealed_opens_again_and_cannot_be_read_meanwhile(body: bytes) -> None:
    sealed = old.close(body)
    assert old.open(sealed) == body
    assert len(body) < 8 or body not in sealed


@given(json_values)
def test_values_come_back_as_they_were(value: object) -> None:
    assert old.open_json(old.close_json(value)) == value


@settings(max_examples=20)
@given(st.binary())
def test_during_a_rotation_old_and_new_are_read_and_new_is_written(body: bytes) -> None:
    assert rotating.open(old.close(body)) == body
    assert rotating.open(new.close(body)) == body
    assert new.open(rotating.close(body)) == body


def test_with_a_wrong_key_it_says_what_to_do() -> None:
    with pytest.raises(WrongKey, match="HUB_SECRET_KEY"):
        new.open(old.close(b"x"))


def test_what_was_tampered_with_does_not_open() -> None:
    sealed = bytearray(old.close(b"x"))
    sealed[20] ^= 1
    with pytest.raises(WrongKey):
        old.open(bytes(sealed))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_blind_index_stays_through_a_rotation_and_differs_between_secrets(value: str) -> None:
    assert old.blind(value) == rotating.blind(value) == Seal([OLD]).blind(value)
    assert old.blind(value) != new.blind(value)
    assert len(old.blind(value)) == 64


@given(st.text("0123456789"), st.text("0123456789"))
def test_a_blind_index_is_equal_only_for_equal_values(one: str, other: str) -> None:
    assert (old.blind(one) == old.blind(other)) == (one == other)


@pytest.mark.parametrize("secrets", [[], [""], ["good", ""]])
def test_an_empty_secret_is_refused(secrets: list[str]) -> None:
    with pytest.raises(ValueError, match="HUB_SECRET_KEY"):
        Seal(secrets)
