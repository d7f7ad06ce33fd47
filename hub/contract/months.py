"""Months as Indonesians and their software write them, old spellings and short ones."""

MONTHS = {
    word: number
    for number, words in enumerate(
        (
            "jan january januari",
            "feb february februari pebruari peb",
            "mar march maret",
            "apr april",
            "may mei",
            "jun june juni",
            "jul july juli",
            "aug august agustus agu agt ags",
            "sep sept september",
            "oct october okt oktober",
            "nov november nopember nop",
            "dec december des desember",
        ),
        start=1,
    )
    for word in words.split()
}
