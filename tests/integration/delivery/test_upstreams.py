"""How it goes with an upstream: lost and back once, paused by the hub or held by a person, polled by one."""

from datetime import timedelta

from tests.fakes.books import Books

MINUTE = timedelta(minutes=1)


async def test_going_and_coming_back_are_each_new_only_once(books: Books) -> None:
    async with books.database.begin() as work:
        now = books.clock()
        gone = [await work.upstreams.lost("anywhere", at=now) for _ in range(3)]
        back = [await work.upstreams.reached("anywhere", at=now) for _ in range(3)]
    assert gone == [True, False, False]
    assert back == [True, False, False]


async def test_a_pause_of_the_hub_runs_out_by_itself(books: Books) -> None:
    async with books.database.begin() as work:
        now = books.clock()
        await work.upstreams.pause("anywhere", until=now + MINUTE, code="held", detail="")
        assert await work.upstreams.paused_until("anywhere", now=now) == now + MINUTE
        assert await work.upstreams.paused_until("elsewhere", now=now) is None
        assert await work.upstreams.paused_until("anywhere", now=now + MINUTE) is None


async def test_a_success_ends_a_pause_only_after_it_has_run_out(books: Books) -> None:
    async with books.database.begin() as work:
        now = books.clock()
        await work.upstreams.pause("anywhere", until=now + MINUTE, code="held", detail="")
        assert not await work.upstreams.end_pause("anywhere", now=now)
        assert await work.upstreams.end_pause("anywhere", now=now + MINUTE)
        assert not await work.upstreams.end_pause("anywhere", now=now + MINUTE)


async def test_what_a_person_holds_only_a_person_resumes(books: Books) -> None:
    async with books.database.begin() as work:
        now = books.clock()
        await work.upstreams.pause(
            "anywhere", until=None, code="operator", detail="holiday", by="Budi"
        )
        await work.upstreams.pause("anywhere", until=now, code="throttled", detail="")
        assert not await work.upstreams.end_pause("anywhere", now=now + 1000 * MINUTE)
        assert await work.upstreams.paused_until("anywhere", now=now + 1000 * MINUTE)
        assert await work.upstreams.resume("anywhere", at=now)
        assert await work.upstreams.paused_until("anywhere", now=now) is None
        assert not await work.upstreams.resume("anywhere", at=now)


async def test_a_poll_goes_on_at_its_cursor_and_not_before_it_is_due(books: Books) -> None:
    now = books.clock()
    async with books.database.begin() as work:
        take = work.upstreams.take_poll
        assert await take("anywhere", now=now, until=now + MINUTE) == (True, None, 0)
        assert (await take("anywhere", now=now, until=now + MINUTE))[0] is False
        await work.upstreams.polled("anywhere", cursor="page 2", due_at=now + MINUTE, failures=1)
        assert await take("anywhere", now=now, until=now) == (False, "page 2", 1)
        due = now + MINUTE
        assert await take("anywhere", now=due, until=due + MINUTE) == (True, "page 2", 1)


async def test_a_poller_that_died_loses_its_turn_but_not_the_cursor(books: Books) -> None:
    now = books.clock()
    async with books.database.begin() as work:
        take = work.upstreams.take_poll
        await take("anywhere", now=now, until=now)
        await work.upstreams.polled("anywhere", cursor="page 2", due_at=now, failures=0)
        await take("anywhere", now=now, until=now + MINUTE)
    later = books.clock.pass_time(MINUTE)
    async with books.database.begin() as work:
        assert await work.upstreams.take_poll("anywhere", now=later, until=later + MINUTE) == (
            True, "page 2", 0,
        )  # fmt: skip


async def test_the_copy_of_their_tables_is_made_by_one_and_kept(books: Books) -> None:
    now = books.clock()
    async with books.database.begin() as work:
        assert await work.upstreams.masters("anywhere") is None
        assert await work.upstreams.take_masters("anywhere", now=now, until=now + MINUTE)
        assert not await work.upstreams.take_masters("anywhere", now=now, until=now + MINUTE)
        copy = {"institutions": [{"id": "151", "name": "Dinas PU"}]}
        await work.upstreams.save_masters("anywhere", copy, at=now, due_at=now + MINUTE)
        assert await work.upstreams.masters("anywhere") == copy
        assert not await work.upstreams.take_masters("anywhere", now=now, until=now)
        assert await work.upstreams.take_masters("anywhere", now=now + MINUTE, until=now)
