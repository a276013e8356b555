"""With the database down a page or a form says so, in the reader's language, and when to try again."""

import pytest
from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.console.pages_read import heading
from tests.doors.console.signed_in import SAME_ORIGIN, Browser, signed_in, visitor
from tests.doors.contract import DEAD, MakeService

PROFILE, SIGN_IN = "/console/profile/", "/console/sign-in/"
MORE = ("/console/tokens/7/rename/", "/console/tokens/revoke/?token=7")


def says_so(response: TestResponse, language: str = "en") -> bool:
    """Is this the page that asks to try again soon? It tells nothing about the database."""
    assert response.headers["Retry-After"] == "5" and response.headers["Cache-Control"] == "no-store"
    assert not [word for word in ("2003", "MySQL", "127.0.0.1", "gatepass_", "Traceback") if word in response.text]
    assert f'<html lang="{language}"' in response.text
    return response.status_code == 503 and bool(heading(response))


@pytest.fixture
def dead(service: Service, make_service: MakeService) -> Browser:
    browser = visitor(make_service(**DEAD))
    browser.client.set_cookie("gatepass", signed_in(service).token)
    return browser


FOR_ADMINISTRATORS = ("overview/", "tokens/", "users/?search=a", "apps/")


@pytest.mark.parametrize(
    "path", [PROFILE, SIGN_IN, "/console/activity/", *(f"/console/{path}" for path in FOR_ADMINISTRATORS)]
)
def test_a_page_says_so_in_the_browsers_language_or_the_one_that_was_kept(dead: Browser, path: str) -> None:
    english = dead.get(path, Accept_Language="en")
    assert says_so(english) and heading(english) == "Please try again soon"
    turkish = dead.get(path, Accept_Language="tr-TR,tr;q=0.9,en;q=0.8")
    assert says_so(turkish, "tr") and heading(turkish) != heading(english)
    dead.client.set_cookie("gatepass_language", "tr")
    assert says_so(dead.get(path, Accept_Language="en"), "tr")


@pytest.mark.parametrize("path", [PROFILE, SIGN_IN, "/console/sign-out/", "/console/tokens/7/revoke/", *MORE])
def test_a_form_says_so_and_sets_and_takes_away_no_cookie(dead: Browser, path: str) -> None:
    token = dead.token
    fields = {"session": "1", "username": "admin", "password": "password"}
    answer = dead.client.post(path, data=fields, headers=SAME_ORIGIN | {"Accept-Language": "tr"})
    assert says_so(answer, "tr") and "Set-Cookie" not in answer.headers and dead.token == token


def test_a_page_is_offered_again_with_its_query_and_a_form_is_not(dead: Browser) -> None:
    for path, link in (("devices/", 'devices/"'), ("users/?a=<b>&page=2", "users/?a=")):
        assert f'<a class="button main" href="/console/{link}' in dead.get(f"/console/{path}").text
    assert '<a class="button main"' not in dead.post(PROFILE, session="1").text


def test_what_needs_no_database_is_there_without_one(make_service: MakeService) -> None:
    stranger = visitor(make_service(**DEAD))
    for path, status in ((SIGN_IN, 200), (PROFILE, 303), ("/console/x/", 404), ("/console/static/x/style.css", 200)):
        assert stranger.get(path).status_code == status
    assert stranger.post(PROFILE, {"Sec-Fetch-Site": "cross-site"}, session="1").status_code == 403
