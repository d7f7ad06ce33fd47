"""Reads mappings/authority.toml; what is wrong becomes a sentence that says where."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from hub.domain.authority import OPERATOR, Authorities, May, Say

CLOSES = (May.ALWAYS, May.ASK, May.NEVER)
HIGHEST_RANK = 100
WORDS = {"closes", "reopens", "rank"}
TABLES = {"channel", "same_minute", "clock", "loop"}


def authorities_of(tables: Mapping[str, Any]) -> Authorities:
    """The rules of a file. Raises `ValueError` with a sentence."""
    if unknown := sorted(set(tables) - TABLES):
        raise ValueError(
            f"[{unknown[0]}] tidak dikenal; yang dikenal: {', '.join(sorted(TABLES))}"
        )
    return Authorities(
        channels={name: _say(name, row) for name, row in _table(tables, "channel").items()},
        same_minute=timedelta(seconds=_number(tables, "same_minute", "seconds", otherwise=60)),
        clock_tolerated=timedelta(
            seconds=_number(tables, "clock", "tolerated_seconds", otherwise=120)
        ),
        loop_within=timedelta(hours=_number(tables, "loop", "within_hours", otherwise=6)),
        loop_returns=int(_number(tables, "loop", "returns", otherwise=1)),
        slow_loop_within=timedelta(
            days=_number(tables, "loop", "slowly_within_days", otherwise=14)
        ),
        slow_loop_returns=int(_number(tables, "loop", "slowly_returns", otherwise=3)),
    )


def _say(name: str, row: Any) -> Say:
    where = f"[channel.{name}]"
    if name == OPERATOR:
        raise ValueError(f"{where}: petugas selalu boleh; hapus bagian ini")
    if not isinstance(row, Mapping):
        raise ValueError(f"{where} harus berupa tabel")  # noqa: TRY004 - told as a sentence
    if unknown := sorted(set(row) - WORDS):
        raise ValueError(f"{where}: {unknown[0]!r} tidak dikenal; pakai closes, reopens, rank")
    rank = row.get("rank", 0)
    if not isinstance(rank, int) or isinstance(rank, bool) or not 0 <= rank <= HIGHEST_RANK:
        raise ValueError(f"{where}: rank harus bilangan bulat 0 sampai {HIGHEST_RANK}")
    return Say(
        closes=_may(row, "closes", where, allowed=CLOSES, otherwise=May.ALWAYS),
        reopens=_may(row, "reopens", where, allowed=tuple(May), otherwise=May.ASK),
        rank=rank,
    )


def _may(
    row: Mapping[str, Any], key: str, where: str, *, allowed: tuple[May, ...], otherwise: May
) -> May:
    word = row.get(key, otherwise.value)
    if word not in {may.value for may in allowed}:
        known = ", ".join(may.value for may in allowed)
        raise ValueError(f"{where}: {key} = {word!r} tidak dikenal; pilih dari {known}")
    return May(word)


def _number(tables: Mapping[str, Any], name: str, key: str, *, otherwise: float) -> float:
    found = _table(tables, name).get(key, otherwise)
    if not isinstance(found, int | float) or isinstance(found, bool) or found < 0:
        raise ValueError(f"[{name}]: {key} harus bilangan, nol atau lebih")
    return float(found)


def _table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = tables.get(name, {})
    if not isinstance(found, Mapping):
        raise ValueError(f"[{name}] harus berupa tabel")  # noqa: TRY004 - told as a sentence
    return found
