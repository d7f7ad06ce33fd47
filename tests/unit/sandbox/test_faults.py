"""Each switch fails a call in its own way; whether the imitation has acted is part of it."""

from collections import Counter
from random import Random

import httpx
import pytest

from hub.sandbox import Fault, FaultKind, FaultSwitch, SandboxTransport, Stage
from hub.sandbox.faults import GATEWAY_PAGE, everything
from tests.unit.sandbox.letterbox import Letterbox


class Post:
    """A client of one letter box behind its switch."""

    def __init__(self, *faults: Fault) -> None:
        stage = Stage()
        self.box = Letterbox(stage)
        self.journal = stage.journal
        switch = FaultSwitch(
            self.box.app, name=self.box.name, rng=stage.rng, journal=stage.journal
        )
        switch.faults = list(faults)
        self._client = httpx.AsyncClient(
            transport=SandboxTransport(switch), base_url="http://sandbox"
        )

    async def send(self, text: str = "halo") -> httpx.Response:
        return await self._client.post("/letters", content=text)

    async def count(self) -> httpx.Response:
        return await self._client.get("/letters")


async def test_without_a_fault_the_imitation_answers() -> None:
    post = Post()
    assert (await post.send()).json()["letters"] == 1
    assert post.journal.of("fault") == []


async def test_a_drop_before_loses_the_connection_and_nothing_was_done() -> None:
    post = Post(Fault(kind=FaultKind.DROP_BEFORE))
    with pytest.raises(httpx.ReadError):
        await post.send()
    assert post.box.letters == []


async def test_a_drop_after_loses_the_connection_although_it_was_done() -> None:
    post = Post(Fault(kind=FaultKind.DROP_AFTER))
    with pytest.raises(httpx.ReadError):
        await post.send()
    assert post.box.letters == ["halo"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500, 503])
async def test_a_status_is_answered_before_anything_is_done(status: int) -> None:
    post = Post(Fault(kind=FaultKind.STATUS, status=status))
    assert (await post.send()).status_code == status
    assert post.box.letters == []


async def test_a_throttle_says_when_to_come_back_only_where_it_was_told_to() -> None:
    patient = Post(Fault(kind=FaultKind.STATUS, status=429, retry_after=30))
    curt = Post(Fault(kind=FaultKind.STATUS, status=429))
    assert (await patient.send()).headers["retry-after"] == "30"
    assert "retry-after" not in (await curt.send()).headers


async def test_a_status_after_hides_that_it_was_done() -> None:
    post = Post(Fault(kind=FaultKind.STATUS_AFTER, status=500))
    assert (await post.send()).status_code == 500
    assert post.box.letters == ["halo"]


async def test_a_gateway_answers_with_a_page_although_it_was_done() -> None:
    post = Post(Fault(kind=FaultKind.HTML, status=502))
    answer = await post.send()
    assert (answer.status_code, answer.content) == (502, GATEWAY_PAGE)
    assert answer.headers["content-type"] == "text/html"
    assert post.box.letters == ["halo"]


async def test_a_truncated_answer_is_half_a_body_with_a_length_that_fits() -> None:
    post = Post(Fault(kind=FaultKind.TRUNCATED))
    answer = await post.send()
    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(len(answer.content))
    with pytest.raises(ValueError, match=r"Unterminated|delimiter|Expecting"):
        answer.json()
    assert post.box.letters == ["halo"]


async def test_a_delayed_call_is_answered_all_the_same() -> None:
    post = Post(Fault(kind=FaultKind.DELAY, seconds=0))
    assert (await post.send()).json()["letters"] == 1


async def test_a_fault_stays_on_its_route_and_ends_after_its_times() -> None:
    post = Post(Fault(kind=FaultKind.STATUS, status=503, route="^POST /letters$", times=2))
    answers = [(await post.send()).status_code for _ in range(3)]
    assert answers == [503, 503, 200]
    assert (await post.count()).status_code == 200


async def test_the_journal_knows_which_call_was_made_to_fail() -> None:
    post = Post(Fault(kind=FaultKind.DROP_BEFORE))
    with pytest.raises(httpx.ReadError):
        await post.send()
    assert post.journal.of("fault")[0].facts["route"] == "POST /letters"
    assert post.journal.of("fault")[0].facts["fault"] == "drop_before"


def test_everything_covers_all_kinds_and_both_sorts_of_throttling() -> None:
    faults = everything(0.1)
    assert {fault.kind for fault in faults} == set(FaultKind)
    throttles = {fault.retry_after for fault in faults if fault.status == 429}
    assert throttles == {None, 2}


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_everything_fails_its_share_of_calls_and_each_way_as_often(share: float) -> None:
    stage = Stage(rng=Random(7))  # noqa: S311 - play, not secrets
    switch = FaultSwitch(
        Letterbox(stage).app, name="letterbox", rng=stage.rng, journal=stage.journal
    )
    switch.faults = everything(share)
    calls = 20_000
    drawn = Counter(str(switch._drawn("POST /letters")) for _ in range(calls))
    served = drawn.pop("None", 0)
    assert 1 - served / calls == pytest.approx(share, abs=0.01)
    assert len(drawn) == len(switch.faults)
    each = share / len(switch.faults)
    assert all(times / calls == pytest.approx(each, abs=0.01) for times in drawn.values())
