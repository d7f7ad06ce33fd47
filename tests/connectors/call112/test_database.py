import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from importlib import import_module
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy import make_url

from connectors.call112 import build
from connectors.call112.database import Database
from connectors.call112.pages import Mark, Portion
from connectors.call112.settings import Settings
from hub.contract import (
    Mapping,
    Raw,
    Report,
    Unauthorized,
    Unavailable,
    Unreachable,
    Unreadable,
    UnreadableError,
)
from tests.connectors.call112.conftest import keys

GIVEN: dict[str, Any] = {
    "folder": "",
    "table": "insiden",
    "cursor_column": "no",
    "profile": "surabaya",
    "page_rows": 3,
    "overlap_rows": 2,
}
# Shipped without types.
aiomysql: Any = import_module("aiomysql")
COLUMNS = "no BIGINT, uraian TEXT, diubah TIMESTAMP WITH TIME ZONE"


class Hub:
    """Polls and commits as the hub does; `kept` are rows by key, each once."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.mark: Mark | None = None
        self.brought: list[str] = []

    @property
    def kept(self) -> list[str]:
        return list(dict.fromkeys(self.brought))

    async def poll(self) -> Portion:
        portion = await self.database.poll(self.mark)
        self.mark = portion.mark
        self.brought += keys(portion.raws)
        return portion

    async def poll_all(self) -> None:
        while (await self.poll()).has_more:
            pass


def record_of(cells: Any, row: str) -> Raw:
    if cells["uraian"] == "rusak":
        raise UnreadableError(f"insiden, {row}: rusak")
    return Raw(key=cells["uraian"], body=b"{}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A SQLite file with an empty log; its name needs care."""
    file = tmp_path / "log 100% #1.db"
    run(file, f"CREATE TABLE insiden ({COLUMNS})")
    return file


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def run(file: Path, sql: str, *rows: tuple[Any, ...]) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(sql, rows) if rows else connection.execute(sql)


def insert(file: Path, *rows: tuple[Any, ...]) -> None:
    filled = [(*row, None)[:3] for row in rows]
    run(file, "INSERT INTO insiden VALUES (?, ?, ?)", *filled)


@pytest.fixture
async def new_database() -> AsyncIterator[Callable[..., Database]]:
    made: list[Database] = []

    def new(url: str, **given: Any) -> Database:
        about = {name: given.pop(name) for name in ("lacking", "most_rows") if name in given}
        settings = Settings(**(GIVEN | given), database_url=url)
        made.append(Database(settings, record_of=record_of, **about))
        return made[-1]

    yield new
    for database in made:
        await database.aclose()
    # A connection that could not be made leaves its thread a last word, for which it needs our loop.
    for thread in threading.enumerate():
        if "_connection_worker_thread" in thread.name:
            await asyncio.to_thread(thread.join, 5)


async def test_rows_come_in_order_of_the_cursor_a_page_at_a_time(
    file: Path, new_database: Callable[..., Database]
) -> None:
    insert(file, *[(number, f"r{number}") for number in (5, 3, 1, 4, 2)])
    hub = Hub(new_database(f"sqlite:///{file}"))
    first = await hub.poll()
    assert (keys(first.raws), first.has_more) == (["r1", "r2", "r3"], True)
    await hub.poll_all()
    assert hub.kept == ["r1", "r2", "r3", "r4", "r5"]


async def test_rows_that_come_later_are_brought_and_a_few_before_them_again(
    file: Path, new_database: Callable[..., Database]
) -> None:
    insert(file, *[(number, f"r{number}") for number in range(1, 8)])
    hub = Hub(new_database(f"sqlite:///{file}"))
    await hub.poll_all()
    insert(file, (8, "r8"))
    hub.brought.clear()
    await hub.poll_all()
    assert hub.brought == ["r7", "r8"]


