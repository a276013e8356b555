"""Pins what becomes of a form that is not as a page of ours sends it: malformed, too large, or in the query."""

import pytest
from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.console.pages_read import heading
from tests.doors.console.signed_in import (
    POSTS,
    SAME_ORIGIN,
    Browser,
    Scene,
    goes_to,
    scene,
    signed_in,
    user_id,
    visitor,
)

FORM = "application/x-www-form-urlencoded"
ALL = pytest.mark.parametrize("form", POSTS, ids=lambda form: form[0])


@pytest.fixture
def seen(service: Service) -> Scene:
    return scene(service)


def send(browser: Browser, path: str, data: str | bytes, kind: str = FORM) -> TestResponse:
    return browser.client.post(path, data=data, content_type=kind, headers=SAME_ORIGIN)


def is_page(response: TestResponse, status: int, title: str) -> bool:
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    return (response.status_code, heading(response)) == (status, title)


MALFORMED = {
    "twice": "session={session}&full_name=a&full_name=b",
    "the session twice": "session={session}&session={session}&full_name=a",
    "not UTF-8": "session={session}&full_name=%FF",
    "cut UTF-8": "session={session}&full_name=%C5",
    "a surrogate": "session={session}&full_name=%ED%A0%80",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_field_that_is_there_twice_or_is_no_text_is_malformed(service: Service, name: str) -> None:
    browser = signed_in(service)
    answer = send(browser, "/console/profile/", MALFORMED[name].format(session=browser.session))
    assert is_page(answer, 400, "That did not work") and 'aria-label="Menu of admin"' in answer.text
    assert service.server.sql("SELECT COUNT(*) FROM profiles", "gatepass") == "0\n"


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=B", "application/json", "", "x" + FORM])
def test_a_body_that_is_no_form_is_malformed(service: Service, kind: str) -> None:
    browser = signed_in(service)
    answer = send(browser, "/console/profile/", f"session={browser.session}&full_name=a", kind)
    assert is_page(answer, 400, "That did not work")
    answer = send(visitor(service), "/console/sign-in/", "username=admin&password=password", kind)
    assert is_page(answer, 400, "That did not work")
    parts = {"session": browser.session, "full_name": "a"}
    multipart = browser.client.post(
        "/console/profile/", data=parts, content_type="multipart/form-data", headers=SAME_ORIGIN
    )
    assert is_page(multipart, 400, "That did not work")
    assert service.server.sql("SELECT COUNT(*) FROM profiles", "gatepass") == "0\n"


@ALL
def test_a_form_over_16_kib_is_too_much(form: tuple, seen: Scene) -> None:
    _, path, fields = form
    before = seen.state()
    answer = seen.browser.post(path.format(**seen.ids), more="x" * 16_385, **fields)
    assert is_page(answer, 413, "That did not work") and answer.headers["Connection"] == "close"
    assert "That is too much text. Go back and shorten it." in answer.text and seen.state() == before


def test_a_form_of_16_kib_is_read(service: Service) -> None:
    browser = signed_in(service)
    body = f"session={browser.session}&full_name=Ann&more="
    body += "x" * (16 * 1024 - len(body))
    assert goes_to(send(browser, "/console/profile/", body), "/console/profile/?done=profile")
    assert send(browser, "/console/profile/", body + "x").status_code == 413
    large = visitor(service).sign_in("x" * 17_000, "y")
    assert is_page(large, 413, "That did not work")


def test_what_is_in_the_query_is_no_field(service: Service) -> None:
    browser = signed_in(service)
    path = f"/console/profile/?session={browser.session}&full_name=Eve"
    assert goes_to(send(browser, path, ""), "/console/?done=other-session")
    assert goes_to(send(browser, path, f"session={browser.session}"), "/console/profile/?done=profile")
    assert service.core.tables.profiles.find(user_id(service)).full_name == ""
    query = "/console/sign-in/?username=admin&password=password"
    assert visitor(service).client.post(query, data={"username": ""}, headers=SAME_ORIGIN).status_code == 400


def test_fields_that_no_page_has_do_nothing(service: Service) -> None:
    browser = signed_in(service)
    more = {f"x{number}": "y" for number in range(200)}
    assert goes_to(browser.post("/console/profile/", full_name="Ann", **more), "/console/profile/?done=profile")
