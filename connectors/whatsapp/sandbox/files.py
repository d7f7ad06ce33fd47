"""Made-up photos, voice notes and documents: tiny, valid, and each different."""

from random import Random
from struct import pack

SIDE = 8
JPEG_START = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")
# Twelve codes of four bits for the twelve sizes of a step; one code of one bit for "no detail".
DC_CODES = b"\x00" + bytes([0, 0, 0, 12, *[0] * 12]) + bytes(range(12))
AC_CODES = b"\x10" + bytes([1, *[0] * 15]) + b"\x00"
# Opus for 20 ms of silence.
SILENCE = b"\xf8\xff\xfe"


def photo(rng: Random) -> bytes:
    """A JPEG: a mosaic of coloured squares."""
    size = SIDE * 8
    frame = pack(">BHHB", 8, size, size, 3) + b"".join(bytes([n, 0x11, 0]) for n in (1, 2, 3))
    scan = bytes([3, 1, 0, 2, 0, 3, 0, 0, 63, 0])
    segments = [
        (0xDB, b"\x00" + bytes([8] * 64)),
        (0xC0, frame),
        (0xC4, DC_CODES + AC_CODES),
        (0xDA, scan),
    ]
    head = b"".join(b"\xff" + pack(">BH", mark, len(data) + 2) + data for mark, data in segments)
    return JPEG_START + head + _squares(rng) + b"\xff\xd9"


def _squares(rng: Random) -> bytes:
    bits = ""
    before = [0, 0, 0]
    for _ in range(SIDE * SIDE):
        for channel in range(3):
            value = rng.randint(-90, 90)
            bits += _step(value - before[channel])
            before[channel] = value
    bits += "1" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8, "big")
    return data.replace(b"\xff", b"\xff\x00")


def _step(by: int) -> str:
    size = abs(by).bit_length()
    written = by if by > 0 else by + (1 << size) - 1
    return f"{size:04b}" + (f"{written:0{size}b}" if size else "") + "0"


def voice(rng: Random) -> bytes:
    """An Ogg Opus file: one to three seconds of silence."""
    serial, packets = rng.getrandbits(32), rng.randint(50, 150)
    head = b"OpusHead" + pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
    tags = b"OpusTags" + pack("<I", 7) + b"tiruan!" + pack("<I", 0)
    pages = [(head, 2, 0), (tags, 0, 0), (SILENCE * packets, 4, packets * 960)]
    return b"".join(
        _page(data, kind, granule, serial=serial, number=number)
        for number, (data, kind, granule) in enumerate(pages)
    )


def _page(data: bytes, kind: int, granule: int, *, serial: int, number: int) -> bytes:
    packet = len(SILENCE) if data.startswith(SILENCE) else len(data)
    lengths = bytes([packet] * (len(data) // packet))
    head = b"OggS" + pack("<BBqIII", 0, kind, granule, serial, number, 0)
    page = head + bytes([len(lengths)]) + lengths + data
    return page[:22] + pack("<I", _ogg_checksum(page)) + page[26:]


def _ogg_checksum(page: bytes) -> int:
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1) ^ (0x04C11DB7 if crc & 0x80000000 else 0)
        crc &= 0xFFFFFFFF
    return crc


def video(rng: Random) -> bytes:
    """The boxes an MP4 begins with, and some bytes of nothing."""
    kind = b"ftypmp42" + pack(">I", 0) + b"mp42isom"
    return pack(">I", len(kind) + 4) + kind + pack(">I", 72) + b"mdat" + rng.randbytes(64)


def document(rng: Random) -> bytes:
    """A PDF with one empty page."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d 842]>>" % rng.randint(500, 600),
    ]
    text, starts = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        starts.append(len(text))
        text += b"%d 0 obj%b endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    tail = (
        b"xref\n0 4\n0000000000 65535 f \n%btrailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    )
    return text + tail % (table, len(text))
