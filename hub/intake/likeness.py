"""A perceptual hash of a picture: the same photo, made smaller or sent on, keeps nearly the same one."""

import asyncio
from pathlib import Path

from PIL import Image, ImageOps

# What channels send. Pillow knows more kinds; each would be one more reader for what strangers send.
KINDS = ("BMP", "GIF", "JPEG", "PNG", "WEBP")
# A decoder needs four bytes for each. A photo of 50 million pixels comes through no chat.
MOST_PIXELS = 25_000_000
MOST_BYTES = 32_000_000
PATIENCE = 20.0
# Eight differences in each of eight rows: dHash, 64 bits.
WIDE, HIGH = 9, 8
SMALL = (WIDE * 32, WIDE * 32)
# Of 256 shades. What differs by less is a photo of the night or one colour, like every other such picture.
LEAST_CONTRAST = 16
_ALL = (1 << 64) - 1


async def likeness_of(path: Path, media_type: str) -> str | None:
    """Hash a picture, as 16 hexadecimal digits; None of what is no picture, broken, too large or plain."""
    if not media_type.startswith("image/"):
        return None
    try:
        async with asyncio.timeout(PATIENCE):
            return await asyncio.to_thread(read_likeness, path)
    except TimeoutError:
        return None


def read_likeness(path: Path) -> str | None:
    """Hash a picture; slow, for a thread."""
    try:
        shades = _shades(path)
    except Exception:  # noqa: BLE001 - a stranger's bytes may break a decoder in any way; the file is kept
        return None
    if shades is None or max(shades) - min(shades) < LEAST_CONTRAST:
        return None
    bits = 0
    for row in range(HIGH):
        for column in range(WIDE - 1):
            left = row * WIDE + column
            bits = bits << 1 | (shades[left] < shades[left + 1])
    return None if bits in (0, _ALL) else f"{bits:016x}"


def _shades(path: Path) -> bytes | None:
    """The picture as 9 by 8 shades of grey, upright."""
    if path.stat().st_size > MOST_BYTES:
        return None
    with Image.open(path, formats=KINDS) as picture:
        # Until here only its first bytes were read.
        if picture.width * picture.height > MOST_PIXELS:
            return None
        # A JPEG is decoded smaller at once.
        picture.draft("L", SMALL)
        grey = picture.convert("L").resize(SMALL, Image.Resampling.BOX)
        return ImageOps.exif_transpose(grey).resize((WIDE, HIGH), Image.Resampling.BOX).tobytes()
