"""How long an outage was: for all clients together, and for one."""

import pytest

from tools.cluster.outages import Successes, longest_gap


@pytest.mark.parametrize(
    "times, expected",
    [([], 10.0), ([5.0], 5.0), ([1.0, 2.0, 9.0], 7.0), ([9.0, 1.0, 2.0], 7.0), ([4.0], 6.0), ([-5.0, 6.0, 15.0], 6.0)],
)
def test_the_longest_gap_counts_from_the_begin_and_to_the_end(times: list[float], expected: float) -> None:
    assert longest_gap(times, 0.0, 10.0) == expected


def test_one_client_may_wait_while_others_succeed() -> None:
    successes = Successes()
    successes.add("login", [[1.0, 2.0, 3.0, 4.0], [1.0, 4.0]])
    assert successes.outage("login", 0.0, 5.0) == 1.0
    assert successes.wait("login", 0.0, 5.0) == 3.0
