"""What a citizen reads when their report joins others, or is parted from them."""

import pytest

from connectors.whatsapp.translate_out import compose
from hub.contract import Status
from tests.connectors.whatsapp.given import dictionary, update

MANY = "Masalah ini sudah kami terima dari 12 warga."


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("is_first", [True, False])
def test_what_the_hub_says_is_the_last_line_and_is_put_in_nobodys_mouth(
    status: Status, *, is_first: bool
) -> None:
    delivery = update(status, note=MANY, agency="Dinas Contoh", is_first=is_first, by_hub=True)
    lines = compose(delivery, dictionary())["text"]["body"].splitlines()
    assert lines[-1] == MANY
    assert sum(MANY in line for line in lines) == 1
    assert any("PKL-2026-000123" in line for line in lines[:-1])


def test_whoever_joins_what_is_under_way_reads_that_it_arrived_how_it_stands_and_how_many_said_so() -> (
    None
):
    delivery = update(Status.IN_PROGRESS, note=MANY, is_first=True, by_hub=True)
    assert compose(delivery, dictionary())["text"]["body"].splitlines() == [
        "Terima kasih, laporan Anda sudah kami terima.",
        "Aduan PKL-2026-000123 sedang dikerjakan. Mohon bersabar, ya.",
        MANY,
    ]


@pytest.mark.parametrize("status", list(Status))
def test_outside_the_24_hours_it_stands_in_a_template_that_has_room_for_it(
    status: Status,
) -> None:
    delivery = update(status, note=MANY, by_hub=True, conversation_open=False)
    (body,) = compose(delivery, dictionary())["template"]["components"]
    assert MANY in [each["text"] for each in body["parameters"]]
