"""The small connector that the suite is tried on."""

from tests.contract.subjects import ROOT, Subject

FOLDER = ROOT / "tests" / "contract" / "example_connector"

EXAMPLE = Subject(
    name="board",
    package="tests.contract.example_connector",
    folder=FOLDER,
    mapping_file=FOLDER / "mapping.toml",
    recordings=FOLDER / "recordings",
)
