"""Throughput at eight clients: Gatepass against the bare hash of all cores and against the PHP page."""

from collections.abc import Callable, Sequence
from statistics import median, quantiles

from bench import hashes
from bench.apache import apache, variant
from bench.client import Page, load
from bench.place import COST, PASSWORD, Place
from bench.report import Table, progress, verdict

CLIENTS = 8
SCATTER = 0.03
"""How far apart the quartiles of the rounds' ratios may lie; beyond it the machine was not quiet."""

BARE = ("bare hash, a thread a core", "bare hash, a process a core")
GATEPASS = "Gatepass (gunicorn, WORKERS=2 THREADS=24)"
PHP = ("PHP page (Apache mod_php, prefork)", "PHP page, prepared statements", "PHP page, persistent connection")

Rates = dict[str, list[float]]


def measure(place: Place) -> list[Table]:
    """Short rounds of all contestants, the order turned by one each round; every ratio is taken within a round."""
    total, rounds = place.repeats(112, 24), place.repeats(9, 2)
    rates: Rates = {name: [] for name in (*BARE, GATEPASS, *PHP)}
    with place.gatepass() as (page, _), apache(place) as php:
        runs: list[tuple[str, Callable[[], float]]] = [
            (BARE[0], lambda: hashes.threads_rate(total)),
            (BARE[1], lambda: hashes.processes_rate(total)),
            (GATEPASS, lambda: logins(page, total)),
            (PHP[0], lambda: logins(php, total)),
            (PHP[1], lambda: logins(variant(php, "prepared"), total)),
            (PHP[2], lambda: logins(variant(php, "persistent"), total)),
        ]
        for number in range(rounds):
            first = number % len(runs)
            for name, run in runs[first:] + runs[:first]:
                progress(f"throughput: round {number + 1} of {rounds}: {name}")
                rates[name].append(run())
    title = f"Throughput: {CLIENTS} clients, keep-alive, cost {COST} ({rounds} rounds of {total})"
    return [_table(title, rates)]


def _table(title: str, rates: Rates) -> Table:
    bare = max(BARE, key=lambda name: median(rates[name]))
    php = max(PHP, key=lambda name: median(rates[name]))
    rows = []
    for name, found in rates.items():
        spread = f"{min(found):.2f} to {max(found):.2f}"
        to_it = "" if name == GATEPASS else ratio(rates[GATEPASS], rates[name])
        rows.append((name, f"{median(found):.2f}", spread, ratio(found, rates[bare]), to_it))
    notes = [_judged(rates, bare, 0.95), _judged(rates, php, 1.0) + " (The best of the PHP pages.)"]
    notes.append("A login that Gatepass refuses as busy (5501) is tried again 5 ms later and counts once it succeeds.")
    return Table(title, ("what", "median a second", "rounds", "of the bare hash", "Gatepass to it"), rows, notes)


def _judged(rates: Rates, other: str, target: float) -> str:
    found = ratios(rates[GATEPASS], rates[other])
    low, middle, high = quantiles(found, n=4, method="inclusive")
    met = verdict(middle >= target, high - low, SCATTER)
    return f"**Gatepass does {middle:.3f} of: {other}** (quartiles {low:.3f}, {high:.3f}); target {target}: {met}."


def logins(page: Page, total: int) -> float:
    """Logins a second at that page."""
    return load(page, CLIENTS, total, "bench", PASSWORD)


def ratios(first: Sequence[float], second: Sequence[float]) -> list[float]:
    """Round by round."""
    return [one / other for one, other in zip(first, second, strict=True)]


def ratio(first: Sequence[float], second: Sequence[float]) -> str:
    """The median of the rounds' ratios."""
    return f"{median(ratios(first, second)):.3f}"
