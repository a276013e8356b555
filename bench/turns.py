"""The taking of turns: rounds of all contestants, and what their ratios within the rounds come to."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import TypeVar

from bench.report import progress, verdict
from bench.stats import percentile
from bench.throughput import ratios

SCATTER = 0.1
"""How far apart the quartiles of the ratios may lie, as a share of the median; beyond it the machine was not quiet."""

TAIL_SCATTER = 0.5
"""The same for 99th percentiles, which are rough figures."""

Taken = TypeVar("Taken")


def in_turns(what: str, runs: Mapping[str, Callable[[], Taken]], rounds: int) -> dict[str, list[Taken]]:
    """What each run gave, round by round; the order is turned by one each round."""
    names = list(runs)
    found: dict[str, list[Taken]] = {name: [] for name in names}
    for number in range(rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            progress(f"{what}: round {number + 1} of {rounds}: {name}")
            found[name].append(runs[name]())
    return found


def times(first: Sequence[float], second: Sequence[float]) -> str:
    """The median of the rounds' ratios."""
    return f"{median(ratios(first, second)):.2f}"


def quartiles(found: Sequence[float]) -> tuple[float, float]:
    """The two that half of the rounds lie between."""
    return percentile(found, 25), percentile(found, 75)


def judged(
    what: str, first: Sequence[float], second: Sequence[float], target: float, most: float = SCATTER
) -> str:
    """A sentence on the median of the rounds' ratios, which should not be above the target. Scatter beyond `most`
    leaves nothing to be said, but only where the target lies within it."""
    found = ratios(first, second)
    middle, (low, high) = median(found), quartiles(found)
    met = verdict(middle <= target, (high - low) / middle if low <= target <= high else 0, most)
    return f"**{what}: {middle:.2f}** (quartiles of the rounds {low:.2f}, {high:.2f}); target {target}: {met}."
