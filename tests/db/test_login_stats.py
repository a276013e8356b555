"""The sums of logins by hour and by day that plots are made of."""

import pytest

from tests.conftest import Service
from v1.db.tables.login_stats import LoginStats

COUNTED = [
    (("2026-11-20 23:00:00", "oauth", "ok"), 1),
    (("2026-11-21 00:00:00", "oauth", "ok"), 10),
    (("2026-11-21 00:00:00", "apiops", "ok"), 5),
    (("2026-11-21 00:00:00", "apiops", "failed"), 2),
    (("2026-11-21 23:00:00", "oauth", "ok"), 100),
    (("2026-11-22 05:00:00", "oauth", "throttled"), 2_000_000_000),
    (("2026-11-22 05:00:00", "console", "throttled"), 2_000_000_000),
]


@pytest.fixture
def stats(service: Service) -> LoginStats:
    for cell, logins in COUNTED:
        service.core.tables.login_stats.add(cell, logins)
    return service.core.tables.login_stats


def test_hours_are_summed_over_the_doors_from_the_first_one_on(stats: LoginStats) -> None:
    expected = [
        ("2026-11-21 00:00:00", "failed", 2),
        ("2026-11-21 00:00:00", "ok", 15),
        ("2026-11-21 23:00:00", "ok", 100),
        ("2026-11-22 05:00:00", "throttled", 4_000_000_000),
    ]
    assert stats.by_hour("2026-11-21 00:00:00") == expected
    assert stats.by_hour("2026-11-21 00:00:00", limit=2) == expected[:2]
    assert stats.by_hour("2026-11-22 05:00:01") == []
    assert {type(logins) for _, _, logins in stats.by_hour("2000-01-01 00:00:00")} == {int}


def test_days_are_summed_over_hours_and_doors(stats: LoginStats) -> None:
    expected = [
        ("2026-11-20", "ok", 1),
        ("2026-11-21", "failed", 2),
        ("2026-11-21", "ok", 115),
        ("2026-11-22", "throttled", 4_000_000_000),
    ]
    assert stats.by_day("2026-11-20 00:00:00") == expected
    assert stats.by_day("2026-11-20 00:00:00", limit=3) == expected[:3]
    assert stats.by_day("2026-11-21 01:00:00") == [("2026-11-21", "ok", 100), expected[3]]
    assert {type(logins) for _, _, logins in stats.by_day("2000-01-01 00:00:00")} == {int}
