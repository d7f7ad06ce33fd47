"""A file is what its bytes say, whatever it was called."""

from pathlib import Path
from random import Random

import pytest

from connectors.whatsapp.sandbox import files
from hub.intake.fetch import UNKNOWN, sniff

CHANCE = Random(8112)  # noqa: S311 - made-up files, not secrets


@pytest.mark.parametrize(
    ("content", "is_one"),
    [
        (files.photo(CHANCE), "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
        (files.document(CHANCE), "application/pdf"),
        (files.video(CHANCE), "video/mp4"),
        (b"", UNKNOWN),
        (b"kata-kata saja", UNKNOWN),
    ],
)
def test_the_type_is_read_from_the_first_bytes(
    tmp_path: Path, content: bytes, is_one: str
) -> None:
    file = tmp_path / "foto.exe"
    file.write_bytes(content)
    assert sniff(file) == is_one


def test_a_voice_note_is_sound(tmp_path: Path) -> None:
    file = tmp_path / "suara"
    file.write_bytes(files.voice(CHANCE))
    assert sniff(file).startswith("audio/")
