"""The checks of what people and files carry: each way of spoiling it is found out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract import spoiled_handing as bad
from tests.contract.checks import carrying, handing, returning
from tests.contract.example import EXAMPLE
from tests.contract.example_connector.source import Board
from tests.contract.spoiled import spoiled
from tests.contract.subjects import Subject


@pytest.mark.parametrize(
    ("kind", "check", "sentence"),
    [
        (bad.Stubborn, handing.check_modes, "mode file is set, but it says api"),
        (bad.Handless, handing.check_modes, "shown in every mode, but in api it makes no slip"),
        (bad.Pushless, handing.check_modes, "it is to be told, but has no push"),
        (bad.Hasty, handing.check_modes, "done when exported, but in mode api"),
        (bad.Unwilling, handing.check_slips, "a slip or unsendable, not Rejected"),
        (bad.Closed, handing.check_slips, "Opening in mode api: Unsendable"),
        (bad.Restless, handing.check_slips, "asked twice it makes two slips"),
        (bad.Speechless, handing.check_slips, "does not say what to do"),
        (bad.Incurious, handing.check_slips, "wants_number is False"),
        (bad.Nameless, handing.check_slips, "a column has no name"),
        (bad.Doubled, handing.check_slips, "two columns have one name"),
        (bad.Grasping, handing.check_slips, "a column that is the hub's own"),
        (bad.Unlabelled, handing.check_slips, "an entry has no label"),
        (bad.Forgetful, handing.check_slips, "no text names our ticket"),
        (bad.Unmasked, handing.check_slips_hide, "a number that leads to a person was told"),
        (bad.Careless, handing.check_slips_hide, "a secret was told"),
        (bad.Muttering, handing.check_slips_hide, "something private was told"),
        (bad.Picky, returning.check_numbers, "raised ValueError"),
        (bad.Prefixing, returning.check_numbers, "gives 'P-', that 'P-P-'"),
        (bad.Literal, returning.check_numbers, "what no database keeps"),
    ],
)
def test_what_is_handed_out_wrongly_is_found_out(
    kind: type[Board], check: Callable[[Subject], None], sentence: str
) -> None:
    with pytest.raises(AssertionError, match=sentence):
        check(spoiled(kind))


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (bad.Credulous, "is nonsense, but was opened"),
        (bad.Abrupt, "open_export raised"),
        (bad.Vague, r"does not name kosong\.csv"),
        (bad.Curt, "is no sentence"),
    ],
)
def test_a_file_that_is_taken_or_refused_wrongly_is_found_out(
    tmp_path: Path, kind: type[Board], sentence: str
) -> None:
    with pytest.raises(AssertionError, match=sentence):
        returning.check_nonsense_is_refused(spoiled(kind), tmp_path)


async def test_a_complaint_for_which_no_card_waits_is_found_out(
    sqlite_url: str, tmp_path: Path
) -> None:
    with pytest.raises(AssertionError, match="no card waits for a person"):
        await carrying.check_a_card_waits(spoiled(bad.Closed), sqlite_url, tmp_path)


async def test_the_small_connector_is_carried_in_every_mode(
    sqlite_url: str, tmp_path: Path
) -> None:
    modes = [connector.traits.mode.value for _, connector in handing.in_each_mode(EXAMPLE)]
    assert modes == ["api", "file", "assisted"]
    await carrying.check_a_card_waits(EXAMPLE, sqlite_url, tmp_path)
