"""The mapping is total in both directions."""

from hub.contract import Pushes, Status
from tests.contract.subjects import Subject, categories
from tests.contract.upstreams import silent


async def check_words(subject: Subject) -> None:
    """No problem the hub would refuse to start with, and no word that leads nowhere."""
    connector = subject.build(silent())
    await connector.aclose()
    mapping = subject.mapping()
    pushes = isinstance(connector, Pushes)
    problems = mapping.problems(categories=categories(), pushes=pushes)
    assert not problems, "\n".join(problems)
    if pushes:
        untold = [status.value for status in Status if not mapping.from_status(status)]
        assert not untold, f"[status_out] says nothing for {', '.join(untold)}"


def check_families(subject: Subject) -> None:
    """A family is not hidden behind an earlier one, and expects only statuses that exist."""
    mapping = subject.mapping()
    for family in mapping.families:
        if family.text in mapping.status_in:
            continue
        seen = mapping.to_status(family.text)
        assert seen is family.status, (
            f"[[status_family]] {family.how} = {family.text!r} never leads to {family.status}: "
            f"an earlier family makes it {seen}"
        )
    for status in mapping.status_out:
        assert status in mapping.shown_after(status)
