"""PostgreSQL is away for some seconds while citizens write. The long version is database_off.py."""

from pathlib import Path

from tests.faults.crew import crew
from tests.faults.database_off import Counts, Plan, play
from tests.faults.switch import switchable_postgres
from tests.servers import ServerMissing, left_out, running_redis

# Few complaints: they may be looked at often.
OFTEN = {
    "SP4N_INSPECT_SECONDS": "2",
    "LAPORGUB_INSPECT_SECONDS": "2",
    "LAPORGUB_POLL_SECONDS": "2",
}
# A server that hangs is played by database_off.py, and in test_database_away.py.
AWAY = 6.0


async def played(folder: Path) -> Counts:
    plan = Plan(away=AWAY, how="kill", seed=5, every=0.6, lead=3.0)
    try:
        with switchable_postgres() as switch, running_redis() as redis_url:
            urls = {"database_url": switch.url, "redis_url": redis_url}
            async with crew(folder, **urls, **OFTEN) as team:
                return await play(team, switch, plan)
    except ServerMissing as missing:
        raise left_out(str(missing)) from None


async def test_a_database_that_is_killed_under_load_costs_time_and_nothing_else(
    tmp_path: Path,
) -> None:
    counts = await played(tmp_path)

    assert set(counts.during) == {503}, "webhooks are asked to come again, and nothing else"
    assert counts.during.total() == counts.asked_to_come_again
    assert counts.slowest < 5.0
    assert counts.watcher is not None
    assert {status for path, status in counts.watcher.answers if path == "/healthz"} == {200}
    assert counts.watcher.reasons
    for logged in counts.logged.values():
        assert (logged["database.lost"], logged["database.back"]) == (1, 1)
        assert logged["clockwork.step_failed"] == logged["no event"] == 0
    assert counts.wrong == []
    assert counts.result.in_step == counts.result.said == counts.said > 0
