"""The choice of WORKERS and THREADS: throughput at eight clients for several settings of both."""

from statistics import median

from bench import hashes
from bench.place import COST, Place
from bench.report import Table, progress
from bench.throughput import CLIENTS, logins, ratio

SETTINGS = ((1, 8), (1, 16), (2, 2), (2, 4), (2, 8), (4, 4), (4, 8))


def measure(place: Place) -> list[Table]:
    """Each round starts every setting afresh, with a bare hash rate in front of all."""
    total, rounds = place.repeats(160, 16), place.repeats(3, 1)
    bare: list[float] = []
    rates: dict[tuple[int, int], list[float]] = {setting: [] for setting in SETTINGS}
    for number in range(rounds):
        bare.append(hashes.threads_rate(total))
        for workers, threads in SETTINGS:
            progress(f"workers: round {number + 1} of {rounds}: WORKERS={workers} THREADS={threads}")
            with place.gatepass(WORKERS=str(workers), THREADS=str(threads)) as (page, _):
                rates[workers, threads].append(logins(page, total))
    rows = [
        (f"WORKERS={workers} THREADS={threads}", f"{median(found):.2f}", ratio(found, bare))
        for (workers, threads), found in rates.items()
    ]
    title = f"Workers and threads: {CLIENTS} clients, cost {COST} ({total} logins a round, {rounds} rounds)"
    return [Table(title, ("setting", "median a second", "of the bare hash"), rows)]
