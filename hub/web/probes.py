"""Live, ready, and in numbers: for systemd, load balancers and Prometheus."""

from datetime import timedelta

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from hub.ports import DatabaseAway
from hub.store import desk
from hub.web.metrics import Metrics
from hub.web.needs import Needs

# A parcel starts within a second of its time; this much later nobody is working.
LONGEST_OVERDUE = timedelta(minutes=10)


async def healthz(request: Request) -> Response:
    """Say that the process is alive."""
    del request
    return PlainTextResponse("ok")


async def readyz(request: Request) -> Response:
    """Say whether the database answers and parcels leave on time, and if not, why."""
    needs: Needs = request.app.state.needs
    now = needs.clock()
    try:
        async with needs.desk.reading() as connection:
            ready = await desk.readiness(connection, now=now)
    except DatabaseAway as away:
        return _not_ready(str(away))
    except Exception:  # noqa: BLE001 - any failure is the answer
        return _not_ready("Basis data tidak menjawab. Periksa HUB_DATABASE_URL dan servernya.")
    if trouble := needs.trouble():
        # It can be read and not be written, so every webhook is refused.
        return _not_ready(trouble)
    overdue = now - ready.oldest_due if ready.oldest_due else timedelta()
    seconds = round(overdue.total_seconds())
    if overdue > LONGEST_OVERDUE:
        return _not_ready(
            "Pengiriman berhenti: kiriman tertua sudah waktunya berangkat sejak "
            f"{seconds // 60} menit lalu. Periksa apakah hub up atau hub work berjalan.",
            oldest_due_seconds=seconds,
        )
    return JSONResponse({"ready": True, "oldest_due_seconds": seconds})


async def metrics(request: Request) -> Response:
    """Count everything once and write it down for Prometheus."""
    needs: Needs = request.app.state.needs
    counted: Metrics = request.app.state.metrics
    now = needs.clock()
    async with needs.desk.reading() as connection:
        health = await desk.health(connection, needs.connectors.titles(), now=now)
        agreed = await desk.agreement(connection)
        cards = await desk.count_open_cards(connection)
    shown = counted.show(health, agreed, cards=cards, now=now)
    return Response(shown, media_type=CONTENT_TYPE_LATEST)


def _not_ready(message: str, **facts: int) -> JSONResponse:
    return JSONResponse({"ready": False, "message": message, **facts}, status_code=503)
