"""`hub check`: every missing setting and every unmapped word in one run, each with what to do."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from hub.domain.routing import EVERYWHERE, Decision, Routes
from hub.domain.routing_proof import remarks as route_remarks
from hub.registry import Registry, load
from hub.settings import Settings


@dataclass(frozen=True, slots=True)
class Checked:
    """`problems` must be mended before the hub starts; `remarks` are worth knowing.

    `samples`: which route each sample of mappings/routes.toml takes.
    """

    problems: tuple[str, ...]
    remarks: tuple[str, ...]
    on: tuple[str, ...]
    off: tuple[tuple[str, str], ...]
    samples: tuple[str, ...] = ()


def check_all() -> tuple[Checked, Settings | None]:
    """Look at everything that can be looked at without a network."""
    settings, problems = read_settings()
    registry = load(
        settings.mappings_dir if settings else _mappings_dir(),
        city_code=settings.city_code if settings else None,
    )
    remarks = _remarks(settings, registry)
    checked = Checked(
        problems=(*problems, *registry.problems),
        remarks=remarks,
        on=tuple(
            f"{name} ({traits.mode})" if traits.takes_complaints else name
            for name, upstream in registry.upstreams.items()
            for traits in (upstream.connector.traits,)
        ),
        off=tuple(registry.off.items()),
        samples=tuple(_samples(registry)),
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
    if registry.upstreams:
        on = [
            name for name, upstream in registry.upstreams.items()
            if upstream.connector.traits.takes_complaints
        ]  # fmt: skip
        remarks += route_remarks(registry.routes, targets_on=on)
    if registry.routes == Routes.everywhere():
        remarks.append(
            "mappings/routes.toml tidak ada: aduan dibuka di semua kanal yang menerimanya"
        )
    if not registry.emergency.kinds:
        remarks.append("mappings/emergency.toml tidak ada: kata-kata darurat tidak dikenali")
    if settings is not None and not registry.wards.wards:
        remarks.append(
            f"mappings/regions/{settings.city_code}.geojson tidak ada: kelurahan tidak dikenali dari titik "
            "koordinat, dan laporan serupa dicari tanpa peta"
        )
    unknown = sorted(
        name for name in os.environ
        if name.startswith("HUB_") and name[4:].lower() not in Settings.model_fields
        and not name.startswith("HUB_TEST_")
    )  # fmt: skip
    remarks += [f"{name} diisi, tetapi hub tidak mengenal pengaturan itu" for name in unknown]
    return tuple(remarks)


def _samples(registry: Registry) -> Iterator[str]:
    tried = registry.routes.tried(lambda text: registry.emergency.find(text) is not None)
    for sample, decision in tried:
        yield (
            f"«{sample.text}» -> rute {decision.rule} -> {_targets(registry, decision)} ({decision.why})"
        )


def _targets(registry: Registry, decision: Decision) -> str:
    if EVERYWHERE in decision.targets:
        return "semua yang menerima aduan"
    titles = [
        registry.upstreams[target].connector.traits.title
        if target in registry.upstreams
        else target
        for target in decision.targets
    ]
    return ", ".join(titles) or "tetap di hub"
