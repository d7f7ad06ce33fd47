"""`hub check`: every missing setting and every unmapped word in one run, each with what to do."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hub.registry import Registry, load
from hub.settings import Settings


@dataclass(frozen=True, slots=True)
class Checked:
    """`problems` must be mended before the hub starts; `remarks` are worth knowing."""

    problems: tuple[str, ...]
    remarks: tuple[str, ...]
    on: tuple[str, ...]
    off: tuple[tuple[str, str], ...]


def check_all() -> tuple[Checked, Settings | None]:
    """Look at everything that can be looked at without a network."""
    settings, problems = read_settings()
    registry = load(settings.mappings_dir if settings else _mappings_dir())
    remarks = _remarks(settings, registry)
    checked = Checked(
        problems=(*problems, *registry.problems),
        remarks=remarks,
        on=tuple(registry.upstreams),
        off=tuple(registry.off.items()),
    )
    return checked, settings


def read_settings() -> tuple[Settings | None, tuple[str, ...]]:
    """The hub's own settings, or sentences that name what is missing or wrong."""
    try:
        return Settings(), ()
    except ValidationError as error:
        return None, tuple(_sentence(problem) for problem in error.errors())


def _mappings_dir() -> Path:
    """Where the mappings lie, also while other settings are missing."""
    given = os.environ.get("HUB_MAPPINGS_DIR")
    return Path(given) if given else Settings.model_fields["mappings_dir"].default


def _sentence(problem: Any) -> str:
    name = str(problem["loc"][0])
    description = Settings.model_fields[name].description
    if problem["type"] == "missing":
        return f"HUB_{name.upper()} belum diisi: {description}"
    return f"HUB_{name.upper()} tidak dapat dipakai: {problem['msg']} ({description})"


def _remarks(settings: Settings | None, registry: Registry) -> tuple[str, ...]:
    remarks: list[str] = []
    if settings is not None and not settings.keys:
        remarks.append(
            "HUB_API_KEYS kosong: tidak ada yang dapat memakai API dan halaman; isi nama:kunci, "
            "misalnya HUB_API_KEYS=operator:$(openssl rand -hex 16)"
        )
    if not registry.upstreams:
        remarks.append("tidak ada konektor yang aktif: hub tidak akan punya pekerjaan")
    remarks += [
        f"{name} tidak aktif; untuk mengaktifkannya: {sentence}"
        for name, sentences in registry.wanted.items()
        for sentence in sentences
    ]
    unknown = sorted(
        name for name in os.environ
        if name.startswith("HUB_") and name[4:].lower() not in Settings.model_fields
        and not name.startswith("HUB_TEST_")
    )  # fmt: skip
    remarks += [f"{name} diisi, tetapi hub tidak mengenal pengaturan itu" for name in unknown]
    return tuple(remarks)
