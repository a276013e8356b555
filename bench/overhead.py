"""The cost of a login beside its hash: a whole login over HTTP against the bare hash, at one client."""

from statistics import median

from bench import hashes
from bench.apache import apache
from bench.client import Client, Page
from bench.place import COST, PASSWORD, Place
from bench.report import Table, ms, progress, verdict
from bench.stats import Difference, difference, percentile

TARGET = 0.003
WIDEST = 0.001
"""Of the interval, in seconds: beyond it the machine was not quiet."""

WARM_UP = 3


def measure(place: Place) -> list[Table]:
    """A bare hash and a login take turns, so that both see the same machine; then the same with the PHP page."""
    repeats = place.repeats(300, 15)
    with place.gatepass() as (page, _):
        rows, extra = _beside(page, "Gatepass", repeats)
    with apache(place) as php:
        php_rows, php_extra = _beside(php, "PHP page", repeats // 2)
    met = verdict(extra.value <= TARGET, extra.high - extra.low, WIDEST)
    notes = [
        f"**Login minus hash: {_interval(extra)}**; target 3 ms or less: {met}.",
        "Beside other load the columns of 5 % are the better guide: a login crosses three processes, a hash none.",
        f"The PHP page minus the same bare hash: {_interval(php_extra)}; it hashes with an implementation of its own.",
    ]
    title = f"A login beside its hash: one client, keep-alive, cost {COST} ({repeats} and {repeats // 2} pairs)"
    return [Table(title, ("what", "median ms", "5 %", "95 %"), rows + php_rows, notes)]


def _beside(page: Page, name: str, repeats: int) -> tuple[list[tuple[str, ...]], Difference]:
    bare: list[float] = []
    whole: list[float] = []
    with Client(page) as client:
        for number in range(repeats + WARM_UP):
            progress(f"overhead: {name}: {number} of {repeats}")
            bare.append(hashes.once())
            whole.append(client.login("bench0", PASSWORD))
    samples = {f"bare hash, in turns with {name}": bare[WARM_UP:], f"{name}, whole login": whole[WARM_UP:]}
    rows: list[tuple[str, ...]] = []
    for what, sample in samples.items():
        rows.append((what, ms(median(sample)), ms(percentile(sample, 5)), ms(percentile(sample, 95))))
    return rows, difference(whole[WARM_UP:], bare[WARM_UP:])


def _interval(found: Difference) -> str:
    return f"{ms(found.value)} ms (95 % interval {ms(found.low)} to {ms(found.high)})"
