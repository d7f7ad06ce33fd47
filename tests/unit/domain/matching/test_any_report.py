"""What holds for every report there can be."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from hub.domain.matching import Told, Verdict
from hub.domain.matching.gist import Gist
from hub.domain.matching.keys import keys_of, looks_for
from hub.domain.matching.since import since
from tests.unit.domain.matching.telling import MATCHING, gist, match

PIECES = (
    "Lampu jalan mati", "banjir selutut", "KTP belum jadi", "jl Merdeka", "Jl. Kartini", "RT 3 RW 7",
    "rt 4/7", "gang III", "gg 2", "no 12", "no. 14", "Kel. Krapyak", "Bendan Kergon", "desa Buaran",
    "depan masjid Al Hidayah", "sejak kemarin", "sudah 3 hari", "dari jam 23.50", "dari tanggal 31",
    "sejak hari Minggu", "WA-10023", "sudah pernah lapor", "diperbaiki lalu rusak lagi", "30 cm",
    "[NIK DISENSOR]", "\\n", "-6.8885, 109.6753", "nama: Budi",
)  # fmt: skip
PHRASES = st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join)
BEGIN, END = (datetime.fromisoformat(day) for day in ("2024-01-01", "2028-01-01"))
TIMES = st.datetimes(BEGIN, END, timezones=st.just(UTC))
FIELDS = st.none() | st.text(max_size=20)
DEGREES = st.none() | st.floats()
PHOTOS = ("ab" * 32, "p:" + "0f" * 8)
TOLD = st.builds(
    Told, text=st.text() | PHRASES, said_at=TIMES, category=FIELDS, ward=FIELDS,
    channel=st.sampled_from(["whatsapp", "sp4n", "laporgub"]), person=st.sampled_from([None, "7", "8"]),
    number=st.text(max_size=12) | st.just("WA-10023"), latitude=DEGREES, longitude=DEGREES,
    photos=st.frozensets(st.sampled_from(PHOTOS)),
)  # fmt: skip
GISTS = TOLD.map(MATCHING.reader.read)


@given(TOLD)
def test_any_report_is_read_kept_and_looked_for(told: Told) -> None:
    read = MATCHING.reader.read(told)
    assert Gist.from_json(read.to_json()) == read
    # Whoever says the same finds it by all its keys but its own number, which nobody has quoted.
    assert keys_of(read) - _numbers(read) <= looks_for(read).keys()


def _numbers(read: Gist) -> frozenset[int]:
    return keys_of(Gist(at=0, channel="", number=read.number)) if read.number else frozenset()


@given(GISTS, st.lists(GISTS, min_size=1, max_size=3))
def test_any_two_can_be_compared(report: Gist, complaint: list[Gist]) -> None:
    found = match(report, *complaint)
    assert 0.0 <= found.score <= 1.0
    assert all(one.words and "()" not in one.words for one in found.evidence)
    weights = [abs(one.weight) for one in found.evidence]
    assert weights == sorted(weights, reverse=True)


@given(GISTS, GISTS)
def test_it_is_all_the_same_which_of_two_is_compared_with_which(one: Gist, two: Gist) -> None:
    if one.at == two.at:
        return
    there, back = match(one, two), match(two, one)
    assert (there.verdict, there.returns) == (back.verdict, back.returns)
    assert abs(there.score - back.score) < 1e-9


@given(st.lists(GISTS, max_size=4))
def test_more_reports_never_make_one_spot_of_two(others: list[Gist]) -> None:
    ours = gist("Lampu jalan mati di Jl. Merdeka RT 3 RW 7 Bendan Kergon")
    theirs = gist("Lampu jalan mati di Jl. Merdeka RT 4 RW 7 Bendan Kergon", minutes=5)
    alone = match(theirs, ours)
    assert alone.verdict is not Verdict.SAME
    # Those others say of themselves what they say; here nobody of them may speak for the other RT.
    silent = [one for one in others if one.spot.rt != {4}]
    found = match(theirs, ours, *silent)
    contradicts = "rt_other" in {each.name for each in found.evidence}
    assert found.verdict is not Verdict.SAME or not contradicts


@given(PHRASES, TIMES)
def test_nothing_began_after_it_was_told(text: str, said_at: datetime) -> None:
    span = since(text.lower(), said_at)
    if span is not None:
        earliest, latest = span
        assert earliest <= latest
        assert earliest <= said_at + timedelta(hours=1)
        assert latest <= said_at + timedelta(days=1)


@given(st.text() | PHRASES)
def test_standard_words_stay_as_they_are(text: str) -> None:
    reader = MATCHING.reader.words
    once = reader.standard(reader.split(text.lower()))
    # A group may meet a new neighbour once it is standard; after that nothing moves any more.
    twice = reader.standard(once)
    assert reader.standard(twice) == twice
