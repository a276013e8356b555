"""The statistics: percentiles, and the difference of two medians with its bootstrap confidence interval."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median, variance

RESAMPLES = 2000
SEED = 20170701


@dataclass(frozen=True)
class Difference:
    """How much larger the first median is, and the 95 % interval of that."""

    value: float
    low: float
    high: float

    @property
    def holds_zero(self) -> bool:
        return self.low <= 0 <= self.high


def difference(first: Sequence[float], second: Sequence[float]) -> Difference:
    """The difference of the medians of two samples. Percentile bootstrap; a fixed seed, so it can be repeated."""
    chance = random.Random(SEED)

    def resampled(sample: Sequence[float]) -> float:
        return median(chance.choices(sample, k=len(sample)))

    found = sorted(resampled(first) - resampled(second) for _ in range(RESAMPLES))
    return Difference(median(first) - median(second), percentile(found, 2.5), percentile(found, 97.5))


def welch(first: Sequence[float], second: Sequence[float]) -> float:
    """Welch's t: the difference of the means over its standard error."""
    error = variance(first) / len(first) + variance(second) / len(second)
    return (fmean(first) - fmean(second)) / error**0.5


def percentile(sample: Sequence[float], percent: float) -> float:
    """The value that this share of the sample does not exceed (nearest rank)."""
    ordered = sorted(sample)
    rank = round(percent / 100 * len(ordered) + 0.5)
    return ordered[min(max(rank, 1), len(ordered)) - 1]
