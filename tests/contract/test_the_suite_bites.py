"""The suite itself: it finds every connector, and each way of spoiling one."""

import json
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.contract import spoiled as bad
from tests.contract.checks import inbound, layout, pushing, reading, secrecy, words
from tests.contract.example import EXAMPLE
from tests.contract.example_connector.source import Board
from tests.contract.failures import FAILURES, Failure
from tests.contract.recordings import Situation, situations, successes
from tests.contract.spoiled import spoiled
from tests.contract.subjects import Subject, found

Check = Callable[[Subject], Awaitable[None]]


async def every_inbound(subject: Subject) -> None:
    for situation in situations(subject, "inbound"):
        await inbound.check_inbound(subject, situation)


async def every_poll(subject: Subject) -> None:
    for situation in situations(subject, "poll"):
        await inbound.check_poll(subject, situation)


async def every_push(subject: Subject) -> None:
    for situation in situations(subject, "push"):
        await pushing.check_push(subject, situation)


async def every_failure(subject: Subject) -> None:
    for failure in FAILURES:
        for situation in successes(subject):
            await pushing.check_failure(subject, situation, failure)


async def every_content(subject: Subject) -> None:
    for failure in FAILURES:
        await pushing.check_every_content(subject, failure)


async def total_reading(subject: Subject) -> None:
    await reading.check_read_is_total(subject, await inbound.raws_of(EXAMPLE))


async def discreet_reading(subject: Subject) -> None:
    await secrecy.check_reading_hides(subject, await inbound.raws_of(EXAMPLE))


def test_every_folder_with_code_is_found_without_being_listed(tmp_path: Path) -> None:
    for name in ("laporgub", "call112"):
        (tmp_path / "connectors" / name).mkdir(parents=True)
        (tmp_path / "connectors" / name / "__init__.py").touch()
    (tmp_path / "connectors" / "__pycache__").mkdir()
    subjects = list(found(tmp_path))
    assert [subject.name for subject in subjects] == ["call112", "laporgub"]
    assert subjects[0].mapping_file == tmp_path / "mappings" / "call112.toml"


@pytest.mark.parametrize(
    ("kind", "check", "sentence"),
    [
        (bad.Looping, every_failure, "a push is one attempt"),
        (bad.Looping, every_content, "a push is one attempt"),
        (bad.Hopeful, every_failure, "Unavailable says retry, it should be doubt"),
        (bad.Trusting, every_failure, "but the push gave Acknowledged"),
        (bad.Trusting, every_content, "but the push gave Acknowledged"),
        (bad.Impatient, every_failure, "retry_after is None"),
        (bad.Overeager, every_push, r"GET /api/search is not recorded \(again\)"),
        (bad.Refusing, every_content, "without a call a push is acknowledged or unsendable"),
        (bad.Wordless, pushing.check_mapped, "no word for"),
        (bad.Wordless, every_push, "not acknowledged"),
        (bad.Leaky, secrecy.check_errors_hide, "a secret was told"),
        (bad.Gossip, secrecy.check_errors_hide, "something private was told"),
        (bad.Gossip, secrecy.check_pushes_hide, "something private was told"),
        (bad.Boastful, secrecy.check_settings_hide, "a secret was told"),
        (bad.Indiscreet, discreet_reading, "a person was told"),
        (bad.Fragile, total_reading, "read raised"),
        (bad.Keyless, total_reading, "has no key"),
        (bad.Monotonous, total_reading, "two different pieces of key 'post'"),
        (bad.Fickle, total_reading, "reading twice gives different news"),
        (bad.Keyless, every_inbound, "post:41"),
    ],
)
async def test_a_spoiled_connector_is_found_out(
    kind: type[Board], check: Check, sentence: str
) -> None:
    with pytest.raises(AssertionError, match=sentence):
        await check(spoiled(kind))


def test_what_is_told_of_a_leak_does_not_leak_it_again() -> None:
    with pytest.raises(AssertionError) as caught:
        secrecy.check_untold(["the token is hunter22"], ["hunter22"])
    assert "hunter22" not in str(caught.value).partition("\n")[0]


def test_a_connector_without_recordings_is_told_where_they_go(tmp_path: Path) -> None:
    shutil.copy(EXAMPLE.recordings / "settings.json", tmp_path)
    with pytest.raises(AssertionError, match="tests/connectors/board/recordings/inbound"):
        inbound.check_has_recordings(replace(EXAMPLE, recordings=tmp_path))


def test_a_connector_that_pushes_needs_a_recorded_push(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE.recordings, tmp_path, dirs_exist_ok=True)
    shutil.rmtree(tmp_path / "push")
    with pytest.raises(AssertionError, match="board pushes, but none is recorded"):
        inbound.check_has_recordings(replace(EXAMPLE, recordings=tmp_path))


@pytest.mark.parametrize(
    ("removed", "sentence"),
    [
        ("translate.py", "board lacks translate"),
        ("README.md", "board lacks README.md"),
        ("sandbox.py", "board lacks sandbox"),
    ],
)
def test_a_missing_file_is_named(tmp_path: Path, removed: str, sentence: str) -> None:
    subject = _copied(tmp_path)
    (subject.folder / removed).unlink()
    with pytest.raises(AssertionError, match=sentence):
        _check_files(subject)


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("client.py", "import httpx\n", "without a docstring: client.py"),
        ("README.md", "no heading\n\nWords.\n", "begins with no heading"),
        ("README.md", "# Papan Warga\n", "says nothing"),
    ],
)
def test_a_mute_file_is_named(tmp_path: Path, file: str, content: str, sentence: str) -> None:
    subject = _copied(tmp_path)
    (subject.folder / file).write_text(content)
    with pytest.raises(AssertionError, match=sentence):
        _check_files(subject)