async def test_a_row_that_was_committed_late_is_not_missed(
    file: Path, new_database: Callable[..., Database]
) -> None:
    hub = Hub(new_database(f"sqlite:///{file}"))
    insert(file, (2, "r2"))
    await hub.poll_all()
    insert(file, (1, "late"), *[(number, f"r{number}") for number in (3, 4, 6)])
    await hub.poll_all()
    insert(file, (5, "late, too"))
    await hub.poll_all()
    assert sorted(hub.kept) == ["late", "late, too", "r2", "r3", "r4", "r6"]


async def test_many_rows_with_one_value_are_all_brought(
    file: Path, new_database: Callable[..., Database]
) -> None:
    insert(file, (1, "r1"), *[(2, f"same{number}") for number in range(10)], (3, "r3"))
    hub = Hub(new_database(f"sqlite:///{file}"))
    await hub.poll_all()
    assert len(hub.kept) == 12


async def test_a_crash_brings_the_page_again(
    file: Path, new_database: Callable[..., Database]
) -> None:
    insert(file, *[(number, f"r{number}") for number in range(1, 8)])
    hub = Hub(new_database(f"sqlite:///{file}"))
    await hub.poll()
    await hub.database.poll(hub.mark)
    hub.database = new_database(f"sqlite:///{file}")
    await hub.poll_all()
    assert hub.kept == [f"r{number}" for number in range(1, 8)]


async def test_a_query_of_ones_own_is_read_the_same_way(
    file: Path, new_database: Callable[..., Database]
) -> None:
    insert(file, *[(number, f"r{number}") for number in range(1, 8)])
    query = "SELECT no, uraian FROM insiden WHERE no > :cursor AND uraian <> 'r2'"
    hub = Hub(new_database(f"sqlite:///{file}", query=query, table="", cursor_start="1"))
    await hub.poll_all()
    assert hub.kept == ["r3", "r4", "r5", "r6", "r7"]


async def test_a_row_that_cannot_be_read_holds_up_no_other(
    file: Path, new_database: Callable[..., Database]
) -> None:
    insert(file, (1, "r1"), (22, "rusak"), (33, None))
    hub = Hub(new_database(f"sqlite:///{file}", page_rows=9))
    portion = await hub.poll()
    assert keys(portion.raws) == ["r1", ""]
    assert portion.remarks == ("insiden, no 22: rusak",)


async def test_a_file_that_is_not_there_is_unavailable_and_is_not_made(
    tmp_path: Path, new_database: Callable[..., Database]
) -> None:
    with pytest.raises(Unavailable, match="CALL112_DATABASE_URL"):
        await new_database(f"sqlite:///{tmp_path / 'tiada.db'}").poll(None)
    assert names_in(tmp_path) == []


async def test_rows_that_can_never_come_are_counted_once(
    file: Path, new_database: Callable[..., Database]
) -> None:
    insert(file, (1, "r1"), (None, "tanpa nomor"), (None, "tanpa nomor juga"))
    hub = Hub(new_database(f"sqlite:///{file}"))
    [remark] = (await hub.poll()).remarks
    assert remark.startswith("insiden: 2 baris tanpa nilai pada no (CALL112_CURSOR_COLUMN)")
    assert (await hub.poll()).remarks == ()
    assert hub.kept == ["r1"]


async def test_more_rows_of_one_value_than_memory_is_meant_for_are_told(
    file: Path, new_database: Callable[..., Database]
) -> None:
    insert(file, *[(2, f"same{number}") for number in range(9)])
    hub = Hub(new_database(f"sqlite:///{file}", most_rows=7))
    with pytest.raises(Unavailable, match=r"7 baris atau lebih.*CALL112_CURSOR_COLUMN"):
        await hub.poll_all()


@pytest.mark.parametrize("is_filled", [False, True])
async def test_a_table_that_does_not_fit_its_profile_is_told_before_a_row_is_kept(
    file: Path,
    new_settings: Callable[..., Settings],
    mapping: Mapping,
    is_filled: bool,
) -> None:
    if is_filled:
        insert(file, (1, "081100001234"))
    settings = new_settings(**(GIVEN | {"folder": ""}), database_url=f"sqlite:///{file}")
    connector = build(settings, mapping)
    try:
        with pytest.raises(
            Unavailable, match=r"kolom waktu lapor, tipe laporan, kategori tidak ada"
        ):
            await connector.poll(None)
    finally:
        await connector.aclose()


