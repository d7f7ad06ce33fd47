"""Whether the ids in settings and mapping are ids of theirs."""

from collections.abc import Iterator
from collections.abc import Mapping as Table

from connectors.sp4n.settings import Settings
from hub.contract import Mapping, Master


def problems(
    masters: Table[str, tuple[Master, ...]], *, settings: Settings, mapping: Mapping
) -> Iterator[str]:
    """A sentence for each id they do not know; none for a table that could not be fetched."""
    institutions = {master.id for master in masters.get("institutions", ())}
    templates = {master.id for master in masters.get("templates", ())}
    if institutions and str(settings.institution_id) not in institutions:
        yield (
            f"SP4N_INSTITUTION_ID {settings.institution_id} tidak ada di daftar instansi "
            "SP4N-LAPOR!; cari ID instansi Anda di daftar itu."
        )
    codes = {
        "SP4N_TEMPLATE_CODE": settings.template_code,
        "SP4N_ADDITION_TEMPLATE_CODE": settings.addition_template_code,
    }
    for name, code in codes.items():
        if templates and code and code not in templates:
            known = ", ".join(sorted(templates))
            yield f"{name} {code!r} bukan kode template SP4N-LAPOR!; yang ada: {known}."
    for agency, number in mapping.tables.get("agency", {}).items():
        if institutions and str(number) not in institutions:
            yield (
                f"mappings/sp4n.toml: [agency] {agency!r} memakai ID {number}, yang tidak ada "
                "di daftar instansi SP4N-LAPOR!; perbaiki ID-nya."
            )
