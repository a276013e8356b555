"""How long ago and how far ahead times are said to be, at the edges of each unit."""

import pytest
from flask_babel import force_locale

from tests.conftest import Service
from v1.doors.console import relative

MINUTE, HOUR, DAY = 60, 3600, 86_400


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (-59, "59 seconds ago"),
        (-60, "1 minute ago"),
        (-119, "1 minute ago"),
        (-59 * MINUTE - 59, "59 minutes ago"),
        (-HOUR, "1 hour ago"),
        (-DAY + 1, "23 hours ago"),
        (-DAY, "1 day ago"),
        (-6 * DAY, "6 days ago"),
        (-7 * DAY + 1, "6 days ago"),
        (-13 * DAY, "13 days ago"),
        (-60 * DAY, "60 days ago"),
        (-61 * DAY, "2 months ago"),
        (-729 * DAY, "23 months ago"),
        (-731 * DAY, "2 years ago"),
        (30, "in 30 seconds"),
        (2 * DAY - 1, "in 1 day"),
        (2 * DAY, "in 2 days"),
    ],
)
def test_only_full_units_count(service: Service, seconds: int, said: str) -> None:
    with service.app.test_request_context("/console/"), force_locale("en"):
        assert relative.from_now(seconds) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.2, "1 second"), (90, "90 seconds"), (121, "3 minutes"), (61 * MINUTE, "61 minutes"), (7201, "3 hours")],
)
def test_a_wait_is_never_said_too_short(service: Service, seconds: float, said: str) -> None:
    with service.app.test_request_context("/console/"), force_locale("en"):
        assert (relative.duration(seconds), relative.wait(seconds)) == (said, f"in {said}")


def test_time_unused_is_never_said_too_long(service: Service) -> None:
    with service.app.test_request_context("/console/"), force_locale("tr"):
        assert relative.at_least(6 * 2_629_746 - 1) == "5 ay" and relative.at_least(91 * DAY) == "2 ay"
        assert relative.from_now(-6 * DAY) == "6 gün önce" and relative.duration(840) == "14 dakika"