async def test_names_with_underscores_are_those_with_blanks(
    tmp_path: Path, new_settings: Callable[..., Settings], mapping: Mapping
) -> None:
    file = tmp_path / "log.db"
    run(file, "CREATE TABLE insiden (no INTEGER, no_tiket, waktu_lapor, Tipe_Laporan, kategori)")
    row = "INSERT INTO insiden VALUES (?, ?, ?, ?, ?)"
    run(file, row, (1, "112-260106-00005", "06/01/2026 06:56", "Normal", "PJU"))
    run(file, row, (22, "112-260106-00006", "06/01/2026 06:57", "Curhat", "PJU"))
    connector = build(
        new_settings(**(GIVEN | {"folder": ""}), database_url=f"sqlite:///{file}"), mapping
    )
    try:
        raws = (await connector.poll(None)).raws
        news = [each for raw in raws if isinstance(raw, Raw) for each in connector.read(raw)]
    finally:
        await connector.aclose()
    assert [each.external_id for each in news if isinstance(each, Report)] == ["112-260106-00005"]
    [unknown] = [each.reason for each in news if isinstance(each, Unreadable)]
    assert unknown.startswith("insiden, no 22, kolom Tipe Laporan tidak dikenal")


async def test_a_cursor_column_that_is_not_there_is_told(
    file: Path, new_database: Callable[..., Database]
) -> None:
    with pytest.raises(Unavailable, match="no such column: urut"):
        await new_database(f"sqlite:///{file}", cursor_column="urut").poll(None)


on_loopback = pytest.mark.allow_hosts(["127.0.0.1", "::1"])


@pytest.fixture
async def postgres_log(new_postgres_url: Callable[..., str]) -> str:
    """A PostgreSQL database with seven rows in its log."""
    url = new_postgres_url(migrated=False)
    await on_postgres(
        url,
        f"CREATE TABLE insiden ({COLUMNS})",
        "INSERT INTO insiden SELECT n, 'r' || n, "
        "timestamptz '2026-11-21 10:00+07' + (n - 3000000000) * interval '1 min' "
        "FROM generate_series(3000000001, 3000000007) n",
    )
    return url


async def on_postgres(url: str, *statements: str) -> None:
    plain = make_url(url).set(drivername="postgresql")
    connection = await asyncpg.connect(plain.render_as_string(hide_password=False))
    try:
        for sql in statements:
            await connection.execute(sql)
    finally:
        await connection.close()


@on_loopback
@pytest.mark.parametrize("column", ["no", "diubah"])
async def test_postgresql_is_read_by_number_and_by_time(
    postgres_log: str, new_database: Callable[..., Database], column: str
) -> None:
    hub = Hub(new_database(postgres_log, cursor_column=column))
    await hub.poll_all()
    await on_postgres(
        postgres_log, "INSERT INTO insiden VALUES (3000000008, 'last', '2027-01-01Z')"
    )
    await hub.poll_all()
    assert hub.kept == [f"r300000000{number}" for number in range(1, 8)] + ["last"]


@on_loopback
async def test_postgresql_is_read_by_a_query_with_a_first_value(
    postgres_log: str, new_database: Callable[..., Database]
) -> None:
    query = "SELECT * FROM insiden WHERE no > :cursor"
    hub = Hub(new_database(postgres_log, query=query, cursor_start="3000000005"))
    await hub.poll_all()
    assert hub.kept == ["r3000000006", "r3000000007"]


@on_loopback
async def test_nothing_can_be_written_through_a_query(
    postgres_log: str, file: Path, new_database: Callable[..., Database]
) -> None:
    writing = (
        "CREATE FUNCTION tulis() RETURNS bigint LANGUAGE sql AS 'DELETE FROM insiden RETURNING no'"
    )
    await on_postgres(postgres_log, writing)
    query = "SELECT tulis() AS no, '' AS uraian WHERE 1 > :cursor"
    with pytest.raises(Unavailable, match="read-only"):
        await new_database(postgres_log, query=query).poll(None)
    lite = new_database(f"sqlite:///{file}")
    async with lite._engine.connect() as connection:
        with pytest.raises(Exception, match="readonly"):
            await connection.exec_driver_sql("INSERT INTO insiden VALUES (1, 'x', NULL)")


