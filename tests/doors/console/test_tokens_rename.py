"""A personal token gets another name: the same rules as at its creation, also for two forms at once."""

import threading

import pytest
from werkzeug.test import TestResponse

from tests.conftest import NOW, Service, add_user
from tests.doors.apiops.test_login import hello
from tests.doors.console.pages_read import beside, heading, notice, rows, value
from tests.doors.console.signed_in import UNKNOWN, Browser, goes_to, session_of, signed_in, tokens_of, visitor
from tests.doors.console.test_tokens import create, text_of
from tests.doors.kinds import mint

PROFILE = "/console/profile/#tokens"
NAME, TAKEN = "A name has 1 to 100 characters and no control characters.", "You have a live token of this name."


@pytest.fixture
def made(browser: Browser) -> tuple[Browser, str, str]:
    """Somebody's browser, their token `backup`, and its id."""
    token = text_of(create(browser))
    return browser, token, tokens_of(browser.service, "personal")[0]


def path(number: object) -> str:
    return f"/console/tokens/{number}/rename/"


def rename(browser: Browser, number: object, name: str) -> TestResponse:
    return browser.post(path(number), name=name)


def names(service: Service) -> list[str]:
    return tokens_of(service, "personal", "name")


def test_the_token_itself_stays_and_the_log_says_so(made: tuple, service: Service) -> None:
    browser, token, number = made
    asked = browser.get(path(number))
    assert heading(asked) == "Rename this API token" and value(asked, "name") == "backup"
    answer = rename(browser, number, "  nightly ")
    assert goes_to(answer, PROFILE, "token-renamed") and names(service) == ["nightly"]
    assert notice(browser.get("/console/profile/")) == "The token was renamed."
    assert rows(browser.get("/console/profile/"))[1][0] == "nightly" and hello(service, token).status_code == 200
    service.core.write_behind.write()
    found = service.server.sql("SELECT token_id, device, reason FROM events WHERE event = 'token.renamed'", "gatepass")
    assert found == f"{number}\tnightly\tpersonal\n"
    text_of(create(browser, "backup"))  # its old name is free


@pytest.mark.parametrize("name", ["", "\u3000", "x" * 101, "a\nb", "a\0", "\u202egpj.exe"], ids=ascii)
def test_a_name_that_is_none_is_told_beside_the_field(made: tuple, name: str) -> None:
    browser, _, number = made
    answer = rename(browser, number, name)
    assert (answer.status_code, beside(answer, "name"), value(answer, "name")) == (400, NAME, name.strip())
    assert names(browser.service) == ["backup"]


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "x" * 100, "%(name)s '\"\\ {{ 7*7 }}"])
def test_any_other_is_kept_as_it_was_typed_and_shown_as_text(made: tuple, name: str) -> None:
    browser, _, number = made
    assert goes_to(rename(browser, number, name), PROFILE, "token-renamed")
    assert value(browser.get(path(number)), "name") == rows(browser.get("/console/profile/"))[1][0] == name
    assert "<script>alert" not in browser.get(path(number)).text + browser.get("/console/profile/").text


def test_a_name_of_another_live_one_is_refused_and_that_of_a_dead_one_or_of_anothers_is_not(
    made: tuple, service: Service
) -> None:
    browser, _, number = made
    text_of(create(browser, "Nightly"))
    for name in ("Nightly", "nightly", "NIGHTLY"):
        answer = rename(browser, number, name)
        assert answer.status_code == 400 and beside(answer, "name").startswith(TAKEN) and value(answer, "name") == name
    add_user(service.server, "other")
    text_of(create(signed_in(service, "other"), "theirs"))
    assert goes_to(rename(browser, number, "theirs"), PROFILE, "token-renamed")
    service.server.sql(f"UPDATE auth_tokens SET expiry = {NOW} WHERE name = 'Nightly'", "gatepass")
    assert goes_to(rename(browser, number, "nightly"), PROFILE, "token-renamed")
    assert goes_to(rename(browser, number, "NIGHTLY"), PROFILE, "token-renamed"), "its own, written otherwise"
    assert goes_to(rename(browser, number, "NIGHTLY"), PROFILE, "token-renamed"), "sent again"
    assert names(service) == ["NIGHTLY", "Nightly", "theirs"]


def test_anothers_a_dead_one_and_one_of_another_kind_are_gone_and_left_alone(made: tuple, service: Service) -> None:
    browser, _, number = made
    add_user(service.server, "other")
    other = signed_in(service, "other")
    device = session_of(service, mint(service, "mobile", "other"))
    for each in (number, device, UNKNOWN, other.session):
        assert goes_to(other.get(path(each)), PROFILE, "token-gone")
        assert goes_to(rename(other, each, "mine now"), PROFILE, "token-gone")
    service.server.sql(f"UPDATE auth_tokens SET expiry = {NOW} WHERE id = {number}", "gatepass")
    assert goes_to(browser.get(path(number)), PROFILE, "token-gone")
    assert goes_to(rename(browser, number, "x"), PROFILE, "token-gone")
    assert names(service) == ["backup"]
    assert service.server.sql("SELECT COUNT(*) FROM auth_tokens WHERE name = 'mine now'", "gatepass") == "0\n"


@pytest.mark.parametrize("number", ["0", "-1", "x", "%00", "9" * 11])
def test_what_can_be_no_id_is_not_found(browser: Browser, number: str) -> None:
    assert browser.get(path(number)).status_code == rename(browser, number, "x").status_code == 404


def test_of_many_at_once_one_gets_the_name(service: Service, browser: Browser) -> None:
    """Renames and creations, each in a browser and at a connection of its own."""
    for round_ in range(6):
        wanted = f"wanted {round_}"
        for at in range(4):
            text_of(create(browser, f"token {round_}.{at}"))
        numbers = tokens_of(service, "personal")[-4:]
        start, answers = threading.Barrier(6), list[int]()

        def run(at: int, wanted: str = wanted, numbers: list[str] = numbers, start: threading.Barrier = start) -> None:
            mine = visitor(service)
            mine.client.set_cookie("gatepass", browser.token)
            session = mine.session
            start.wait(60)
            if at < 4:
                answers.append(mine.post(path(numbers[at]), session=session, name=wanted).status_code)
            else:
                fields = {"name": wanted, "expiration": "30d", "date": ""}
                answers.append(mine.post("/console/tokens/new/", session=session, **fields).status_code)

        threads = [threading.Thread(target=run, args=(at,)) for at in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert names(service).count(wanted) == 1
        assert answers.count(400) == 5 and len(answers) == 6
