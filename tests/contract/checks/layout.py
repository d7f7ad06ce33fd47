"""The same file names everywhere, each saying what it is."""

from pathlib import Path

from tests.contract.subjects import Subject, docstring_of

MODULES = ("settings", "payloads", "client", "translate*", "source", "sandbox")


def check_layout(subject: Subject) -> None:
    """The six modules are there as a file or a folder, and every module has a docstring."""
    missing = [name for name in MODULES if not list(_modules(subject.folder, name))]
    assert not missing, f"{subject.name} lacks {', '.join(missing)}"
    mute = [
        str(file.relative_to(subject.folder))
        for file in sorted(subject.folder.rglob("*.py"))
        if not docstring_of(file)
    ]
    assert not mute, f"{subject.name} has modules without a docstring: {', '.join(mute)}"


def check_readme(subject: Subject) -> None:
    """A README with a heading and something below it."""
    readme = subject.folder / "README.md"
    assert readme.is_file(), f"{subject.name} lacks README.md"
    heading, _, rest = readme.read_text().partition("\n")
    assert heading.startswith("# "), f"{readme.name} of {subject.name} begins with no heading"
    assert rest.strip(), f"{readme.name} of {subject.name} says nothing"


def _modules(folder: Path, name: str) -> list[Path]:
    return [*folder.glob(f"{name}.py"), *folder.glob(f"{name}/__init__.py")]
