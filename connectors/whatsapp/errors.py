"""What Meta's error codes mean for us. The code decides, not the subcode or the HTTP status.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
The same table serves the answer to a send and the `failed` status that comes minutes later.
"""

import re
from datetime import timedelta

import httpx

from hub.contract import (
    Held,
    Node,
    PairThrottled,
    Rejected,
    Throttled,
    Unauthorized,
    Unavailable,
    UnreadableError,
    UpstreamError,
    WindowClosed,
    parse_json,
    retry_after,
)

_FAMILIES: tuple[tuple[type[UpstreamError], tuple[int, ...]], ...] = (
    (Unavailable, (1, 2, 131000, 131016, 133004, 135000)),
    (PairThrottled, (131056,)),
    (Throttled, (4, 80007, 130429, 131057)),
    (
        Held,
        (33, 368, 130497, 131031, 131037, 131042, 131045, 131048, 131063, 131064, 133010),
    ),
    (Unauthorized, (0, 3, 10, 190, *range(200, 300), 131005)),
    (WindowClosed, (131047,)),
    # This citizen cannot or may not be written to.
    (Rejected, (130403, 130472, 131021, 131026, 131030, 131049, 131050, 131062, 137000)),
    # The request or the template is wrong.
    (Rejected, (100, 131008, 131009, 131051, 131055)),
    (
        Rejected,
        (132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069),
    ),
    (Rejected, (131052, 131053)),
)
FAMILY = {code: family for family, codes in _FAMILIES for code in codes}

# "Something went wrong": with a 5xx nobody can tell whether the message went out.
_MAY_HAVE_BEEN_DONE = frozenset({1, 131000, 135000})

# What a person has to do; everything else the hub settles by itself.
_NEXT_STEP = {
    33: "Nomor pengirim sudah dihapus di Meta; periksa WHATSAPP_PHONE_NUMBER_ID.",
    190: "Token akses tidak berlaku lagi; buat token system user baru, isi WHATSAPP_ACCESS_TOKEN.",
    368: "Akun dibatasi Meta karena pelanggaran kebijakan; buka Business Support Home.",
    130429: "Pengiriman diperlambat otomatis; tidak ada yang perlu dilakukan bila segera reda.",
    130497: "Akun dilarang mengirim ke negara ini; buka Business Support Home.",
    131005: "Token tidak punya izin whatsapp_business_messaging; perbaiki di Business Settings.",
    131031: "Akun WhatsApp dikunci Meta; buka Business Support Home.",
    131037: "Nama tampilan nomor belum disetujui; selesaikan di WhatsApp Manager.",
    131042: "Pembayaran bermasalah; lengkapi metode pembayaran di WhatsApp Manager.",
    131045: "Sertifikat nomor bermasalah; daftarkan ulang nomor di WhatsApp Manager.",
    131048: "Nomor dibatasi karena dilaporkan spam; periksa mutunya di WhatsApp Manager.",
    132001: "Template belum ada atau belum disetujui; periksa mappings/whatsapp.toml.",
    132015: "Template dijeda Meta karena mutunya rendah; perbaiki isinya di WhatsApp Manager.",
    132016: "Template dinonaktifkan Meta; buat template baru lalu ubah mappings/whatsapp.toml.",
    133010: "Nomor belum terdaftar di Cloud API; daftarkan di WhatsApp Manager.",
}
_LOOK_IT_UP = "Buka WhatsApp Manager dan cari kode ini di daftar kode galat Meta."

LONGEST_WAIT_MINUTES = 24 * 60
_LONGEST_DETAIL = 300
# Meta repeats the citizen's number in some of its sentences.
_NUMBER = re.compile(r"[A-Z]{2}\.\d{8,}|\+?\d{8,}")


def failure_of(error: Node, *, wait: timedelta | None = None) -> UpstreamError:
    """The failure that Meta's error object stands for; an unknown code is a refusal."""
    code = code_of(error)
    family = FAMILY.get(code, Rejected) if code is not None else Rejected
    return family(_detail(error), code=_named(code), retry_after=wait)


def complain(response: httpx.Response) -> UpstreamError | None:
    """The finer error inside an unsuccessful answer; None leaves it to the HTTP status."""
    if not response.is_error:
        # We follow no redirect: it could lead the token elsewhere.
        return Rejected("an unexpected redirect", code=f"http_{response.status_code}")
    error = _error_in(response)
    code = code_of(error)
    wait = _wait_asked_for(response)
    if code in FAMILY:
        unclear = response.is_server_error and code in _MAY_HAVE_BEEN_DONE
        return None if unclear else failure_of(error, wait=wait)
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return Throttled(_detail(error), code=_named(code, "throttled"), retry_after=wait)
    if response.is_client_error and error["is_transient"].value is True:
        return Unavailable(_detail(error), code=_named(code), retry_after=wait)
    return None


def next_step(code: int | None) -> str:
    """What an operator does about a code, in their language."""
    return _NEXT_STEP.get(code, _LOOK_IT_UP) if code is not None else _LOOK_IT_UP


def code_of(error: Node) -> int | None:
    """The number Meta gave, if it is one."""
    text = error["code"].text() or ""
    return (
        int(text) if text.isascii() and text.isdigit() and len(text) < len("1000000000") else None
    )


def _named(code: int | None, otherwise: str = "rejected") -> str:
    return otherwise if code is None else str(code)


def _detail(error: Node) -> str:
    said = (error["code"], error["message"] or error["title"], error["error_data"]["details"])
    trace = error["fbtrace_id"].text()
    words = [text for text in (node.text() for node in said) if text]
    words += [f"fbtrace {trace}"] if trace else []
    advice = _NEXT_STEP.get(code_of(error) or -1)
    whole = " · ".join([*words, *([advice] if advice else [])])
    return _NUMBER.sub("…", whole)[:_LONGEST_DETAIL]


def _error_in(response: httpx.Response) -> Node:
    try:
        return parse_json(response.content)["error"]
    except UnreadableError:
        return Node(None)


def _wait_asked_for(response: httpx.Response) -> timedelta | None:
    """The longer of `Retry-After` (seconds) and the usage header's regain time (minutes)."""
    waits = [retry_after(response.headers), _regain(response)]
    return max((wait for wait in waits if wait), default=None)


def _regain(response: httpx.Response) -> timedelta | None:
    try:
        usage = parse_json(response.headers.get("x-business-use-case-usage", "").encode()).value
    except UnreadableError:
        return None
    if not isinstance(usage, dict):
        return None
    lines = [line for business in usage.values() for line in Node(business)]
    minutes = (line["estimated_time_to_regain_access"].number() or 0 for line in lines)
    # Written so that NaN is no wait either.
    longest = max((wait for wait in minutes if wait > 0), default=0)
    return timedelta(minutes=min(longest, LONGEST_WAIT_MINUTES)) if longest else None
