"""What SP4N-LAPOR! is told when two reports of the same trouble are put together."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from connectors.sp4n.settings import Settings
from connectors.sp4n.source import Sp4n
from connectors.sp4n.translate_out import done_there
from hub.contract import Mapping, Status, StatusUpdate
from tests.connectors.sp4n.conftest import SAID_AT, answering

OTHER = "Digabung dengan laporan nomor 9200002 karena membicarakan masalah yang sama."


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.VERIFIED, Status.FORWARDED])
async def test_the_other_number_is_written_there_also_where_the_status_says_nothing_there(
    new_settings: Callable[..., Settings], mapping: Mapping, new_delivery: Any, status: Status
) -> None:
    transport, asked = answering(httpx.Response(200, json={}))
    update = StatusUpdate(status=status, at=SAID_AT, note=OTHER, by_hub=True)
    connector = Sp4n(new_settings(addition_template_code="tambahan"), mapping, transport=transport)
    await connector.push(new_delivery(update, external_id="9200001"))
    assert b"9200002" in asked[-1].content
    assert b"reply_lmw" not in asked[-1].content, "it is no answer of the institution"


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.VERIFIED])
def test_what_an_officer_notes_with_such_a_status_is_still_not_carried(
    mapping: Mapping, status: Status
) -> None:
    update = StatusUpdate(status=status, at=SAID_AT, note="Sudah dicek.")
    assert done_there(update, mapping) == "nothing"
