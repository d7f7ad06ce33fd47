"""The one suite that every connector passes: whatever folder stands under connectors/, unlisted.

Its checks are tried on a small connector, sound here and spoiled in test_the_suite_bites.py.
"""

from pathlib import Path

import pytest

from tests.contract.checks import (
    carrying,
    handing,
    imitation,
    inbound,
    layout,
    pushing,
    reading,
    returning,
    secrecy,
    words,
)
from tests.contract.example import EXAMPLE
from tests.contract.failures import FAILURES, Failure
from tests.contract.recordings import Situation, situations, successes
from tests.contract.subjects import Subject, found

# The small connector keeps every list of situations from being empty.
SUBJECTS = [EXAMPLE, *found()]
every_connector = pytest.mark.parametrize("subject", SUBJECTS, ids=str)
every_failure = pytest.mark.parametrize("failure", FAILURES, ids=str)


def every_situation(way: str) -> pytest.MarkDecorator:
    """One test for each recorded situation of each connector."""
    return pytest.mark.parametrize(
        ("subject", "situation"),
        [
            pytest.param(subject, situation, id=f"{subject}-{situation}")
            for subject in SUBJECTS
            for situation in situations(subject, way)
        ],
    )


@every_connector
def test_the_same_file_names_stand_in_every_folder(subject: Subject) -> None:
    layout.check_layout(subject)
    layout.check_readme(subject)


@every_connector
def test_there_are_recordings(subject: Subject) -> None:
    inbound.check_has_recordings(subject)


@every_situation("inbound")
async def test_what_came_in_is_read_to_its_news(subject: Subject, situation: Situation) -> None:
    await inbound.check_inbound(subject, situation)


@every_situation("poll")
async def test_what_was_asked_for_is_read_to_its_news(
    subject: Subject, situation: Situation
) -> None:
    await inbound.check_poll(subject, situation)


@every_situation("push")
async def test_a_push_makes_its_recorded_calls_and_no_other(
    subject: Subject, situation: Situation
) -> None:
    await pushing.check_push(subject, situation)


@every_failure
@every_connector
async def test_a_recorded_push_that_fails_is_one_attempt_with_the_right_verdict(
    subject: Subject, failure: Failure
) -> None:
    for situation in successes(subject):
        await pushing.check_failure(subject, situation, failure)


@every_failure
@every_connector
async def test_whatever_is_pushed_fails_in_one_attempt_with_the_right_verdict(
    subject: Subject, failure: Failure
) -> None:
    await pushing.check_every_content(subject, failure)


@every_connector
async def test_the_mapping_is_total_in_both_directions(subject: Subject) -> None:
    await words.check_words(subject)
    words.check_families(subject)
    await pushing.check_mapped(subject)


@every_connector
async def test_no_secret_shows_in_settings_connector_errors_or_logs(subject: Subject) -> None:
    await secrecy.check_settings_hide(subject)
    await secrecy.check_errors_hide(subject)
    await secrecy.check_pushes_hide(subject)


@every_connector
def test_it_is_in_the_mode_that_is_set_and_able_to_work_in_it(subject: Subject) -> None:
    handing.check_modes(subject)


@every_connector
def test_what_people_and_files_carry_has_a_slip(subject: Subject) -> None:
    handing.check_slips(subject)


@every_connector
def test_no_secret_and_no_person_shows_on_a_slip(subject: Subject) -> None:
    handing.check_slips_hide(subject)


@every_connector
def test_whatever_is_typed_for_a_number_can_be_kept(subject: Subject) -> None:
    returning.check_numbers(subject)


@every_connector
async def test_in_mode_assisted_a_card_waits_for_a_person(
    subject: Subject, sqlite_url: str, tmp_path: Path
) -> None:
    await carrying.check_a_card_waits(subject, sqlite_url, tmp_path)


@every_connector
def test_a_file_that_is_none_of_theirs_is_refused_in_a_sentence(
    subject: Subject, tmp_path: Path
) -> None:
    returning.check_nonsense_is_refused(subject, tmp_path)


@every_connector
async def test_no_person_shows_in_what_came_in(subject: Subject) -> None:
    await secrecy.check_reading_hides(subject, await inbound.raws_of(subject))


@every_connector
async def test_reading_is_total(subject: Subject) -> None:
    await reading.check_read_is_total(subject, await inbound.raws_of(subject))


@every_connector
async def test_what_is_played_at_the_imitation_comes_in_as_news(subject: Subject) -> None:
    await imitation.check_play_is_news(subject)


@every_connector
async def test_what_the_recordings_acknowledge_the_imitation_acknowledges(
    subject: Subject,
) -> None:
    await imitation.check_pushes_arrive(subject)
