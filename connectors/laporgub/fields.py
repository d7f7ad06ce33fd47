"""What is told, as the bodies of the profile's calls. Pure."""

from typing import Any

from connectors.laporgub.numbers import mark_of
from connectors.laporgub.payloads import filled
from connectors.laporgub.profile import Profile, Write
from connectors.laporgub.settings import Settings
from connectors.laporgub.translate_out import Opened, Told
from hub.contract import Delivery, Opening


def create_body(
    delivery: Delivery, opening: Opening, opened: Opened, *, profile: Profile, settings: Settings
) -> dict[str, Any]:
    """A new complaint, with our ticket in the field of the marker."""
    create = profile.create
    return filled(
        create.fields,
        {
            "title": opened.title,
            "text": opened.text,
            "category": opened.category,
            "region": settings.region_id,
            "place": opened.place or None,
            "latitude": opened.latitude,
            "longitude": opened.longitude,
            "kind": create.kinds["secret" if opening.secret else "public"],
            "anonymous": opening.anonymous,
            "marker": delivery.ticket,
        },
    )


def told_body(delivery: Delivery, told: Told, call: Write) -> dict[str, Any]:
    """News of a complaint, with the marker of the parcel."""
    return filled(
        call.fields, {"text": told.text, "status": told.word, "marker": mark_of(delivery)}
    )
