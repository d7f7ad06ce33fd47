"""docs/status.md tells every rule and every outcome there is, and nothing else."""

import re
import tomllib
from pathlib import Path

import pytest

from hub.domain.authority import Authorities, Ends, Rule
from hub.domain.authority_tables import authorities_of
from hub.domain.complaint import Outcome
from hub.domain.status import ALLOWED_MOVES, REOPENS_TO, Status

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/status.md").read_text(encoding="utf-8")
QUIET = {Rule.SAME, Rule.CONFIRMED, Rule.FORWARD, Rule.REOPENED}


def named(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


def rows_of(heading: str) -> list[list[str]]:
    body = TEXT.split(f"| {heading} |", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in body.splitlines()[2:]]


def test_every_rule_that_a_contradiction_can_carry_is_told() -> None:
    told = {rule for row in rows_of("`rule`") for rule in named(row[0])}

    assert told == {rule.value for rule in Rule if rule not in QUIET}
    assert {rule.value for rule in QUIET} <= named(TEXT)


def test_every_outcome_of_a_rule_is_one_there_is() -> None:
    told = {each for row in rows_of("`rule`") for each in named(row[2])}

    assert told == {Ends.THEIRS.value, Ends.OURS.value, Ends.PERSON.value}


def test_every_word_of_the_history_is_told() -> None:
    told = {each for row in rows_of("news") for each in named(row[3])}

    assert told == {each.value for each in Outcome} | {"answered"}


@pytest.mark.parametrize(
    "kind",
    ["same", "echo", "late", "skipped", "contradictory", "loop", "unknown word", "outdated"],
)
def test_each_kind_of_news_has_one_written_outcome(kind: str) -> None:
    rows = [row for row in rows_of("news") if row[0] == f"**{kind}**"]

    assert len(rows) == 1
    assert all(rows[0])


def test_the_table_of_moves_is_the_lattice() -> None:
    told: dict[str, set[Status]] = {}
    for froms, to in rows_of("from"):
        for name in named(froms):
            words = {Status(word) for word in named(to)}
            if "re-opened" in to:
                told[name] = {s for s in Status if not s.is_final} - words
                assert told[name] == set(REOPENS_TO)
            else:
                told[name] = set(Status) - {Status(name)} - words

    lattice = {
        status.value: set(moves if not status.is_final else REOPENS_TO)
        for status, moves in ALLOWED_MOVES.items()
    }
    assert told == lattice


def test_the_table_of_channels_is_what_the_mapping_says() -> None:
    raw = (ROOT / "mappings/authority.toml").read_text(encoding="utf-8")
    found: Authorities = authorities_of(tomllib.loads(raw))
    told = {
        name: (row[1], row[2], int(row[3])) for row in rows_of("channel") for name in named(row[0])
    }

    assert told == {
        name: (say.closes.value, say.reopens.value, say.rank)
        for name, say in found.channels.items()
    }
