"""Pins the form of the decision records: short, alike, numbered without gaps and listed in their index."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

PLACE = ROOT / "docs/decisions"
RECORDS = sorted(PLACE.glob("[0-9]*.md"))


def test_the_index_lists_every_record_under_its_title() -> None:
    index = re.findall(r"^\| \[(\d{4})\]\((.+)\) \| (.+) \|$", (PLACE / "README.md").read_text(), re.MULTILINE)
    titles = [path.read_text().splitlines()[0].partition(": ")[2] for path in RECORDS]
    assert index == [(path.name[:4], path.name, title) for path, title in zip(RECORDS, titles)]
    assert [int(number) for number, _, _ in index] == [*range(1, len(RECORDS) + 1)]


@pytest.mark.parametrize("record", RECORDS, ids=lambda path: path.stem)
def test_a_record_says_context_decision_and_cost_in_few_lines(record: Path) -> None:
    lines = record.read_text().splitlines()
    assert lines[0].startswith(f"# {record.name[:4]}: ") and 15 <= len(lines) <= 30
    assert [line for line in lines if line.startswith("## ")] == ["## Context", "## Decision", "## Cost"]
