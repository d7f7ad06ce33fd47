"""At the terminal: why a report was put together with another, and what operators decided about it."""

import csv
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from hub import commands
from hub.cli import app
from hub.domain.matching import Evidence, Match, Verdict
from hub.rows import Merge
from hub.settings import Settings
from hub.store.database import Database
from tests.fakes.books import open_database
from tests.integration.matching.kept import NIGHT, Shelf, after, match

SECRET = "0" * 32
LAMPS = Match(
    Verdict.SAME, 0.97,
    (Evidence("rt", "RT lain: 2 dan 3", -0.7), Evidence("street", "jalan sama: veteran", 2.1)),
)  # fmt: skip


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        secret_key=SECRET, api_keys="rini:kunci", database_url=database_url,
        files_dir=tmp_path / "files",
    )  # fmt: skip


@pytest.fixture
async def shelf(database_url: str) -> AsyncIterator[Shelf]:
    database: Database = open_database(database_url)
    yield Shelf(database)
    await database.aclose()


async def explained(settings: Settings, which: object) -> str:
    said = StringIO()
    await commands.explain(settings, str(which), say=Console(file=said, width=200))
    return said.getvalue()


async def pairs_of(settings: Settings, file: Path, *, force: bool = False) -> list[dict[str, str]]:
    say = Console(file=StringIO(), width=200)
    await commands.write_pairs(settings, file, force=force, say=say)
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


async def judge(shelf: Shelf, report: int, complaint: int, given: Match, state: str) -> int:
    async with shelf.database.begin() as work:
        return await work.matches.judged(report, complaint, given, state=state, at=NIGHT)


async def decide(shelf: Shelf, report: int, complaint: int, state: str) -> None:
    number = await judge(shelf, report, complaint, match(), "open")
    async with shelf.database.begin() as work:
        assert await work.matches.decide(number, state=state, who="rini", at=after(hours=1))


async def merge(
    shelf: Shelf, stays: int, lost: int | None, report_ids: list[int], *, kind: str = "merge"
) -> int:
    """Two complaints become one, as the desk does it."""
    row = Merge(
        id=0, kind=kind, complaint_id=stays, lost_id=lost, report_ids=report_ids, source_ids=[],
        before={}, score=None, evidence=[], who="rini", at=after(hours=1),
    )  # fmt: skip
    async with shelf.database.begin() as work:
        number = await work.matches.add_merge(row)
        await work.reports.assign(report_ids, stays)
    return number


async def part(shelf: Shelf, merge_id: int, lost: int, report_ids: list[int]) -> None:
    async with shelf.database.begin() as work:
        assert await work.matches.undone(
            merge_id, who="rini", why="beda RT", at=after(hours=2), lost_id=lost
        )
        await work.reports.assign(report_ids, lost)


async def test_a_report_is_explained_with_each_candidate_its_evidence_and_what_came_of_it(
    settings: Settings, shelf: Shelf
) -> None:
    near = await shelf.complaint(ticket="PKL-2026-000101")
    far = await shelf.complaint(ticket="PKL-2026-000102")
    report = await shelf.report(near, external_id="wamid-7", said_at=NIGHT)
    await judge(shelf, report, near, LAMPS, "done")
    await decide(shelf, report, far, "different")
    for which in (report, "whatsapp:wamid-7", "PKL-2026-000101", " pkl-2026-000101 "):
        said = await explained(settings, which)
        assert f"Laporan {report}, " in said
        assert "18 Jan 2026 20.00 WIB: bagian dari aduan PKL-2026-000101" in said
        assert said.index("PKL-2026-000101 ") < said.index("PKL-2026-000102 ")
        assert said.index("+2.1  jalan sama: veteran") < said.index("-0.7  RT lain: 2 dan 3")
        assert "97%" in said
        assert "diputus hub pada 18 Jan 2026 20.00 WIB" in said
        assert "dinyatakan lain oleh rini (18 Jan 2026 21.00 WIB)" in said


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("open", "menunggu keputusan petugas sejak"),
        ("later", "ditunda oleh rini"),
        ("same", "dinyatakan sama oleh rini"),
    ],
)
async def test_what_a_person_was_asked_says_how_far_it_is(
    settings: Settings, shelf: Shelf, state: str, words: str
) -> None:
    complaint = await shelf.complaint()
    report = await shelf.report(await shelf.complaint())
    if state == "open":
        await judge(shelf, report, complaint, match(), state)
    else:
        await decide(shelf, report, complaint, state)
    said = await explained(settings, report)
    assert words in said
    assert "mungkin sama" in said


