"""Overview's own requests for itself do not keep the session of an administrator who has left."""

import pytest

from tests.conftest import NOW, Service
from tests.doors.console.overview_read import PATH
from tests.doors.console.signed_in import Browser, administrator, is_sign_in, session_of
from tests.doors.contract import MakeService

REFRESH = {"X_Gatepass_Refresh": "1"}
IDLE = 3600


@pytest.fixture
def idle(make_service: MakeService, service: Service) -> Browser:
    return administrator(make_service(CONSOLE_IDLE_SECONDS=str(IDLE)))


def expiry(browser: Browser) -> int:
    """Seconds from NOW until the session ends, once all that was noted is written."""
    browser.service.core.write_behind.write()
    row = f"SELECT expiry, last_access FROM auth_tokens WHERE id = {session_of(browser.service, browser.token)}"
    end, used = browser.service.server.sql(row, "gatepass").split()
    assert int(end) == int(used) + IDLE
    return int(end) - NOW


def test_a_refresh_is_answered_and_is_no_use_of_the_session(idle: Browser) -> None:
    for minutes in range(2, 60, 2):
        idle.service.clock.now = NOW + minutes * 60
        assert idle.get(PATH, **REFRESH).status_code == 200 and expiry(idle) == IDLE
    idle.service.clock.now = NOW + IDLE
    assert is_sign_in(idle.get(PATH, **REFRESH))


def test_whatever_a_person_does_is_a_use(idle: Browser) -> None:
    idle.service.clock.now = NOW + 600
    assert idle.get(PATH).status_code == 200 and expiry(idle) == IDLE + 600
    idle.service.clock.now = NOW + 1200
    headers = {"Sec-Fetch-Site": "same-origin", "X-Gatepass-Refresh": "1"}
    idle.post("/console/profile/", headers, full_name="Ann")
    assert expiry(idle) == IDLE + 1200, "a form is an act, whatever its headers say"
