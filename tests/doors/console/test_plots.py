"""The drawing of the plots: its axis, and that no bar leaves it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from v1.doors.console.plots import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Count, ceiling, plot

COUNTS = st.builds(Count, st.just(0), *[st.integers(0, 10**9)] * 4)


@pytest.mark.parametrize(
    ("value", "top"),
    [(0, 1), (1, 1), (5, 5), (7, 8), (9, 10), (10, 10), (11, 20), (21, 30), (51, 60), (81, 100), (9001, 10_000)],
)
def test_the_axis_ends_with_the_next_round_number(value: int, top: int) -> None:
    assert ceiling(value) == top


@given(st.lists(COUNTS, min_size=1, max_size=31))
def test_no_bar_leaves_the_drawing_or_touches_another(counts: list[Count]) -> None:
    drawn = plot(counts, 3)
    assert [bar.count for bar in drawn.bars] == counts
    bottom, slack = HEIGHT - BOTTOM, 0.25  # of rounding
    for bar in drawn.bars:
        assert TOP - slack <= bar.refused_y <= bar.ok_y <= bottom
        assert bar.ok_y + bar.ok_height == pytest.approx(bottom, abs=slack)
        assert bar.refused_y + bar.refused_height == pytest.approx(bar.ok_y, abs=slack)
    edges = [edge for bar in drawn.bars for edge in (bar.x, bar.x + bar.width)]
    assert edges == sorted(edges) and LEFT <= edges[0] and edges[-1] <= WIDTH - RIGHT
    assert {TOP, bottom} <= {height for height, _ in drawn.ticks} and drawn.ticks[0][1] == 0


def test_no_counts_are_an_empty_drawing() -> None:
    assert plot([], 3).bars == ()
    assert [value for _, value in plot([Count(0, 0, 0)], 3).ticks] == [0, 1]
