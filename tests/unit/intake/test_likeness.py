"""The same photo keeps its likeness when it is made smaller or sent on; anything odd has none."""

import random
import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from hub.domain.matching.photos import likeness_distance
from hub.intake.likeness import MOST_PIXELS, likeness_of, read_likeness

ORIENTATION = 0x0112


def scene(seed: int, *, size: tuple[int, int] = (1200, 900)) -> Image.Image:
    """A street as a phone sees it: sky, ground, and things that stand about."""
    rng = random.Random(seed)  # noqa: S311 - the same picture every time
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    draw = ImageDraw.Draw(picture)
    width, height = size
    for _ in range(24):
        left, top = rng.randrange(width), rng.randrange(height)
        colour = (rng.randrange(256), rng.randrange(256), rng.randrange(256))
        box = (left, top, left + rng.randrange(80, 400), top + rng.randrange(80, 400))
        draw.rectangle(box, fill=colour)
    return picture


def likeness(
    folder: Path, picture: Image.Image, name: str = "a.jpg", *, quality: int = 75
) -> str | None:
    picture.save(folder / name, quality=quality)
    return read_likeness(folder / name)


def known(folder: Path, picture: Image.Image, name: str = "a.jpg", *, quality: int = 75) -> str:
    found = likeness(folder, picture, name, quality=quality)
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(5))
def test_a_photo_that_was_made_smaller_and_sent_on_is_still_the_same(
    tmp_path: Path, seed: int
) -> None:
    photo = scene(seed)
    first = known(tmp_path, photo, quality=92)
    assert len(first) == 16
    for width, quality in ((1200, 40), (800, 75), (640, 30), (320, 60)):
        again = photo.resize((width, width * 3 // 4))
        assert likeness_distance(first, known(tmp_path, again, quality=quality)) <= 6
    for name in ("a.png", "a.webp", "a.bmp"):
        assert likeness_distance(first, known(tmp_path, photo, name)) <= 6


def test_other_photos_are_not_alike(tmp_path: Path) -> None:
    found = [known(tmp_path, scene(seed)) for seed in range(12)]
    apart = [likeness_distance(a, b) for i, a in enumerate(found) for b in found[:i]]
    assert min(apart) > 12


def test_a_photo_that_only_says_how_it_is_to_be_turned_is_the_same(tmp_path: Path) -> None:
    photo = scene(1)
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    photo.transpose(Image.Transpose.ROTATE_90).save(tmp_path / "turned.jpg", exif=exif)
    turned = read_likeness(tmp_path / "turned.jpg")
    assert turned is not None
    assert likeness_distance(turned, known(tmp_path, photo)) <= 6


@pytest.mark.parametrize("colour", ["black", "white", (90, 90, 90)])
def test_a_picture_of_one_colour_is_like_every_other_such_picture_and_has_no_likeness(
    tmp_path: Path, colour: str | tuple[int, int, int]
) -> None:
    assert likeness(tmp_path, Image.new("RGB", (640, 480), colour)) is None


def test_a_photo_of_the_night_has_no_likeness(tmp_path: Path) -> None:
    noise = Image.effect_noise((640, 480), 12).point(lambda shade: shade // 12)
    assert likeness(tmp_path, noise) is None


def test_a_picture_that_only_grows_brighter_has_no_likeness(tmp_path: Path) -> None:
    sky = Image.linear_gradient("L").resize((640, 480))
    for picture in (
        sky,
        sky.transpose(Image.Transpose.ROTATE_90),
        sky.transpose(Image.Transpose.ROTATE_270),
    ):
        assert likeness(tmp_path, picture) is None


@pytest.mark.parametrize("kept", [0, 3, 20, 400, 5000])
def test_a_broken_picture_has_no_likeness_and_stops_nobody(tmp_path: Path, kept: int) -> None:
    whole = BytesIO()
    scene(1).save(whole, "JPEG")
    (tmp_path / "a.jpg").write_bytes(whole.getvalue()[:kept])
    assert read_likeness(tmp_path / "a.jpg") is None
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(kept))
    assert read_likeness(tmp_path / "a.jpg") is None


def test_a_picture_that_would_fill_the_memory_is_not_decoded(tmp_path: Path) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        checked = kind + data
        return struct.pack(">I", len(data)) + checked + struct.pack(">I", zlib.crc32(checked))

    wide, high = 9_000, 9_000
    assert wide * high > MOST_PIXELS
    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\x00" + bytes(range(250)) * 36 for _ in range(40)))
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    (tmp_path / "bomb.png").write_bytes(bomb)
    assert read_likeness(tmp_path / "bomb.png") is None


async def test_only_pictures_are_looked_at(tmp_path: Path) -> None:
    scene(1).save(tmp_path / "a.jpg")
    assert await likeness_of(tmp_path / "a.jpg", "application/pdf") is None
    assert await likeness_of(tmp_path / "gone.jpg", "image/jpeg") is None
    assert await likeness_of(tmp_path / "a.jpg", "image/jpeg") == read_likeness(tmp_path / "a.jpg")
