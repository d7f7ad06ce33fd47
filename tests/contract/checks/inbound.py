"""What comes in is read to the expected news."""

from collections.abc import Iterable, Mapping
from typing import Any

from hub.contract import Counted, Inspects, Polls, Raw, ReadsBack, UpstreamError
from tests.contract.as_json import as_json, delivery_of, error_of, news_of
from tests.contract.recordings import Situation, situations
from tests.contract.subjects import Subject
from tests.contract.upstreams import RecordedUpstream, silent


def check_has_recordings(subject: Subject) -> None:
    """Something is recorded of what comes in, and something of what goes out."""
    incoming = [*situations(subject, "inbound"), *situations(subject, "poll")]
    where = f"tests/connectors/{subject.name}/recordings"
    assert incoming, (
        f"{subject.name} has no recordings: put what it brings in under {where}/inbound or /poll"
    )
    connector = subject.build(silent())
    if hasattr(connector, "push"):
        assert any(situations(subject, "push")), (
            f"{subject.name} pushes, but none is recorded: put one under {where}/push"
        )


async def check_inbound(subject: Subject, situation: Situation) -> None:
    """A body reads to its news."""
    connector = subject.build(silent())
    try:
        news = as_json(list(connector.read(situation.raw)))
    finally:
        await connector.aclose()
    assert news == as_json([news_of(each) for each in situation.expected])


async def check_poll(subject: Subject, situation: Situation) -> None:
    """A poll, an inspection or a reading back gives what is expected, by recorded calls alone."""
    upstream = RecordedUpstream(subject, situation.exchanges)
    connector = subject.build(upstream.transport)
    try:
        seen = await _called(connector, situation)
    except UpstreamError as error:
        seen = _failed(error)
    finally:
        await connector.aclose()
    assert seen == _wanted(situation.expected)
    upstream.check_done()


async def raws_of(subject: Subject) -> list[Raw]:
    """Every raw that a recording holds or leads to."""
    raws: list[Raw] = [each.raw for each in situations(subject, "inbound")]
    for situation in situations(subject, "poll"):
        connector = subject.build(RecordedUpstream(subject, situation.exchanges).transport)
        try:
            pieces = await _brought(connector, situation.json("call.json"))
            raws += [each for each in pieces if isinstance(each, Raw)]
        except UpstreamError:
            continue
        finally:
            await connector.aclose()
    return raws


def news_in(connector: Any, pieces: Iterable[Raw | Counted]) -> list[Any]:
    """What they are read as; what is only counted is news already."""
    return [
        news
        for piece in pieces
        for news in ([piece] if isinstance(piece, Counted) else connector.read(piece))
    ]


async def _called(connector: Any, situation: Situation) -> Mapping[str, Any]:
    call = situation.json("call.json")
    if call["do"] == "find":
        assert isinstance(connector, ReadsBack)
        found = await connector.find(delivery_of(call["delivery"], folder=situation.folder))
        return {"find": type(found).__name__, **as_json(found)}
    if call["do"] == "poll":
        assert isinstance(connector, Polls)
        page = await connector.poll(call["cursor"])
        told: dict[str, Any] = {"raws": [raw.key for raw in page.raws], "cursor": page.cursor}
        told |= {"has_more": True} if page.has_more else {}
        return told | _news(connector, page.raws)
    raws = await _brought(connector, call)
    return {"raws": [raw.key for raw in raws], "cursor": None} | _news(connector, raws)


async def _brought(connector: Any, call: Mapping[str, Any]) -> list[Raw | Counted]:
    match call["do"]:
        case "poll":
            assert isinstance(connector, Polls)
            return list((await connector.poll(call["cursor"])).raws)
        case "inspect":
            assert isinstance(connector, Inspects)
            return [await connector.inspect(call["external_id"])]
        case "find":
            return []
        case unknown:
            raise AssertionError(f"call.json: nobody knows how to do {unknown!r}")


def _news(connector: Any, pieces: Iterable[Raw | Counted]) -> dict[str, Any]:
    return {"news": as_json(news_in(connector, pieces))}


def _failed(error: UpstreamError) -> Mapping[str, Any]:
    return {"error": as_json(error) | {"verdict": error.verdict.value}}


def _wanted(expected: Mapping[str, Any]) -> Mapping[str, Any]:
    if "error" in expected:
        return _failed(error_of(expected["error"]))
    if "news" not in expected:
        return expected
    news = [as_json(news_of(each)) for each in expected["news"]]
    return {"cursor": None, **expected, "news": news}
