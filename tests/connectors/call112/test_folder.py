import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.call112.folder import Folder
from connectors.call112.pages import Mark, Portion, Reader
from hub.contract import Counted, ImportFile, Raw, Unavailable
from tests.connectors.call112.conftest import Log, keys

NOW = 1_763_700_000.0
LONG_AGO = NOW - 3600


class Hub:
    """Polls and commits as the hub does; a crash is a poll whose mark nobody wrote down."""

    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.mark: Mark | None = None
        self.kept: list[str] = []
        self.remarks: list[str] = []

    async def poll(self) -> Portion:
        portion = await self.folder.poll(self.mark)
        self.mark = portion.mark
        self.kept += keys(portion.raws)
        self.remarks += portion.remarks
        return portion

    async def poll_all(self) -> None:
        while (await self.poll()).has_more:
            pass


class Clock:
    """Time that tests put forward."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """The folder that the centre drops into."""
    inbox = tmp_path / "kotak"
    inbox.mkdir()
    return inbox


@pytest.fixture
def new_folder(inbox: Path, log: Log, clock: Clock) -> Callable[..., Folder]:
    """A hub that has just started; nothing is left in its memory."""

    def new(path: Path = inbox, *, edition: str = "satu") -> Folder:
        return Folder(
            path,
            reader=Reader(log.open_export, page_rows=2),
            edition=edition,
            settle_seconds=10,
            keep_days=30,
            clock=clock,
        )

    return new


@pytest.fixture
def hub(new_folder: Callable[..., Folder]) -> Hub:
    return Hub(new_folder())


def drop(inbox: Path, name: str, *lines: str, at: float = LONG_AGO) -> Path:
    path = inbox / name
    path.write_text("\n".join(lines))
    os.utime(path, (at, at))
    return path


def held(inbox: Path) -> dict[str, list[str]]:
    """What lies where; empty folders are left out."""
    found = {
        folder: sorted(path.name for path in (inbox / folder).iterdir() if path.is_file())
        for folder in (".", "sedang", "selesai", "ditolak")
        if (inbox / folder).is_dir()
    }
    return {folder: names for folder, names in found.items() if names}


async def test_a_file_is_read_in_pages_and_then_put_away(hub: Hub, inbox: Path) -> None:
    drop(inbox, "log.csv", "a", "b", "c")
    first = await hub.poll()
    assert (keys(first.raws), first.has_more) == (["a", "b"], True)
    assert held(inbox) == {"sedang": ["log.csv"]}
    await hub.poll_all()
    assert hub.kept == ["a", "b", "c"]
    assert held(inbox) == {"selesai": ["log.csv"]}
    assert (inbox / "selesai" / "log.csv").read_text() == "a\nb\nc"
    assert hub.mark is None


async def test_what_is_odd_in_a_file_is_told_once(hub: Hub, inbox: Path) -> None:
    drop(inbox, "log.csv", "a", "b", "c", "aneh", "e")
    await hub.poll_all()
    assert hub.remarks == ["baris aneh"]


async def test_of_a_file_with_nothing_odd_nothing_is_told(hub: Hub, inbox: Path) -> None:
    drop(inbox, "log.csv", "a")
    await hub.poll_all()
    assert hub.remarks == []


async def test_the_oldest_file_is_first(hub: Hub, inbox: Path) -> None:
    drop(inbox, "a.csv", "later", at=LONG_AGO + 60)
    drop(inbox, "b.csv", "earlier")
    await hub.poll_all()
    assert hub.kept == ["earlier", "later"]


@pytest.mark.parametrize(
    "name",
    [".log.csv", "log.csv.part", "log.TMP", "log.csv.partial", "~$log.xlsx", "x.alasan.txt"],
)
async def test_what_calls_itself_unfinished_is_left_alone(
    hub: Hub, inbox: Path, name: str
) -> None:
    drop(inbox, name, "a")
    await hub.poll_all()
    assert hub.kept == []
    assert held(inbox) == {".": [name]}


async def test_folders_and_links_are_left_alone(hub: Hub, inbox: Path) -> None:
    (inbox / "arsip").mkdir()
    drop(inbox / "arsip", "log.csv", "a")
    (inbox / "link.csv").symlink_to(inbox / "arsip" / "log.csv")
    await hub.poll_all()
    assert hub.kept == []


async def test_a_half_written_file_is_left_alone_until_it_is_finished(
    hub: Hub, inbox: Path, clock: Clock
) -> None:
    drop(inbox, "log.csv", "a", at=clock.now)
    await hub.poll()
    clock.now += 6
    drop(inbox, "log.csv", "a", "b", at=clock.now)
    await hub.poll()
    clock.now += 6
    await hub.poll()
    assert held(inbox) == {".": ["log.csv"]}
    clock.now += 6
    await hub.poll_all()
    assert hub.kept == ["a", "b"]


async def test_a_clock_that_is_ahead_there_delays_a_file_but_does_not_hold_it(
    hub: Hub, inbox: Path, clock: Clock
) -> None:
    drop(inbox, "log.csv", "a", at=clock.now + 7200)
    await hub.poll()
    assert hub.kept == []
    clock.now += 11
    await hub.poll_all()
    assert hub.kept == ["a"]


async def test_a_file_that_grows_after_it_was_taken_up_is_read_again(
    hub: Hub, inbox: Path
) -> None:
    path = drop(inbox, "log.csv", "a")
    with path.open("a") as writer:
        await hub.poll()
        writer.write("\nb")
    await hub.poll_all()
    assert hub.kept == ["a", "a", "b"]
    assert held(inbox) == {"selesai": ["log.csv"]}


async def test_a_crash_between_picking_up_and_committing_loses_nothing(
    hub: Hub, inbox: Path, new_folder: Callable[..., Folder]
) -> None:
    drop(inbox, "log.csv", "a", "b", "c")
    await hub.folder.poll(hub.mark)
    hub.folder = new_folder()
    await hub.poll_all()
    assert hub.kept == ["a", "b", "c"]
    assert held(inbox) == {"selesai": ["log.csv"]}


async def test_after_a_crash_reading_goes_on_at_the_committed_row(
    hub: Hub, inbox: Path, new_folder: Callable[..., Folder]
) -> None:
    drop(inbox, "log.csv", "a", "b", "c", "d", "e")
    await hub.poll()
    await hub.folder.poll(hub.mark)
    hub.folder = new_folder()
    await hub.poll_all()
    assert hub.kept == ["a", "b", "c", "d", "e"]


async def test_with_another_mapping_rows_may_be_others_and_are_read_from_the_start(
    hub: Hub, inbox: Path, new_folder: Callable[..., Folder]
) -> None:
    drop(inbox, "log.csv", "a", "b", "c")
    await hub.poll()
    hub.folder = new_folder(edition="dua")
    await hub.poll_all()
    assert hub.kept == ["a", "b", "a", "b", "c"]


async def test_a_page_whose_commit_failed_is_brought_again(hub: Hub, inbox: Path) -> None:
    drop(inbox, "log.csv", "a", "b", "c", "d", "e")
    await hub.poll()
    lost = await hub.folder.poll(hub.mark)
    again = await hub.folder.poll(hub.mark)
    assert keys(lost.raws) == keys(again.raws) == ["c", "d"]


async def test_a_new_file_of_the_same_name_is_not_taken_for_the_one_just_read(
    hub: Hub, inbox: Path
) -> None:
    drop(inbox, "log.csv", "a")
    await hub.poll()
    # The old one leaves, and the hub dies before it writes that down.
    await hub.folder.poll(hub.mark)
    drop(inbox, "log.csv", "b")
    await hub.poll_all()
    assert hub.kept == ["a", "b"]


async def test_the_same_file_dropped_twice_is_kept_twice(hub: Hub, inbox: Path) -> None:
    for _ in range(3):
        drop(inbox, "log.csv", "a")
        await hub.poll_all()
    assert hub.kept == ["a"] * 3
    assert held(inbox) == {"selesai": ["log-2.csv", "log-3.csv", "log.csv"]}


async def test_a_file_that_cannot_be_read_is_kept_with_its_reason(hub: Hub, inbox: Path) -> None:
    for _ in range(2):
        drop(inbox, "log.csv")
        await hub.poll_all()
    assert held(inbox) == {
        "ditolak": ["log-2.csv", "log-2.csv.alasan.txt", "log.csv", "log.csv.alasan.txt"]
    }
    assert (inbox / "ditolak" / "log.csv.alasan.txt").read_text() == "log.csv: kosong.\n"
    assert hub.remarks[0] == "log.csv: kosong. Berkasnya dipindahkan ke ditolak/."


async def test_of_a_file_that_breaks_off_the_rows_before_it_are_in(hub: Hub, inbox: Path) -> None:
    drop(inbox, "log.csv", "a", "b", "c", "rusak", "d")
    await hub.poll_all()
    assert hub.kept == ["a", "b", "c"]
    assert held(inbox) == {"ditolak": ["log.csv", "log.csv.alasan.txt"]}
    assert "baris 4" in hub.remarks[-1]


@pytest.mark.parametrize("name", ["a" * 250 + ".csv", os.fsdecode(b"caf\xe9.csv")])
async def test_a_name_that_cannot_be_kept_is_made_plain(hub: Hub, inbox: Path, name: str) -> None:
    drop(inbox, name)
    await hub.poll_all()
    [refused, reason] = held(inbox)["ditolak"]
    assert reason == f"{refused}.alasan.txt"
    assert hub.remarks[0].encode()


async def test_a_file_that_is_taken_away_under_our_eyes_holds_up_no_other(
    hub: Hub, inbox: Path, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(inbox, "a.csv", "a")
    drop(inbox, "b.csv", "b", at=LONG_AGO + 1)
    read = log.open_export

    def read_what_is_left(path: Path) -> ImportFile:
        if path.name == "a.csv":
            path.unlink()
        return read(path)

    monkeypatch.setattr(hub.folder._reader, "_open_export", read_what_is_left)
    await hub.poll_all()
    await hub.poll_all()
    assert hub.kept == ["b"]


async def test_one_bad_file_holds_up_no_other(hub: Hub, inbox: Path) -> None:
    drop(inbox, "a.csv")
    drop(inbox, "b.csv", "a", at=LONG_AGO + 1)
    await hub.poll_all()
    assert hub.kept == ["a"]


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_writer_that_goes_on_after_a_long_pause_has_its_file_read_again(
    hub: Hub, inbox: Path, clock: Clock, new_folder: Callable[..., Folder], restarts: bool
) -> None:
    path = drop(inbox, "log.csv", "a")
    with path.open("a") as writer:
        await hub.poll_all()
        assert held(inbox) == {"selesai": ["log.csv"]}
        if restarts:
            hub.folder = new_folder()
            await hub.poll_all()
            assert hub.remarks == []
        writer.write("\nb")
    await hub.poll_all()
    assert "masih ditulis" in hub.remarks[-1]
    # Once written, it must rest like any other.
    clock.now = path.stat().st_mtime + 60
    await hub.poll_all()
    assert hub.kept == ["a", "a", "b"]
    assert held(inbox) == {"selesai": ["log.csv"]}
    await hub.poll_all()
    assert len(hub.remarks) == 1


@pytest.mark.parametrize("is_late", [False, True])
async def test_an_error_nobody_thought_of_refuses_the_file_and_holds_up_no_other(
    hub: Hub, inbox: Path, log: Log, monkeypatch: pytest.MonkeyPatch, is_late: bool
) -> None:
    drop(inbox, "a.csv", "a")
    drop(inbox, "b.csv", "b", at=LONG_AGO + 1)
    read = log.open_export

    def broken() -> Iterator[Raw | Counted]:
        raise RecursionError("maximum depth")
        yield

    def trip(path: Path) -> ImportFile:
        if path.name != "a.csv":
            return read(path)
        rows = broken()
        return ImportFile(1, rows if is_late else iter(list(rows)))

    monkeypatch.setattr(hub.folder._reader, "_open_export", trip)
    await hub.poll_all()
    assert hub.kept == ["b"]
    assert held(inbox)["ditolak"] == ["a.csv", "a.csv.alasan.txt"]
    assert "RecursionError" in hub.remarks[0]
    assert "maximum depth" not in hub.remarks[0]


async def test_originals_are_deleted_when_their_time_is_over_but_refused_ones_stay(
    hub: Hub, inbox: Path, clock: Clock
) -> None:
    for name, lines in (("read.csv", ["a"]), ("refused.csv", [])):
        drop(inbox, name, *lines)
    await hub.poll_all()
    # The age in selesai/ is that of the move, which the real clock stamped.
    clock.now = (inbox / "selesai" / "read.csv").stat().st_ctime + 29 * 86400
    await hub.poll_all()
    assert "selesai" in held(inbox)
    clock.now += 2 * 86400
    await hub.poll_all()
    assert held(inbox) == {"ditolak": ["refused.csv", "refused.csv.alasan.txt"]}


async def test_a_folder_that_is_not_there_is_told_in_a_sentence(
    hub: Hub, inbox: Path, new_folder: Callable[..., Folder]
) -> None:
    hub.folder = new_folder(inbox / "tak-terpasang")
    with pytest.raises(Unavailable, match=r"tak-terpasang \(CALL112_FOLDER\)"):
        await hub.poll()
    assert held(inbox) == {}


async def test_a_folder_that_cannot_be_written_to_is_told_in_a_sentence(
    hub: Hub, inbox: Path
) -> None:
    (inbox / "sedang").write_text("ini berkas")
    with pytest.raises(Unavailable, match="menulis"):
        await hub.poll()
