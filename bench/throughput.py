"""Owns throughput at eight clients: Gatepass against the bare hash of all cores and against the PHP page."""

from collections.abc import Callable
from statistics import median

from bench import hashes
from bench.apache import apache, variant
from bench.client import Page, load
from bench.place import COST, PASSWORD, Place
from bench.report import Table, progress, verdict

CLIENTS = 8
SCATTER = 0.05
"""How far apart the rounds of the bare hash may lie."""

BARE = ("bare hash, a thread a core", "bare hash, a process a core")
GATEPASS = "Gatepass (gunicorn, WORKERS=2 THREADS=8)"
PHP = ("PHP page (Apache mod_php, prefork)", "PHP page, prepared statements", "PHP page, persistent connection")


def measure(place: Place) -> list[Table]:
    """Rounds of all contestants, the order turned by one each round; every ratio is taken within a round."""
    total, rounds = place.repeats(320, 24), place.repeats(3, 1)
    rates: dict[str, list[float]] = {name: [] for name in (*BARE, GATEPASS, *PHP)}
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
            for name, run in runs[number:] + runs[:number]:
                progress(f"throughput: round {number + 1} of {rounds}: {name}")
                rates[name].append(run())
    title = f"Throughput: {CLIENTS} clients, keep-alive, cost {COST} ({total} a round)"
    return [_table(title, rates)]


def _table(title: str, rates: dict[str, list[float]]) -> Table:
    bare = max(BARE, key=lambda name: median(rates[name]))
    php = max(PHP, key=lambda name: median(rates[name]))
    rows = [
        (name, f"{median(found):.2f}", " ".join(f"{rate:.2f}" for rate in found), *_beside(name, rates, bare))
        for name, found in rates.items()
    ]
    to_bare, to_php = (median(ratios(rates[GATEPASS], rates[name])) for name in (bare, php))
    noise = max(rates[bare]) / min(rates[bare]) - 1 if len(rates[bare]) > 1 else 1.0
    met, php_met = verdict(to_bare >= 0.95, noise, SCATTER), verdict(to_php >= 1, noise, SCATTER)
    notes = [
        f"**Gatepass does {to_bare:.3f} of the {bare}**; target 0.95: {met}.",
        f"**Gatepass does {to_php:.3f} of the {php}**, the best of the three; target 1.0: {php_met}.",
    ]
    return Table(title, ("what", "median a second", "rounds", "of the bare hash", "Gatepass to it"), rows, notes)


def _beside(name: str, rates: dict[str, list[float]], best_bare: str) -> tuple[str, str]:
    return ratio(rates[name], rates[best_bare]), "" if name == GATEPASS else ratio(rates[GATEPASS], rates[name])


def logins(page: Page, total: int) -> float:
    """Logins a second at that page."""
    return load(page, CLIENTS, total, "bench", PASSWORD)


def ratios(first: list[float], second: list[float]) -> list[float]:
    """Round by round."""
    return [one / other for one, other in zip(first, second, strict=True)]


def ratio(first: list[float], second: list[float]) -> str:
    """The median of the rounds' ratios."""
    return f"{median(ratios(first, second)):.3f}"
