"""The JSON API: how far the channels agree."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Depends

from hub.web import agreeing
from hub.web.api import ERRORS
from hub.web.auth import api_operator
from hub.web.given import GivenNeeds, GivenRender
from hub.web.models_agreement import AgreementOut
from hub.web.sentences import agreement_sentence

router = APIRouter(
    prefix="/api/v1", dependencies=[Depends(api_operator)], responses=ERRORS, tags=["reading"]
)


@router.get("/agreement")
async def agreement(needs: GivenNeeds, render: GivenRender) -> AgreementOut:
    """Say how many sources agree, what keeps the others from it, and how long agreement takes."""
    now = needs.clock()
    async with needs.desk.reading() as connection:
        found = await agreeing.gather(connection, needs.connectors.titles(), now=now)
    oldest = found.oldest
    age = round((now - oldest.since).total_seconds()) if oldest else None
    return AgreementOut.model_validate(
        asdict(found.agreement)
        | {
            "oldest_seconds": age,
            "sentence": agreement_sentence(found.agreement, render.times(now)),
            "oldest_disagreement": oldest
            and asdict(oldest) | {"seconds": age, "why": agreeing.why(oldest)},
            "times": [asdict(each) for each in found.times],
            "channels": [_channel(each) for each in found.channels],
            "unknown_here": [
                asdict(each) | {"next_step": agreeing.next_step(each)} for each in found.unknown
            ],
            "unknown_here_total": found.unknown_total,
        }
    )


def _channel(channel: agreeing.Channel) -> dict[str, Any]:
    return asdict(channel.agreement) | {
        "connector": channel.connector,
        "title": channel.title,
        "times": [asdict(each) for each in channel.times],
        "last_round": channel.last and asdict(channel.last),
        "round_under_way": channel.under_way and asdict(channel.under_way),
    }
