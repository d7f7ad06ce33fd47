"""Who has the last word: the same outcome in whatever order two channels are heard."""

import tomllib
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hub.domain.authority import Authorities, Ends, May, Rule, Say, Word
from hub.domain.authority_tables import authorities_of
from hub.domain.status import FINAL, Status
from tests.fakes.clock import A_MORNING
from tests.fakes.complaint import lamp_complaint

SHIPPED = authorities_of(
    tomllib.loads((Path(__file__).parents[3] / "mappings" / "authority.toml").read_text("utf-8"))
)
NATION, PROVINCE, RINI = "sp4n", "laporgub", "operator:rini"
CHANNELS = (NATION, PROVINCE, "call112", "elsewhere")


def said(status: Status, seconds: float, by: str = NATION) -> Word:
    return Word(status, A_MORNING + timedelta(seconds=seconds), by)


def heard(words: list[Word], rules: Authorities) -> Status:
    """What holds after the words, heard in this order."""
    it = lamp_complaint()
    for word in words:
        it.heed(word, rules.rule(it.word, word))
    return it.status


times = st.integers(1, 600)
statuses = st.sampled_from(Status)
mays = st.sampled_from(May)
says = st.builds(
    Say,
    closes=st.sampled_from([May.ALWAYS, May.ASK, May.NEVER]),
    reopens=mays,
    rank=st.integers(0, 3),
)
rules = st.builds(
    lambda channels: Authorities(channels=channels),
    st.fixed_dictionaries({}, optional=dict.fromkeys(CHANNELS, says)),
)


@given(rules, statuses, statuses, times, times, st.permutations(CHANNELS))
def test_of_two_words_by_two_channels_it_does_not_matter_which_is_heard_first(
    rules: Authorities, one: Status, other: Status, at: int, later: int, channels: list[str]
) -> None:
    assume(Status.RECEIVED not in (one, other))
    first, second = said(one, at, channels[0]), said(other, later, channels[1])
    if not rules.of(channels[0]).closes is rules.of(channels[1]).closes is May.ALWAYS:
        # An end that is refused from the start is not there for the second word to meet.
        assume(not {one, other} & FINAL)
    assert heard([first, second], rules) is heard([second, first], rules)


@given(rules, st.lists(st.tuples(statuses, times, st.sampled_from((*CHANNELS, RINI)))))
def test_only_a_word_that_is_taken_changes_what_holds(
    rules: Authorities, words: list[tuple[Status, int, str]]
) -> None:
    it = lamp_complaint()
    for status, at, by in words:
        before, word = it.word, said(status, at, by)
        ruling = rules.rule(before, word)
        it.heed(word, ruling)
        if ruling.ends is Ends.THEIRS:
            assert it.word == word
        else:
            assert it.status is before.status
            assert it.status_from == before.origin or ruling.rule is Rule.CONFIRMED


@given(rules, statuses, statuses, times, times, st.sampled_from(CHANNELS))
def test_a_person_is_never_overruled_by_what_a_channel_said_before(
    rules: Authorities, ours: Status, theirs: Status, at: int, before: int, by: str
) -> None:
    assume(before < at)
    ruling = rules.rule(said(ours, at, RINI), said(theirs, before, by))
    assert ruling.ends in (Ends.SAME, Ends.LATE, Ends.OURS)


@given(statuses, statuses, times, times, st.sampled_from(CHANNELS), st.sampled_from(CHANNELS))
def test_the_same_word_twice_is_the_same(
    status: Status, ours: Status, at: int, since: int, by: str, other: str
) -> None:
    it = lamp_complaint()
    it.status, it.status_at = ours, said(ours, since).at
    it.status_from = other
    word = said(status, at, by)
    it.heed(word, SHIPPED.rule(it.word, word))
    if it.status is status:
        assert SHIPPED.rule(it.word, word).ends is Ends.SAME


