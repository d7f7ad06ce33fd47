"""The matching of the city that is shipped, as the hub puts it together."""

import json
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

from hub.domain.matching.tables import TABLES, Matching, matching_of
from hub.domain.wards import Wards
from tests.bench.matching.rows import ROOT, NoData

CITY, ZONE = "33.75", ZoneInfo("Asia/Jakarta")
# Until weights are learned nothing weighs anything.
UNLEARNED = {
    "pair": {"bias": 0.0, "facts": {}},
    "whole": {"bias": 0.0, "facts": {}},
    "sure_from": 1.0,
    "same_from": 1.0,
    "perhaps_from": 0.0,
}


def matching_of_the_city(*, learning: bool = False) -> Matching:
    """`learning`: without weights, for whoever is about to learn them."""
    mappings = ROOT / "mappings"
    try:
        tables = {
            name: tomllib.loads(_words(mappings / "matching" / f"{name}.toml"))
            for name in TABLES
            if not (learning and name == "weights")
        }
        if learning:
            tables["weights"] = UNLEARNED
        wards = Wards.from_geojson(json.loads(_words(mappings / "regions" / f"{CITY}.geojson")))
        return matching_of(tables, wards=wards, zone=ZONE)
    except (KeyError, OSError, ValueError) as wrong:
        raise NoData(f"The tables of matching cannot be read: {wrong!r}") from wrong


def _words(file: Path) -> str:
    return file.read_text(encoding="utf-8")