@pytest.mark.parametrize(
    ("removed", "sentence"),
    [
        ('[status_out.archived]\ntext = "Laporan diarsipkan."\n', "belum punya 'archived'"),
        ('text = "Laporan diarsipkan."\n', r"\[status_out\] says nothing for archived"),
        ('"-" = "lain-lain"\n', "kata untuk kategori '-'"),
    ],
)
async def test_a_word_that_is_missing_is_named(
    tmp_path: Path, removed: str, sentence: str
) -> None:
    subject = _with_words(tmp_path, removed, "")
    with pytest.raises(AssertionError, match=sentence):
        await words.check_words(subject)


async def test_a_category_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    subject = _with_words(tmp_path, '"jalan rusak" = "jalan"', '"jalan rusak" = "jalann"')
    with pytest.raises(AssertionError, match="'jalan rusak' menunjuk ke 'jalann'"):
        await words.check_words(subject)


def test_a_family_behind_another_is_named(tmp_path: Path) -> None:
    subject = _with_words(tmp_path, 'contains = "diproses"', 'starts = "selesai diproses"')
    with pytest.raises(AssertionError, match="'selesai diproses' never leads to in_progress"):
        words.check_families(subject)


def test_settings_that_cannot_be_made_are_asked_for(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"settings\.json"):
        replace(EXAMPLE, recordings=tmp_path).settings()


def test_a_mapping_that_is_not_there_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"write mappings/board\.toml"):
        replace(EXAMPLE, mapping_file=tmp_path / "board.toml").mapping()


async def test_a_secret_that_is_no_secret_field_is_named(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE.recordings, tmp_path, dirs_exist_ok=True)
    given = EXAMPLE.environment() | {"BOARD_ADMIN_PASSWORD": "rahasia-terbuka"}
    (tmp_path / "settings.json").write_text(json.dumps(given))
    with pytest.raises(AssertionError, match="BOARD_ADMIN_PASSWORD looks like a secret"):
        await secrecy.check_settings_hide(replace(EXAMPLE, recordings=tmp_path))


@pytest.mark.parametrize(
    ("way", "situation", "file", "change", "sentence"),
    [
        (every_push, "push/a_new_complaint", "exchange.json", ("jalan rusak", "got"), "kategori"),
        (every_push, "push/a_new_complaint", "exchange.json", ('"/posts"', '"/pos"'), "recorded"),
        (every_push, "push/a_new_complaint", "expected.json", ("43", "44"), "44"),
        (every_push, "push/create_answer_lost", "expected.json", ("doubt", "retry"), "retry"),
        (every_poll, "poll/post_is_done", "exchange.json", ("Bearer ", "Basic "), "authorization"),
        (
            every_poll,
            "poll/post_is_done",
            "expected.json",
            ('"closed"', '"received"'),
            "Differing",
        ),
        (every_poll, "poll/marker_is_found", "exchange.json", ("marker", "mark"), "lacks 'mark'"),
    ],
)
async def test_a_recording_that_does_not_fit_is_found_out(
    tmp_path: Path,
    *,
    way: Check,
    situation: str,
    file: str,
    change: tuple[str, str],
    sentence: str,
) -> None:
    shutil.copytree(EXAMPLE.recordings, tmp_path, dirs_exist_ok=True)
    target = tmp_path / situation / file
    before = target.read_text()
    assert change[0] in before
    target.write_text(before.replace(*change))
    with pytest.raises(AssertionError, match=sentence):
        await way(replace(EXAMPLE, recordings=tmp_path))


async def test_a_recorded_call_that_is_never_made_is_found_out(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE.recordings, tmp_path, dirs_exist_ok=True)
    target = tmp_path / "push" / "a_new_complaint" / "exchange.json"
    calls = json.loads(target.read_text())
    target.write_text(json.dumps([*calls, *calls]))
    with pytest.raises(AssertionError, match=r"never requested: .*POST /posts"):
        await pushing.check_push(EXAMPLE, Situation(name="a_new_complaint", folder=target.parent))


@pytest.mark.parametrize("failure", FAILURES, ids=str)
def test_a_read_that_fails_is_never_in_doubt(failure: Failure) -> None:
    assert "doubt" not in failure.verdicts(is_write=False, is_last_write=False)


def _copied(tmp_path: Path) -> Subject:
    shutil.copytree(EXAMPLE.folder, tmp_path / "board")
    return replace(EXAMPLE, folder=tmp_path / "board")


def _check_files(subject: Subject) -> None:
    layout.check_layout(subject)
    layout.check_readme(subject)


def _with_words(tmp_path: Path, old: str, new: str) -> Subject:
    before = EXAMPLE.mapping_file.read_text()
    assert old in before
    file = tmp_path / "board.toml"
    file.write_text(before.replace(old, new))
    return replace(EXAMPLE, mapping_file=file)
