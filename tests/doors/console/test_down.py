"""Pins that with the database down every page and form says so, in the reader's language, and when to try again."""

import pytest
from werkzeug.test import TestResponse

from tests.conftest import Service
from tests.doors.console.pages_read import heading
from tests.doors.console.signed_in import PAGES, POSTS, SAME_ORIGIN, UNKNOWN, Browser, signed_in, visitor
from tests.doors.contract import DEAD, MakeService
from v1.db.pool import Database
from v1.errors import DatabaseDown

IDS = dict.fromkeys(("token", "device", "user", "theirs"), UNKNOWN)
PATHS = [path.format(**IDS) for _, path in PAGES]
FORMS = [(path.format(**IDS), fields) for _, path, fields in POSTS]
FORMS.append(("/console/sign-in/", {"username": "admin", "password": "password"}))


def says_so(response: TestResponse, language: str = "en") -> bool:
    """Nothing of what is known of the database, either."""
    assert response.headers["Retry-After"] == "5" and response.headers["Cache-Control"] == "no-store"
    assert not [word for word in ("2003", "MySQL", "127.0.0.1", "gatepass_", "Traceback") if word in response.text]
    assert f'<html lang="{language}">' in response.text
    return response.status_code == 503 and bool(heading(response))


@pytest.fixture
def dead(service: Service, make_service: MakeService) -> Browser:
    """Signed in, and then the database went away."""
    browser = visitor(make_service(**DEAD))
    browser.client.set_cookie("gatepass", signed_in(service).token)
    return browser


def words(response: TestResponse) -> str:
    """Title and text of the page."""
    return response.text.split("<main")[1].split("</main>")[0]


def test_every_page_says_so_in_the_browsers_language_or_the_one_that_was_kept(dead: Browser) -> None:
    for path in [*PATHS, "/console/sign-in/"]:
        english = dead.get(path, Accept_Language="en")
        assert says_so(english) and heading(english) == "Please try again soon", path
        turkish = dead.get(path, Accept_Language="tr-TR,tr;q=0.9,en;q=0.8")
        assert says_so(turkish, "tr") and words(turkish) != words(english), path
        dead.client.set_cookie("gatepass_language", "tr")
        kept = dead.get(path, Accept_Language="en")
        assert says_so(kept, "tr") and words(kept) == words(turkish), path
        dead.client.delete_cookie("gatepass_language")


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_every_form_says_so_and_sets_and_takes_away_no_cookie(dead: Browser, path: str, fields: dict) -> None:
    token = dead.token
    for language in ("en", "tr"):
        headers = SAME_ORIGIN | {"Accept-Language": language}
        answer = dead.client.post(path, data={"session": "1"} | fields, headers=headers)
        assert says_so(answer, language) and "Set-Cookie" not in answer.headers
    assert dead.token == token


def test_a_page_is_offered_again_with_its_query_and_a_form_is_not(dead: Browser) -> None:
    for path, link in (("devices/", 'devices/"'), ("users/?a=<b>&page=2", "users/?a=")):
        assert f'<a class="button main" href="/console/{link}' in dead.get(f"/console/{path}").text
    assert '<a class="button main"' not in dead.post("/console/profile/", session="1").text


def test_what_needs_no_database_is_there_without_one(make_service: MakeService) -> None:
    stranger = visitor(make_service(**DEAD))
    assert stranger.get("/console/sign-in/").status_code == 200
    assert stranger.get("/console/profile/").status_code == 303
    assert stranger.get("/console/x/").status_code == 404
    assert stranger.get("/console/static/x/style.css").status_code == 200
    assert stranger.post("/console/profile/", {"Sec-Fetch-Site": "cross-site"}, session="1").status_code == 403


READS = ("profiles.find", "users.search", "users.count", "auth_tokens.page", "login_stats.by_day", "login_throttle")


@pytest.mark.parametrize("statement", READS)
def test_a_database_that_goes_away_in_the_middle_of_a_page_is_said_too(
    service: Service, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    service.server.sql("UPDATE users SET is_admin = 1", "gatepass")
    browser, read = signed_in(service), Database.read

    def failing(self: Database, name: str, /, **values: object) -> list:
        if name.startswith(statement):
            raise DatabaseDown(2003, "secret-detail")
        return read(self, name, **values)

    monkeypatch.setattr(Database, "read", failing)
    answers = [browser.get(path) for path in ("/console/devices/", "/console/users/", "/console/overview/")]
    down = [answer for answer in answers if answer.status_code == 503]
    assert len(down) == (3 if statement == "profiles.find" else 1)
    assert all(says_so(answer) and "secret-detail" not in answer.text for answer in down)


def test_a_form_that_is_not_written_says_so_and_leaves_what_was_there(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(service)
    session = browser.session

    def failing(*given: object, **values: object) -> None:
        raise DatabaseDown(1290, "read-only")

    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", failing)
        for path, fields in FORMS:
            if str(UNKNOWN) not in path:
                answer = browser.client.post(path, data={"session": session} | fields, headers=SAME_ORIGIN)
                assert says_so(answer), path
    assert browser.get("/console/profile/").status_code == 200
    assert service.client.post("/v1/oauth/", data={"username": "admin", "password": "password"}).json["success"]
