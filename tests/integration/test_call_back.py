"""A caller to 112 asked to be told: the complaint moves, and a list says whom to ring up and what to say."""

import csv
from pathlib import Path

import pytest

from hub.bootstrap import Hub, open_hub
from hub.domain.status import Status
from hub.settings import Settings
from hub.store import desk
from tests.journey.city import SECRET

COLUMNS = [
    "id", "lat_long", "alamat", "desa", "kec", "kejadian", "tanggal_terima", "tanggal_selesai",
    "approve", "ket", "laporan", "tim", "jumlah_tim", "nama_pelapor", "noTelp_pelapor", "bulan", "tahun",
]  # fmt: skip
ASKED = {
    "id": "901", "desa": "Poncol", "kejadian": "ADUAN PJU", "noTelp_pelapor": "081100009001",
    "ket": "Lampu jalan mati sejak kemarin, penelepon minta dikabari",
}  # fmt: skip
DID_NOT = {
    "id": "902", "desa": "Klego", "kejadian": "ADUAN SAMPAH", "noTelp_pelapor": "081100009002",
    "ket": "Sampah menumpuk di depan gang",
}  # fmt: skip


async def carry_on(hub: Hub) -> None:
    """Everything that is due."""
    while await hub.read.step():
        pass
    for carrier in hub.relays.values():
        await carrier.drain()


async def test_who_asked_is_on_the_list_and_who_did_not_is_left_in_peace(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALL112_FOLDER", str(tmp_path / "log"))
    monkeypatch.setenv("CALL112_CALLBACK", "true")
    log, calls = tmp_path / "kejadian.csv", tmp_path / "telepon.csv"
    with log.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="-")
        writer.writeheader()
        when = {"tanggal_terima": "18 Januari 2026 21:14", "approve": "1"}
        writer.writerows([ASKED | when, DID_NOT | when])
    settings = Settings(secret_key=SECRET, database_url=sqlite_url, files_dir=tmp_path / "files")
    async with open_hub(settings) as hub:
        await hub.importing.run("call112", log, dry_run=False, progress=lambda *_: None)
        async with hub.database.reading() as connection:
            page = await desk.complaints(connection, desk.Filter())
        tickets = sorted(line.ticket for line in page.complaints)
        assert len(tickets) == 2
        for ticket in tickets:
            await hub.operator.move(
                ticket, Status.IN_PROGRESS, note="Petugas berangkat pagi ini.", reason=None,
                agency=None, who="Rini",
            )  # fmt: skip
        await carry_on(hub)
        done = await hub.exporting.run("call112", calls, who="Rini")
        again = await hub.exporting.run("call112", tmp_path / "lagi.csv", who="Rini")
        async with hub.database.reading() as connection:
            found = await desk.agreement(connection)
    assert (done.count("change"), again.lines) == (1, [])
    with calls.open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    said = " ".join(row.values())
    assert row["tiket"] in tickets
    assert "Petugas berangkat pagi ini." in said
    assert "9001" in said
    assert (found.total, found.agreeing) == (1, 1), "who did not ask has nothing to agree on"
