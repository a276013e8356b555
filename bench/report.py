"""What a measurement says: Markdown tables on standard output, progress on standard error."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

_last_line = 0.0


class BenchError(Exception):
    """A measurement cannot be made; the text says what to do."""


@dataclass(frozen=True)
class Table:
    """One table. The first column is text, the others are numbers unless `words`; notes stand below, a line each."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = field(default=())
    words: bool = False
    failed: bool = False
    """Does it show that a promise was broken? Then the run ends with 1."""

    def markdown(self) -> str:
        """The table as Markdown, columns aligned for a reader of the plain text."""
        cells = [[str(cell) for cell in row] for row in (self.columns, *self.rows)]
        widths = [max(len(row[at]) for row in cells) for at in range(len(self.columns))]
        rule = ["-" * width if self.words or not at else "-" * (width - 1) + ":" for at, width in enumerate(widths)]
        lines = [self._line(row, widths) for row in (cells[0], rule, *cells[1:])]
        notes = [line for note in self.notes for line in ("", note)]
        return "\n".join([f"### {self.title}", "", *lines, *notes, ""])

    def _line(self, row: Sequence[str], widths: Sequence[int]) -> str:
        first, *others = zip(row, widths, strict=True)
        side = "<" if self.words else ">"
        cells = [f"{first[0]:<{first[1]}}", *(f"{cell:{side}{width}}" for cell, width in others)]
        return "| " + " | ".join(cells) + " |"


def say(text: str) -> None:
    """A line of progress that stays."""
    clear()
    print(text, file=sys.stderr, flush=True)


def progress(text: str) -> None:
    """A line of progress that the next one replaces; where there is no terminal, one every ten seconds."""
    global _last_line
    if sys.stderr.isatty():
        print(f"\r\033[K  {text}", end="", file=sys.stderr, flush=True)
    elif time.monotonic() - _last_line >= 10:
        _last_line = time.monotonic()
        print(f"  {text}", file=sys.stderr, flush=True)


def clear() -> None:
    """Take the replaceable line away."""
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def ms(seconds: float) -> str:
    """Milliseconds with two decimals."""
    return f"{seconds * 1000:.2f}"


def verdict(met: bool, noise: float, most: float) -> str:
    """Whether a target was met, if the noise of the figure leaves that to be said."""
    if noise > most:
        return "NOT TO BE SAID: the figures scatter too much, run it again on a quiet machine"
    return "met" if met else "MISSED"