def test_the_nation_closes_while_the_province_re_opens_and_the_end_stands() -> None:
    closed = said(Status.CLOSED, 0, PROVINCE)
    for between in (-40, 40):
        ends, opens = said(Status.CLOSED, 300), said(Status.IN_PROGRESS, 300 + between, PROVINCE)
        assert heard([closed, ends, opens], SHIPPED) is Status.CLOSED
        assert heard([closed, opens, ends], SHIPPED) is Status.CLOSED


def test_a_channel_opens_again_what_it_has_ended_itself_and_nothing_else() -> None:
    ended, opens = said(Status.CLOSED, 0), said(Status.IN_PROGRESS, 3600)
    ruling = SHIPPED.rule(ended, opens)
    assert (ruling.ends, ruling.rule) == (Ends.THEIRS, Rule.REOPENED)
    ruling = SHIPPED.rule(ended, said(Status.IN_PROGRESS, 3600, PROVINCE))
    assert (ruling.ends, ruling.rule) == (Ends.OURS, Rule.MAY_NOT_REOPEN)


def test_a_late_end_that_nobody_may_have_undone_stands() -> None:
    at_work = said(Status.IN_PROGRESS, 3600, PROVINCE)
    ruling = SHIPPED.rule(at_work, said(Status.CLOSED, 0))
    assert (ruling.ends, ruling.rule) == (Ends.THEIRS, Rule.FIRST_DECIDED)
    ruling = SHIPPED.rule(said(Status.IN_PROGRESS, 3600, RINI), said(Status.CLOSED, 0))
    assert (ruling.ends, ruling.rule) == (Ends.LATE, Rule.LATE)


def test_two_that_follow_from_each_other_are_no_contest_within_a_minute() -> None:
    ruling = SHIPPED.rule(said(Status.VERIFIED, 0), said(Status.IN_PROGRESS, 20, PROVINCE))
    assert (ruling.ends, ruling.rule) == (Ends.THEIRS, Rule.FORWARD)


def test_a_channel_that_is_not_written_down_asks_before_it_re_opens() -> None:
    ruling = Authorities().rule(said(Status.CLOSED, 0), said(Status.IN_PROGRESS, 3600, "x"))
    assert (ruling.ends, ruling.rule) == (Ends.PERSON, Rule.MAY_NOT_REOPEN)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[channel.sp4n]\ncloses = 'own'", "[channel.sp4n]: closes"),
        ("[channel.sp4n]\nreopens = 'sometimes'", "[channel.sp4n]: reopens"),
        ("[channel.sp4n]\nrank = 'high'", "[channel.sp4n]: rank"),
        ("[channel.sp4n]\nrank = 101", "[channel.sp4n]: rank"),
        ("[channel.sp4n]\nwins = true", "'wins'"),
        ("[channel.operator]\nrank = 1", "[channel.operator]"),
        ("channel = 1", "[channel]"),
        ("[channel]\nsp4n = 1", "[channel.sp4n]"),
        ("[clock]\ntolerated_seconds = -1", "[clock]: tolerated_seconds"),
        ("[chanel.sp4n]\nrank = 1", "[chanel]"),
    ],
)
def test_what_is_wrong_in_the_file_is_a_sentence_that_says_where(text: str, names: str) -> None:
    with pytest.raises(ValueError, match=r"\[") as raised:
        authorities_of(tomllib.loads(text))
    assert names in str(raised.value)


@given(statuses, statuses, st.permutations((*CHANNELS, RINI)))
def test_where_nobody_knows_who_spoke_last_a_person_says_unless_it_comes_to_the_same(
    one: Status, other: Status, people: list[str]
) -> None:
    ours, theirs = said(one, 1, people[0]), said(other, 300, people[1])
    assume(people[1] != RINI)
    as_dated, undated = SHIPPED.rule(ours, theirs), SHIPPED.rule(ours, theirs, is_undated=True)
    if undated.rule is Rule.CLOCK:
        assert as_dated.ends is Ends.THEIRS
        assert undated.ends is Ends.PERSON
    else:
        assert undated == as_dated
    if as_dated.ends is Ends.THEIRS and people[0] == RINI and one is not Status.RECEIVED:
        assert undated.rule is Rule.CLOCK
