"""What the commands do that are neither serving nor checking."""

from collections.abc import Coroutine
from typing import Any

from hub.commands.agreement import reconcile
from hub.commands.files import export_counts, export_file, import_file, preview_file
from hub.commands.matching import explain, write_pairs
from hub.commands.refusals import REFUSALS, Refused
from hub.commands.replaying import PER_SECOND, Replay, replay
from hub.commands.stage import example_environment, imitations, sandbox
from hub.commands.upkeep import masters_remarks

# What a command ends with: nothing, or its exit code.
Job = Coroutine[Any, Any, int | None]

__all__ = [
    "PER_SECOND",
    "REFUSALS",
    "Job",
    "Refused",
    "Replay",
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
