"""What operators read for the hub's own words, in plain Indonesian."""

import re

from babel.numbers import format_decimal

STANDINGS = {
    "in_step": "Selaras",
    "contradicts": "Bertentangan",
    "person": "Menunggu petugas",
    "doubt": "Diragukan",
    "on_its_way": "Dalam perjalanan",
    "unreadable": "Tidak terbaca",
    "untold": "Belum disampaikan",
}

# Why a channel is not in step, and who does what next.
REASONS = {
    "in_step": "Kanal ini dan Simpul Aduan sepakat.",
    "contradicts": "Status di kanal ini bertentangan dengan status kita.",
    "person": "Ada kiriman yang menunggu petugas: diputuskan, atau disalin ke kanal ini. Lihat daftar"
    " kiriman di bawah.",
    "doubt": "Hasil kiriman terakhir belum pasti; hub sedang memeriksanya di kanal itu.",
    "on_its_way": "Kabar terakhir sedang dikirim.",
    "unreadable": "Status di kanal ini berkali-kali tidak dapat dilihat, atau nomornya tidak dikenal lagi."
    " Periksa nomornya di sana.",
    "untold": "Kanal ini belum menunjukkan status terakhir, dan tidak ada kiriman yang menuju ke"
    " sana. Jalankan rekonsiliasi atau perbarui statusnya.",
}

PARCEL_STATES = {
    "waiting": "Menunggu giliran",
    "leased": "Sedang dikirim",
    "handed": "Menunggu disalin",
    "doubt": "Diragukan",
    "settled": "Sampai",
    "abandoned": "Diparkir",
    "dropped": "Dilepaskan",
}

KINDS = {
    "opening": "Pembukaan aduan",
    "status": "Kabar status",
    "addition": "Tambahan dari pelapor",
    "notice": "Pemberitahuan",
}

PHASES = {
    "began": "Mulai dikirim",
    "ended": "Selesai dicoba",
    "readback": "Diperiksa di kanal",
    "person": "Ditangani petugas",
    "handed": "Antrean salin",
}

OUTCOMES = {
    "settled": "sampai",
    "retry": "gagal, dicoba lagi",
    "pause": "ditahan, kanal dijeda",
    "doubt": "hasil tidak pasti",
    "give_up": "ditolak, diparkir",
    "absent": "tidak ada di sana",
    "not_yet": "belum terlihat di sana, nanti dicari lagi",
    "doubled": "terkirim lebih dari sekali",
    "unclear": "kanal tidak dapat memastikan",
    "not_there": "tidak ada di sana, dikirim lagi",
    "replayed": "dikirim ulang dari awal",
    "dropped": "dilepaskan",
    "spent": "sudah sampai batas kesabaran, diparkir",
    "superseded": "digantikan kabar yang lebih baru",
    "laid_out": "siap disalin",
    "taken": "mulai dikerjakan",
    "put_back": "dikembalikan ke antrean",
    "refused_there": "ditolak di sana",
    "exported": "ditulis ke berkas",
    "failed_later": "kanal mengabarkan gagal sampai",
}

MOVES = {
    "moved": "",
    "same": "status tidak berubah",
    "answered": "jawaban baru, status tetap",
    "late": "tidak diterapkan: lebih lama daripada kabar yang sudah kita tahu",
    "not_allowed": "tidak diterapkan: perpindahan status ini tidak diizinkan",
    "stands": "tidak diterapkan: menurut aturan wewenang status kita tetap",
    "held": "tidak diterapkan: aduan ditahan sampai petugas memutuskan",
}

RECEIPTS = {
    "sent": "Terkirim",
    "delivered": "Diterima perangkat pelapor",
    "read": "Dibaca pelapor",
    "played": "Diputar pelapor",
    "failed": "Gagal sampai",
}

# What a card is about, where its text alone does not say so.
CARDS = {
    "emergency": "Darurat",
    "remark": "Catatan",
    "route_off": "Rute",
    "unknown_word": "Kata belum dikenal",
    "conflict": "Bertentangan",
    "held": "Ditahan",
    "doubled": "Terkirim ganda",
    "silence": "Kanal diam",
    "lost": "Kanal terputus",
}

