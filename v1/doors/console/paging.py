"""Owns the pages of a long list: which one the URL asks for, its rows, and how many there are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import request

from v1.doors.routes import number
from v1.errors import NotFound

ROWS: Final = 25
"""On one page."""

LAST: Final = 400
"""10,000 rows: beyond it is quicker to search."""

MOST: Final = ROWS * LAST


@dataclass(frozen=True)
class Listing:
    """The rows of one page. `total` is counted up to MOST; `last` is the number of the last page."""

    rows: list[Any]
    page: int
    last: int
    total: int


def listing(count: Callable[[int], int], read: Callable[[int, int], list[Any]]) -> Listing:
    """The page that the URL asks for. `count(limit)` tells how many there are, `read(offset, limit)` some of them.

    Raises NotFound for a page that there can never be.
    """
    page = number(request.args.get("page", "1"))
    if page > LAST:
        raise NotFound
    total = count(MOST)
    return Listing(read((page - 1) * ROWS, ROWS), page, max(1, -(-total // ROWS)), total)
