"""The table of faults adds the counts of all rounds, and shows the longest outage of any."""

from collections import Counter

from tools.cluster.results import Result, table


def result(lost: int, outage: float, seen: str) -> Result:
    counts = Counter(logins=1000, checks=2000, lost=lost, failed=3)
    return Result("kill-database", counts, (), {"login": outage, "check": 0.5}, {"login": 4.0, "check": outage}, seen)


def test_rounds_of_a_fault_are_one_line() -> None:
    *_, line = table([result(0, 2.84, "well again after 8.0 s"), result(1, 1.0, "")]).splitlines()
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells[:6] == ["kill-database", "2", "2,000", "4,000", "1", "0"]
    assert cells[6:] == ["0", "6", "2.8, 0.5", "4.0, 2.8", "well again after 8.0 s"]


def test_a_round_keeps_its_promises_only_if_none_was_broken() -> None:
    assert result(0, 1.0, "").kept and not result(1, 1.0, "").kept
    assert "lost 1" in result(1, 1.0, "").line()
