"""Telling what somebody said in a chat: a table of what people write, and that everything has an end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.domain.status import Status
from hub.intake.judge import Said, Spoke, judge, said_apart
from hub.rows import KeptReport
from tests.fakes.clock import A_MORNING

COMPLAINT, MORE, GREETING, THANKS = Said.COMPLAINT, Said.MORE, Said.GREETING, Said.THANKS
SENTENCE = "Lampu penerangan di Gang Melati RT tiga mati total sejak hari Senin."
SECONDS, MINUTES = timedelta(seconds=20), timedelta(minutes=10)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def report(
    text: str = "", *, at: datetime = A_MORNING, files: int = 0, pin: bool = False
) -> KeptReport:
    return KeptReport(
        id=1, connector="chat", external_id="m-1", complaint_id=None, person_id=1, route=None,
        said_at=at, title=None, text=text, category=None, latitude=-6.9 if pin else None,
        longitude=109.7 if pin else None, place=None, anonymous=False, secret=False,
        file_count=files,
    )  # fmt: skip


def spoke(
    ago: timedelta, status: Status = Status.RECEIVED, *, since: timedelta | None = None
) -> Spoke:
    """Last said something so long ago; the complaint has its status `since` so long."""
    return Spoke(A_MORNING - ago, status, A_MORNING - (ago if since is None else since))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Halo", GREETING),
        ("Selamat pagi min 🙏", GREETING),
        ("Terima kasih banyak pak", THANKS),
        ("matur nuwun", THANKS),
        ("🙏", GREETING),
        ("12", GREETING),
        ("", GREETING),
        ("Lampu mati", COMPLAINT),
        (SENTENCE, COMPLAINT),
        (f"Halo. {SENTENCE} Terima kasih.", COMPLAINT),
    ],
)
def test_somebody_who_never_spoke_before_complains_or_is_polite(text: str, said: Said) -> None:
    assert judge([report(text)], None) is said


@pytest.mark.parametrize("before", [None, spoke(SECONDS), spoke(MINUTES)])
@pytest.mark.parametrize("what", [report(files=1), report(pin=True), report("Halo", files=1)])
def test_a_photo_or_a_pin_is_never_mere_politeness(what: KeptReport, before: Spoke | None) -> None:
    assert judge([what], before) is (COMPLAINT if before is None else MORE)


@pytest.mark.parametrize(
    "ago", [SECONDS, MINUTES, HOUR, DAY], ids=["seconds", "minutes", "an hour", "a day"]
)
@pytest.mark.parametrize("status", list(Status))
def test_thanks_are_thanks_whenever_they_are_said(status: Status, ago: timedelta) -> None:
    assert judge([report("Terima kasih banyak, Bu")], spoke(ago, status)) is THANKS


@pytest.mark.parametrize(
    ("text", "ago", "said"),
    [
        ("Halo min", SECONDS, MORE),
        (SENTENCE, SECONDS, MORE),
        ("17", SECONDS, MORE),
        ("Halo min", MINUTES, GREETING),
        ("RT tiga RW dua", MINUTES, MORE),
        ("17", MINUTES, MORE),
        (SENTENCE, MINUTES, COMPLAINT),
        ("RT tiga RW dua", HOUR, COMPLAINT),
        (SENTENCE, HOUR, COMPLAINT),
        ("Halo min", HOUR, GREETING),
        ("👍", HOUR, GREETING),
        ("17", HOUR, GREETING),
    ],
)
def test_while_a_complaint_is_open_a_scrap_soon_after_belongs_to_it(
    text: str, ago: timedelta, said: Said
) -> None:
    assert judge([report(text)], spoke(ago)) is said


@pytest.mark.parametrize("text", [SENTENCE, "RT tiga", "17", "🏠 17/4"])
@pytest.mark.parametrize("ago", [SECONDS, HOUR, 5 * DAY])
def test_whoever_was_asked_for_more_gives_more_however_long_that_takes(
    text: str, ago: timedelta
) -> None:
    assert judge([report(text)], spoke(ago, Status.NEEDS_INFO)) is MORE


def test_whoever_was_asked_for_more_and_only_greets_is_greeted() -> None:
    assert judge([report("Halo")], spoke(DAY, Status.NEEDS_INFO)) is GREETING


@pytest.mark.parametrize(
    ("status", "since", "said"),
    [
        (Status.ANSWERED, DAY, MORE),
        (Status.CLOSED, DAY, MORE),
        (Status.ANSWERED, 3 * DAY, COMPLAINT),
        (Status.CLOSED, 3 * DAY, COMPLAINT),
        (Status.ARCHIVED, DAY, COMPLAINT),
        (Status.REFERRED, DAY, COMPLAINT),
        (Status.IN_PROGRESS, DAY, COMPLAINT),
    ],
)
def test_a_few_words_on_what_we_just_told_belong_to_it(
    status: Status, since: timedelta, said: Said
) -> None:
    assert judge([report("Belum diperbaiki")], spoke(20 * DAY, status, since=since)) is said


def test_a_whole_sentence_after_an_answer_is_a_new_matter() -> None:
    assert judge([report(SENTENCE)], spoke(20 * DAY, Status.CLOSED, since=HOUR)) is COMPLAINT


@pytest.mark.parametrize("status", [Status.ARCHIVED, Status.REFERRED])
def test_at_an_end_only_what_was_said_together_still_belongs(status: Status) -> None:
    assert judge([report("di gang tiga")], spoke(SECONDS, status)) is MORE
    assert judge([report("di gang tiga")], spoke(MINUTES, status)) is COMPLAINT


@pytest.mark.parametrize(
    ("earlier", "said"), [(SECONDS, MORE), (HOUR, COMPLAINT), (DAY, COMPLAINT)]
)
def test_what_comes_last_may_have_been_said_first(earlier: timedelta, said: Said) -> None:
    assert judge([report(SENTENCE, at=A_MORNING - earlier)], spoke(timedelta())) is said


def test_eight_words_are_few_and_nine_are_not() -> None:
    words = ["satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"]
    assert judge([report(" ".join(words[:8]))], spoke(MINUTES)) is MORE
    assert judge([report(" ".join(words))], spoke(MINUTES)) is COMPLAINT


def test_what_was_said_hours_apart_and_came_together_are_several_things() -> None:
    first, second = report("satu"), report("dua", at=A_MORNING + SECONDS)
    third = report("tiga", at=A_MORNING + HOUR)
    assert said_apart([first, second, third]) == [[first, second], [third]]


moments = st.timedeltas(timedelta(days=-9), timedelta(days=9)).map(lambda by: A_MORNING + by)
reports = st.lists(
    st.builds(
        report, st.text(max_size=60), at=moments, files=st.integers(0, 2), pin=st.booleans()
    ),
    min_size=1,
    max_size=4,
)
befores = st.none() | st.builds(Spoke, moments, st.sampled_from(Status), moments)


@given(reports, befores)
def test_everything_anybody_can_say_is_one_of_four_things(
    said: Sequence[KeptReport], before: Spoke | None
) -> None:
    verdict = judge(said, before)
    assert verdict in Said
    assert before is not None or verdict is not MORE
    if any(each.file_count or each.latitude for each in said):
        assert verdict in (MORE, COMPLAINT), "what shows something is never waved through"


@given(st.text(alphabet="🙏👍.!? 0123456789", max_size=20), befores)
def test_what_has_no_word_in_it_never_opens_a_complaint(text: str, before: Spoke | None) -> None:
    assert judge([report(text)], before) is not COMPLAINT


@given(reports)
def test_nothing_that_was_said_is_lost_or_reordered_when_it_is_taken_apart(
    said: list[KeptReport],
) -> None:
    parts = said_apart(said)
    assert [each for part in parts for each in part] == said
    assert all(parts)
