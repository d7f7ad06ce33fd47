"""What the commands do that are neither serving nor checking."""

from collections.abc import Coroutine
from typing import Any

from hub.commands.files import export_counts, export_file, import_file, preview_file
from hub.commands.matching import explain, write_pairs
from hub.commands.refusals import REFUSALS, Refused
from hub.commands.stage import example_environment, imitations, sandbox
from hub.commands.upkeep import masters_remarks, reconcile, replay

Job = Coroutine[Any, Any, None]

__all__ = [
    "REFUSALS",
    "Job",
    "Refused",
    "example_environment",
    "explain",
    "export_counts",
    "export_file",
    "imitations",
    "import_file",
    "masters_remarks",
    "preview_file",
    "reconcile",
    "replay",
    "sandbox",
    "write_pairs",
]
