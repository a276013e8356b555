"""How long a session of the console lives: left alone, used all the time, and at the most."""

import pytest

from tests.conftest import NOW, add_user
from tests.doors.console.pages_read import notice
from tests.doors.console.signed_in import Browser, is_sign_in, signed_in
from tests.doors.contract import MakeService
from tests.doors.kinds import mint
from v1.auth.write_behind import WriteBehind

PROFILE = "/console/profile/"


def look(browser: Browser, at: int) -> bool:
    """Open a page so many seconds after NOW; was it opened? What was noted of the use is written."""
    browser.service.clock.now = NOW + at
    answer = browser.get(PROFILE)
    browser.service.core.write_behind.write()
    return answer.status_code == 200


@pytest.fixture
def short(make_service: MakeService, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Signed in at NOW, for 300 seconds without a request and an hour in all."""
    monkeypatch.setattr(WriteBehind, "_start", lambda self: None)
    service = make_service(CONSOLE_IDLE_SECONDS="300", CONSOLE_SECONDS="3600")
    add_user(service.server, "admin")
    return signed_in(service)


def test_a_session_that_is_used_lives_on_to_the_last_second_and_no_further(short: Browser) -> None:
    assert all(look(short, at) for at in (*range(60, 3600, 60), 3599))
    assert not look(short, 3600)


def test_a_session_that_is_left_alone_is_dead(short: Browser) -> None:
    assert look(short, 299) and look(short, 598) and not look(short, 898)
    answer = short.get(PROFILE)
    assert is_sign_in(answer) and "done=ended" in answer.headers["Location"]
    assert notice(short.get(answer.headers["Location"])) == "Your session has ended. Please sign in again."
    assert short.sign_in().status_code == 303 and look(short, 899)


def test_a_session_lives_no_longer_idle_than_in_all(make_service: MakeService) -> None:
    service = make_service(CONSOLE_IDLE_SECONDS="3600", CONSOLE_SECONDS="300")
    add_user(service.server, "admin")
    browser = signed_in(service)
    assert look(browser, 299) and not look(browser, 300)


def test_a_server_that_asks_about_a_session_makes_it_live_no_longer(short: Browser) -> None:
    """Nor an app that looks at the list of sessions."""
    service = short.service
    kinds = ("api:introspect", "mobile")
    server, phone = ({"Authorization": f"Bearer {mint(service, kind)}"} for kind in kinds)
    for at in (100, 200, 299):
        service.clock.now = NOW + at
        asked = service.client.post("/v1/oauth/introspect/", headers=server, data={"token": short.token})
        assert asked.json["active"] is True and len(service.client.get("/v1/sessions/", headers=phone).json["data"]) > 1
        service.core.write_behind.write()
    assert not look(short, 300)
