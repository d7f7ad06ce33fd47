"""Their complaint into a report and its status. Pure and total."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.laporgub.moments import moment
from connectors.laporgub.numbers import OUR_TICKET, ticket_in
from connectors.laporgub.payloads import Aduan
from connectors.laporgub.regions import Regions
from connectors.laporgub.settings import Settings
from connectors.laporgub.translate_status import status_news
from connectors.laporgub.wording import plain
from hub.contract import Ignored, Linked, News, Place, Report, StatusNews, Unmapped, Unreadable
from hub.contract import Mapping as Words
from hub.contract.mapping import folded
from hub.contract.privacy import masked

# As files, cards and the API of others may write it.
_SECRET = frozenset({"0", "0.0", "rahasia", "private", "privat", "secret"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a complaint was found: for sentences, and for a time where it has none of its own."""

    key: str
    where: str
    columns: Mapping[str, str] = field(default_factory=dict)
    seen: datetime | None = None

    def unreadable(self, word: str, what: str) -> Unreadable:
        """A sentence with file, row and column."""
        reason = f"{self.where}, kolom {self.columns.get(word, word)} {what}"
        return Unreadable(key=f"{self.key}:{word}", reason=reason)


def complaint_news(
    aduan: Aduan, origin: Origin, *, settings: Settings, mapping: Words
) -> Iterator[News]:
    """The report, and where it stands. Either may be unreadable alone."""
    if not aduan.ticket:
        yield origin.unreadable("ticket", "kosong")
        return
    broken = _broken_time(aduan, settings)
    if broken:
        yield origin.unreadable(broken, f"tidak terbaca: {getattr(aduan, broken)!r}")
        return
    elsewhere = _elsewhere(aduan, origin, settings=settings, mapping=mapping)
    if elsewhere:
        yield elsewhere
        return
    status = status_news(aduan, seen=origin.seen, settings=settings, mapping=mapping)
    if aduan.text:
        yield _report(aduan, origin, status, settings=settings, mapping=mapping)
    elif marker := _marker(aduan):
        yield Linked(
            key=f"{origin.key}:linked",
            marker=marker,
            external_id=aduan.ticket,
            where=origin.where,
        )
    if status:
        yield status
    elif not aduan.text:
        yield origin.unreadable("status", "kosong")


def _report(
    aduan: Aduan,
    origin: Origin,
    status: StatusNews | None,
    *,
    settings: Settings,
    mapping: Words,
) -> Report | Unreadable:
    said_at = _said_at(aduan, origin, settings)
    if said_at is None:
        return origin.unreadable("created", "kosong")
    try:
        category = _category(aduan, mapping)
    except Unmapped:
        # Kept and shown; once the mapping knows the word, reading it again takes it in.
        return origin.unreadable(
            "category",
            f"tidak dikenal: {aduan.categories[-1]!r}; tambahkan pada [category_in] di "
            "mappings/laporgub.toml, lalu baca ulang",
        )
    words = masked(plain(aduan.place))
    place = Place(aduan.latitude, aduan.longitude, words or None)
    return Report(
        key=f"report:{aduan.ticket}",
        external_id=aduan.ticket,
        said_at=said_at,
        title=masked(plain(aduan.title)) or None,
        text=masked(plain(aduan.text)),
        place=place if words or place.has_point else None,
        category=category,
        anonymous=aduan.anonymous,
        secret=_is_secret(aduan, mapping),
        their_status=status.theirs if status else None,
        status=status.status if status else None,
        status_at=status.at if status else None,
        marker=_marker(aduan),
        facts={"Kategori LaporGub": " / ".join(map(plain, aduan.categories[::-1]))}
        if aduan.categories
        else {},
    )


def _said_at(aduan: Aduan, origin: Origin, settings: Settings) -> datetime | None:
    known = (moment(text, settings.zone) for text in (aduan.created, aduan.updated))
    return next(filter(None, known), origin.seen)


def _broken_time(aduan: Aduan, settings: Settings) -> str | None:
    for word in ("created", "updated"):
        text = getattr(aduan, word)
        if text and moment(text, settings.zone) is None:
            return word
    return None


def _elsewhere(
    aduan: Aduan, origin: Origin, *, settings: Settings, mapping: Words
) -> Ignored | Unreadable | None:
    """A complaint of another kabupaten or kota is not ours, unless we opened it ourselves."""
    if not aduan.region or _marker(aduan):
        return None
    regions = Regions.of(mapping)
    code = regions.code(aduan.region)
    if code is None:
        return origin.unreadable("region", f"tidak dikenal: {aduan.region!r}")
    if code == settings.region_id:
        return None
    return Ignored(
        key=f"{origin.key}:region",
        reason=f"{origin.where}: dari {regions.name(code)}, bukan {regions.name(settings.region_id)}",
    )


def _category(aduan: Aduan, mapping: Words) -> str | None:
    for word in aduan.categories:
        try:
            return mapping.to_category(word)
        except Unmapped:
            continue
    if aduan.categories:
        raise Unmapped(f"category {aduan.categories[-1]!r}")
    return None


def _is_secret(aduan: Aduan, mapping: Words) -> bool:
    kinds = mapping.tables["api"]["create"].get("jenis", {})
    public, secret = (folded(str(kinds.get(word, ""))) for word in ("public", "secret"))
    said = folded(aduan.kind)
    if not said or said == public:
        return False
    return said in {secret, *_SECRET} or said.startswith(("0 ", "rahasia"))


def _marker(aduan: Aduan) -> str | None:
    return aduan.marker if OUR_TICKET.fullmatch(aduan.marker) else ticket_in(plain(aduan.text))
