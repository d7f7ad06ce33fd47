"""Sentences that more than one place says."""

from hub.store.desk import Agreement
from hub.web.times import Times


def agreement_sentence(agreement: Agreement, times: Times) -> str:
    """37 dari 40 selaras, ketidakselarasan tertua 14 menit."""
    if agreement.total == 0:
        return "Belum ada aduan untuk dibandingkan"
    counted = f"{agreement.agreeing} dari {agreement.total} selaras"
    if agreement.oldest is None:
        return counted
    return f"{counted}, ketidakselarasan tertua {times.age(agreement.oldest)}"
