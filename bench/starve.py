"""Whether a storm of logins starves token checks: their 99th percentile idle, and beside 32 clients logging in."""

import time
from statistics import median

from bench import wrk
from bench.client import Page
from bench.place import CHECK, COST, Place
from bench.report import Table, ms, progress
from bench.sessions import MILLION, filled
from bench.turns import TAIL_SCATTER, judged
from bench.wrk import Checks, Numbers, Storm

STORMERS = 32
TARGET = 2.0
ROUNDS = 9
"""Many: a single stall of the machine decides the percentile of its round."""

Rounds = list[tuple[Checks, Checks, Storm]]


def measure(place: Place) -> list[Table]:
    """Idle and stormy rounds in turns: with one client that checks without pause, and with eight."""
    rows, rounds = place.repeats(MILLION, 20_000), place.repeats(ROUNDS, 1)
    seconds = place.repeats(8, 2)
    database = filled(place, rows)
    numbers = Numbers(1, 1, rows)
    taken: dict[int, Rounds] = {1: [], 8: []}
    with place.gatepass(database=database) as (login, _):
        check = Page(login.port, CHECK)
        wrk.checks(check, numbers, 8, seconds)
        for number in range(rounds):
            for clients, found in taken.items():
                progress(f"starve: round {number + 1} of {rounds}, {clients} checking")
                idle = wrk.checks(check, numbers, clients, seconds)
                with wrk.storm(login, "bench", STORMERS, seconds + 3) as storm:
                    time.sleep(1)  # until all of them are there
                    stormy = wrk.checks(check, numbers, clients, seconds)
                found.append((idle, stormy, storm))
    return [_table(taken, f"{rounds} rounds of {seconds} s in turns")]


def _table(taken: dict[int, Rounds], how: str) -> Table:
    rows, notes = [], []
    for clients, rounds in taken.items():
        who = f"{clients} checking"
        idle, stormy = [one for one, _, _ in rounds], [one for _, one, _ in rounds]
        rows.append(_row(f"{who}, nobody logging in", idle))
        rows.append(_row(f"{who}, {STORMERS} logging in", stormy, [storm for _, _, storm in rounds]))
        highs = [one.high for one in stormy], [one.high for one in idle]
        notes.append(judged(f"{who}: the 99th percentile, to the idle one", *highs, TARGET, TAIL_SCATTER))
    notes.append("Busy: refused with 5501 at once or after the wait for a turn; the client tries again without pause.")
    columns = ("checks", "a second", "median ms", "99 % ms", "logins a second", "busy a second")
    title = f"Token checks beside a storm of logins: {STORMERS} clients without pause, cost {COST} ({how})"
    return Table(title, columns, rows, notes)


def _row(name: str, found: list[Checks], storms: list[Storm] | None = None) -> tuple[str, ...]:
    rate, middle, high = (median(getattr(one, part) for one in found) for part in ("rate", "median", "high"))
    checked = (name, f"{rate:.0f}", ms(middle), ms(high))
    if storms is None:
        return (*checked, "", "")
    return (*checked, f"{median(one.good for one in storms):.1f}", f"{median(one.busy for one in storms):.0f}")