# What became of a pair that may be the same.
MATCH_STATES = {
    "open": "Menunggu keputusan",
    "later": "Ditunda",
    "same": "Diputuskan sama",
    "different": "Diputuskan berbeda",
    "done": "Tidak perlu diputuskan",
}

# What happened to a complaint as a whole, beside its moves.
GATHERED = {"merged": "Digabung", "parted": "Dipisahkan"}

HOWS = {"webhook": "webhook", "poll": "penarikan", "inspect": "pemeriksaan", "import": "impor"}

ATTACHMENTS = {"expected": "sedang diambil", "stored": "tersimpan", "failed": "gagal diambil"}

FILES = {
    "image": "Foto",
    "video": "Video",
    "audio": "Suara",
    "voice": "Suara",
    "document": "Dokumen",
    "sticker": "Stiker",
}

CONTACTS = {
    "phone": "Telepon",
    "user": "Id pengguna",
    "email": "Surel",
    "name": "Nama",
    "address": "Alamat",
}

CODES = {
    "unreachable": "Kanal tidak dapat dihubungi; tidak ada yang terkirim.",
    "unavailable": "Kanal sedang tidak dapat melayani.",
    "throttled": "Kanal meminta kita memperlambat kiriman.",
    "pair_throttled": "Terlalu banyak pesan ke pelapor ini; ditunggu sebentar.",
    "window_closed": "Jendela percakapan tertutup; dikirim ulang sebagai templat.",
    "unauthorized": "Kredensial ditolak; perbarui token di pengaturan, lalu lanjutkan kanal.",
    "held": "Akun kita ditahan oleh kanal; selesaikan di sana, lalu lanjutkan.",
    "outcome_unknown": "Jawaban kanal tidak sampai; mungkin sudah terjadi di sana.",
    "rejected": "Kanal menolak isi kiriman.",
    "not_found": "Kanal tidak mengenal nomor aduan ini.",
    "unsendable": "Ada yang kurang untuk dikirim ke kanal ini.",
    "unmapped": "Pemetaan belum punya padanan kata; lengkapi mappings, lalu kirim ulang.",
    "bad_body": "Jawaban kanal tidak dapat dibaca.",
    "upstream_error": "Kanal menjawab dengan kesalahan.",
    "spent": "Sudah dicoba sampai batas kesabaran; menunggu petugas.",
    "refused_there": "Kanal tidak menerima aduan ini; alasannya dicatat petugas.",
    "operator": "Dijeda oleh petugas.",
}

HTTP_CODES = {
    "401": "Kredensial ditolak (HTTP 401).",
    "403": "Kanal tidak memberi izin (HTTP 403).",
    "404": "Kanal tidak mengenal yang kita sebut (HTTP 404).",
    "429": "Kanal meminta kita memperlambat kiriman (HTTP 429).",
}

KILO = 1024


def explain(code: str | None) -> str:
    """Put a code into a sentence; codes only the channel knows keep their own word."""
    if code is None:
        return ""
    if code in CODES:
        return CODES[code]
    if code.startswith("bug_"):
        return f"Kesalahan program di Simpul Aduan ({code}); laporkan ke pengembang."
    if found := re.fullmatch(r"http_(\d{3})", code):
        number = found[1]
        broken = f"Server kanal bermasalah (HTTP {number})."
        refused = f"Kanal menolak kiriman (HTTP {number})."
        return HTTP_CODES.get(number, broken if number >= "500" else refused)
    return f"Kode dari kanal: {code}."


def origin(who: str) -> str:
    """Name who moved a complaint, if it was a person."""
    kind, _, name = who.partition(":")
    return f"petugas {name}".strip() if kind == "operator" else who


def size(count: int) -> str:
    """712 byte, 12 KB or 1,4 MB."""
    if count < KILO:
        return f"{count} byte"
    if count < KILO * KILO:
        return f"{format_decimal(count / KILO, '#,##0', locale='id')} KB"
    return f"{format_decimal(count / KILO**2, '#,##0.#', locale='id')} MB"