@on_loopback
async def test_a_wrong_password_pauses_and_shows_nowhere(
    postgres_log: str, new_database: Callable[..., Database]
) -> None:
    # The server of the tests lets everybody in by password or not; a name it does not know it refuses.
    url = make_url(postgres_log).set(username="siapa", password="sandi-rekaan-112")
    database = new_database(url.render_as_string(hide_password=False))
    with pytest.raises(Unauthorized) as caught:
        await database.poll(None)
    shown = f"{caught.value!r} {caught.value.detail} {database._settings!r} {database._engine!r}"
    assert "sandi-rekaan-112" not in shown


@pytest.mark.parametrize(
    "error", [ConnectionRefusedError(111, "Connect call failed"), TimeoutError()]
)
async def test_a_server_that_is_away_is_unreachable(
    new_database: Callable[..., Database], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def refuse(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(asyncpg, "connect", refuse)
    with pytest.raises(Unreachable, match="CALL112_DATABASE_URL"):
        await new_database("postgresql://baca:sandi-rekaan@db.contoh.example/log").poll(None)


@pytest.mark.parametrize(
    ("number", "error"), [(1045, Unauthorized), (2003, Unreachable), (1146, Unavailable)]
)
async def test_mysql_is_told_to_read_only_and_its_refusals_are_understood(
    new_database: Callable[..., Database],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    error: type[Exception],
) -> None:
    told: dict[str, Any] = {}

    async def refuse(**given: Any) -> None:
        told.update(given)
        raise aiomysql.OperationalError(number, "no, not 081100009001")

    monkeypatch.setattr(aiomysql, "connect", refuse)
    with pytest.raises(error) as caught:
        await new_database("mysql://baca:sandi-rekaan@db.contoh.example/log").poll(None)
    assert told["init_command"] == "SET SESSION TRANSACTION READ ONLY"
    assert "081100009001" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("mysql://u:p@h/d", "mysql+aiomysql"),
        ("mariadb+pymysql://u:p@h/d", "mysql+aiomysql"),
        ("postgres://u:p@h/d", "postgresql+asyncpg"),
        ("postgresql+psycopg2://u:p@h/d", "postgresql+asyncpg"),
        ("sqlite:///x.db", "sqlite+aiosqlite"),
    ],
)
def test_the_address_may_name_any_driver(given: str, wanted: str) -> None:
    settings = Settings(**GIVEN, database_url=given)
    assert make_url(settings.database_url.get_secret_value()).drivername == wanted


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM insiden WHERE no > :cursor",
        "SELECT * FROM insiden WHERE no > :cursor; DROP TABLE insiden",
        "SELECT * FROM insiden",
        "WITH x AS (DELETE FROM insiden RETURNING no) SELECT no FROM x WHERE no > :cursor",
    ],
)
def test_only_one_select_with_a_cursor_is_a_query(query: str) -> None:
    with pytest.raises(ValueError, match="CALL112_QUERY"):
        Settings(**GIVEN, database_url="sqlite:///x.db", query=query)


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ({"profile": ""}, "CALL112_PROFILE"),
        ({"cursor_column": ""}, "CALL112_CURSOR_COLUMN"),
        ({"table": ""}, "CALL112_TABLE"),
        ({"database_url": ""}, "CALL112_FOLDER"),
        ({"database_url": "mssql://u:p@h/d"}, "mysql://"),
        ({"table": "insiden; DROP TABLE x"}, "bukan nama tabel"),
    ],
)
def test_what_a_database_needs_is_told_by_name(missing: dict[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Settings(**(GIVEN | {"database_url": "sqlite:///x.db"} | missing))
