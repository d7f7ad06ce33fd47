"""What people and files bring back: any number that is typed, and files that are none of theirs."""

from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from hub.contract import HandsOver, Imports, Number, UnreadableError
from hub.contract.reading import storable
from tests.contract.checks.handing import that_hand_over
from tests.contract.subjects import Subject
from tests.contract.upstreams import silent

# What people type where a number is asked for, and what comes along when it was copied.
PIECES = (
    "4711",
    "lgwp",
    "PKL-2026-000123",
    " ",
    "\u00a0",
    "#",
    "/",
    "?",
    "-",
    ".",
    "https://",
    "\x00",
    "\ud800",
)


def check_numbers(subject: Subject) -> None:
    """Whatever is typed becomes a number that can be kept, and that stays as it is when typed again."""
    for connector in that_hand_over(subject):
        _check_numbers(connector)


def check_nonsense_is_refused(subject: Subject, folder: Path) -> None:
    """What is no file of theirs is refused in a sentence that names it."""
    connector = subject.build(silent())
    if not isinstance(connector, Imports):
        return
    for file in _nonsense(folder):
        try:
            opened = connector.open_export(file)
        except UnreadableError as error:
            sentence = str(error)
        except Exception as error:
            raise AssertionError(f"{file.name}: open_export raised {error!r}") from error
        else:
            raise AssertionError(f"{file.name} is nonsense, but was opened: {opened}")
        assert file.name in sentence, f"{sentence!r} does not name {file.name}"
        assert len(sentence.split()) > 3, f"{sentence!r} is no sentence"


def _check_numbers(connector: HandsOver) -> None:
    copied = st.lists(st.sampled_from(PIECES)).map("".join)

    @settings(
        max_examples=300,
        derandomize=True,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(typed=st.text() | copied)
    def anything_goes(typed: str) -> None:
        number = _number(connector, typed)
        assert number.text == storable(number.text), f"{typed!r} gives what no database keeps"
        again = _number(connector, number.text)
        assert again.text == number.text, f"{typed!r} gives {number.text!r}, that {again.text!r}"

    anything_goes()


def _number(connector: HandsOver, typed: str) -> Number:
    try:
        return connector.number(typed)
    except Exception as error:
        raise AssertionError(f"number({typed!r}) raised {error!r}") from error


def _nonsense(folder: Path) -> Iterator[Path]:
    bodies = {
        "kosong.csv": b"",
        "foto.csv": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\xff\xfe" * 20,
        "foto.xlsx": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\xff\xfe" * 20,
        "terpotong.xlsx": b"PK\x03\x04\x14\x00\x08\x08\x08\x00" + b"\x17" * 200,
        "surat.csv": b"Yth. Kepala Dinas,\nDengan hormat,\nbersama ini kami sampaikan hal lain.\n",
        "lain.csv": b"apel;jeruk;mangga\n1;2;3\n4;5;6\n",
    }
    for name, body in bodies.items():
        (folder / name).write_bytes(body)
        yield folder / name
    book = Workbook()
    book.create_sheet("belanja").append(["apel", "jeruk"])
    book.save(folder / "belanja.xlsx")
    yield folder / "belanja.xlsx"
