"""Reads a figure where its document has it: in a table's cell, or among words."""

import re

from tests.conftest import ROOT

NUMBER = r"([\d,]*\d(?:\.\d+)?)"


def section(source: str) -> str:
    """The text below a heading, `document#heading`, up to the next heading of its rank or above."""
    document, _, heading = source.partition("#")
    text = (ROOT / document).read_text()
    found = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert found, f"{document} has no heading {heading!r}"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def numbers(text: str) -> list[float]:
    return [float(each.replace(",", "")) for each in re.findall(NUMBER, text)]


def figure(source: str, where: str) -> float:
    """The number at this place: `row | column`, `row | column | which number of the cell`, or words with `{}`."""
    text = section(source)
    if "{}" in where:
        pattern = r"\s+".join(map(re.escape, where.split())).replace(re.escape("{}"), NUMBER)
        found = re.findall(pattern, text)
        assert len(found) == 1, f"{source} says {where!r} {len(found)} times"
        return numbers(found[0])[0]
    row, column, *which = where.split(" | ")
    return numbers(cell(text, row, column))[int(which[0]) if which else 0]


def cell(text: str, row: str, column: str) -> str:
    """The cell of the first table that has such a column and a row that begins so."""
    columns: list[str] = []
    for line in text.splitlines():
        cells = [each.strip() for each in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if column in cells:
            columns = cells
        elif columns and cells and cells[0] == row:
            return cells[columns.index(column)]
        elif not cells:
            columns = []
    raise AssertionError(f"no table has a row {row!r} and a column {column!r}")
