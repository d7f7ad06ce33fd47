"""What officers do when nobody tells them what: one step at a time, straight to the end."""

from random import Random

from connectors.laporgub.sandbox.desk import ADMIN, OFFICER, Desk
from connectors.laporgub.sandbox.words import NEXT, OWN_CITY, folded

SAYS = {
    "Verifikasi": ("Aduan sudah diverifikasi.",),
    "PROGRES": (
        "Terima kasih atas aduannya. Petugas sudah meninjau lokasi dan menjadwalkan pekerjaan.",
        "Terima kasih. Aduan sedang ditangani oleh balai yang berwenang.",
        "Sudah kami teruskan ke petugas lapangan; pekerjaan dimulai minggu ini.",
    ),
    "Selesai": (
        "Pekerjaan di lokasi sudah selesai. Terima kasih atas partisipasinya.",
        "Sudah ditangani; silakan mengadu kembali bila masih ada kendala.",
    ),
}


class Officers:
    """They work on the complaints of one city, the one that plays."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def act(self, rng: Random) -> bool:
        """Take one step with one complaint; False when there is nothing on the desk."""
        on_desk = [
            each
            for each in self._desk.complaints.values()
            if each.is_on_desk and each.form.city == OWN_CITY
        ]
        if not on_desk:
            return False
        complaint = rng.choice(on_desk)
        status = NEXT[folded(complaint.status)]
        by = ADMIN if status == "Verifikasi" else OFFICER
        self._desk.move(complaint, status, text=rng.choice(SAYS[status]), by=by)
        return True
