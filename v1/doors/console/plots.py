"""Computes the plots: one bar of an SVG for the logins of each hour or day, successful ones below, the others above."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH, HEIGHT = 720, 200
LEFT, RIGHT, TOP, BOTTOM = 16, 62, 10, 26
"""Margins around the bars, for the numbers beside them and the times below."""

STEPS: Final = (1, 2, 3, 4, 5, 6, 8)
"""The first digits that the top of the axis may have; zeros follow."""


@dataclass(frozen=True)
class Count:
    """The logins of an hour or a day by outcome. `start` is its beginning in Unix seconds."""

    start: int
    ok: int = 0
    failed: int = 0
    throttled: int = 0
    other: int = 0

    @property
    def refused(self) -> int:
        """The logins without success."""
        return self.failed + self.throttled + self.other


@dataclass(frozen=True)
class Bar:
    """The bar of a Count, in units of the drawing."""

    count: Count
    x: float
    width: float
    ok_y: float
    ok_height: float
    refused_y: float
    refused_height: float


@dataclass(frozen=True)
class Plot:
    """What the template draws. `ticks` are the heights of the axis with their numbers."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, int], ...]
    every: int
    """The time is written below every so many bars."""


def plot(counts: Sequence[Count], every: int) -> Plot:
    """The bars of these counts, scaled to the highest one."""
    top = ceiling(max((count.ok + count.refused for count in counts), default=0))
    bottom, scale = HEIGHT - BOTTOM, (HEIGHT - TOP - BOTTOM) / top
    step = (WIDTH - LEFT - RIGHT) / max(len(counts), 1)
    bars = []
    for number, count in enumerate(counts):
        ok, refused = round(count.ok * scale, 1), round(count.refused * scale, 1)
        x = round(LEFT + number * step + step * 0.12, 1)
        y = round(bottom - ok, 1)
        bars.append(Bar(count, x, round(step * 0.76, 1), y, ok, round(y - refused, 1), refused))
    ticks = tuple((round(bottom - value * scale, 1), value) for value in sorted({0, top // 2, top}))
    return Plot(tuple(bars), ticks, every)


def ceiling(value: int) -> int:
    """The top of the axis: the smallest number of one of STEPS and zeros that is not below `value`."""
    power = 1
    while True:
        for step in STEPS:
            if step * power >= value:
                return step * power
        power *= 10
