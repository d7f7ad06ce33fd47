"""Why a word was not simply taken: sentences for operators and reviewers."""

from datetime import datetime

from hub.domain.authority import Ends, Rule, Ruling
from hub.intake.case import Contest


def why(contest: Contest, *, title: str) -> str:
    """One sentence in Bahasa Indonesia. Times are UTC; pages show them in local time beside it."""
    said, held = contest.theirs.status.label, contest.ours.status.label
    match contest.ruling.rule:
        case Rule.LATE | Rule.CLOCK | Rule.FIRST_DECIDED | Rule.SAME_MINUTE:
            return _which_was_first(contest, title=title)
        case Rule.MAY_NOT_REOPEN:
            then = _then(contest.ruling)
            return f"{title} tidak berwenang membuka kembali «{held}» menjadi «{said}»{then}"
        case Rule.MAY_NOT_CLOSE:
            then = _then(contest.ruling)
            return f"{title} tidak berwenang mengakhiri aduan dengan «{said}»{then}"
        case _:
            return f"Dari «{held}» tidak boleh langsung ke «{said}»."


def _which_was_first(contest: Contest, *, title: str) -> str:
    ours, theirs, ruling = contest.ours, contest.theirs, contest.ruling
    said, held = theirs.status.label, ours.status.label
    match ruling.rule:
        case Rule.LATE:
            return (
                f"Kabar «{said}» bertanggal {_when(theirs.at)}, lebih lama daripada "
                f"«{held}» ({_when(ours.at)}) yang sudah berlaku."
            )
        case Rule.CLOCK:
            return (
                f"Jam {title} lebih maju dan selisihnya belum diketahui, jadi tidak diketahui mana yang "
                f"lebih dulu: «{said}» atau «{held}» ({_when(ours.at)})."
            )
        case Rule.FIRST_DECIDED:
            return (
                f"«{said}» dari {title} bertanggal {_when(theirs.at)}, lebih dulu daripada «{held}» "
                f"({_when(ours.at)}), dan sesudahnya «{held}» tidak boleh lagi; maka «{said}» berlaku."
            )
        case _:
            winner = said if ruling.ends is Ends.THEIRS else held
            return (
                f"«{held}» dan «{said}» terjadi pada menit yang sama; menurut urutan wewenang "
                f"di authority.toml yang berlaku «{winner}»."
            )


def why_held(contest: Contest, *, title: str, other: str) -> str:
    """Why nothing but a person's word counts any more."""
    return (
        f"{title} kembali ke «{contest.theirs.status.label}» sesudah {other} mengubahnya menjadi "
        f"«{contest.ours.status.label}»: dua kanal saling membatalkan."
    )


def _then(ruling: Ruling) -> str:
    if ruling.ends is Ends.PERSON:
        return "; petugas harus memutuskan."
    return "; status kita tetap dan kanal itu diberi tahu lagi."


def _when(at: datetime) -> str:
    return f"{at:%d-%m-%Y %H:%M} UTC"
