"""Computes the plots: for each hour or day a bar of logins, and one of failures in parts, by their reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 100
"""The height of a drawing, whose width and height on the page are the stylesheet's."""

STEPS: Final = (1, 2, 3, 4, 5, 6, 8)
"""The first digits that the top of the axis may have; zeros follow."""

OUTCOMES: Final = {"ok": "ok", "failed": "failed", "throttled": "throttled"}
"""The outcomes in `login_stats` that have a part of their own; all others are errors."""

FAILURES: Final = ("failed", "throttled", "errors")


@dataclass
class Count:
    """The logins of a time by outcome. `start` is its beginning in Unix seconds."""

    start: int
    ok: int = 0
    failed: int = 0
    throttled: int = 0
    errors: int = 0

    def add(self, outcome: str, logins: int) -> None:
        """Count logins of an outcome, as `login_stats` calls it."""
        name = OUTCOMES.get(outcome, "errors")
        setattr(self, name, getattr(self, name) + logins)

    @property
    def refused(self) -> int:
        """The logins without success."""
        return self.failed + self.throttled + self.errors

    @property
    def all(self) -> int:
        """The logins, successful or not."""
        return self.ok + self.refused

    @property
    def refused_share(self) -> float:
        """The part of the logins without success, from 0 to 1."""
        return self.refused / self.all if self.all else 0.0


@dataclass(frozen=True)
class Part:
    """A rectangle of a bar: the outcome, the height of its upper edge and its own, in units of the drawing."""

    outcome: str
    y: float
    height: float


@dataclass(frozen=True)
class Bar:
    """The bar of a Count. `is_marked`: its time is written below."""

    count: Count
    parts: tuple[Part, ...]
    is_marked: bool


@dataclass(frozen=True)
class Panel:
    """The bars of some outcomes, and the number at the top of their axis."""

    name: str
    bars: tuple[Bar, ...]
    top: int


def panel(name: str, counts: Sequence[Count], outcomes: Sequence[str], every: int) -> Panel:
    """The bars of these outcomes, scaled to the highest one. The time is written below every so many bars."""
    top = ceiling(max((sum(_values(count, outcomes)) for count in counts), default=0))
    last = len(counts) - 1
    bars = [Bar(each, _parts(each, outcomes, top), (last - at) % every == 0) for at, each in enumerate(counts)]
    return Panel(name, tuple(bars), top)


def _values(count: Count, outcomes: Sequence[str]) -> list[int]:
    return [getattr(count, outcome) for outcome in outcomes]


def _parts(count: Count, outcomes: Sequence[str], top: int) -> tuple[Part, ...]:
    """One above the other, from the bottom. What is not 0 can be seen."""
    parts, below = [], 0.0
    for outcome, value in zip(outcomes, _values(count, outcomes), strict=True):
        if value:
            height = min(max(round(value / top * HEIGHT, 1), 0.5), HEIGHT - below)
            below = round(below + height, 1)
            parts.append(Part(outcome, round(HEIGHT - below, 1), round(height, 1)))
    return tuple(parts)


def ceiling(value: int) -> int:
    """The top of the axis: the smallest number of one of STEPS and zeros that is not below `value`."""
    power = 1
    while True:
        for step in STEPS:
            if step * power >= value:
                return step * power
        power *= 10
