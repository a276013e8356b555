"""Throughput at eight clients: Gatepass against the bare hash of all cores and against the PHP page."""

from collections.abc import Callable, Sequence
from functools import partial
from statistics import median, quantiles

from bench import hashes
from bench.apache import apache
from bench.client import Page, load
from bench.place import COST, HIGH_COST, PASSWORD, Place
from bench.report import Table, progress, verdict

CLIENTS = 8
SCATTER = 0.03
"""How far apart the quartiles of the rounds' ratios may lie, where the target is between them."""

BARE = "bare hash, a thread a core"
GATEPASS = "Gatepass (gunicorn, WORKERS=2 THREADS=24)"
PHP = "PHP page (Apache mod_php, prefork)"
TARGETS = {BARE: 0.97, PHP: 0.99}
"""At COST. At HIGH_COST no difference is to be seen: 1.0 lies within the quartiles."""

Rates = dict[str, list[float]]


def measure(place: Place) -> list[Table]:
    """At two costs."""
    tables = []
    for cost, name, number in ((COST, "bench", place.repeats(160, 24)), (HIGH_COST, "slow", place.repeats(48, 8))):
        rates = _rates(place, cost, name, number)
        title = f"Throughput: {CLIENTS} clients, keep-alive, cost {cost} ({len(rates[BARE])} rounds of {number})"
        tables.append(_table(title, rates, cost))
    return tables


def _rates(place: Place, cost: int, name: str, total: int) -> Rates:
    """Short rounds of all contestants, the order turned by one each round; every ratio is taken within a round."""
    rounds = place.repeats(9, 2)
    rates: Rates = {contestant: [] for contestant in (BARE, GATEPASS, PHP)}
    with place.gatepass(BCRYPT_COST=str(cost)) as (page, _), apache(place) as php:
        runs: list[tuple[str, Callable[[], float]]] = [
            (BARE, partial(hashes.threads_rate, total, hashes.stored_at(cost))),
            (GATEPASS, partial(logins, page, total, name)),
            (PHP, partial(logins, php, total, name)),
        ]
        for number in range(rounds):
            first = number % len(runs)
            for contestant, run in runs[first:] + runs[:first]:
                progress(f"throughput: cost {cost}, round {number + 1} of {rounds}: {contestant}")
                rates[contestant].append(run())
    return rates


def _table(title: str, rates: Rates, cost: int) -> Table:
    rows = []
    for name, found in rates.items():
        spread = f"{min(found):.2f} to {max(found):.2f}"
        to_it = "" if name == GATEPASS else ratio(rates[GATEPASS], rates[name])
        rows.append((name, f"{median(found):.2f}", spread, ratio(found, rates[BARE]), to_it))
    notes = [_judged(rates, other, target if cost == COST else None) for other, target in TARGETS.items()]
    notes.append("A login that Gatepass refuses as busy (5501) is tried again 5 ms later and counts once it succeeds.")
    return Table(title, ("what", "median a second", "rounds", "of the bare hash", "Gatepass to it"), rows, notes)


def _judged(rates: Rates, other: str, target: float | None) -> str:
    """Without a target: whether the upper quartile reaches 1."""
    found = ratios(rates[GATEPASS], rates[other])
    low, middle, high = quantiles(found, n=4, method="inclusive")
    if target is None:
        aim, met = "1.0 within the quartiles", verdict(high >= 1, 0, SCATTER)
    else:
        aim, met = str(target), verdict(middle >= target, high - low if low <= target <= high else 0, SCATTER)
    return f"**Gatepass does {middle:.3f} of: {other}** (quartiles {low:.3f}, {high:.3f}); target {aim}: {met}."


def logins(page: Page, total: int, name: str = "bench") -> float:
    """Logins a second at that page."""
    return load(page, CLIENTS, total, name, PASSWORD)


def ratios(first: Sequence[float], second: Sequence[float]) -> list[float]:
    """Round by round."""
    return [one / other for one, other in zip(first, second, strict=True)]


def ratio(first: Sequence[float], second: Sequence[float]) -> str:
    """The median of the rounds' ratios."""
    return f"{median(ratios(first, second)):.3f}"
