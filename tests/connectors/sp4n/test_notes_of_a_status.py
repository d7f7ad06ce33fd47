"""What was written beside a status reaches the citizen with it, and with no other."""

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.sp4n.translate_in import status_news
from hub.contract import Mapping, Raw, StatusNews, parse_json

JAKARTA = ZoneInfo("Asia/Jakarta")


def log(minute: int, status: str, content: str) -> dict[str, Any]:
    return {
        "created_at": f"2026-01-19 08:{minute:02}:00",
        "content": content,
        "status_new": {"name": status},
    }


def note_of(mapping: Mapping, status: str, *logs: dict[str, Any]) -> str | None:
    data = {"id": "9200001", "status_name": status}
    body = json.dumps(
        {"detail": {"results": {"data": data, "data_logs": logs}}, "followups": []}
    ).encode()
    raw = Raw(key="k", body=body, external_id="9200001")
    news = status_news(raw, parse_json(body), zone=JAKARTA, mapping=mapping)
    assert isinstance(news, StatusNews)
    return news.note


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("Selesai", "Selesai"),
        ("Selesai", "7"),
        ("Selesai", "Selesai; Selesai otomatis dalam 9 hari"),
        ("Sedang ditinjau ulang", "Sedang ditinjau ulang"),
    ],
)
def test_the_words_of_the_present_status_go_with_it(
    mapping: Mapping, status: str, word: str
) -> None:
    assert note_of(mapping, status, log(1, word, "Lampu sudah diganti.")) == "Lampu sudah diganti."


def test_words_of_another_status_stay_with_that_one_whatever_a_clock_says(
    mapping: Mapping,
) -> None:
    ahead = log(59, "Ditindaklanjuti oleh Instansi", "Tim ke lokasi.")
    assert note_of(mapping, "Ditutup oleh Admin", ahead, log(30, "Ditutup oleh Admin", "")) is None
