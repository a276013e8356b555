"""Flatness: whether a token check stays as fast with a hundred, or a thousand, times as many sessions."""

from statistics import median

from bench import wrk
from bench.client import Page
from bench.place import CHECK, Place
from bench.report import Table, ms, progress, say
from bench.sessions import MILLION, filled
from bench.turns import judged
from bench.wrk import Checks, Numbers

SMALL = 10_000
TARGET = 1.15


def measure(place: Place) -> list[Table]:
    """10,000 rows beside a million."""
    return [_beside(place, place.repeats(MILLION, 20_000))]


def measure_huge(place: Place) -> list[Table]:
    """10,000 rows beside ten million: filling takes most of the time."""
    rows = place.repeats(10 * MILLION, 50_000)
    say(f"flat10m fills {rows:,} rows first (some 10 minutes and 7 GB of memory for the whole of them)")
    return [_beside(place, rows)]


def _beside(place: Place, rows: int) -> Table:
    """One client; both databases in turns. Nothing is noted: the tokens count as checked just now."""
    seconds, rounds = place.repeats(8, 1), place.repeats(5, 2)
    sizes = (SMALL, rows)
    large, small = filled(place, rows), filled(place, SMALL)
    taken: dict[int, list[Checks]] = {size: [] for size in sizes}
    with place.gatepass(database=small) as (one, _), place.gatepass(database=large) as (other, _):
        ports = {SMALL: one.port, rows: other.port}
        for size in sizes:
            _ask(ports[size], size, seconds)
        for number in range(rounds):
            for size in sizes if number % 2 else reversed(sizes):
                progress(f"flat: round {number + 1} of {rounds}: {size:,} rows")
                taken[size].append(_ask(ports[size], size, seconds))
    return _table(taken, rows, f"{rounds} rounds of {seconds} s in turns")


def _ask(port: int, rows: int, seconds: int) -> Checks:
    return wrk.checks(Page(port, CHECK), Numbers(2, 2, rows // 2), 1, seconds)


def _table(taken: dict[int, list[Checks]], rows: int, how: str) -> Table:
    cells = []
    for size, rounds in taken.items():
        medians = [one.median for one in rounds]
        spread = f"{ms(min(medians))} to {ms(max(medians))}"
        cells.append((f"{size:,} sessions", ms(median(medians)), spread, ms(median(one.high for one in rounds))))
    large, small = ([one.median for one in taken[size]] for size in (rows, SMALL))
    note = judged(f"{rows:,} to {SMALL:,} rows", large, small, TARGET)
    title = f"Flatness: the median token check, one client, keep-alive ({how})"
    return Table(title, ("table", "median ms", "rounds", "99 % ms"), cells, [note, "All rows fit the buffer pool."])
