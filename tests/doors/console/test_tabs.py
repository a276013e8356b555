"""Pins what becomes of a form that was opened in another session than it is sent in, or in one that has ended."""

import pytest

from tests.conftest import Service, add_user
from tests.doors.console.pages_read import notice
from tests.doors.console.signed_in import (
    POSTS,
    SAME_ORIGIN,
    Scene,
    goes_to,
    is_sign_in,
    scene,
    session_of,
    signed_in,
    user_id,
    visitor,
)
from tests.doors.kinds import mint

OTHER_SESSION = "You signed in again after that page was opened, so nothing was changed. Please try again."
ALL = pytest.mark.parametrize("form", POSTS, ids=lambda form: form[0])
BUT_SIGN_OUT = pytest.mark.parametrize("form", POSTS[1:], ids=lambda form: form[0])


@pytest.fixture
def seen(service: Service) -> Scene:
    return scene(service)


@BUT_SIGN_OUT
def test_of_two_tabs_the_one_that_was_not_signed_in_anew_changes_nothing(form: tuple, seen: Scene) -> None:
    _, path, fields = form
    service, mine = seen.browser.service, seen.browser.session
    theirs = session_of(service, mint(service, "console", "other"))
    before = seen.state()
    for session in (theirs, "0", "", "x", f" {mine}", f"0{mine}", f"{mine}.0", f"+{mine}"):
        answer = seen.browser.post(path.format(**seen.ids), session=session, **fields)
        assert goes_to(answer, "/console/?done=other-session"), session
    without = seen.browser.client.post(path.format(**seen.ids), data={"x": "y", **fields}, headers=SAME_ORIGIN)
    assert goes_to(without, "/console/?done=other-session") and seen.state() == before
    start = seen.browser.get("/console/?done=other-session")
    assert notice(seen.browser.get(start.headers["Location"])) == OTHER_SESSION


def test_whoever_wants_out_is_let_out_by_any_page(service: Service) -> None:
    for session in ("0", "", "x"):
        browser = signed_in(service)
        assert goes_to(browser.post("/console/sign-out/", session=session), "/console/sign-in/?done=signed-out")
        assert browser.token == ""


def test_a_form_of_somebody_elses_tab_does_nothing_for_who_signed_in_since(service: Service) -> None:
    """One browser, two people: the first one's open page must not be sent as the second one."""
    add_user(service.server, "other")
    browser = signed_in(service)
    first = browser.session
    browser.sign_in("other")
    assert goes_to(browser.post("/console/profile/", session=first, full_name="Ann"), "/console/?done=other-session")
    assert service.core.tables.profiles.find(user_id(service, "other")).full_name == ""
    assert goes_to(browser.post("/console/profile/", full_name="Eve"), "/console/profile/?done=profile")


@ALL
def test_a_session_that_was_revoked_while_the_form_was_open_does_nothing(form: tuple, seen: Scene) -> None:
    _, path, fields = form
    session = seen.browser.session
    seen.browser.service.server.sql(f"DELETE FROM auth_tokens WHERE id = {session}", "gatepass")
    before = seen.state()
    answer = seen.browser.post(path.format(**seen.ids), session=session, **fields)
    assert goes_to(answer, "/console/sign-in/?done=ended") and seen.state() == before
    said = notice(seen.browser.get(answer.headers["Location"]))
    assert said == "Your session has ended. Please sign in again."
    stranger = visitor(seen.browser.service).post(path.format(**seen.ids), session=session, **fields)
    assert is_sign_in(stranger) and seen.state() == before
