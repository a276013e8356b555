"""Splits a long list into pages, and reads from the URL which page to show."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import request

from v1.doors.routes import number
from v1.errors import NotFound

ROWS: Final = 25
"""The most rows on one page."""

LAST: Final = 400
"""The last page that can be shown. Beyond 10,000 rows a search is quicker."""

MOST: Final = ROWS * LAST
"""How far rows are counted."""


@dataclass(frozen=True)
class Listing:
    """The rows of one page. `total` is counted up to MOST; `last` is the number of the last page."""

    rows: list[Any]
    page: int
    last: int
    total: int

    @property
    def query(self) -> str:
        """The query of a URL that leads back to this page."""
        return f"?page={self.page}" if self.page > 1 else ""


def small_number(text: str) -> int:
    """The number of a page or a row as a form or a link has it; 0 for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0


def place_left(place: tuple[int, int], count: Callable[[int], int]) -> tuple[int | str, str]:
    """The page and the mark of the row to go back to, after a row was removed at that place of a list.

    A page that has no rows any more leads to the last one that has. The first page is "".
    """
    page, row = place
    total = count(MOST)
    last = max(1, math.ceil(total / ROWS))
    if page > last:
        page, row = last, ROWS if row else 0
    row = min(row, total - max(0, page - 1) * ROWS)
    return page if page > 1 else "", f"row-{row}" if row else ""


def requested_page(count: Callable[[int], int], read: Callable[[int, int], list[Any]]) -> Listing:
    """The page that the URL asks for. `count(limit)` counts the rows, `read(offset, limit)` reads some of them.

    Raises NotFound for a page after LAST, and for a text that is not a number.
    """
    page = number(request.args.get("page", "1"))
    if page > LAST:
        raise NotFound
    total = count(MOST)
    return Listing(read((page - 1) * ROWS, ROWS), page, max(1, math.ceil(total / ROWS)), total)