async def test_what_came_back_after_its_end_says_so(settings: Settings, shelf: Shelf) -> None:
    old = await shelf.complaint()
    report = await shelf.report(await shelf.complaint())
    await judge(
        shelf, report, old, replace(LAMPS, verdict=Verdict.DIFFERENT, returns=True), "done"
    )
    assert "muncul lagi sesudah selesai" in await explained(settings, report)


async def test_a_ticket_of_several_reports_explains_each(settings: Settings, shelf: Shelf) -> None:
    complaint = await shelf.complaint(ticket="PKL-2026-000101")
    reports = [await shelf.report(complaint) for _ in range(3)]
    said = await explained(settings, "PKL-2026-000101")
    assert all(f"Laporan {report}, " in said for report in reports)


async def test_a_report_that_was_compared_with_nothing_says_why(
    settings: Settings, shelf: Shelf
) -> None:
    said = await explained(settings, await shelf.report(None))
    assert "belum menjadi aduan" in said
    assert "Belum dibandingkan dengan aduan mana pun" in said


@pytest.mark.parametrize("which", ["4711", "9" * 40, "sp4n:1", "PKL-2026-999999", "", "٣"])
async def test_what_is_no_report_is_refused_with_what_to_write(
    settings: Settings, shelf: Shelf, which: str
) -> None:
    await shelf.report(None)
    with pytest.raises(commands.Refused, match=r"Tidak ada laporan .*nomor tiket"):
        await explained(settings, which)


async def test_decisions_are_written_as_labelled_pairs(
    settings: Settings, shelf: Shelf, tmp_path: Path
) -> None:
    mine = await shelf.complaint()
    other = await shelf.complaint()
    third = await shelf.complaint()
    a = await shelf.report(
        mine, text='Lampu "mati",\nsejak kemarin 😭', said_at=NIGHT, category="pju",
        place="Kel. medono", latitude=-6.9, longitude=109.66,
    )  # fmt: skip
    b = await shelf.report(other, connector="sp4n", said_at=after(hours=3))
    await shelf.report(other, said_at=after(days=3))
    c = await shelf.report(third)
    await decide(shelf, a, other, "different")
    await decide(shelf, a, third, "same")
    await merge(shelf, mine, third, [c])
    await judge(shelf, b, mine, match(), "open")
    await judge(shelf, c, other, LAMPS, "done")
    first, second = await pairs_of(settings, tmp_path / "pairs.csv")
    assert first == {
        "id_a": str(a), "channel_a": "whatsapp", "received_at_a": "2026-01-18T13:00:00Z",
        "category_a": "pju", "kelurahan_a": first["kelurahan_a"], "lat_a": "-6.9",
        "lon_a": "109.66", "text_a": 'Lampu "mati",\nsejak kemarin 😭',
        "id_b": str(b), "channel_b": "sp4n", "received_at_b": "2026-01-18T16:00:00Z",
        "category_b": "", "kelurahan_b": "", "lat_b": "", "lon_b": "",
        "text_b": "Air sudah selutut di depan rumah", "label": "different", "trap": "",
    }  # fmt: skip
    assert (second["id_a"], second["id_b"], second["label"]) == (str(a), str(c), "same")


@pytest.mark.parametrize("stays", ["judged", "other"])
async def test_merged_reports_are_still_the_two_that_were_compared(
    settings: Settings, shelf: Shelf, tmp_path: Path, stays: str
) -> None:
    mine, other = await shelf.complaint(), await shelf.complaint()
    a, b = await shelf.report(mine), await shelf.report(other)
    companion = await shelf.report(mine, said_at=NIGHT + timedelta(seconds=1))
    await decide(shelf, a, other, "same")
    if stays == "judged":
        await merge(shelf, mine, other, [b])
    else:
        await merge(shelf, other, mine, [a, companion])
    [pair] = await pairs_of(settings, tmp_path / "pairs.csv")
    assert (pair["id_a"], pair["id_b"], pair["label"]) == (str(a), str(b), "same")


