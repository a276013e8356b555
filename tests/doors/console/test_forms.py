"""Forms that no page of ours sends, or not as they are: from another site, of another session, malformed, too large."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.conftest import Service, add_user
from tests.doors.console.pages_read import heading, notice
from tests.doors.console.signed_in import POSTS, SAME_ORIGIN, Browser, Scene, goes_to, user_id, visitor
from tests.doors.contract import MakeService

FORM = "application/x-www-form-urlencoded"
PROFILE, SIGN_IN, SAVED = "/console/profile/", "/console/sign-in/", ("/console/profile/", "profile")
CREDENTIALS = {"username": "admin", "password": "password"}
FORMS = (("sign_in", SIGN_IN, CREDENTIALS), *POSTS)

OTHER_SESSION = ("/console/", "other-session")
ELSEWHERE = (
    {},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://localhost.evil.example"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
)
"""What browsers say of a form that no page of this console has sent; tests/auth/guard/test_browser.py has all of it."""


def send(browser: Browser, path: str, data: str, kind: str = FORM) -> TestResponse:
    return browser.client.post(path, data=data, content_type=kind, headers=SAME_ORIGIN)


def is_page(response: TestResponse, status: int, title: str) -> bool:
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    return (response.status_code, heading(response)) == (status, title)


def is_refused(response: TestResponse) -> bool:
    assert "Set-Cookie" not in response.headers
    said = "This was not sent by a page of this console, so nothing was done."
    return is_page(response, 403, "Not allowed") and said in response.text


def from_another_site(browser: Browser, path: str, fields: dict[str, str]) -> bool:
    session = browser.session
    return all(is_refused(browser.post(path, headers, session=session, **fields)) for headers in ELSEWHERE)


def of_another_session(browser: Browser, path: str, fields: dict[str, str]) -> bool:
    belongs_to_none = path in (SIGN_IN, "/console/sign-out/")
    return belongs_to_none or goes_to(browser.post(path, session="x", **fields), *OTHER_SESSION)


def too_large(browser: Browser, path: str, fields: dict[str, str]) -> bool:
    answer = browser.post(path, more="x" * 16_385, **fields)
    said = "That is too much text. Go back and shorten it."
    return is_page(answer, 413, "That did not work") and said in answer.text


@pytest.mark.parametrize("refused", [from_another_site, of_another_session, too_large])
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[0])
def test_a_form_that_is_refused_changes_nothing(form: Any, refused: Callable[..., bool], seen: Scene) -> None:
    _, path, fields = form
    before = seen.state()
    assert refused(seen.browser, path.format(**seen.ids), fields)
    assert seen.state() == before
    seen.browser.post(path.format(**seen.ids), **fields)
    assert seen.state() != before, "a page of ours is heard"


@pytest.mark.parametrize(("environment", "status"), [("development", 303), ("production", 403)])
def test_an_old_browsers_form_is_told_by_its_origin_and_in_production_came_over_tls(
    make_service: MakeService, environment: str, status: int
) -> None:
    service = make_service(APP_ENV=environment, BCRYPT_COST="10")
    user_id(service)
    for origin, expected in (("http://localhost", status), ("https://localhost", 303)):
        answer = visitor(service).client.post(SIGN_IN, data=CREDENTIALS, headers={"Origin": origin})
        assert answer.status_code == expected


def test_where_a_form_comes_from_is_looked_at_before_who_sends_it_and_what(service: Service, browser: Browser) -> None:
    """Else another site could tell who is signed in here."""
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    stranger = visitor(service).client
    answers = [client.post(PROFILE, headers=elsewhere) for client in (stranger, browser.client)]
    assert all(map(is_refused, answers)) and answers[0].data == answers[1].data
    large = stranger.post(PROFILE, data="x" * 20_000, headers=elsewhere)
    assert is_refused(large) and stranger.post("/console/x/", headers=elsewhere).status_code == 404


def test_no_door_lets_a_page_of_another_origin_read_its_answers(browser: Browser) -> None:
    for path in (PROFILE, SIGN_IN, "/v1/sessions/", "/apiops/tokens/"):
        for method in ("GET", "OPTIONS", "POST"):
            answer = browser.client.open(path, method=method, headers={"Origin": "https://evil.example"})
            assert not [name for name in answer.headers.keys() if name.lower().startswith("access-control-")], path


def test_the_session_of_a_form_is_compared_as_it_is(browser: Browser) -> None:
    mine = browser.session
    for session in ("0", "", f" {mine}", f"0{mine}", f"{mine}.0", f"+{mine}"):
        assert goes_to(browser.post(PROFILE, session=session), *OTHER_SESSION), session
    assert goes_to(browser.client.post(PROFILE, data={"x": "y"}, headers=SAME_ORIGIN), *OTHER_SESSION)


def test_whoever_wants_out_is_let_out_by_any_page(browser: Browser) -> None:
    assert goes_to(browser.post("/console/sign-out/", session="x"), "/console/sign-in/", "signed-out")
    assert browser.token == ""


def test_a_form_of_somebody_elses_tab_does_nothing_for_who_signed_in_since(service: Service, browser: Browser) -> None:
    """One browser, two people: the first one's open page must not be sent as the second one."""
    add_user(service.server, "other")
    first = browser.session
    browser.sign_in("other")
    assert goes_to(browser.post(PROFILE, session=first, full_name="Ann"), *OTHER_SESSION)
    assert service.core.tables.profiles.find(user_id(service, "other")).full_name == ""
    start = browser.get(OTHER_SESSION[0])
    said = "You signed in again after that page was opened, so nothing was changed. Please try again."
    assert notice(browser.get(start.headers["Location"])) == said
    assert goes_to(browser.post(PROFILE, full_name="Eve"), *SAVED)


@pytest.mark.parametrize("fields", ["full_name=a&full_name=b", "full_name=%FF", "full_name=%ED%A0%80"])
def test_a_field_that_is_there_twice_or_is_no_text_is_malformed(browser: Browser, fields: str) -> None:
    answer = send(browser, PROFILE, f"session={browser.session}&{fields}")
    assert is_page(answer, 400, "That did not work") and 'aria-label="Menu of admin"' in answer.text


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=B", ""])
def test_a_body_that_is_no_form_is_malformed(service: Service, browser: Browser, kind: str) -> None:
    answer = send(browser, PROFILE, f"session={browser.session}&full_name=a", kind)
    assert is_page(answer, 400, "That did not work")
    answer = send(visitor(service), SIGN_IN, "username=admin&password=password", kind)
    assert is_page(answer, 400, "That did not work")


def test_what_is_in_the_query_is_no_field(service: Service, browser: Browser) -> None:
    path = f"{PROFILE}?session={browser.session}&full_name=Eve"
    assert goes_to(send(browser, path, ""), *OTHER_SESSION)
    assert goes_to(send(browser, path, f"session={browser.session}"), *SAVED)
    assert service.core.tables.profiles.find(user_id(service)).full_name == ""
    query = f"{SIGN_IN}?username=admin&password=password"
    assert visitor(service).client.post(query, data={"username": ""}, headers=SAME_ORIGIN).status_code == 400
