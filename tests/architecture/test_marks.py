"""Pins that the marks of tests, by which `make quick` and `make fuzz` choose, come from tests/conftest.py alone."""

import re

from tests.conftest import MARKS, ROOT

HAND_MADE = re.compile(rf"\bmark\.({'|'.join([*MARKS.values(), 'fuzz'])})\b")


def test_no_mark_is_written_by_hand() -> None:
    files = sorted((ROOT / "tests").rglob("*.py"))
    assert [path.name for path in files if HAND_MADE.search(path.read_text())] == []


def test_every_mark_is_declared() -> None:
    declared = re.findall(r"^    (\w+): ", (ROOT / "setup.cfg").read_text().partition("\nmarkers =")[2], re.MULTILINE)
    assert set(declared) == {*MARKS.values(), "fuzz"}
