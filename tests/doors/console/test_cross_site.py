"""Pins that no page of another site makes a browser do anything here: every form of the console refuses it."""

import pytest
from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.console.pages_read import heading
from tests.doors.console.signed_in import POSTS, Scene, goes_to, scene, signed_in, user_id, visitor
from tests.doors.contract import MakeService

SIGN_IN = ("sign_in", "/console/sign-in/", {"username": "admin", "password": "password"})
FORMS = (SIGN_IN, *POSTS)

ELSEWHERE = (
    {},
    *({"Sec-Fetch-Site": site} for site in ("cross-site", "same-site", "none", "", "x", "Same-Origin")),
    *({"Origin": origin} for origin in ("https://evil.example", "null", "", "http://", "localhost")),
    *({"Origin": f"http://{host}"} for host in ("localhost:81", "localhost.evil.example", "localhost@evil.example")),
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": "none", "Origin": "http://localhost", "Referer": "http://localhost/console/"},
    {"Referer": "http://localhost/console/profile/", "X-Requested-With": "XMLHttpRequest"},
    {"Origin": "https://evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
)
"""What browsers say of a form that no page of this console has sent, and what nobody says. The Host is `localhost`."""

OURS = (
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    *({"Origin": origin} for origin in ("http://localhost", "https://localhost", "http://LOCALHOST")),
    {"Origin": "http://localhost:8000", "Host": "localhost:8000"},
)


def is_refused(response: TestResponse) -> bool:
    assert "Set-Cookie" not in response.headers
    said = "This was not sent by a page of this console, so nothing was done."
    return (response.status_code, heading(response)) == (403, "Not allowed") and said in response.text


@pytest.fixture
def seen(service: Service) -> Scene:
    return scene(service)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form[0])
def test_a_form_that_another_site_sends_is_refused_and_changes_nothing(form: tuple, seen: Scene) -> None:
    _, path, fields = form
    before, session = seen.state(), seen.browser.session
    for headers in ELSEWHERE:
        for each in (path, path.rstrip("/")):
            answer = seen.browser.post(each.format(**seen.ids), headers, session=session, **fields)
            assert is_refused(answer), headers
    assert seen.state() == before
    seen.browser.post(path.format(**seen.ids), **fields)
    assert seen.state() != before, "a page of ours is heard"


@pytest.mark.parametrize("headers", OURS, ids=str)
def test_a_form_of_a_page_of_ours_is_taken_from_old_and_new_browsers(service: Service, headers: dict) -> None:
    browser = signed_in(service)
    saved = browser.post("/console/profile/", headers, full_name="Ann")
    assert goes_to(saved, "/console/profile/?done=profile")
    fields = {"username": "admin", "password": "password"}
    assert visitor(service).client.post("/console/sign-in/", data=fields, headers=headers).status_code == 303


def test_in_production_a_page_that_came_without_tls_is_not_ours(make_service: MakeService) -> None:
    service = make_service(APP_ENV="production", BCRYPT_COST="10")
    user_id(service)
    fields = {"username": "admin", "password": "password"}
    for scheme, status in (("http", 403), ("https", 303)):
        headers = {"Origin": f"{scheme}://localhost"}
        answer = visitor(service).client.post("/console/sign-in/", data=fields, headers=headers)
        assert answer.status_code == status


def test_where_a_form_comes_from_is_looked_at_before_who_sends_it_and_what(service: Service, seen: Scene) -> None:
    """Else another site could tell who is signed in here."""
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    stranger = visitor(service).client
    answers = [client.post("/console/profile/", headers=elsewhere) for client in (stranger, seen.browser.client)]
    assert all(map(is_refused, answers)) and answers[0].data == answers[1].data
    large = stranger.post("/console/profile/", data="x" * 20_000, headers=elsewhere)
    assert is_refused(large) and stranger.post("/console/x/", headers=elsewhere).status_code == 404


def test_no_other_door_lets_a_page_of_another_origin_read_its_answers(seen: Scene) -> None:
    client = seen.browser.client
    for path in ("/console/profile/", "/console/sign-in/", "/console/overview/", "/v1/sessions/", "/apiops/tokens/"):
        for method in ("GET", "OPTIONS", "POST"):
            answer = client.open(path, method=method, headers={"Origin": "https://evil.example"})
            assert not [name for name in answer.headers.keys() if name.lower().startswith("access-control-")], path