@pytest.mark.parametrize("stays", ["judged", "other"])
async def test_a_merge_that_was_undone_was_no_same(
    settings: Settings, shelf: Shelf, tmp_path: Path, stays: str
) -> None:
    mine, other = await shelf.complaint(), await shelf.complaint()
    a, b = await shelf.report(mine), await shelf.report(other)
    await decide(shelf, a, other, "same")
    stayed, lost, moved = (mine, other, [b]) if stays == "judged" else (other, mine, [a])
    await part(shelf, await merge(shelf, stayed, lost, moved), lost, moved)
    [pair] = await pairs_of(settings, tmp_path / "pairs.csv")
    assert pair["label"] == "different"
    again = await merge(shelf, stayed, lost, moved)
    [pair] = await pairs_of(settings, tmp_path / "pairs.csv", force=True)
    assert again
    assert pair["label"] == "same"


async def test_a_join_that_somebody_undid_is_a_pair_too(
    settings: Settings, shelf: Shelf, tmp_path: Path
) -> None:
    complaint = await shelf.complaint()
    a, b = await shelf.report(complaint), await shelf.report(complaint)
    joined = await merge(shelf, complaint, None, [a], kind="join")
    assert await pairs_of(settings, tmp_path / "before.csv") == []
    await part(shelf, joined, await shelf.complaint(), [a])
    [pair] = await pairs_of(settings, tmp_path / "pairs.csv")
    assert (pair["id_a"], pair["id_b"], pair["label"]) == (str(a), str(b), "different")


async def test_what_was_said_in_secret_is_not_written(
    settings: Settings, shelf: Shelf, tmp_path: Path
) -> None:
    other = await shelf.complaint()
    await shelf.report(other, secret=True)
    await decide(shelf, await shelf.report(await shelf.complaint()), other, "different")
    said = StringIO()
    file = tmp_path / "pairs.csv"
    await commands.write_pairs(settings, file, force=False, say=Console(file=said, width=200))
    assert "1 pasangan dengan laporan rahasia tidak ditulis" in said.getvalue()
    assert len(file.read_text(encoding="utf-8").splitlines()) == 1


async def test_a_file_that_is_there_is_replaced_only_when_told_so(
    settings: Settings, shelf: Shelf, tmp_path: Path
) -> None:
    file = tmp_path / "pairs.csv"
    file.write_text("penting")
    with pytest.raises(commands.Refused, match=r"pairs\.csv sudah ada.*--force"):
        await pairs_of(settings, file)
    assert file.read_text() == "penting"
    other = await shelf.complaint()
    await shelf.report(other)
    await decide(shelf, await shelf.report(await shelf.complaint()), other, "different")
    assert len(await pairs_of(settings, file, force=True)) == 1
    with pytest.raises(commands.Refused, match="tidak dapat ditulis"):
        await pairs_of(settings, tmp_path / "gone" / "pairs.csv")
    left = [path.name for path in tmp_path.iterdir() if "pairs" in path.name]  # noqa: ASYNC240
    assert left == ["pairs.csv"]


def test_both_commands_are_there_and_refuse_in_a_sentence(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_SECRET_KEY", SECRET)
    monkeypatch.setenv("HUB_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("HUB_FILES_DIR", str(tmp_path / "files"))
    runner = CliRunner()
    asked = runner.invoke(app, ["explain", "17"])
    assert asked.exit_code == 1
    assert "Tidak ada laporan 17" in asked.output
    file = tmp_path / "pairs.csv"
    assert runner.invoke(app, ["pairs", str(file)]).exit_code == 0
    assert file.read_text(encoding="utf-8").startswith("id_a,channel_a,received_at_a,")
    refused = runner.invoke(app, ["pairs", str(file)])
    assert refused.exit_code == 1
    assert "sudah ada" in refused.output
